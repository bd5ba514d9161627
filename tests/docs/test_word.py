"""Word files read back: grid, styles, head and foot, tables, page numbers, and the same bytes every time."""

import hashlib
import io
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from datetime import date

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml.html import document_fromstring

from core.config import PROJECT
from core.documents.word.file import docx
from core.documents.word.reading import pages_of
from core.errors import RenderError
from tests.docs import forms, samples

DAY = date(2026, 7, 6)
SEALING = [
    "临江市教育局",
    "临江市财政局",
    "临江市人力资源和社会保障局",
    "临江市卫生健康委员会",
    "临江市医疗保障局",
]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="session")
def word(make_html):
    """word(template, values): the document, read back; with `files` for a pack's own templates."""

    def make(template, values, files=None, **more):
        return Document(io.BytesIO(docx(make_html(template, values, files), DAY, **more)))

    return make


@pytest.fixture(scope="session")
def circular(word):
    return word("print/circular.html", samples.long_circular())


@pytest.fixture(scope="session")
def briefing(word):
    return word("print/briefing.html", samples.briefing(), numbers={"item-1-1": 2})


def of_style(document, style):
    return [p.text for p in document.paragraphs if p.style.style_id == style]


def plain(text):
    return "".join(unicodedata.normalize("NFKC", text).split())


def all_text(document):
    return "".join(node.text or "" for node in document.element.body.iter(f"{W}t"))


def test_the_page_is_the_standard_s_22_lines_of_28_characters(circular):
    section = circular.sections[0]
    grid = section._sectPr.find(f"{W}docGrid")

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert [
        round(edge.mm)
        for edge in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ] == [37, 35, 28, 26]
    assert grid.get(f"{W}type") == "linesAndChars"
    line, space = int(grid.get(f"{W}linePitch")) / 20, int(grid.get(f"{W}charSpace")) / 4096
    assert int(225 / 25.4 * 72 / line) == 22 and round(156 / 25.4 * 72 / (16 + space), 2) == 28


def test_text_keeps_the_grid_by_itself(circular):
    normal = circular.styles["Normal"]

    assert normal.paragraph_format.line_spacing.pt == 28.95
    spacing = int(normal.element.rPr.find(f"{W}spacing").get(f"{W}val")) / 20
    # LibreOffice takes two points of the width for its grid.
    assert int((156 / 25.4 * 72 - 2) / (16 + spacing)) == 28


def test_every_part_has_its_style(circular):
    values = samples.long_circular()

    assert of_style(circular, "Mark") == [values["mark"]] and of_style(circular, "Number") == [
        values["number"]
    ]
    assert plain("".join(of_style(circular, "Title"))) == plain(values["title"])
    assert of_style(circular, "To") == [values["to"] + "："]
    assert of_style(circular, "Heading1") == ["一、总体情况", "二、存在问题", "三、下步要求"]
    assert len(of_style(circular, "Heading2")) == len(of_style(circular, "Heading3")) == 1
    assert of_style(circular, "Signature") == [values["office"]] and of_style(circular, "Date") == [
        "2026年7月6日"
    ]
    assert of_style(circular, "AnnexNumber") == ["附件1", "附件2"]
    assert [text.split("\t")[0] for text in of_style(circular, "Annex")] == ["附件：1.", "2."]


@pytest.mark.parametrize(
    ("style", "font"),
    [("Title", "方正小标宋简体"), ("Heading 1", "黑体"), ("Heading 2", "楷体_GB2312"), ("Footer", "宋体")],
)
def test_styles_ask_for_the_official_chinese_faces(circular, style, font):
    fonts = circular.styles[style].element.rPr.rFonts

    assert {fonts.get(f"{W}{kind}") for kind in ("eastAsia", "ascii", "hAnsi")} == {font}


def test_body_text_begins_two_characters_in(circular):
    indent = circular.styles["Body Text"].element.pPr.find(f"{W}ind")

    assert indent.get(f"{W}firstLineChars") == "200" and int(indent.get(f"{W}firstLine")) == pytest.approx(
        632, abs=1
    )


def test_the_mark_and_the_rule_below_the_number_are_red(circular):
    mark, number = circular.paragraphs[:2]
    rule = number._p.pPr.find(f"{W}pBdr/{W}bottom")

    assert str(mark.runs[0].font.color.rgb) == "E60012" and mark.runs[0].font.size == Pt(42)
    assert (rule.get(f"{W}color"), rule.get(f"{W}sz")) == ("E60012", "12")


