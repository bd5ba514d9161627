"""A refusal names the place on the document as its author calls it, and says nothing in a foreign language."""

import io
import logging
import re
from datetime import date

import pikepdf
import pytest
from lxml import etree

from core.documents.rendering.renderer import made_of
from core.documents.templating.fields import first_text, named
from core.documents.word.file import docx
from core.errors import InvalidInput, RenderError
from tests.docs import forms, samples

CIRCULAR, BRIEFING, ORDER = "print/circular.html", "print/briefing.html", "print/order.html"
BROAD = {"type": "table", "rows": [[{"runs": [{"text": "123456789"}]} for _ in range(60)]]}
LACKING = "进展顺利😀"
TEXT = samples.paragraph("略。")


def annexed(*bodies, **more):
    return samples.circular(
        annexes=[{"title": f"附表{n}", "body": body} for n, body in enumerate(bodies, 1)], **more
    )


def in_item(part, **more):
    values = samples.briefing(4, 1)
    item = values["columns"][1]["items"][0]
    values["columns"][1]["items"][0] = {**item, "body": [*item["body"], *part], **more}
    return values


@pytest.mark.parametrize(
    ("template", "values", "place"),
    [
        (CIRCULAR, samples.circular(body=[TEXT, BROAD]), "正文第 1 个表格"),
        (CIRCULAR, annexed([TEXT], [TEXT, BROAD]), "附件 2 的正文第 1 个表格"),
        (CIRCULAR, annexed([BROAD]), "附件的正文第 1 个表格"),
        (BRIEFING, in_item([BROAD]), "栏目“改革创新”第 1 条的正文第 1 个表格"),
    ],
)
def test_a_table_too_broad_is_told_with_whose_text_it_stands_in(make_html, template, values, place):
    with pytest.raises(RenderError, match="用最小的字也排不下") as caught:
        make_html(template, values)

    assert caught.value.where == place


@pytest.mark.parametrize(
    ("template", "values", "place"),
    [
        (CIRCULAR, samples.circular(title=LACKING), "标题"),
        (CIRCULAR, samples.circular(copy_to=LACKING), "抄送"),
        (CIRCULAR, samples.circular(body=[TEXT, samples.paragraph(LACKING)]), "正文第 2 段"),
        (CIRCULAR, annexed([TEXT], [samples.paragraph(LACKING)]), "附件 2 的正文第 1 段"),
        (CIRCULAR, samples.circular(annexes=[{"title": LACKING}]), "附件的标题"),
        (
            CIRCULAR,
            samples.circular(annexes=[{"title": "表", "tables": [{"title": "得分", "head": [["甲"]], "rows": [[LACKING]]}]}]),
            "附件的表格“得分”",
        ),
        (BRIEFING, in_item([samples.paragraph(LACKING)]), "栏目“改革创新”第 1 条的正文第 3 段"),
        (BRIEFING, in_item([], author=LACKING), "栏目“改革创新”第 1 条的作者"),
    ],
)  # fmt: skip
def test_a_character_without_a_font_is_told_with_its_place(make_html, template, values, place):
    with pytest.raises(RenderError, match="不能印发") as caught:
        make_html(template, values, complete=True)

    assert caught.value.reason.startswith(f"所有字体都没有{place}中的“😀”（U+1F600，见“")


def test_accents_heaped_on_a_letter_are_told_with_their_place(make_html):
    heap = samples.paragraph("负责人a" + "\u0301" * 40 + "已到")

    with pytest.raises(RenderError) as caught:
        make_html(CIRCULAR, annexed([TEXT, heap]), complete=True)

    assert caught.value.where == "附件的正文第 2 段"


def test_what_only_a_template_says_has_no_place_in_the_data(make_html):
    own = '{% extends "print/circular.html" %}{% block content %}<p>😀</p>{% endblock %}'

    with pytest.raises(RenderError) as caught:
        make_html("t.html", samples.circular(), {"t.html": own}, complete=True)

    assert "所有字体都没有“😀”" in caught.value.reason


