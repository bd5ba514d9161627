"""What a page may show besides lines of text: colours, rules, pictures, transparency, clips, turned and squeezed text."""

import io
import re

import pikepdf
import pytest
from PIL import Image

from plugins.ofd.convert import ofd
from tests.plugins.ofd.samples import PICTURES, objects, page_root, parts
from tests.plugins.ofd.standard import faults


@pytest.fixture(scope="module")
def everything(ofd_of):
    return page_root(ofd_of("everything"), 0)


def said(thing):
    return "".join(code.text for code in objects(thing, "TextCode"))


def text_object(root, words):
    return next(thing for thing in objects(root, "TextObject") if words in said(thing))


def box(thing):
    return [float(part) for part in thing.get("Boundary").split()]


def fill(thing):
    return objects(thing, "FillColor")[0].get("Value")


def test_the_head_is_red_and_squeezed_to_the_width_the_page_gave_it(ofd_of):
    head = text_object(page_root(ofd_of("one-page circular"), 0), "临江市人民政府办公室文件")

    assert fill(head) == "230 0 18"
    assert head.get("CTM").startswith("0.83") and head.get("CTM").endswith(" 0 0 1 0 0")


def test_the_red_rule_is_as_wide_as_the_type_area(ofd_of):
    rules = list(objects(page_root(ofd_of("one-page circular"), 0), "PathObject"))

    assert [(box(rule), fill(rule)) for rule in rules] == [
        ([28.0, pytest.approx(119.76, abs=0.01), 156.0, 0.5], "230 0 18")
    ]


def test_rules_of_tables_are_lines_with_their_width(ofd_of):
    lines = [
        thing
        for thing in objects(page_root(ofd_of("wide annexes"), 6), "PathObject")
        if thing.get("LineWidth")
    ]

    assert len(lines) > 30
    for line in lines:
        *_, wide, high = box(line)
        assert min(wide, high) == pytest.approx(float(line.get("LineWidth")), abs=0.02)


def test_emboldened_runs_are_filled_and_stroked(ofd_of):
    bold = text_object(page_root(ofd_of("rare characters"), 0), "要压实责任")
    plain = text_object(page_root(ofd_of("rare characters"), 0), "截至")

    assert (bold.get("Stroke"), plain.get("Stroke")) == ("true", None)
    assert float(bold.get("LineWidth")) == pytest.approx(float(bold.get("Size")) / 36, abs=0.002)
    assert objects(bold, "StrokeColor")[0].get("Value") == fill(bold)


def test_a_character_beyond_sixteen_bits_ends_its_piece(everything):
    assert said(text_object(everything, "𠮷")) == "𠮷"
    assert said(text_object(everything, "野家")).startswith("野家")


@pytest.fixture(scope="module")
def retold(pdf_of):
    """retold(of, told): the one-page circular, whose fonts say other characters for those of one glyph."""

    def change(of, told):
        with pikepdf.open(io.BytesIO(pdf_of("one-page circular"))) as pdf:
            for font in pdf.pages[0].Resources.Font.values():
                table = font.ToUnicode.read_bytes().decode()
                font.ToUnicode = pdf.make_stream(table.replace(f" <{code(of)}>", f" <{code(told)}>").encode())
            out = io.BytesIO()
            pdf.save(out)
        whole = ofd(out.getvalue(), {})
        assert faults(whole) == []
        return page_root(whole, 0)

    return change


def code(text):
    return text.encode("utf-16-be").hex()


def test_one_glyph_for_several_characters_stands_alone_and_names_its_glyph(retold):
    page = retold("市", "巾亠")

    alone = [thing for thing in objects(page, "TextObject") if said(thing) == "巾亠"]
    changes = objects(page, "CGTransform")
    assert len(alone) == len(changes) == 3
    assert {(c.get("CodePosition"), c.get("CodeCount"), c.get("GlyphCount")) for c in changes} == {
        ("0", "2", "1")
    }


