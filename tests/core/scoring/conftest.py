"""Facts, units and rule books as plain values."""

from datetime import date

import pytest

from core.packs.content.format import load_files
from core.scoring.engine.stages import score
from core.scoring.rules.compile import compile_pack
from core.scoring.section import all_kinds, pack_sections
from core.scoring.values.fact import Attribute, Fact, FactKind, UnitInfo
from core.scoring.values.periods import period_by_key

INSTRUCTED = FactKind(
    "instructed",
    "领导批示",
    (
        Attribute("leader", "领导类别", "choice", required=True),
        Attribute("level", "批示层级", "level"),
        Attribute("carrier", "批示载体", "outlet"),
    ),
)

FILES = {
    "pack.yaml": "id: sample\nversion: 1.0.0\ntitle: 示例规则\nissuer: 示例市人民政府办公室\n",
    "units.yaml": """\
groups:
  - {id: counties, title: 县区}
  - {id: bureaus, title: 市直部门}
  - {id: direct, title: 企业直报点}
  - {id: own, title: 信息科, competes: false}
""",
    "calendar.yaml": "year_starts: 1\n",
    "outlets.yaml": """\
levels: [{id: city, title: 市级}, {id: province, title: 省级}, {id: state, title: 国家级}]
ladders:
  - id: government
    title: 政府系统
    levels:
      - id: city
        outlets:
          - id: daily
            title: 《每日要情》
            columns: [{id: daily-lead, title: 要闻}]
          - {id: special, title: 《专报信息》}
      - {id: province, title: 省政府办公厅}
      - {id: state, title: 国务院办公厅}
""",
}


@pytest.fixture
def book():
    """Compile a scoring.yaml written as text (other sections may be replaced by name)."""

    def compiled(scoring, **others):
        texts = {**FILES, "scoring.yaml": scoring, **{f"{name}.yaml": text for name, text in others.items()}}
        files = {name: text.encode() for name, text in texts.items()}
        return compile_pack(load_files(files, pack_sections([INSTRUCTED])), all_kinds([INSTRUCTED]))

    return compiled


@pytest.fixture
def make_fact():
    """A fact with a sensible default for everything."""
    count = iter(range(1, 10_000))

    def made(kind="adopted", units=("甲县",), on="2024-05-06", item=None, id="", reverses=None, **attrs):
        if kind == "adopted":
            attrs.setdefault("outlet", "daily")
        return Fact(
            id or f"f{next(count):04d}",
            kind,
            date.fromisoformat(on),
            tuple(units),
            item,
            attrs,
            reverses=reverses,
        )

    return made


@pytest.fixture
def units():
    """Counties, bureaus, a direct-report point with its host, and the office's own section."""
    return [
        UnitInfo("甲县", "甲县", "counties", order=1),
        UnitInfo("乙县", "乙县", "counties", order=2),
        UnitInfo("丙县", "丙县", "counties", order=3),
        UnitInfo("丁局", "丁局", "bureaus", order=4),
        UnitInfo("某企业", "某企业", "direct", host="甲县", order=5),
        UnitInfo("孤企业", "孤企业", "direct", order=6),
        UnitInfo("信息科", "信息科", "own", order=7),
        UnitInfo("新局", "新局", "bureaus", valid_from=date(2024, 7, 1), order=8),
    ]


@pytest.fixture
def scored(units):
    """Score facts under rules, by default for the whole of 2024."""

    def run(facts, rules, period="2024"):
        return score(facts, rules, units, rules.calendar, period_by_key(rules.calendar, period))

    return run
