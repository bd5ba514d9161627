"""An office whose rules pay four yuan a point to the first author, and people for every part."""

import shutil
from datetime import date
from itertools import count
from types import SimpleNamespace

import pytest

from core import facts
from core.accounts.models import User
from core.config import PROJECT
from core.db import db, transaction
from core.facts import Author
from core.packs import services as packs
from core.packs.content.sections import Units
from core.testing import actor_of

UNION = PROJECT / "rulepacks" / "trade-union"


@pytest.fixture
def settings() -> dict:
    """Without other plugins, so that these tests do not depend on them."""
    return {"PLUGINS_OFF": ("journal", "circulars", "instructions", "escalation")}


@pytest.fixture
def pack_folder(tmp_path):
    """The bundled pack, to be changed."""
    folder = tmp_path / "union"
    shutil.copytree(UNION, folder)
    return folder


@pytest.fixture
def pack(app, office, pack_folder):
    """The pack, in force in the office."""
    found, _ = packs.install(None, pack_folder)
    packs.activate(None, office.id, found.id, date(2020, 1, 1))
    return found


@pytest.fixture
def desk(pack, office, make_unit, make_user, watch) -> SimpleNamespace:
    """Two units, and people; `fact` records one, by default an adoption of the office's own bulletin (10 points)."""
    group = packs.pack_of(office.id, date(2026, 1, 1)).get(Units).groups[0].title
    jia = make_unit("甲镇工会", short_name="甲镇", group=group)
    yi = make_unit("乙镇工会", short_name="乙镇", group=group)
    found = SimpleNamespace(jia=jia, yi=yi, office_id=jia.office_id)
    for role in ("editor", "issuer", "signing_leader"):
        setattr(found, role, actor_of(make_user(role, unit=jia)))
    found.zhang = actor_of(make_user("informant", unit=jia, name="张三"))
    found.other = actor_of(make_user("informant", unit=yi, name="张三"))
    numbers = count(1)

    def fact(*authors, kind="adopted", unit=jia, on=date(2025, 9, 10), item="", outlet="own", units=()):
        number = next(numbers)
        ids = tuple(each.id for each in units) or (unit.id,)
        named = tuple(each if isinstance(each, Author) else Author(each) for each in authors)
        attrs = {"outlet": outlet} if kind == "adopted" else {}
        new = facts.NewFact(
            found.office_id, kind, on, ids, f"test:{number}", item or f"item:{number}", f"信息{number}", attrs,
            authors=named,
        )  # fmt: skip
        with transaction():
            return facts.record(found.editor, new)

    def withdraw(stored):
        with transaction():
            return facts.withdraw(found.editor, db.session.get_one(facts.Fact, stored.id), "登记有误")

    found.fact, found.withdraw = fact, withdraw
    return found


@pytest.fixture
def user_of():
    """The stored user of an actor, for signing in."""
    return lambda actor: db.session.get_one(User, actor.id)
