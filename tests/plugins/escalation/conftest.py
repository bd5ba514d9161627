"""An office whose pack has outlets of its own, of the party at its level, and above; people; a received item."""

from types import ModuleType, SimpleNamespace

import pytest

from core.accounts.models import User
from core.db import db
from core.hookspecs import hookimpl
from core.testing import actor_of

OUTLETS = """\
levels:
  - {id: city, title: 市级}
  - {id: province, title: 省级}
  - {id: state, title: 国家级}
ladders:
  - id: government
    title: 政府系统
    levels:
      - id: city
        title: 市政府办公室
        outlets:
          - {id: bulletin, title: 《每日信息》, columns: [{id: bulletin-jc, title: 基层直通}]}
      - id: province
        title: 省政府办公厅
        outlets:
          - {id: szxx, title: 《省政信息》, editions: [{id: szxx-zb, title: （专报）}]}
      - {id: state, title: 国务院办公厅}
  - id: party
    title: 党委系统
    levels:
      - {id: party-city, title: 市委办公室, level: city}
"""
SCORING = """\
attributes:
  - {id: form, title: 采用形式, options: [{id: whole, title: 单篇}, {id: part, title: 综合}], of: [adopted]}
awards:
  - {id: up, title: 上报省级, when: {fact: sent_up, level: province}, points: {2024-01-01: 5}, basis: 办法第三条}
  - {id: province, title: 省级采用, when: {fact: adopted, level: province}, points: {2024-01-01: 20}, basis: 办法第四条}
ranking: {by: [cumulative], ties: competition}
printing: {places: 1}
"""


@pytest.fixture
def settings() -> dict:
    """Without other plugins, so that these tests do not depend on them; something else says what is the office's own."""
    journals = ModuleType("some_journals")
    journals.own_outlets = hookimpl(lambda pack: ["bulletin", "gone"], specname="own_outlets")
    return {"PLUGINS_OFF": ("journal", "circulars", "instructions"), "extra": [journals]}


@pytest.fixture
def desk(office, make_pack, unit, make_unit, make_user, make_submission, watch) -> SimpleNamespace:
    """People for every part, and a received item of two units."""
    make_pack(office, outlets=OUTLETS, scoring=SCORING)
    found = SimpleNamespace(unit=unit, joint=make_unit("市财政局", kind="bureau"), office_id=office.id)
    for role in ("editor", "issuer", "leader", "informant"):
        setattr(found, role, actor_of(make_user(role, unit=unit, name=f"某{role}")))
    found.item = make_submission("received", title="甲县三项举措推进春耕备耕", joint=[found.joint])
    found.draft = make_submission("draft")
    return found


@pytest.fixture
def user_of():
    """The stored user of an actor, for signing in."""
    return lambda actor: db.session.get_one(User, actor.id)
