"""Pictures in Word files: every one that is printed, at its size, whole, on a whole number of lines; seals never."""

import base64
import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import date

import pytest
import segno
from docx import Document
from docx.oxml.ns import qn
from lxml.html import document_fromstring
from PIL import Image

from core.config import PROJECT
from core.documents.checks import qr
from core.documents.rendering.drawing import drawn_by
from core.documents.word.codes import code_png
from core.documents.word.file import docx
from core.documents.word.measures import ROW
from core.documents.word.pictures import found_in, framed
from core.errors import RenderError
from tests.docs import samples
from tests.docs.office import convert

__all__ = ["convert"]
DAY = date(2026, 7, 6)
EMU, MM = 12700, 72 / 25.4
MARK = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 10'><rect width='40' height='10' fill='red'/></svg>"


def picture(width, height, kind="PNG", colour="#3366cc", **more):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind, **more)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(out.getvalue()).decode()}"


PHOTO, CHART = picture(400, 300), picture(160, 90, "JPEG")


def page(content, style=""):
    return f"<!doctype html><html><head><title>图</title><style>{style}</style></head><body>{content}</body></html>"


def word(html, **more):
    return Document(io.BytesIO(docx(html, DAY, **more)))


def drawings(document):
    return list(document.element.body.iter(qn("wp:inline")))


def size(drawing):
    extent = drawing.find(qn("wp:extent"))
    return int(extent.get("cx")) / EMU, int(extent.get("cy")) / EMU


def alone(document):
    return [each for each in document.paragraphs if each.style.style_id == "Picture"]


def test_png_and_jpeg_are_taken_as_they_are_with_their_words():
    document = word(page(f'<p><img src="{PHOTO}" alt="防汛现场"></p><p><img src="{CHART}" alt="走势图"></p>'))

    shown = [
        document.part.related_parts[next(each.iter(qn("a:blip"))).get(qn("r:embed"))]
        for each in drawings(document)
    ]
    assert [part.blob for part in shown] == [
        base64.b64decode(each.partition(",")[2]) for each in (PHOTO, CHART)
    ]
    assert [part.content_type for part in shown] == ["image/png", "image/jpeg"]
    assert [each.find(qn("wp:docPr")).get("descr") for each in drawings(document)] == ["防汛现场", "走势图"]
    assert [each.find(qn("wp:docPr")).get("id") for each in drawings(document)] == ["1", "2"]


@pytest.mark.parametrize(
    ("markup", "style"),
    [
        ('<p><img src="{}"></p>', ""),
        ('<p><img src="{}" style="width: 80mm"></p>', ""),
        ('<p class="photo"><img src="{}"></p>', ".photo img { height: 3cm } p img { height: 1cm }"),
        ('<p><img src="{}" class="small"></p>', "img { width: 90mm } .small { max-height: 20mm }"),
        ('<p><img src="{}"></p>', "img { width: 50% } @media print { img { width: 25% } }"),
        ('<p><img src="{}"></p>', "img { width: 50mm !important } p > img { width: 90mm }"),
    ],
)
def test_a_picture_is_as_large_as_it_is_printed(renderer, open_pdf, make_html, markup, style):
    own = f'{{% extends "print/circular.html" %}}{{% block content %}}{markup.format(PHOTO)}{{% endblock %}}{{% block style %}}{style}{{% endblock %}}'
    html = make_html("t.html", samples.circular(), {"t.html": own})

    (printed,) = [image for each in open_pdf(renderer.pdf(html)) for image in each.images]

    assert size(drawings(word(html))[0]) == pytest.approx((printed["width"], printed["height"]), abs=0.5)


def test_none_is_larger_than_the_type_area():
    wide, tall = picture(2400, 300), picture(300, 4000)
    document = word(page(f'<p><img src="{wide}"></p><p><img src="{tall}"></p>'))

    (width, height), (_, highest) = map(size, drawings(document))

    assert width == pytest.approx(156 * MM, abs=0.1) and height == pytest.approx(width / 8, abs=0.1)
    assert highest <= 225 * MM - ROW + 0.1


FRAMED = ".note { border: 1mm solid red; padding: 4mm 6mm } figure { break-inside: avoid }"