def test_a_forwarded_document_is_no_annex_and_unknown_places_have_no_name():
    data = {"annexes": [{"title": "办法", "forwarded": True, "body": ["甲"]}, {"title": "表", "body": ["乙"]}], "own": ["丙"]}  # fmt: skip

    assert named(first_text("甲".__eq__, data), data) == "所附文件“办法”的正文第 1 段"
    assert named(first_text("乙".__eq__, data), data) == "附件的正文第 1 段"
    assert named(first_text("丙".__eq__, data), data) == ""
    assert first_text("丁".__eq__, data) is None


LONG = "信息工作" * 750


@pytest.mark.parametrize(
    ("template", "values", "told"),
    [
        (ORDER, forms.order(1, [{"post": "市长", "name": LONG}]), "签发人姓名过长"),
        (BRIEFING, {**samples.briefing(4, 1), "issue_number": LONG}, "期号过长"),
        (BRIEFING, {**samples.briefing(4, 1), "serial_number": LONG}, "总期号过长"),
        (BRIEFING, {**samples.briefing(4, 1), "issue_line": LONG}, "期号过长"),
        (BRIEFING, {**samples.briefing(4, 1), "edition": LONG}, "刊名下的小字过长"),
        (BRIEFING, {**samples.briefing(4, 1), "editor": LONG}, "责任编辑过长"),
        (BRIEFING, {**samples.briefing(4, 1), "copies": LONG}, "印数过长"),
        (BRIEFING, {**samples.briefing(4, 1), "note_label": LONG, "editor_note": "略"}, "编者按的名称过长"),
        (BRIEFING, {**samples.briefing(4, 1), "contents_title": LONG}, "要目的名称过长"),
        (BRIEFING, {**samples.briefing(4, 1), "columns": [{"title": LONG}]}, "栏目名称过长"),
        (BRIEFING, {**samples.briefing(4, 1), "distribution": [{"label": LONG, "to": "略"}]}, "报、送、发过长"),
        (BRIEFING, in_item([], author=LONG), "作者过长"),
        (BRIEFING, in_item([], source=LONG), "来源过长"),
        (CIRCULAR, samples.circular(printed_by=LONG), "印发机关过长"),
        (CIRCULAR, samples.circular(annexes=[{"title": "办法", "number": LONG}]), "文号过长"),
        (CIRCULAR, samples.circular(tables=[samples.ranking(3, LONG)]), "表格标题“.*”过长"),
    ],
)  # fmt: skip
def test_three_thousand_characters_in_a_short_field_are_refused_by_its_name(
    make_html, template, values, told
):
    with pytest.raises(RenderError, match=told) as caught:
        make_html(template, values)

    assert caught.value.where.startswith("数据“") and caught.value.advice


OFFICES = [f"临江市第{n}局" for n in range(1, 41)]


@pytest.mark.parametrize(
    ("template", "more", "told"),
    [
        (CIRCULAR, {"office": OFFICES, "seal": True}, "加盖印章的署名机关过多，一页排不下。给出了 40 个，最多 12 个"),
        (CIRCULAR, {"office": OFFICES}, "署名机关过多，一页排不下。给出了 40 个，最多 18 个"),
        (CIRCULAR, {"signer": ["张三"] * 40}, "签发人过多，一页排不下。给出了 40 个，最多 12 个"),
        (ORDER, {"signers": [{"post": "市长", "name": "张三"}] * 40}, "签发人过多，一页排不下。给出了 40 个，最多 8 个"),
    ],
)  # fmt: skip
def test_more_offices_or_signers_than_a_page_holds_are_refused(make_html, template, more, told):
    values = forms.order(1) if template == ORDER else samples.circular()

    with pytest.raises(RenderError, match=told):
        make_html(template, {**values, **more})