def test_page_numbers_stand_outside_and_the_lone_colophon_has_none(circular):
    first, last = circular.sections[0], circular.sections[-1]

    assert circular.settings.odd_and_even_pages_header_footer
    assert first.footer.paragraphs[0]._p.pPr.jc.val != first.even_page_footer.paragraphs[0]._p.pPr.jc.val
    assert first.footer.paragraphs[0].text == "— 1 —"
    assert not last.footer.is_linked_to_previous and last.footer.paragraphs[0].text == ""


def test_a_sideways_annex_is_a_section_of_its_own(circular):
    wide = [section for section in circular.sections if section.orientation == WD_ORIENT.LANDSCAPE]

    assert len(wide) == 1 and wide[0].page_width > wide[0].page_height
    assert "— 1 —" in wide[0].header.tables[0].cell(0, 0).text


def test_tables_keep_their_cells_and_repeat_their_head(circular):
    table = circular.tables[0]
    given = next(t for a in samples.long_circular()["annexes"] for t in a["tables"])

    assert table.cell(0, 3).text == "采用情况" and table.cell(0, 7).text == "采用情况"
    assert table.cell(0, 1).text == table.cell(2, 1).text == "单位"
    heads = [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows]
    assert heads == [True] * 3 + [False] * len(given["rows"])
    assert [row.cells[1].text for row in table.rows[3:]] == [row[1] for row in given["rows"]]


def rows_kept(table):
    """The rows that stay on the page of the next one, in every cell."""
    with_next = [
        {p.find(f"{W}pPr/{W}keepNext") is not None for p in row._tr.iter(f"{W}p")} for row in table.rows
    ]
    assert all(len(kept) == 1 for kept in with_next)
    return [n for n, kept in enumerate(with_next) if True in kept]


def test_no_page_has_the_head_or_the_first_or_last_row_of_a_table_alone(circular):
    in_annex, noted = (t for t in circular.tables[:2])
    last = len(noted.rows) - 1

    assert rows_kept(in_annex) == [0, 1, 2, 3, len(in_annex.rows) - 2]
    assert rows_kept(noted) == [0, 1, 2, 3, last - 1, last]  # the notes stay with the last row
    for row in (*in_annex.rows, *noted.rows):
        assert row._tr.find(f"{W}trPr/{W}cantSplit") is not None


@pytest.mark.parametrize(("count", "kept"), [(1, [0]), (2, [0, 1]), (6, [0, 1, 5])])
def test_the_same_of_tables_in_the_text_and_of_a_city_s_own(word, count, kept):
    head = "<thead><tr><th>名次</th></tr></thead>"
    own = '{% extends "print/circular.html" %}{% block content %}<p>甲</p><table>HEAD<tbody>ROWS</tbody></table><p>乙</p>{% endblock %}'
    rows = [
        [{"runs": [{"text": "名次"}], "header": True}],
        *([{"runs": [{"text": "1"}]}] for _ in range(count)),
    ]
    body = [samples.paragraph("甲"), {"type": "table", "rows": rows}, samples.paragraph("乙")]

    in_text = word("print/circular.html", samples.circular(body=body)).tables[0]
    own_table = word(
        "t.html",
        samples.circular(),
        {"t.html": own.replace("HEAD", head).replace("ROWS", "<tr><td>1</td></tr>" * count)},
    ).tables[0]

    assert rows_kept(in_text) == rows_kept(own_table) == kept


def test_a_table_s_last_row_stays_with_the_signature_or_the_source_below_it(word, briefing):
    signed = word("print/circular.html", samples.circular(tables=[samples.ranking(5)])).tables[0]
    item = {"title": "甲", "body": [samples.paragraph("乙")], "source": "丙", "tables": [samples.ranking(5)]}
    given = samples.briefing() | {"columns": [{"title": "", "items": [item]}], "contents": False}
    sourced = word("print/briefing.html", given).tables[0]

    assert rows_kept(signed) == rows_kept(sourced) == [0, 1, 2, 3, 6, 7]