@pytest.mark.parametrize("shape", [(2400, 300), (900, 2400)])
@pytest.mark.parametrize(
    ("markup", "width", "height"),
    [
        ('<p><img src="{}"></p>', 156 * 26 / 28, 225),
        ('<p class="center"><img src="{}"></p>', 156, 225),
        ('<figure><img src="{}"><figcaption>图1</figcaption></figure>', 156, 225),
        ('<div class="note"><p class="center"><img src="{}"></p><p>甲</p></div>', 142, 225),
        ('<div class="wide"><p class="center"><img src="{}"></p><p>甲</p></div>', 225, 156),
        ('<div class="a3"><p class="center"><img src="{}"></p></div>', 366, 225),
        ('<p class="center"><img style="width: 400mm" src="{}"></p>', 156, 225),
        ('<table><tr><td>甲</td><td><img src="{}"></td></tr></table>', 78, 225),
    ],
)
def test_a_picture_too_large_for_its_place_is_printed_whole_at_the_same_size(
    renderer, open_pdf, make_html, markup, width, height, shape
):
    across, down = shape
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}mm" height="{down}mm" viewBox="0 0 {across} {down}">'
    svg += f'<image width="{across}" height="{down}" href="{picture(across // 30, down // 30)}"/></svg>'
    own = f'{{% extends "print/circular.html" %}}{{% block content %}}{markup.format("asset:a.svg")}{{% endblock %}}{{% block style %}}{FRAMED}{{% endblock %}}'
    html = make_html("t.html", samples.circular(), {"t.html": own, "a.svg": svg})

    ((paper, printed),) = [
        (each.width, image) for each in open_pdf(renderer.pdf(html)) for image in each.images
    ]

    assert printed["width"] / printed["height"] == pytest.approx(across / down, rel=0.02)
    # The type area has a tenth of a millimetre of slack.
    assert printed["width"] <= (width + 0.1) * MM + 0.1 and printed["height"] <= (height - 15) * MM
    assert max(printed["width"] / width, printed["height"] / (height - 21)) > 0.9 * MM
    assert printed["x0"] >= 28 * MM - 0.1 and printed["x1"] <= paper - 25.9 * MM + 0.1
    in_word = size(drawings(word(html, draw=drawn_by(renderer)))[0])
    # A drawing whose width is said keeps its place, and stands in the middle of it.
    shown = printed["width"] if "width:" not in markup else min(156 * MM, in_word[0])
    assert in_word == pytest.approx((shown, printed["height"]), rel=0.02)


def test_one_on_a_line_of_its_own_is_centred_whole_and_takes_whole_lines():
    document = word(page(f'<p>甲</p><p><img src="{PHOTO}"></p><p class="center">图1</p><p>乙</p>'))

    (paragraph,), (_, height) = alone(document), size(drawings(document)[0])
    spacing, following = paragraph._p.pPr.find(qn("w:spacing")), document.paragraphs[2]

    assert spacing.get(qn("w:lineRule")) == "atLeast"
    line = int(spacing.get(qn("w:line"))) / 20
    assert height + 4 < line < height + 8
    room = int(spacing.get(qn("w:before"))) / 20 + following.paragraph_format.space_before.pt
    assert (line + room) / ROW == pytest.approx(round((line + room) / ROW), abs=0.01)
    assert document.styles["图片"].paragraph_format.alignment == 1
    assert document.styles["图片"].paragraph_format.first_line_indent is None


def test_its_caption_stays_with_it():
    own = f'<figure><img src="{PHOTO}"><figcaption>图1　现场</figcaption></figure><p><img src="{CHART}"></p><p class="center">图2</p><p><img src="{CHART}"></p><p>正文</p>'
    document = word(page(own))

    assert [each.paragraph_format.keep_with_next for each in alone(document)] == [True, True, None]
    assert [each.text for each in document.paragraphs if each.style.style_id == "Center"] == [
        "图1　现场",
        "图2",
    ]


def test_lines_with_a_picture_among_words_are_not_cut_off():
    (paragraph,) = word(page(f'<p>见<img src="{CHART}">图。</p>')).paragraphs

    assert paragraph.text == "见图。" and paragraph.style.style_id == "BodyText"
    assert paragraph._p.pPr.find(qn("w:spacing")).get(qn("w:lineRule")) == "atLeast"


def test_one_in_a_table_is_no_wider_than_its_cell():
    own = f'<table><tr><td>甲</td><td><img src="{picture(1200, 300)}"></td></tr></table>'
    document = word(page(own))

    cell = document.tables[0].cell(0, 1)
    assert size(drawings(document)[0])[0] <= cell.width.pt - 6 + 0.1
    assert cell.paragraphs[0]._p.pPr.find(qn("w:spacing")).get(qn("w:lineRule")) == "atLeast"


