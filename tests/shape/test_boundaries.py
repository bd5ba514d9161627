"""Core names no city, no journal and no plugin; rights and settings are there to be used."""

import re
from pathlib import Path

import pytest

from core.config import PROJECT, SETTINGS
from core.db import Base
from core.errors import SetupError
from core.web import PUBLIC, SIGNED_IN, check_routes, permit

PLACES_AND_JOURNALS = ("六安", "湖州", "霍林郭勒", "扎兰屯", "政务要情", "专报信息", "政务交流")
PLUGINS = sorted(path.parent.name for path in (PROJECT / "plugins").glob("*/__init__.py"))
# Names of pictures, not of plugins.
PICTURES = PROJECT / "templates" / "macros" / "icons.html"


def sources(*folders: str) -> list[Path]:
    """Every text file of these folders that people wrote."""
    found = [
        path
        for folder in folders
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in (".py", ".html", ".po")
    ]
    return [path for path in found if path != PICTURES]


def lines_with(pattern: str, files: list[Path]) -> list[str]:
    expression = re.compile(pattern)
    return [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if expression.search(line)
    ]


def test_core_and_templates_name_no_place_and_no_journal():
    assert lines_with("|".join(PLACES_AND_JOURNALS), sources("core", "templates", "migrations")) == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_core_and_templates_know_no_plugin(plugin):
    assert lines_with(rf"\b{plugin}\b", sources("core", "templates", "migrations")) == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_names_no_other_plugin_and_not_the_demo(plugin):
    others = "|".join([*(f"plugins[./]{other}" for other in PLUGINS if other != plugin), r"\bdemo\b"])

    assert lines_with(others, sources(f"plugins/{plugin}")) == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugins_tables_templates_and_addresses_carry_its_name(app, plugin):
    module = f"plugins.{plugin}."
    tables = [m.local_table.name for m in Base.registry.mappers if m.class_.__module__.startswith(module)]
    routes = [
        r for r in app.url_map.iter_rules() if app.view_functions[r.endpoint].__module__.startswith(module)
    ]

    assert all(name.startswith(plugin.removesuffix("s")) for name in tables)
    assert all(rule.endpoint.startswith(f"{plugin}.") for rule in routes)
    templates = PROJECT / "plugins" / plugin / "templates"
    # A plugin without pages has none.
    assert not templates.exists() or {path.name for path in templates.iterdir()} <= {plugin}


# ---- rights and settings --------------------------------------------------------------------------------------------


def test_every_right_is_asked_for_somewhere(app):
    written = "\n".join(
        path.read_text(encoding="utf-8") for path in sources("core", "plugins") if path.name != "rights.py"
    )
    rights = app.extensions["yaoqing"].rights.by_name

    assert [name for name in rights if f'"{name}"' not in written] == []


def test_every_right_is_held_by_somebody_and_has_a_chinese_title(app):
    for right in app.extensions["yaoqing"].rights.by_name.values():
        assert right.grants and re.search("[\u4e00-\u9fff]", right.title), right


def test_the_administrators_share_no_power(app):
    rights = app.extensions["yaoqing"].rights.by_name.values()
    powers = {
        role: {r.name for r in rights if role in r.grants and not r.name.endswith(".view")}
        for role in ("system_admin", "security_admin", "audit_admin")
    }

    assert powers["system_admin"] & powers["security_admin"] == set()
    assert [r.name for r in rights if "audit_admin" in r.grants and not r.name.endswith(".view")] == []
    assert {r for right in rights if right.name == "audit.view" for r in right.grants} == {"audit_admin"}


def test_a_route_without_a_right_stops_the_start_and_is_named(make_app):
    app = make_app()
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    with pytest.raises(SetupError, match="/forgotten"):
        check_routes(app)

    app.view_functions["forgotten"] = permit("no.such.right")(lambda: "")
    with pytest.raises(SetupError, match="no.such.right"):
        check_routes(app)


def test_few_pages_are_open_to_everybody(app):
    stated = {e: getattr(view, "permission", None) for e, view in app.view_functions.items()}

    assert {e for e, right in stated.items() if right == PUBLIC} == {"static", "health", "accounts.login"}
    assert {e for e, right in stated.items() if right == SIGNED_IN} == {
        "home.index", "accounts.logout", "accounts.password", "accounts.me", "accounts.end_session",
        "notices.index", "notices.open_one", "notices.read_all", "notices.unread",
        "verify.page", "verify.scanned", "verify.ask",
    }  # fmt: skip


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_used_and_explained(setting):
    used = lines_with(rf"""\[["']{setting.name}["']\]""", sources("core", "demo", "plugins"))
    page = (PROJECT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")

    assert used and re.search("[\u4e00-\u9fff]", setting.help)
    assert f"YAOQING_{setting.name}" in page