@pytest.mark.parametrize(
    ("template", "more", "last"),
    [
        (CIRCULAR, {"office": OFFICES[:12], "seal": True}, "2026年7月6日"),
        (CIRCULAR, {"office": OFFICES[:18]}, "2026年7月6日"),
        (CIRCULAR, {"signer": ["张三", "李四"] * 6}, "临政办"),
        (ORDER, {"signers": [{"post": "市长", "name": "买买提艾力汗"}] * 8}, "2026年7月6日"),
    ],
)
def test_as_many_as_are_allowed_stand_on_one_page_within_the_type_area(
    make_pdf, open_pdf, template, more, last
):
    values = forms.order(1) if template == ORDER else samples.circular(2, copy_to="", printed_by="")

    pages = open_pdf(make_pdf(template, {**values, **more}))

    words = list(more.values())[0]
    first = words[0] if isinstance(words[0], str) else words[0]["name"]
    said = [re.sub(r"\s", "", page.extract_text()) for page in pages]
    (page,) = [n for n, text in enumerate(said) if first in text or "　".join(first) in text]
    assert last in said[page]
    inked = [char for char in pages[page].chars if char["text"].strip() and char["size"] > 15]
    assert all(char["x0"] >= 28 * 72 / 25.4 - 1 and char["x1"] <= 184.5 * 72 / 25.4 for char in inked)
    assert max(char["bottom"] for char in inked) <= 262.5 * 72 / 25.4


@pytest.mark.parametrize(
    ("template", "values", "told"),
    [
        (CIRCULAR, annexed(*[[TEXT]] * 10_000), "数据“annexes”：附件过多，一份文书排不下。给出了 10000 个"),
        (BRIEFING, {**samples.briefing(4, 1), "columns": [{"title": "栏", "items": samples.briefing()["columns"][0]["items"] * 5000}]},
         "数据“columns”：条目过多，一份文书排不下。给出了 10000 个"),
        (CIRCULAR, samples.circular(tables=[samples.ranking(1)] * 3000), "数据“tables”：表格过多"),
    ],
)  # fmt: skip
def test_what_no_document_holds_is_counted_first_and_refused_by_name(
    make_html, monkeypatch, template, values, told
):
    monkeypatch.setattr("core.documents.templating.environment.Environment.fill", None)  # not begun

    with pytest.raises(RenderError, match=told) as caught:
        make_html(template, values)

    assert caught.value.advice == "请分成几份文书" and caught.value.status == 422


def test_a_day_of_printing_left_out_is_not_taken_for_a_slip(make_html):
    values = {name: value for name, value in samples.circular().items() if name != "printed_on"}

    with pytest.raises(RenderError, match="需要的“printed_on”没有给出") as caught:
        make_html(CIRCULAR, values)

    assert "是否应为" not in str(caught.value)


@pytest.mark.parametrize("title", ["标题\x01\x0b\x1f", "标题\ufffe", "标" * 400])
def test_a_title_that_no_file_may_carry_is_cleaned_for_word(title):
    assert docx(
        f"<html><head><title>{title}</title></head><body><p>文</p></body></html>", date(2026, 7, 6)
    ).startswith(b"PK")


def test_a_failure_of_the_engine_is_told_in_chinese_and_kept_in_the_log(renderer, caplog):
    with caplog.at_level(logging.WARNING), pytest.raises(RenderError) as caught:
        renderer.pdf("<p style='font-size: 1e9pt'>字</p>")

    assert caught.value.reason == "版式中有字号、行距或尺寸为 0，或大得无法计算"
    assert not re.search("[A-Za-z]{3}", str(caught.value))
    assert "ZeroDivisionError" in caplog.text


def test_nor_does_it_spoil_what_the_pdf_says_of_itself(make_pdf):
    with pikepdf.open(
        io.BytesIO(make_pdf(CIRCULAR, samples.circular(title="关于\x01\ufffe工作的通报")))
    ) as pdf:
        told = pdf.Root.Metadata.read_bytes()

    assert "关于工作的通报" in etree.tostring(etree.fromstring(told), encoding="unicode")


@pytest.mark.parametrize("error", ["size", "engine"])
def test_no_word_of_a_library_reaches_a_reader(error):
    with pytest.raises(RenderError) as caught:
        made_of({"error": error, "technical": "KeyError: 'no such table'"}, {})

    assert not re.search("[A-Za-z]{3}", str(caught.value))
    assert "系统日志" in caught.value.reason