def test_what_stands_above_a_table_in_its_caption_is_kept():
    own = f'<table><caption>图1<img src="{CHART}"></caption><tr><td style="width: 0">甲</td></tr></table>'
    document = word(page(own))

    assert document.paragraphs[0].text == "图1" and len(drawings(document)) == 1
    assert document.paragraphs[0].paragraph_format.keep_with_next is True


def test_a_column_without_room_does_not_turn_a_picture_inside_out():
    widths = '<colgroup><col style="width: 2pt"><col style="width: 440.2pt"></colgroup>'
    own = f'<table>{widths}<tr><td><img src="{CHART}"></td><td>甲</td></tr></table>'

    assert size(drawings(word(page(own)))[0])[0] == pytest.approx(1, abs=0.01)


def test_seals_and_what_lies_over_the_text_are_left_out():
    own = (
        f'<div class="signature"><div class="signer"><div>办公室<img src="{PHOTO}"></div><div class="day">某日</div></div></div>'
        f'<p>甲<img class="seal" src="{PHOTO}">乙</p><div style="position: absolute"><img src="{PHOTO}"></div>'
    )
    content = docx(page(own, ".seal { position: absolute; top: 3mm }"), DAY)

    assert drawings(Document(io.BytesIO(content))) == []
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert not [name for name in file.namelist() if "media" in name]


def test_a_masthead_drawn_as_svg_stands_in_the_head(make_html, renderer, open_pdf):
    own = (
        '{% extends "print/circular.html" %}{% block mark %}<div class="mark"><img src="asset:mark.svg" '
        'alt="临江要情"></div>{% endblock %}{% block style %}.mark img { width: 120mm }{% endblock %}'
    )
    html = make_html("t.html", samples.circular(), {"t.html": own, "mark.svg": MARK})

    document = word(html, draw=drawn_by(renderer))

    (drawing,) = drawings(document)
    assert size(drawing) == pytest.approx((120 * MM, 30 * MM), abs=0.5)
    assert drawing.find(qn("wp:docPr")).get("descr") == "临江要情"
    part = document.part.related_parts[next(drawing.iter(qn("a:blip"))).get(qn("r:embed"))]
    shown = Image.open(io.BytesIO(part.blob)).convert("RGB")
    assert shown.width > 1200 and {
        shown.getpixel(place) for place in ((5, 5), (shown.width - 5, shown.height - 5))
    } == {(255, 0, 0)}
    # What stands below the mark keeps its place: the picture is as high as its line.
    assert document.paragraphs[0]._p.pPr.find(qn("w:spacing")).get(qn("w:line")) == str(round(30 * MM * 20))


def test_a_drawing_nobody_can_draw_is_told_and_not_left_out():
    svg = f"data:image/svg+xml;base64,{base64.b64encode(MARK.encode()).decode()}"

    with pytest.raises(RenderError, match="SVG 图片"):
        word(page(f'<p><img src="{svg}"></p>'))


def test_the_code_in_the_colophon_is_the_printed_one(make_html):
    url = "https://oa.example.gov.cn/verify/ABCD-EFGH-JKMN"
    check = {"code": "ABCD-EFGH-JKMN", "address": "https://oa.example.gov.cn/verify", "url": url}
    document = word(make_html("print/circular.html", samples.circular(check=check)))

    (drawing,) = drawings(document)
    part = document.part.related_parts[next(drawing.iter(qn("a:blip"))).get(qn("r:embed"))]
    shown = Image.open(io.BytesIO(part.blob)).convert("RGBA")

    matrix = segno.make(url, error="m", micro=False).matrix
    dots = shown.width // (len(matrix) + 8)
    read = [
        [shown.getpixel(((x + 4) * dots + 3, (y + 4) * dots + 3))[3] > 0 for x in range(len(matrix))]
        for y in range(len(matrix))
    ]
    assert read == [[bool(module) for module in row] for row in matrix]
    assert size(drawing) == pytest.approx((16 * MM, 16 * MM), abs=0.1)
    words = next(cell for cell in document.tables[-1]._cells if cell.text.startswith("核验码"))
    assert words.width.pt > 250


def test_only_our_own_code_is_read_without_the_engine():
    assert code_png(str(qr("https://a.gov.cn")).encode())
    assert code_png(MARK.encode()) == b""


