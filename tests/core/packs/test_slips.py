"""Slips in a format's sample that would print without a word: found before the pack comes in, with line and remedy."""

import pytest

from core.config import PROJECT
from core.packs.slips import slips_of
from core.strict_yaml.loader import load

FORMAT = {"template.html": '{% extends "print/circular.html" %}'}
HOMES = sorted(path.parent for path in (PROJECT / "rulepacks").glob("*/documents/*/template.html"))


def said(sample, files=FORMAT):
    return [str(slip) for slip in slips_of(load(sample.encode(), "sample.yaml"), files)]


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ("title: 通知\ncopyto: 各局", "sample.yaml 第 2 行，copyto：数据中的“copyto”没有用到。"
         "这个版式和它的底版都不取用这一项，印不出来。是否应为“copy_to”？不需要的请删去。"),
        ("seal: true\nsealed: true", "sample.yaml 第 2 行，sealed：数据中的“sealed”没有用到"),
        ("annexes:\n  - title: 表\n    forwared: true", "sample.yaml 第 3 行，forwared：数据中的“forwared”没有用到"),
        ("annexes:\n  - title: 表\n    wide: A2", "sample.yaml 第 3 行，wide：wide 不能是“A2”。写 true（A4 横版）或 A3（A3 横幅）"),
        ("tables:\n  - {rows: [[1]], wide: yes}", "wide 不能是“yes”"),
        ("tables:\n  - {rows: [[1]], colums: []}", "表格没有“colums”这一项。可写：title、head、rows、columns、notes、wide。是否应为“columns”？"),
        ("tables:\n  - {rows: [[{text: 1, colspn: 2}]]}", "单元格没有“colspn”这一项"),
        ("annexes: [{title: 表, tables: [{rows: [[1]], columns: [{algin: left}]}]}]", "columns 各列没有“algin”这一项"),
        ("copy_number: 12", "份号应为六位数字。现为“12”，会照原样印出；国家标准的份号一般用六位阿拉伯数字。写成 \"000012\"（加引号）"),
        ("body: [{type: paragrph, runs: []}]", "没有“paragrph”这种段落。可写：heading（标题）、paragraph（段落）、list（列表）、"
         "table（表格）。是否应为“paragraph”？"),
        ("body: [{type: paragraph, runs: [{text: 字, font: kai}]}]", "段内文字没有“font”这一项。可写：text、bold、face"),
        ("body: [{type: list, items: [[{text: 字, bld: true}]]}]", "段内文字没有“bld”这一项。可写：text、bold、face。是否应为“bold”？"),
        ("body: [{type: heading, levl: 2, runs: []}]", "段落没有“levl”这一项。可写：type、level、runs。是否应为“level”？"),
        ("body: [{type: table, rows: [[{runs: [], heder: true}]]}]", "正文表格的单元格没有“heder”这一项"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line_and_what_was_meant(sample, told):
    (slip,) = said(sample)

    assert told in slip and slip.startswith("sample.yaml 第 ")


@pytest.mark.parametrize(
    "sample",
    ['copy_number: "000012"', "copy_number: 123456", "annexes: [{title: 表, wide: A3}]", "annexes: [{title: 表, wide: true}]",
     "period: 六月", "annexes: [{title: 表, body: [], office: 某局, number: 1, to: 某局, forwarded: true}]"],
)  # fmt: skip
def test_what_is_read_or_like_nothing_that_is_read_is_no_slip(sample):
    assert said(sample) == []


def test_a_table_or_a_body_under_a_name_of_the_authors_is_read_whatever_it_holds():
    own = "{% block content %}{{ scores | table }}{{ part.opening | blocks }}{% endblock %}"
    table = "scores: {head: [[{text: 位次, rowspan: 2}, {text: 采用, colspan: 2}]], rows: [[1, 2, 3]], columns: [{align: decimal}]}"
    body = "part: {opening: [{type: table, rows: [[{runs: [{text: 甲}], rowspan: 2, header: true}]]}]}"

    assert said(f"{table}\n{body}", {"template.html": FORMAT["template.html"] + own}) == []


def test_what_the_authors_own_template_reads_is_no_slip():
    own = "{% block content %}{{ sealed }}{% for p in body %}{% for r in p.runs %}{{ r.tone }}{% endfor %}{% endfor %}{% endblock %}"
    sample = "sealed: true\nbody: [{type: paragraph, runs: [{text: 字, tone: kai}]}]"

    assert said(sample, {"template.html": FORMAT["template.html"] + own}) == []
    assert len(said(sample)) == 2


def test_a_hostile_sample_is_told_of_a_few_times_and_a_hostile_template_of_nothing():
    many = "body:\n" + "".join(f"  - {{type: t{n}}}\n" for n in range(5000))

    assert len(said(many)) == 30
    assert said("copyto: 各局", {"template.html": "{{ " + "(" * 50_000}) == []
    assert said("copyto: 各局", {"template.html": "{{ 'a' * 99999999999 }}"}) == []


@pytest.mark.parametrize("home", HOMES, ids=lambda home: f"{home.parts[-3]} {home.name}")
def test_the_samples_of_bundled_packs_have_none(home):
    files = {path.name: path.read_text("utf-8") for path in home.iterdir()}

    assert said(files["sample.yaml"], files) == []
