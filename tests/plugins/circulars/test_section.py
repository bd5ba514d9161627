"""circulars.yaml: every slip is named with its line and what to write instead."""

import pytest

from core.errors import Findings
from core.packs import services as packs
from plugins.circulars.section import SAMPLE


def errors(pack_folder, old: str, new: str) -> list[str]:
    file = pack_folder / "circulars.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Findings) as found:
        packs.registry().examine(pack_folder)
    return [str(error) for error in found.value.errors]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("measure: city-items", "measure: city-item", "是否应为“city-items”"),
    ("show: zwkx-items", "show: zwkx-itemz", "栏目“zwkx-itemz”未定义"),
    ("document: ranking", "document: rankings", "版式“rankings”未定义"),
    ("tables: [scores]", "tables: [score]", "表格“score”未定义"),
    ("share_of: [adopted, received]", "share_of: [adopted, receive]", "是否应为“received”"),
    ("{received}条", "{recieved}条", "词语“recieved”未定义"),
    ("{office}关于{period}", "{office}关于{peroid}", "是否应为“period”"),
    ("{code}〔{year}〕", "{code}〔{period}〕", "词语“period”未定义"),
    ("by: cumulative", "by: cumulate", "是否应为“cumulative”"),
    ("top: 3", "top: 0", "应不小于 1"),
    ("date_style: arabic", "date_style: roman", "可选：arabic、chinese"),
    ("{id: sent, measure: sent-up, counts: items}", "{id: received, measure: sent-up}", "数字“received”重复"),
    ("{id: state, measure: state-items, counts: items}", "{id: state}", "measure 和 share_of 须写一个"),
    ("title: \"{group}\"", "title: \"{group}\"\n        groups: [county]", "参评分组“county”未定义"),
    ("part: silent", "part: slient", "部分“slient”未定义"),
    ("salutation:", "correction: 更正{old_numbr}（{old_date}）。\n    salutation:", "correction 缺少{old_number}"),
    ("salutation:", "correction: 更正{old_number}（{old_date}）{old_titel}。\n    salutation:", "词语“old_titel”未定义"),
    ("salutation:", "saluation:", "是否应为“salutation”"),
])  # fmt: skip
def test_a_slip_is_explained(app, pack_folder, old, new, said):
    found = errors(pack_folder, old, new)

    assert any(said in each for each in found), found
    assert all("circulars.yaml 第 " in each for each in found), found


def test_a_part_without_its_words_is_named(app, pack_folder):
    found = errors(pack_folder, "    silent:\n      measure: submitted\n      say:", "    closing_note:")

    assert any("部分“silent”未定义" in each for each in found), found


def test_the_sample_and_the_bundled_pack_pass(app, pack_folder, make_pack):
    assert packs.registry().examine(pack_folder)[0].manifest.id == "luan-2013"
    with pytest.raises(Findings) as found:  # the sample alone lacks only what stands in other files
        make_pack(circulars=SAMPLE)
    assert {error.message for error in found.value.errors} == {
        "版式“ranking”未定义",
        "统计项“submitted”未定义",
    }
