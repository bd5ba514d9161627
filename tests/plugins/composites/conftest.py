"""An office with three units that sent something in, its people, and a pack that shares by recorded weights."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from core.accounts.models import User
from core.db import db
from core.submissions import text
from core.submissions.models import Submission
from core.testing import actor_of
from plugins.composites import services
from plugins.composites.services import Chosen, Wanted

SCORING = """\
awards:
  - {id: sent, title: 报送, when: {fact: submitted}, points: {2024-01-01: 1}, basis: 办法第一条}
  - {id: used, title: 采用, when: {fact: adopted, outlet: bulletin}, points: {2024-01-01: 10}, basis: 办法第三条}
  - {id: province, title: 省级采用, when: {fact: adopted, level: province}, points: {2024-01-01: 20}, basis: 办法第四条}
resolution:
  - {id: once, title: 同一信息只取最高, stages: [adopted], keep: max, basis: 办法第五条}
sharing: {policy: recorded, basis: 办法第六条}
persons: {stages: [adopted], basis: 办法第七条, sharing: {policy: recorded, basis: 办法第七条}}
ranking: {by: [cumulative], ties: competition}
printing: {places: 2}
"""
OUTLETS = """\
levels:
  - {id: city, title: 市级}
  - {id: province, title: 省级}
ladders:
  - id: government
    title: 政府系统
    levels:
      - {id: city, title: 市政府办公室, outlets: [{id: bulletin, title: 《每日信息》}]}
      - {id: province, title: 省政府办公厅, outlets: [{id: szxx, title: 《省政信息》}]}
"""


@pytest.fixture
def settings() -> dict:
    """Without other plugins, so that these tests do not depend on them."""
    return {
        "PLUGINS_OFF": ("journal", "circulars", "instructions", "escalation", "fees", "desk", "proofreading")
    }


@pytest.fixture
def desk(office, make_unit, make_user, make_submission, watch) -> SimpleNamespace:
    """Editors, and one received item of each of three units; the second is being edited."""
    names = ("甲县", "乙县", "丙县")
    units = [make_unit(f"{name}人民政府", short_name=name) for name in names]
    found = SimpleNamespace(units=units, office=office)
    found.editor, found.other = (
        actor_of(make_user("editor", office=office, name=n)) for n in ("编辑甲", "编辑乙")
    )
    found.issuer = actor_of(make_user("issuer", office=office))
    states = ("received", "editing", "received")
    found.items = [
        make_submission(state, unit=unit, title=f"{name}推进春耕生产", authors=[f"{name}作者"])
        for state, unit, name in zip(states, units, names, strict=True)
    ]
    found.informants = [
        actor_of(make_user("informant", unit=unit, name=f"{name}信息员"))
        for unit, name in zip(units, names, strict=True)
    ]
    return found


@pytest.fixture
def merge(desk) -> Callable[..., Submission]:
    """Merge the items of the office, the first as the main source; shares and parts may be given."""

    def make(
        items=None, shares=None, roles=None, editor=None, title="各地推进春耕生产", body="各地抓春耕。"
    ) -> Submission:
        items = items or desk.items
        wanted = wanted_of(items, shares, roles, title, body)
        return services.merge(editor or desk.editor, wanted)

    return make


def wanted_of(items, shares=None, roles=None, title="各地推进春耕生产", body="各地抓春耕。") -> Wanted:
    shares = shares or [""] * len(items)
    roles = roles or ["main"] + ["part"] * (len(items) - 1)
    rows = [
        Chosen(item.id, item.version, role, share)
        for item, role, share in zip(items, roles, shares, strict=True)
    ]
    return Wanted(rows, title, text.from_plain(body))


@pytest.fixture
def wanted() -> Callable[..., Wanted]:
    return wanted_of


@pytest.fixture
def user_of():
    """The stored user of an actor, for signing in."""
    return lambda actor: db.session.get_one(User, actor.id)
