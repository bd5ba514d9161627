"""The check code on the last page: it keeps the standard's page, can be read back, and a format may do without it."""

import io

import pdfplumber
import pypdfium2
import pytest
import segno

from core.documents import checks
from core.documents.typesetting.grid import Style
from tests.docs import samples
from tests.docs.test_standard import failed
from tests.tools.measure_gb9704 import measure

CHECK = checks.Check("ABCDEFGHJKMN", "0" * 64).printed("http://oa.example.gov.cn")
PLAIN = checks.Check("ABCDEFGHJKMN", "0" * 64).printed("")
FORMS = [
    ("print/circular.html", lambda **more: samples.circular(3, **more)),
    ("print/briefing.html", lambda **more: {**samples.briefing(), **more}),
    ("print/letter.html", lambda **values: samples.circular(3, **{"mark": samples.OFFICE, **values})),
]


def words_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "".join(page.extract_text() for page in document.pages[-1:])


@pytest.mark.parametrize("check", [CHECK, PLAIN], ids=["with a QR code", "without one"])
@pytest.mark.parametrize(("form", "values"), FORMS, ids=["circular", "briefing", "letter"])
def test_a_paper_with_a_check_code_keeps_the_standard(make_pdf, tmp_path, form, values, check):
    path = tmp_path / "checked.pdf"
    path.write_bytes(make_pdf(form, values(check=check)))

    if form != "print/letter.html":  # the meter knows no letters
        assert failed(measure(str(path))) == {}
    said = words_of(path.read_bytes())
    assert "核验码：ABCD-EFGH-JKMN" in said
    assert ("http://oa.example.gov.cn/verify" in said) == bool(check["url"])


def test_a_format_may_print_none(make_pdf):
    pdf = make_pdf(
        "print/briefing.html", {**samples.briefing(), "check": CHECK}, style=Style(check_code=False)
    )

    assert "核验码" not in words_of(pdf)


def test_a_page_of_text_and_a_check_code_does_not_run_over(make_pdf, tmp_path):
    body = [samples.paragraph(samples.text(n)) for n in range(7)]
    path = tmp_path / "full.pdf"
    path.write_bytes(make_pdf("print/circular.html", samples.circular(body=body, check=CHECK)))

    assert failed(measure(str(path))) == {}


def test_the_drawn_code_is_the_text(make_pdf):
    """Every module of the printed drawing, looked at in its middle, is the module of the code."""
    wanted = [list(line) for line in segno.make(CHECK["url"], error="m", micro=False).matrix]
    pdf = make_pdf("print/briefing.html", {**samples.briefing(), "check": CHECK})
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        page = document.pages[-1]
        dark = [shape for shape in [*page.rects, *page.curves] if shape["height"] < 60 and shape["x0"] > 400]
    scale = 600 / 72
    last = pypdfium2.PdfDocument(pdf)[len(pypdfium2.PdfDocument(pdf)) - 1]
    picture = last.render(scale=scale, grayscale=True).to_numpy().squeeze()

    left, top = min(rect["x0"] for rect in dark), min(rect["top"] for rect in dark)
    module = (max(rect["x1"] for rect in dark) - left) / len(wanted)
    found = [
        [
            int(picture[round(scale * (top + (r + 0.5) * module)),
                        round(scale * (left + (c + 0.5) * module))] < 128)
            for c in range(len(wanted))
        ]
        for r in range(len(wanted))
    ]  # fmt: skip
    assert found == wanted
    assert module * 25.4 / 72 > 0.35  # a phone reads a third of a millimetre


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ABCD-EFGH-JKMN", "ABCDEFGHJKMN"),
        ("  abcd efgh jkmn ", "ABCDEFGHJKMN"),
        ("ＡＢＣＤ－ＥＦＧＨ－ＪＫＭＮ", "ABCDEFGHJKMN"),
        ("oIl0-1111-0000", "011011110000"),
        ("ABCD-EFGH-JKM", ""),
        ("ABCD-EFGH-JKMNP", ""),
        ("ABCD-EFGH-JKM核", ""),
        ("ABCD-EFGH-JKMU", ""),
        ("", ""),
    ],
)
def test_what_people_type_is_read_generously(text, code):
    assert checks.typed(text) == code


def test_the_code_depends_on_everything_it_names_and_on_nothing_else():
    base = checks.check_of("key", 1, "notice", "1号", {"a": 1, "b": 2})

    assert checks.check_of("key", 1, "notice", "1号", {"b": 2, "a": 1}) == base
    others = [
        checks.check_of("yek", 1, "notice", "1号", {"a": 1, "b": 2}),
        checks.check_of("key", 2, "notice", "1号", {"a": 1, "b": 2}),
        checks.check_of("key", 1, "letter", "1号", {"a": 1, "b": 2}),
        checks.check_of("key", 1, "notice", "2号", {"a": 1, "b": 2}),
        checks.check_of("key", 1, "notice", "1号", {"a": 1, "b": 3}),
    ]
    assert len({base.code, *(other.code for other in others)}) == 6
    assert all(checks.typed(checks.shown(each.code)) == each.code for each in (base, *others))
