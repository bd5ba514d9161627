"""What a tired clerk or a broken import may hand over: a decent document, or a refusal in plain words that names the place."""

import pytest

from core.errors import RenderError
from tests.docs import forms, samples
from tests.docs.test_standard import failed
from tests.tools.measure_gb9704 import measure

CIRCULAR = "print/circular.html"
MM = 72 / 25.4
WITH_PICTURE = (
    '{% extends "print/circular.html" %}{% block content %}<p><img src="asset:seal.svg"></p>{% endblock %}'
)


@pytest.mark.parametrize(
    ("template", "values", "told"),
    [
        (CIRCULAR, samples.circular(title="关于政务信息工作" * 375), "标题过长，无法排版。标题共 3000 字"),
        (
            CIRCULAR,
            samples.circular(annexes=[{"title": "得分情况" * 100}]),
            "标题过长，无法排版。标题共 400 字",
        ),
        (CIRCULAR, samples.circular(mark="临江市人民政府" * 40), "发文机关标志（刊名）过长"),
        (CIRCULAR, samples.circular(number="临政办〔2026〕18号" * 8), "发文字号过长，一行排不下"),
        (
            CIRCULAR,
            samples.circular(number="临政办函〔2026〕1818号", signer=["张三"] * 3 + ["欧阳小明明"]),
            "发文字号过长",
        ),
        (CIRCULAR, samples.circular(office="临江市人民政府办公室" * 8), "署名过长，一行排不下"),
        (CIRCULAR, samples.circular(signer="张三、李四" * 60), "签发人姓名过长"),
        (CIRCULAR, samples.circular(classification="秘密" * 60), "密级和保密期限过长"),
        (CIRCULAR, samples.circular(urgency="特急" * 60), "紧急程度过长"),
        (CIRCULAR, samples.circular(copy_number="000012" * 60), "份号过长"),
        (CIRCULAR, samples.circular(title=f"临江市人民政府\n关于{'政务信息' * 9}的通知"), "标题第 2 行过长"),
        (
            "print/letter.html",
            samples.circular(mark="临江市", number="临政函〔2026〕18号" * 8),
            "发文字号过长",
        ),
        ("print/letter.html", samples.circular(mark="临江市", urgency="特急" * 60), "紧急程度过长"),
        (CIRCULAR, samples.circular(signer="张三、李四" * 9), "发文字号过长|签发人姓名过长"),
        ("print/minutes.html", {**forms.minutes(1), "office": "临江市" * 9}, "主办机关过长"),
        (
            "print/order.html",
            forms.order(1, [{"post": "临江市人民政府市长" * 3, "name": "张三"}]),
            "签发人职务过长",
        ),
        ("print/briefing.html", {**samples.briefing(4, 1), "masthead": "临江要情" * 30}, "刊名）过长"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_by_its_name(make_html, template, values, told):
    with pytest.raises(RenderError, match=told) as caught:
        make_html(template, values)

    assert "数据“" in caught.value.where and caught.value.advice


@pytest.mark.parametrize(
    ("wide", "advice"), [(False, "A4 横版）、A3"), (True, "设 wide 为 A3"), ("A3", "分成几个表格")]
)
def test_a_table_too_broad_for_its_sheet_is_refused_with_the_next_larger_one(make_html, wide, advice):
    table = forms.broad(3, 140 if wide == "A3" else 60, wide=wide)

    with pytest.raises(RenderError, match="列，用最小的字也排不下。最宽的是第") as caught:
        make_html(CIRCULAR, samples.circular(tables=[table]))

    assert advice in caught.value.advice


def test_forty_columns_fit_on_a_folded_sheet_with_every_number_whole(make_pdf, open_pdf):
    table = forms.broad(3, 40, wide="A3")

    sheet = next(
        p for p in open_pdf(make_pdf(CIRCULAR, samples.circular(tables=[table]))) if p.width > 400 * MM
    )
    words = {word["text"] for word in sheet.extract_words(x_tolerance=1)}

    assert {cell for row in table["rows"] for cell in row[2:]} <= words


@pytest.mark.parametrize("count", [10_000, 100_000])
def test_a_table_of_ten_thousand_rows_is_refused_before_it_is_laid_out(make_html, count):
    rows = [[n, "某单位", n] for n in range(count)]
    table = {"title": "全市得分", "head": [["位次", "单位", "得分"]], "rows": rows}

    with pytest.raises(RenderError, match="全市得分：表格过大，无法排版.*请分成几份文书"):
        make_html(CIRCULAR, samples.circular(tables=[table]))


@pytest.mark.parametrize(
    "table",
    [
        {"head": [["单位", "", "得分"]], "rows": [["甲县", None, "1.5"], ["乙县", "", "2"]]},
        {"head": [["单位", "得分"]], "rows": []},
        {"head": [["单位", "得分"]], "rows": [["", ""]], "columns": [{}, {"align": "decimal"}]},
        {"rows": [["甲" * 3000, "x" * 300, 1]]},
    ],
    ids=["empty column", "no rows", "empty row", "endless words"],
)
def test_odd_tables_stay_inside_the_type_area(make_pdf, open_pdf, table):
    pages = open_pdf(make_pdf(CIRCULAR, samples.circular(tables=[table])))

    inked = [char for page in pages for char in page.chars if char["text"].strip()]
    edges = [shape for page in pages for shape in (*page.rects, *page.lines)]
    assert all(char["x1"] <= 184.5 * MM for char in inked)
    assert edges and all(edge["x0"] >= 27.5 * MM and edge["x1"] <= 184.5 * MM for edge in edges)


@pytest.mark.parametrize(
    "svg", ["<svg><rect", "", "不是图片", "<!DOCTYPE s [<!ENTITY a 'b'>]><svg>&a;</svg>"]
)
def test_a_broken_picture_of_the_pack_is_named(make_pdf, svg):
    with pytest.raises(RenderError, match="seal.svg"):
        make_pdf("t.html", samples.circular(), {"t.html": WITH_PICTURE, "seal.svg": svg})


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\nxxxx", b"GIF89a", b"\xff\xd8\xff\xe0broken", b"<svg><rect"]
)
def test_a_broken_picture_handed_over_is_named_and_the_next_document_prints(renderer, data):
    with pytest.raises(RenderError, match="图片已损坏，文书没有印出。stamp.png"):
        renderer.pdf("<p>章<img src='asset:stamp.png'></p>", {"stamp.png": data})

    assert renderer.pdf("<p>章</p>").startswith(b"%PDF")


ODD = (
    "甲县报送 مرحبا שלום \u202e反向\u202c文字，e\u0301cole、ê\u0304、a"
    + "\u0301" * 40
    + "，ก็็็็็，\ufeff零宽\u200b空格。"
)


def test_foreign_scripts_and_heaped_accents_keep_the_page_in_order(make_pdf, open_pdf, tmp_path):
    body = [samples.paragraph(samples.text(n) + ODD + samples.text(n + 9)) for n in range(9)]
    (tmp_path / "odd.pdf").write_bytes(make_pdf(CIRCULAR, samples.circular(body=body)))

    result = measure(str(tmp_path / "odd.pdf"))
    text = "".join(page.extract_text() for page in open_pdf(tmp_path / "odd.pdf"))

    assert failed(result) == {}
    assert set(result["lines_per_full_page"]) == {22}
    assert "反向文字" in text and "école" in text and "零宽空格" in text
    assert "\u0301" * 3 not in text


def test_foreign_scripts_and_heaped_accents_are_named_before_a_document_is_issued(make_html):
    with pytest.raises(RenderError, match="不能印发") as caught:
        make_html(
            CIRCULAR,
            samples.circular(body=[samples.paragraph("负责人a" + "\u0301" * 40 + "已到")]),
            complete=True,
        )

    assert "“a”上叠了 40 个附加符号，最多 2 个（见“负责人a已到”）" in str(caught.value).replace("á", "a")
    assert "字体" not in str(caught.value)
    with pytest.raises(RenderError, match=r"U\+0645，见“负责人م"):
        make_html(CIRCULAR, samples.circular(body=[samples.paragraph("负责人مرحبا")]), complete=True)


def test_a_column_of_a_briefing_may_say_a_line_instead_of_its_items(make_html):
    values = samples.briefing()
    values["columns"] = [*values["columns"], {"title": "来函选登", "line": "本期暂缺"}]

    assert "<p>本期暂缺</p>" in make_html("print/briefing.html", values)
