"""Pictures of a pack inside the page, data of its tables inside the PDF, characters no font has."""

import io
import json
from decimal import Decimal

import pikepdf
import pytest

from core.documents.templating.assets import inline, table_data
from core.documents.templating.sandbox import render_html
from core.documents.typesetting.text import lacking_in
from core.errors import RenderError
from tests.docs import samples

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"
ATTACHING = '{% extends "print/circular.html" %}{% block style %}</style><meta name="attach" content="tables"><style>{% endblock %}'


def test_a_picture_of_the_pack_is_printed_from_the_page_alone(renderer, fonts):
    files = {"t.html": "<title>x</title><p><img src='asset:logo.svg'>章", "logo.svg": SVG}

    html = render_html("t.html", files, {}, fonts)

    assert "asset:" not in html
    assert renderer.pdf(html).startswith(b"%PDF")


def test_only_markup_is_filled_and_remarks_are_not():
    page = "<img src='asset:logo.svg'><!-- <img src='asset:old.svg'> -->写作“'asset:logo.svg'”<style>/* url(asset:no.svg) */</style>"

    filled = inline(page, {"logo.svg": SVG})

    assert filled.startswith("<img src='data:image/svg+xml;base64,")
    assert filled.endswith(page.partition(">")[2])


REFERENCES = [
    ('<img src="asset:lgo.svg">', "本版式文件夹中没有图片“lgo.svg”。可用的有“logo.svg”。是否应为“logo.svg”？"),
    ('<img src="asset:logo.png">', "没有图片“logo.png”。可用的有“logo.svg”。是否应为“logo.svg”？图片只能用 .svg 文件"),
    ("<img src=asset:../../pack.yaml>", "没有图片“../../pack.yaml”"),
    ('<img src="logo.svg">', "图片或样式的引用写法不对。引用了“logo.svg”。图片只能用 .svg 文件"),
    ('<img src="http://a.cn/b.svg">', "文书不能引用网上的内容。引用了“http://a.cn/b.svg”"),
    ('<p style="background: url(file:///etc/passwd)">', "文书不能引用本机的文件"),
    ('<link rel="stylesheet" href="style.css">', '样式写 {% block style %}{% include "style.css" %}{% endblock %}'),
    ("<style>@font-face { src: url(//a.cn/x.ttf) }</style>", "样式中不能引用网上的字体。@font-face 引用了“//a.cn/x.ttf”"),
    ("<style>@import 'https://a.cn/x.css';</style>", "文书不能引用网上的内容"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "told"), REFERENCES)
def test_what_a_page_may_not_refer_to_is_told_with_its_line(fonts, markup, told):
    files = {"t.html": f"<title>x</title>\n{markup}", "logo.svg": SVG}

    with pytest.raises(RenderError) as caught:
        render_html("t.html", files, {}, fonts)

    assert told in str(caught.value)
    assert str(caught.value).startswith("模板 t.html 第 2 行：")


@pytest.mark.parametrize(
    "markup", ["<a href='http://a.cn'>网址</a>", "<svg><use href='#a'/></svg>", "http://a.cn"]
)
def test_links_and_words_refer_to_nothing(fonts, markup):
    assert render_html("t.html", {"t.html": f"<img src='data:,'>{markup}"}, {}, fonts)


def test_figures_of_tables_travel_inside_the_pdf_when_the_template_wants_them(renderer, fonts):
    table = samples.ranking(3, "得分表")
    values = samples.circular(tables=[table])
    html = render_html("t.html", {"t.html": ATTACHING}, values, fonts)

    attached = table_data(html, values)
    pdf = renderer.pdf(html, attached=attached)

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        inside = opened.attachments["tables.json"]
        assert inside.relationship == pikepdf.Name.Data
        told = json.loads(inside.get_file().read_bytes())
    assert told["tables"][0]["title"] == "得分表"
    assert told["tables"][0]["rows"][0] == [str(cell) for cell in table["rows"][0]]
    assert told["tables"][0]["head"][0][3] == {"text": "采用情况", "colspan": 5}
    assert renderer.pdf(html, attached=attached) == pdf


def test_a_template_that_does_not_ask_gets_no_attachment(fonts):
    values = samples.circular(tables=[samples.ranking(3)])

    assert table_data(render_html("print/circular.html", {}, values, fonts), values) == {}


def test_figures_keep_their_decimals():
    values = {"a": [{"head": [["分"]], "rows": [[Decimal("1.50")], [None]]}]}

    data = json.loads(table_data("<meta name=attach content=tables>", values)["tables.json"])

    assert data["tables"][0]["rows"] == [["1.50"], [""]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("工作进展顺利😀，成效好", "“😀”（U+1F600，见“工作进展顺利😀，成效好”）"),
        ("联系人王\ue000明", "“〓”（U+E000，见“联系人王〓明”）"),
    ],
    ids=["emoji", "private"],
)
def test_a_character_no_font_has_is_told_with_its_place_before_issue(fonts, text, told):
    values = samples.circular(body=[samples.paragraph(text)])

    with pytest.raises(RenderError) as caught:
        render_html("print/circular.html", {}, values, fonts, complete=True)

    assert "文书中有字体里没有的字，不能印发" in str(caught.value)
    assert told in str(caught.value)
    assert "〓" in render_html("print/circular.html", {}, values, fonts)


def test_every_lacking_character_is_told_once(fonts):
    page = "<title>😀</title><style>😀</style><p title='😀'>甲😀乙😀丙🚀"

    assert [lack.char for lack in lacking_in(page, fonts)] == ["😀", "🚀"]