def test_an_office_that_prints_without_its_day_is_told_which_item_to_add(make_html):
    values = {name: value for name, value in samples.circular().items() if name != "printed_on"}

    with pytest.raises(RenderError) as caught:
        make_html("print/circular.html", {**values, "printed_at": "别的一项"})

    said = str(caught.value)
    assert "写了“printed_by”（印发机关）的，还要写“printed_on”（印发日期）" in said
    assert "请在数据中补上“printed_on”" in said and "printed_at" not in said and "默认值" not in said


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("style", ["chinese", "arabic"])
@pytest.mark.parametrize("base", ["circular", "letter", "minutes", "order", "briefing"])
def test_an_empty_day_of_a_document_is_named_by_its_item_in_the_data(make_html, base, style, empty):
    values = {"minutes": forms.minutes, "order": forms.order, "briefing": samples.briefing}.get(
        base, samples.circular
    )()

    with pytest.raises(InvalidInput, match="数据“date”：日期空着") as caught:
        make_html(f"print/{base}.html", values | {"date": empty, "date_style": style})

    assert caught.value.path == ("date",)


def test_the_empty_day_of_a_forwarded_paper_is_named_with_its_annex(make_html):
    annexes = [{"title": "甲"}, {"title": "乙", "forwarded": True, "office": "丙局", "date": ""}]

    with pytest.raises(InvalidInput, match="数据“annexes”第 2 项“date”：日期空着"):
        make_html("print/circular.html", samples.circular(annexes=annexes))


def test_the_empty_days_and_the_empty_office_of_slips_are_named(make_html):
    given = {"title": "单", "asked": [], "handled": [], "body_title": "", "number": "1", "classification": "", "leader": "甲", "post": "市长", "kind": "批示", "text": ["乙"], "subject": "丙",
             "office": "丁", "units": "戊", "carrier": "", "items": [], "body": [], "unit": "己", "part": "主办",
             "on": date(2026, 7, 6), "sent_on": date(2026, 7, 6), "due": date(2026, 7, 6), "urgency": "平急", "answer": ["庚"], "answered_on": date(2026, 7, 6)}  # fmt: skip

    for base, names in (("remark", ["on"]), ("routing", ["on", "sent_on", "due", "answered_on"])):
        for name in names:
            with pytest.raises(InvalidInput, match=f"数据“{name}”：日期空着"):
                make_html(f"print/{base}.html", given | {name: ""})
        with pytest.raises(InvalidInput, match="数据“office”：..机关空着"):
            make_html(f"print/{base}.html", given | {"office": ""})


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_day_of_printing_is_named_by_its_item_in_the_data(make_html, empty):
    with pytest.raises(InvalidInput, match="数据“printed_on”：日期空着") as caught:
        make_html("print/circular.html", samples.circular(printed_on=empty))

    assert caught.value.path == ("printed_on",) and "print/circular.html" not in str(caught.value)


@pytest.mark.parametrize("empty", ["", " 　", None, []])
@pytest.mark.parametrize(
    ("base", "what"),
    [("circular", "署名"), ("letter", "署名"), ("minutes", "主办机关"), ("briefing", "主办机关")],
)
def test_an_empty_office_is_named_by_its_item_in_the_data(make_html, base, what, empty):
    values = {"minutes": forms.minutes, "briefing": samples.briefing}.get(base, samples.circular)()

    with pytest.raises(InvalidInput, match=f"数据“office”：{what}空着") as caught:
        make_html(f"print/{base}.html", values | {"office": empty, "proof": False})

    assert caught.value.path == ("office",) and "请写上机关名称" in str(caught.value)


def test_an_empty_office_among_several_is_named_by_its_place(make_html):
    for seal in (True, False):
        with pytest.raises(InvalidInput, match="数据“office”第 2 项：署名空着"):
            make_html("print/circular.html", forms.joint(seal) | {"office": ["临江市教育局", ""]})


def test_a_form_that_signs_in_its_own_way_needs_no_office(make_html):
    own = '{% extends "print/circular.html" %}{% block signature %}<p class="right">编辑部</p>{% endblock %}'

    made = make_html("template.html", samples.circular(office=""), {"template.html": own})

    assert "编辑部" in made
