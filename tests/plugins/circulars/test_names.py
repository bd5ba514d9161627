"""What commendations, letters and messages name in circulars.yaml: every slip has file, line, key and advice."""

import shutil

import pytest

from core.errors import Findings
from core.packs import services as packs
from tests.plugins.circulars.year import STANDARD


@pytest.fixture
def settings():
    return {}


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(STANDARD, tmp_path / "standard")


def errors(folder, old: str, new: str) -> list[str]:
    file = folder / "circulars.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Findings) as found:
        packs.registry().examine(folder)
    return [str(error) for error in found.value.errors]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("prize: advanced,", "prize: advansed,", "奖项“advansed”未定义"),
    ("prize: advanced,", "prize: advansed,", "是否应为“advanced”"),
    ("prize: advanced,", "prize: quarter-best,", "奖项“quarter-best”不在本通报的周期评选"),
    ("prize: advanced,", "prize: advanced, list: lagging,", "名单的来源写法不对"),
    ("prize: advanced, each", "list: lagginng, each", "名单“lagginng”未定义"),
    ("recipients: {list: lagging}", "recipients: {list: laging}", "是否应为“lagging”"),
    ("recipients: {list: lagging}", "recipients: {groups: [county]}", "参评分组“county”未定义"),
    ("    recipients: {list: lagging}\n", "", "没有写明发给哪些单位"),
    ("form: letters", "form: leters", "可选：document、letters、messages"),
    ("{part: units, title: 先进单位}", "{part: unit, title: 先进单位}", "是否应为“units”"),
    ("show: work,", "show: wrk,", "栏目“wrk”未定义"),
    ("show: name, title: 姓名", "show: names, title: 姓名", "栏目“names”未定义"),
    ("show: unit, title: 单位, width: 36}\n          - {show: work", "show: name, title: 单位}\n          - {show: work", "栏目“name”未定义"),
    ("measure: tasks-missed, whose", "measure: tasks-mised, whose", "是否应为“tasks-missed”"),
    ("measure: place, whose: recipient", "measure: place", "统计项“place”未定义"),
    ("    form: letters\n    recipients: {list: lagging}\n", "", "没有收件单位，不能用收件单位的数字"),
    ("salutation: \"{unit}\"", "salutation: \"{uint}\"", "词语“uint”未定义"),
    ("name: \"{name}（{unit}）\"", "name: \"{nam}（{unit}）\"", "词语“nam”未定义"),
    ("style: lines, name", "style: lines, say: \"{names}\", name", "词语“names”未定义"),
    ("tables: [year, persons]", "wide: true", "附件没有内容"),
    ("- {id: progress, prize", "- {id: units, prize", "名单部分“units”重复"),
    ("top: 20", "top: 20\n        prize: advanced-persons\n        list: lagging", "表格只能按一个奖项或名单列出"),
])  # fmt: skip
def test_a_slip_is_explained(app, folder, old, new, said):
    found = errors(folder, old, new)

    assert any(said in each for each in found), found
    assert all("circulars.yaml 第 " in each for each in found), found


def test_further_rankings_and_components_may_be_columns(app, folder):
    file = folder / "circulars.yaml"
    text = file.read_text("utf-8")
    column = "{show: score, title: 本月得分}"
    file.write_text(
        text.replace(
            column,
            f"{column}\n          - {{show: period, title: 本月名次}}\n          - {{show: progress, title: 目标}}",
            1,
        ),
        "utf-8",
    )

    assert packs.registry().examine(folder)[0].manifest.id == "standard"