def test_a_glyph_whose_character_belongs_to_another_is_named(retold):
    """Readers would show the other glyph: 月 is said to be 日, which the font has as well."""
    page = retold("月", "日")

    line = next(thing for thing in objects(page, "TextObject") if said(thing) == "2026年7日6日")
    (change,) = objects(line, "CGTransform")
    assert (change.get("CodePosition"), change.get("CodeCount")) == ("6", "1")


def test_a_character_the_font_does_not_list_is_added_to_its_list(retold):
    page = retold("月", "\ue123")

    assert not objects(page, "CGTransform")
    assert any(said(thing) == "2026年7\ue1236日" for thing in objects(page, "TextObject"))


def test_a_glyph_without_characters_is_drawn(retold):
    page = retold("月", "")

    drawn = [
        thing for thing in objects(page, "PathObject") if 3 < box(thing)[2] < 8 and 3 < box(thing)[3] < 8
    ]
    assert len(drawn) == 3 and all(fill(thing) == "0 0 0" for thing in drawn)
    assert {"2026年7", "6日"} <= {said(thing) for thing in objects(page, "TextObject")}


def test_turned_text_is_turned(everything):
    turned = text_object(everything, "旋转九十度")

    assert turned.get("CTM") == "0 1 -1 0 0 0"
    assert box(turned)[3] > 4 * box(turned)[2]


def test_a_seal_stays_a_picture_with_clear_ground(ofd_of, everything):
    whole = parts(ofd_of("everything"))
    pictures = {name: Image.open(io.BytesIO(content)) for name, content in whole.items() if "/image_" in name}
    listed = whole["Doc_0/DocumentRes.xml"].decode()

    assert any(picture.mode == "RGBA" and picture.getpixel((60, 60))[3] == 0 for picture in pictures.values())
    assert 'Format="JPEG"' in listed and 'Format="PNG"' in listed
    seal = next(thing for thing in objects(everything, "ImageObject") if box(thing)[2:] == [30.0, 30.0])
    assert seal.get("CTM").startswith("30 0 0 30 0 0") or seal.get("CTM").startswith("30.0")


def test_a_photograph_is_passed_on_as_it_came(ofd_of):
    photo = next(content for name, content in parts(ofd_of("everything")).items() if name.endswith(".jpg"))

    assert photo[:2] == b"\xff\xd8" and Image.open(io.BytesIO(photo)).size == (120, 120)


def test_one_picture_on_many_pages_is_kept_once(renderer):
    page = (
        "<html><body>" + "<p style='break-after:page'>页<img src='asset:seal.png'></p>" * 5 + "</body></html>"
    )
    whole = parts(ofd(renderer.pdf(page, PICTURES), {}))

    assert sum("/image_" in name for name in whole) == 1


def test_drawings_stay_drawings(everything):
    paths = objects(everything, "PathObject")

    star = next(thing for thing in paths if thing.get("DashPattern"))
    assert (star.get("Rule"), star.get("Fill"), fill(star)) == ("Even-Odd", "true", "221 0 0")
    assert any(
        thing.get("Cap") == "Round" and " B " in objects(thing, "AbbreviatedData")[0].text for thing in paths
    )
    assert any(thing.get("Join") == "Round" for thing in paths)


def test_what_has_no_words_in_the_standard_becomes_a_picture_of_its_place(ofd_of, everything):
    """Gradients are seen, and the text upon them is text."""
    pictures = [box(thing) for thing in objects(everything, "ImageObject")]

    assert any(
        wide == pytest.approx(100, abs=0.2) and high == pytest.approx(10, abs=0.2)
        for *_, wide, high in pictures
    )
    assert text_object(everything, "渐变背景上的字").get("Alpha") is None


def test_text_that_fades_is_seen_as_faded_and_can_be_found(everything):
    assert text_object(everything, "半透明文字").get("Alpha") == "0"  # its picture is seen
    assert text_object(everything, "蓝色文字").get("Alpha") == "128"


def test_what_is_hidden_on_the_page_is_not_in_the_file(everything):
    words = "".join(said(thing) for thing in objects(everything, "TextObject"))

    assert "剪裁的文字" in words and "看不见" not in words


