"""An office in March 2026 whose rules reward, punish and leave alone what editors register by hand."""

from datetime import date
from types import SimpleNamespace

import pytest

from core import facts
from core.db import db, transaction
from core.facts import NewFact
from core.packs.content.format import load_files
from core.register import services
from core.register.forms import fresh_token
from core.register.services import Draft
from core.register.words import hand_kinds
from core.scoring import runs
from core.scoring.kinds import CORE_KINDS
from core.scoring.rules.compile import compile_pack
from core.scoring.section import all_kinds, pack_sections
from core.testing import actor_of

RULES = """\
kinds:
  - {id: briefing, title: 汇报会发言}
attributes:
  - {id: rank, title: 会议层级, type: choice, options: [{id: city, title: 市级}, {id: province, title: 省级}], of: [briefing]}
  - {id: first, title: 首次, type: flag, of: [briefing]}
awards:
  - {id: bulletin, title: 采用, when: {fact: adopted, outlet: bulletin}, points: {2024-01-01: 5}, basis: 办法第三条}
  - {id: manual, title: 加减分, when: {fact: manual}, points: {2024-01-01: {from: points, min: -5, max: 5}}, basis: 办法第五条}
  - {id: missed, title: 未完成约稿, when: {fact: commissioned, state: missed}, points: {2024-01-01: -2}, basis: 办法第六条}
ranking: {by: [cumulative], ties: competition}
printing: {places: 1}
"""
TODAY = date(2026, 3, 18)
MANIFEST = "id: sample\nversion: 1.0.0\ntitle: 示例规则\nissuer: 示例市人民政府办公室\n"


@pytest.fixture
def compiled():
    """Compile a scoring.yaml beside the samples of the other sections; no app."""

    def rules(scoring=RULES):
        texts = {section.name: section.sample for section in pack_sections() if section.required}
        texts |= {"pack": MANIFEST, "scoring": scoring}
        files = {f"{name}.yaml": text.encode() for name, text in texts.items()}
        return compile_pack(load_files(files, pack_sections()), all_kinds())

    return rules


@pytest.fixture
def rules(compiled):
    return compiled()


@pytest.fixture
def kinds(rules):
    """What may be registered by hand."""
    return hand_kinds(rules, CORE_KINDS, (), TODAY)


@pytest.fixture
def desk(office, make_pack, make_unit, make_user, watch):
    """Two counties, their people and an editor; `draft` writes a fact, `record` registers it."""
    make_pack(office, scoring=RULES)
    units = SimpleNamespace(
        jia=make_unit("甲县人民政府", short_name="甲县"), yi=make_unit("乙县人民政府", short_name="乙县")
    )
    people = SimpleNamespace(editor=make_user("editor", office=office, name="李编辑"), leader=make_user("leader", office=office), issuer=make_user("issuer", office=office), informant=make_user("informant", unit=units.jia))  # fmt: skip
    found = SimpleNamespace(office=office, people=people, jia=units.jia.id, yi=units.yi.id)
    for role, user in vars(people).items():
        setattr(found, role, actor_of(user))

    def draft(*who, kind="manual", on=date(2026, 3, 5), title="承办全市培训", **attrs):
        known = {"manual": {"points": 2, "reason": "承办培训"}, "commissioned": {"state": "missed"}}
        return Draft(kind, on, title, who or (found.jia,), {**known.get(kind, {}), **attrs})

    def record(*who, **values):
        return services.record(found.editor, [draft(*who, **values)], fresh_token())[0]

    def adopt(unit=None, on=date(2026, 3, 5), title="春耕备耕"):
        key = f"submitted:{title}:{unit}:{on}"
        new = NewFact(office.id, "adopted", on, (unit or found.jia,), key, "", title, {"outlet": "bulletin"})
        with transaction():
            return facts.record(found.editor, new)

    found.draft, found.record, found.adopt = draft, record, adopt
    return found


@pytest.fixture
def totals(desk):
    """The units' cumulative points by name, as printed without scaling."""

    def read(key="2026-03"):
        db.session.rollback()
        return {row.name: row.cumulative for row in runs.scored(desk.office.id, key).rows}

    return read