def test_no_page_begins_with_a_source_or_a_remark(word, briefing):
    remarked = word("print/circular.html", samples.circular(3, note="此件公开发布"))

    for document, style in ((briefing, "Source"), (remarked, "Note")):
        lines = document.paragraphs
        before = [lines[n - 1] for n, line in enumerate(lines) if line.style.style_id == style]
        assert before and all(line.paragraph_format.keep_with_next for line in before)


def test_the_colophon_floats_at_the_bottom_of_the_page(circular):
    foot = circular.tables[-1]
    place = foot._tbl.tblPr.find(f"{W}tblpPr")

    assert (place.get(f"{W}vertAnchor"), place.get(f"{W}tblpYSpec")) == ("margin", "bottom")
    assert foot.cell(0, 0).text.startswith("抄送：") and foot.cell(1, 1).text == "2026年7月7日印发"


def test_a_colophon_no_page_holds_follows_the_text_in_the_order_of_its_lines(word):
    names = "、".join(f"第{n}街道政务信息直报点" for n in range(1, 151))
    foot = word("print/circular.html", samples.circular(copy_to=names)).tables[-1]

    assert foot._tbl.tblPr.find(f"{W}tblpPr") is None
    assert foot._tbl.find(f"{W}tr/{W}trPr") is None
    assert foot.cell(0, 0).text == f"抄送：{names}"


def test_names_of_a_joint_mark_stand_below_each_other_with_the_word_in_their_middle(word):
    document = word("print/circular.html", forms.joint(True))
    mark = document.tables[0]

    assert tuple(row.cells[0].text for row in mark.rows) == forms.OFFICES
    # One cell from the first name to the last, written in its middle.
    words = [row.cells[1] for row in mark.rows]
    assert {cell.text for cell in words} == {"文件"} and len({id(cell._tc) for cell in words}) == 1
    assert words[0]._tc.find(f"{W}tcPr/{W}vAlign").get(f"{W}val") == "center"
    assert mark._tbl.tblPr.find(f"{W}tblBorders") is None
    heights = [row._tr.find(f"{W}trPr/{W}trHeight") for row in mark.rows]
    assert {height.get(f"{W}hRule") for height in heights} == {"exact"}
    assert of_style(document, "Mark") == []


def test_no_page_begins_with_a_signature(word):
    document = word("print/circular.html", samples.circular(3, office=SEALING, seal=True))
    paragraphs = document.paragraphs
    first = next(n for n, each in enumerate(paragraphs) if each.style.style_id == "Signature")

    assert paragraphs[first - 1].paragraph_format.keep_with_next is True
    assert all(
        each.style.paragraph_format.keep_with_next
        for each in paragraphs[first:]
        if each.style.style_id == "Signature"
    )
    assert [
        each.paragraph_format.keep_with_next
        for each in paragraphs[: first - 1]
        if each.style.style_id == "BodyText"
    ][-1] is None


@pytest.mark.parametrize("count", [1, 4])
def test_with_annexes_named_between_the_text_comes_along_as_well(word, count):
    annexes = [{"title": f"得分表{n}"} for n in range(count)]
    paragraphs = word("print/circular.html", samples.circular(3, annexes=annexes)).paragraphs
    first = next(n for n, each in enumerate(paragraphs) if each.style.style_id == "Signature")

    before = paragraphs[first - count - 3 : first]  # text, text, empty line, names
    assert [each.style.style_id for each in before] == ["BodyText", "BodyText", "Flush", *["Annex"] * count]
    assert [each.paragraph_format.keep_with_next for each in before] == [None, True, True, *[True] * count]


def test_names_of_joint_signatures_end_before_the_line_does(word):
    document = word("print/circular.html", samples.circular(office=SEALING[:3], seal=True))

    lines = [each.text for each in document.paragraphs if each.style.style_id == "Signature"]

    assert lines and all(len(line) < 28 for line in lines)


def test_a_briefing_has_masthead_columns_items_and_contents_with_pages(briefing):
    assert of_style(briefing, "Mark") == ["临江要情"]
    assert of_style(briefing, "Column")[0] == "【经济运行】" and len(of_style(briefing, "ItemTitle")) == 8
    assert "临江市人民政府办公室\t2026年7月9日" in of_style(briefing, "Head")
    fields = [node.text.split() for node in briefing.element.body.iter(f"{W}instrText")]
    marks = {node.get(f"{W}name") for node in briefing.element.body.iter(f"{W}bookmarkStart")}
    assert [field[0] for field in fields] == ["PAGEREF"] * 8 and {field[1] for field in fields} == marks
    assert "云岭县三项举措推动营商环境持续优化\t2" in of_style(briefing, "Contents")


