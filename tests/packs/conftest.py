"""The sections and kinds of facts of an installation with every bundled plugin."""

import pytest

from core.plugins import Plugins
from core.scoring.section import all_kinds, pack_sections
from core.scoring.values.fact import Attribute, FactKind

# What the plugin of leaders' instructions records; packs are tested against it even where it is switched off.
INSTRUCTED = FactKind(
    "instructed",
    "领导批示",
    (
        Attribute("leader", "领导类别", "choice", required=True),
        Attribute("level", "批示层级", "level"),
        Attribute("carrier", "批示载体", "outlet"),
        Attribute("manner", "批示方式", "choice"),
    ),
)


@pytest.fixture(scope="session")
def plugins():
    return Plugins()


@pytest.fixture(scope="session")
def kinds(plugins):
    found = plugins.collect("fact_kinds")
    return found if "instructed" in {kind.name for kind in found} else [*found, INSTRUCTED]


@pytest.fixture(scope="session")
def known_kinds(kinds):
    return all_kinds(kinds)


@pytest.fixture(scope="session")
def sections(plugins, kinds):
    return (*pack_sections(kinds), *plugins.collect("pack_sections", kinds=all_kinds(kinds)))