def test_clips_that_change_nothing_are_left_out(ofd_of):
    for name in ("long circular", "wide annexes", "standard warning", "briefing"):
        assert not any(b"<ofd:Clips>" in content for content in parts(ofd_of(name)).values())


def pdf_with(content, resources=None, box=(0, 0, 595, 842), **page):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(box[2] - box[0], box[3] - box[1]))
    pdf.pages[0].MediaBox = pikepdf.Array(box)
    pdf.pages[0].Contents = pdf.make_stream(content)
    for key, value in page.items():
        pdf.pages[0].obj[f"/{key}"] = value
    if resources:
        pdf.pages[0].Resources = resources(pdf)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def boxes_of(pdf):
    whole = ofd(pdf, {})
    assert faults(whole) == []
    return [box(thing) for thing in objects(page_root(whole, 0), "PathObject")]


def test_an_empty_page_is_an_empty_page():
    whole = ofd(pdf_with(b""), {})

    assert faults(whole) == [] and b"<ofd:Content>" not in parts(whole)["Doc_0/Pages/Page_0/Content.xml"]


@pytest.mark.parametrize(
    ("turn", "expected"),
    [(0, [20, 257, 10, 30]), (90, [10, 20, 30, 10]), (180, [180, 10, 10, 30]), (270, [257, 180, 30, 10])],
)
def test_turned_sheets_are_turned(turn, expected):
    millimetre = 72 / 25.4
    content = f"{millimetre} 0 0 {millimetre} 0 0 cm 20 10 10 30 re f".encode()

    (found,) = boxes_of(pdf_with(content, box=(0, 0, 210 * millimetre, 297 * millimetre), Rotate=turn))

    assert found == pytest.approx(expected, abs=0.01)


def test_a_sheet_that_does_not_begin_at_nothing_is_moved():
    (found,) = boxes_of(pdf_with(b"100 200 72 72 re f", box=(100, 200, 695, 1042)))

    assert found == pytest.approx([0, (842 - 72) * 25.4 / 72, 25.4, 25.4], abs=0.01)


def test_nested_clips_and_the_edge_of_the_sheet_cut_what_is_filled():
    (found,) = boxes_of(pdf_with(b"0 0 200 842 re W n 0 400 300 400 re W n -50 -50 1000 1000 re f"))

    assert found == pytest.approx([0, 42 * 25.4 / 72, 200 * 25.4 / 72, 400 * 25.4 / 72], abs=0.01)


def test_what_lies_outside_or_has_no_extent_is_left_out():
    assert boxes_of(pdf_with(b"700 10 20 20 re f q 0 0 10 10 re W n 50 50 10 10 re f Q 5 5 m f")) == []


def test_parts_used_again_are_drawn_again_at_their_places():
    def resources(pdf):
        form = pdf.make_stream(b"1 0 0 rg 0 0 10 10 re f 1 0 0 1 500 0 cm 0 0 10 10 re f")
        form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 100, 100]
        return pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))

    found = boxes_of(pdf_with(b"/F Do 1 0 0 1 72 72 cm /F Do", resources))

    assert [part[:2] for part in found] == [
        pytest.approx([0, (842 - 10) * 25.4 / 72], abs=0.01), pytest.approx([25.4, (842 - 82) * 25.4 / 72], abs=0.01),
    ]  # fmt: skip


def test_a_part_that_draws_itself_ends():
    def resources(pdf):
        form = pdf.make_stream(b"/F Do")
        form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 100, 100]
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        return form.Resources

    with pytest.raises(RecursionError):
        ofd(pdf_with(b"/F Do", resources), {})


def test_text_in_a_font_that_is_not_inside_is_a_picture():
    """Nothing of the page is lost although a reader could not know the font."""

    def resources(pdf):
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        return pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))

    whole = ofd(pdf_with(b"BT /F 40 Tf 100 700 Td (Hello) Tj ET", resources), {})

    (picture,) = objects(page_root(whole, 0), "ImageObject")
    assert faults(whole) == [] and box(picture)[0] == pytest.approx(100 * 25.4 / 72, abs=2)
    assert not re.search("Hello", parts(whole)["Doc_0/Pages/Page_0/Content.xml"].decode())