@pytest.mark.parametrize("sample", [samples.long_circular, samples.short_circular])
def test_nothing_of_the_page_is_lost_and_nothing_said_twice(make_html, sample):
    html = make_html("print/circular.html", sample())
    said = plain(all_text(Document(io.BytesIO(docx(html, DAY)))))

    for block in sample()["body"]:
        text = plain("".join(run["text"] for run in block.get("runs", ())))
        assert said.count(text) >= 1, text
    assert said.count("抄送:") == html.count("抄送：") // 2


def test_a_template_of_a_city_s_own_is_taken_as_it_stands(word):
    own = '<h1 class="own">通知<br>要点</h1><div>各单位<b>务必</b>\n  报送。<p class="l2">（一）时限</p>末尾</div><ul><li>一</li></ul>'
    said = pages_of(f"<!doctype html><html><head><title>某</title></head><body>{own}</body></html>")

    assert [(p.what.style, "".join(r.text for r in p.what.runs)) for p in said.pieces] == [
        ("Flush", "通知\n要点"), ("Flush", "各单位务必 报送。"), ("Heading2", "（一）时限"), ("Flush", "末尾"), ("BodyText", "一"),
    ]  # fmt: skip
    assert [run.bold for run in said.pieces[1].what.runs] == [False, True, False]


def test_rows_of_a_form_keep_the_room_left_for_writing(word):
    boxes = [[{"label": "办理情况", "text": "", "rows": 4}], [{"label": "日期", "text": "5月6日"}]]
    page = word("print/slip.html", {"title": "登记单", "heading": "登记单", "boxes": boxes})

    heights = [row.height.pt for row in page.tables[0].rows]
    assert heights[0] == pytest.approx(4 * heights[1], abs=0.2) and heights[1] > 20


def test_hostile_pages_fail_kindly_or_become_plain_text():
    deep = "<div>" * 400 + "<p>底</p>" + "</div>" * 400

    with pytest.raises(RenderError, match="嵌套过深"):
        docx(f"<html><body>{deep}</body></html>", DAY)
    odd = docx(
        '<html><body><p>甲&#0;\x0b<!-- x --><script>1</script>乙</p><table></table><table><td colspan="x">1</table></body></html>',
        DAY,
    )
    assert Document(io.BytesIO(odd)).paragraphs[0].text.replace("\ufffd", "") == "甲乙"


@pytest.mark.parametrize(
    "own",
    [
        '<div class="head"><div class="mark joint" data-more="x">甲</div><div class="mark joint beside">乙</div></div>',
        '<div class="head"><div class="signer">乙</div><div class="mark joint beside" data-more="99999999999">甲</div></div>',
        '<div class="signature joint"><div class="office">甲乙</div><div class="office"><div>丙</div></div></div>',
    ],
)
def test_parts_of_a_joint_document_written_otherwise_become_plain_text(own):
    made = docx(f"<html><body>{own}<p>甲乙</p></body></html>", DAY)

    assert "甲乙" in all_text(Document(io.BytesIO(made)))


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ('<div class="letter-head">甲</div><div class="stamped"><div class="by">乙</div></div>', "甲乙"),
        ('<div class="letter-head"><p>甲</p><span class="number">乙</span></div><div class="stamped"><p>丙</p></div>', "甲乙丙"),
        ('<div class="letter-head"><!-- x --></div><div class="stamped"><div class="by"></div><!-- x --></div>', ""),
    ],
)  # fmt: skip
def test_parts_of_a_letter_or_an_order_written_otherwise_lose_no_word(own, said):
    made = docx(f"<html><body>{own}</body></html>", DAY)

    assert all_text(Document(io.BytesIO(made))) == said


def test_the_same_page_gives_the_same_bytes_in_any_process(make_html):
    html = make_html("print/briefing.html", samples.briefing())
    code = (
        "import sys,hashlib,datetime\nfrom core.documents.word.file import docx\n"
        "print(hashlib.sha256(docx(sys.stdin.read(), datetime.date(2026, 7, 6))).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], input=html, text=True, capture_output=True, check=True, cwd=PROJECT,
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1", "TZ": zone},
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }  # fmt: skip

    assert told == {hashlib.sha256(docx(html, DAY)).hexdigest()}


