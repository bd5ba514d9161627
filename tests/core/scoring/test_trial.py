"""Trying a pack on a file of facts: what everybody gets, exactly, and what is wrong with the file."""

import json
from pathlib import Path

import pytest

from core.errors import Findings, InvalidInput
from core.packs.content.format import load_pack
from core.scoring.section import all_kinds, pack_sections
from core.scoring.trying.trial import report, tried
from plugins.circulars.section import SECTION as CIRCULARS
from plugins.instructions.kinds import INSTRUCTED
from plugins.instructions.section import SECTION as INSTRUCTIONS
from plugins.journal.section import SECTION as JOURNALS

LUAN = Path(__file__).resolve().parents[3] / "rulepacks" / "luan-2013"
FACTS = """\
units:
  - {name: 甲县, group: 县区}
  - {name: 乙县, group: counties}
items:
  - {id: A1, title: 优化营商环境}
facts:
  - {fact: submitted, item: A1, unit: 甲县, on: 2013-05-02}
  - {fact: adopted, outlet: zwyq, item: A1, units: [甲县, {unit: 乙县, role: 协报}, 丙县], persons: [张三], on: 2013-05-06}
  - {fact: instructed, leader: 市主要领导, item: A1, units: [甲县], on: 2013-06-08}
"""


@pytest.fixture(scope="module")
def luan():
    return load_pack(LUAN, [*pack_sections([INSTRUCTED]), INSTRUCTIONS, CIRCULARS, JOURNALS])


def test_a_file_of_facts_becomes_exact_totals_places_and_sentences(luan):
    told = report(tried(luan, all_kinds([INSTRUCTED]), FACTS.encode(), "facts.yaml"))

    rows = {row["name"]: row for row in told["units"]}
    assert (rows["甲县"]["score"], rows["甲县"]["place"]) == ("100/3", 1)
    assert (rows["乙县"]["score"], rows["乙县"]["place"], rows["乙县"]["tied"]) == ("10/3", 2, True)
    assert told["totals"]["甲县"]["2013-05"] == "10/3" and told["totals"]["甲县"]["2013"] == "100/3"
    entry = next(e for e in told["entries"] if e["account"] == "乙县")
    assert (entry["raw"], entry["ways"], entry["amount"], entry["status"]) == ("10", 3, "10/3", "shared")
    assert "10分由3家平均分摊，计3⅓分" in entry["sentence"]
    json.dumps(told)  # plain values all the way down


def test_json_says_the_same_as_yaml(luan):
    data = {
        "units": {"甲县": {"group": "县区"}},
        "facts": [{"fact": "adopted", "outlet": "zwyq", "units": "甲县", "on": "2013-05-06", "item": "A1"}],
        "period": "2013-05",
    }
    told = report(tried(luan, all_kinds([INSTRUCTED]), json.dumps(data).encode(), "facts.json"))

    assert told["period"]["key"] == "2013-05"
    assert told["totals"]["甲县"] == {"2013-01": "0", "2013-02": "0", "2013-03": "0", "2013-04": "0", "2013-05": "10",
                                      "2013-Q1": "0"}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("outlet: zwyq", "outlet: zwyx", ["渠道“zwyx”未定义", "facts.yaml 第 8 行", "是否应为“zwyq”"]),
        ("group: 县区", "group: 县区里", ["参评分组“县区里”未定义", "facts.yaml 第 2 行"]),
        ("on: 2013-05-02", "on: 2013-02-30", ["没有这一天"]),
        ("fact: submitted", "fact: submited", ["事项种类“submited”未定义", "是否应为“submitted”"]),
        ("unit: 甲县, on", "on", ["事项的单位数不对"]),
        ("facts:", "fakts:", ["不认识的键“fakts”"]),
    ],
)
def test_a_slip_in_the_file_is_told_with_its_place(luan, old, new, wanted):
    with pytest.raises(Findings) as caught:
        tried(luan, all_kinds([INSTRUCTED]), FACTS.replace(old, new, 1).encode(), "facts.yaml")

    assert all(part in str(caught.value) for part in wanted)


def test_an_empty_file_asks_for_a_period(luan):
    with pytest.raises(InvalidInput, match="没有事项，也没有写明周期"):
        tried(luan, all_kinds([INSTRUCTED]), b"facts: []\n", "facts.yaml")


def test_the_example_of_the_reference_page_comes_out_as_it_says(luan):
    page = (LUAN.parents[1] / "docs" / "reference" / "pack-try.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]

    told = report(tried(luan, all_kinds([INSTRUCTED]), example.encode(), "facts.yaml"))

    rows = {row["name"]: (row["score"], row["place"]) for row in told["units"]}
    assert rows == {"甲县": ("5", 1), "乙局": ("10", 1), "丙局": ("0", 2)}