def test_a_photograph_on_its_side_is_set_up():
    turned = Image.Exif()
    turned[0x0112] = 6
    document = word(page(f'<p><img src="{picture(400, 200, "JPEG", exif=turned)}"></p>'))

    assert size(drawings(document)[0]) == pytest.approx((150, 300), abs=0.1)


@pytest.mark.parametrize(
    "address", ["data:image/png;base64,iVBORw0KGgo=", "data:image/png;base64,x", "data:,", "asset:x.png"]
)
def test_a_broken_picture_is_told(address):
    with pytest.raises(RenderError, match="图片已损坏，不能放入 Word 文件"):
        word(page(f'<p><img src="{address}"></p>'))


def test_a_drawing_written_into_the_page_keeps_its_names():
    html = page('<p><svg viewBox="0 0 10 5" width="20mm"><linearGradient id="a"/></svg></p>')

    sources = found_in(document_fromstring(framed(html)))

    (source,) = sources.values()
    assert b"viewBox" in source.data and b"linearGradient" in source.data


def test_a_drawing_written_into_the_page_is_as_large_as_its_class_says(renderer):
    own = '<p><svg class="logo" viewBox="0 0 10 5"><rect width="10" height="5"/></svg></p>'

    (drawing,) = drawings(word(page(own, ".logo { width: 40mm }"), draw=drawn_by(renderer)))

    assert size(drawing) == pytest.approx((40 * MM, 20 * MM), abs=0.1)


def test_the_same_picture_is_kept_once_and_the_bytes_are_the_same_in_any_process():
    html = page(f'<p><img src="{PHOTO}"></p><p><img src="{CHART}"></p><p><img src="{PHOTO}"></p>')
    code = (
        "import sys,hashlib,datetime\nfrom core.documents.word.file import docx\n"
        "print(hashlib.sha256(docx(sys.stdin.read(), datetime.date(2026, 7, 6))).hexdigest())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], input=html, text=True, capture_output=True, check=True, cwd=PROJECT,
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    made = docx(html, DAY)

    assert told == {hashlib.sha256(made).hexdigest()}
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert len([name for name in file.namelist() if name.startswith("word/media/")]) == 2


def test_the_same_drawing_is_drawn_in_the_same_bytes(renderer):
    draw = drawn_by(renderer)

    assert draw(MARK.encode(), 200, 50) == draw(MARK.encode(), 200, 50)


def test_a_photograph_inside_a_drawing_is_printed_and_stands_in_word(make_html, renderer, open_pdf):
    own = '{% extends "print/circular.html" %}{% block content %}<p><img src="asset:a.svg"></p>{% endblock %}'
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="42mm" height="42mm" viewBox="0 0 500 500">'
        f'<image width="500" height="500" href="{picture(50, 50)}"/></svg>'
    )
    html = make_html("t.html", samples.circular(), {"t.html": own, "a.svg": svg})

    assert sum(len(each.images) for each in open_pdf(renderer.pdf(html))) == 1
    document = word(html, draw=drawn_by(renderer))
    (drawing,) = drawings(document)
    assert size(drawing) == pytest.approx((42 * MM, 42 * MM), abs=0.1)
    part = document.part.related_parts[next(drawing.iter(qn("a:blip"))).get(qn("r:embed"))]
    shown = Image.open(io.BytesIO(part.blob)).convert("RGB")
    assert shown.getpixel((shown.width // 2, shown.height // 2)) == pytest.approx((0x33, 0x66, 0xCC), abs=3)


@pytest.mark.slow
def test_pictures_stand_whole_in_libreoffice_and_the_text_below_stays_on_the_grid(convert, open_pdf):
    html = page(f'<p>甲</p><p><img src="{PHOTO}"></p><p class="center">图1</p><p>乙</p>')

    (opened,) = open_pdf(convert(docx(html, DAY), "docx", "pdf"))

    (image,) = opened.images
    assert (image["width"], image["height"]) == pytest.approx((300, 225), abs=1)
    assert (image["x0"] + image["x1"]) / 2 == pytest.approx((28 + 78) * MM, abs=2)
    first, *below = [
        line["top"] for line in opened.extract_text_lines() if line["text"] in ("甲", "图1", "图 1", "乙")
    ]
    assert image["top"] > first + 12 and below[0] > image["bottom"]
    assert [(top - first) / ROW for top in below] == pytest.approx([9, 10], abs=0.03)