def test_the_file_tells_nothing_of_the_machine_or_the_moment(make_html):
    content = docx(make_html("print/circular.html", samples.short_circular()), DAY)

    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {member.date_time for member in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in file.namelist() if "thumbnail" in name or "customXml" in name]
    told = Document(io.BytesIO(content)).core_properties
    assert (told.title, told.author, told.created.date()) == (
        "关于2026年6月份政务信息采用情况的通报",
        "",
        DAY,
    )


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("circular", forms.upward()), ("circular", forms.upward(("张三",))), ("minutes", forms.minutes(1)),
        ("order", forms.order(1)), ("circular", forms.wide_annexes()),
        ("letter", {**samples.circular(1), "mark": samples.OFFICE}),
    ],
)  # fmt: skip
def test_no_word_of_any_form_is_lost(make_html, template, values):
    html = make_html(f"print/{template}.html", values)
    page = document_fromstring(html)
    for unseen in page.iter("style", "title"):
        unseen.text = ""
    for unseen in [
        part for part in page.iter() if {"hidden", "ghost"} & set(str(part.get("class", "")).split())
    ]:
        unseen.drop_tree()

    said = all_text(Document(io.BytesIO(docx(html, DAY))))

    assert Counter(plain(said)) == Counter(plain(page.text_content()))


def test_several_signers_share_the_lines_beside_the_number(word):
    document = word("print/circular.html", forms.upward())
    head = of_style(document, "Head")
    ends = [
        int(tab.get(qn("w:pos"))) / 20 / (156 * 72 / 25.4 / 28)
        for line in document.paragraphs
        if "签发人" in line.text or "李　祎" in line.text
        for tab in line._p.iter(qn("w:tab"))
        if tab.get(qn("w:pos"))
    ]

    assert head == ["\t签发人：张　三　　欧阳小明", "临政办〔2026〕18号\t李　祎"]
    # 李　祎 starts below 张　三, in a place of four characters, with another place and one character after it.
    assert ends == pytest.approx([27, 21], abs=0.01)


def test_an_a3_annex_has_a_sheet_of_that_size(word):
    sections = word("print/circular.html", forms.wide_annexes()).sections

    assert 420 in {round(section.page_width.mm) for section in sections}


# ECMA-376 wants them in this order; other programs drop what stands elsewhere, or refuse the file.
IN_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr pBdr tabs spacing ind jc rPr sectPr",
    "rPr": "rFonts b color spacing w sz szCs",
    "tcPr": "tcW gridSpan vMerge tcBorders vAlign",
    "pBdr": "top left bottom right",
    "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
}
PICTURED = (
    '{% extends "print/circular.html" %}{% block content %}<div class="box"><p class="kai">甲</p><p><img src="'
    "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
    '" alt="点"></p></div>{{ super() }}{% endblock %}{% block style %}.box { border: 1pt solid }{% endblock %}'
)


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("print/circular.html", samples.long_circular()), ("print/circular.html", forms.joint(True)),
        ("print/circular.html", forms.wide_annexes()), ("print/briefing.html", samples.briefing()),
        ("print/order.html", forms.order(1)), ("print/minutes.html", forms.minutes(1)),
        ("print/letter.html", {**samples.circular(1), "mark": samples.OFFICE}), ("t.html", samples.circular()),
    ],
)  # fmt: skip
def test_every_part_of_a_paragraph_stands_where_the_schema_wants_it(make_html, template, values):
    check = {
        "code": "ABCD-EFGH-JKMN",
        "address": "https://a.cn/verify",
        "url": "https://a.cn/verify/ABCD-EFGH-JKMN",
    }
    html = make_html(template, {**values, "check": check}, {"t.html": PICTURED})

    document = Document(io.BytesIO(docx(html, DAY)))

    for element in document.element.body.iter():
        name = element.tag.rpartition("}")[2]
        if name in IN_ORDER:
            places = [IN_ORDER[name].split().index(child.tag.rpartition("}")[2]) for child in element]
            assert places == sorted(set(places)), (name, [child.tag for child in element])
