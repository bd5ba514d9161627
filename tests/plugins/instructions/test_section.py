"""instructions.yaml: what it names must stand in the other sections."""

import pytest

from core.errors import Findings
from core.packs import services as packs
from plugins.instructions.section import SAMPLE, Handling, Instructions


@pytest.mark.parametrize(("old", "new", "said"), [
    ("{id: 市主要领导,", "{id: 市主要领道,", "是否应为“市主要领导”"),
    ("level: province}", "level: provinse}", "是否应为“province”"),
    ("carrier: zwyq", "carrier: zwyp", "批示载体“zwyp”未定义"),
    ("{id: forward,", "{id: note,", "批示种类“note”重复"),
    ("counts: false", "counts: 否", "应为true 或 false"),
    ("classes:", "clases:", "是否应为“classes”"),
])  # fmt: skip
def test_a_slip_is_explained(app, pack_folder, old, new, said):
    file = pack_folder / "instructions.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(Findings) as found:
        packs.registry().examine(pack_folder)
    said_all = [str(error) for error in found.value.errors]
    assert any(said in each and "instructions.yaml 第 " in each for each in said_all), said_all


URGENCIES = "urgencies:\n  - {id: normal, title: 一般, days: 8}\n  - {id: extra, title: 特急, days: 1}\n"
HANDLING = "handling: {signed: false, remind: 3, chase_every: 0, missed: automatic, grace: 2}\n"
FACTS = "handling:\n  facts: {missed: 未反馈}\n"


@pytest.mark.parametrize(("more", "said"), [
    ("urgencies: []\n", "应为至少一项的列表"),
    (URGENCIES.replace("extra", "normal"), "紧急程度“normal”重复"),
    (URGENCIES.replace("days: 1", "days: 0"), "应不小于 1"),
    (URGENCIES.replace("days: 1", "days: 半天"), "应为整数"),
    (URGENCIES.replace("days: 1", "day: 1"), "是否应为“days”"),
    (HANDLING.replace("automatic", "automatik"), "是否应为“automatic”"),
    (HANDLING.replace("signed: false", "signed: 否"), "应为true 或 false"),
    (HANDLING.replace("remind: 3", "remind: -1"), "应不小于 0"),
    (HANDLING.replace("grace: 2", "grce: 2"), "是否应为“grace”"),
    (FACTS, "事项种类“未反馈”未定义"),
    ("papers: {routing: slip}\n", "版式“slip”未定义"),
])  # fmt: skip
def test_a_slip_in_urgencies_handling_or_papers_is_explained(app, pack_folder, more, said):
    file = pack_folder / "instructions.yaml"
    file.write_text(file.read_text("utf-8") + more, encoding="utf-8")

    with pytest.raises(Findings) as found:
        packs.registry().examine(pack_folder)
    said_all = [str(error) for error in found.value.errors]
    assert any(said in each and "instructions.yaml 第 " in each for each in said_all), said_all


def test_urgencies_and_handling_of_a_pack_count(make_pack, office):
    found = packs.load(make_pack(office, instructions=SAMPLE + URGENCIES + HANDLING)).get(Instructions)

    assert [(each.title, each.days) for each in found.urgencies] == [("一般", 8), ("特急", 1)]
    assert found.handling == Handling(signed=False, remind=3, chase_every=0, missed="automatic", grace=2)


def test_without_them_the_usual_ones_count(make_pack, office):
    found = packs.load(make_pack(office, instructions=SAMPLE)).get(Instructions)

    assert [(each.title, each.days) for each in found.urgencies] == [("一般", 10), ("急", 5), ("特急", 2)]
    assert (found.handling.signed, found.handling.missed) == (True, "by_hand")


def test_the_sample_passes(make_pack, office):
    pack = packs.load(make_pack(office, instructions=SAMPLE))

    assert [kind.counts for kind in pack.get(Instructions).kinds] == [True, False]
