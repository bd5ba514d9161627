"""Letters (信函格式, GB/T 9704-2012 10.1): measured on the finished PDF."""

import io
from datetime import date

import pdfplumber
import pytest

from tests.docs import samples
from tests.tools.measure_gb9704 import measure

MM = 72 / 25.4


def letter(**more):
    return {
        "title": "关于进一步做好政务信息报送工作的函", "mark": samples.OFFICE, "number": "临政办函〔2026〕12号",
        "to": "市财政局", "body": [samples.paragraph(samples.text(n)) for n in range(9)], "office": samples.OFFICE,
        "date": date(2026, 7, 6), "seal": True, "copy_to": "市委督查室。", **more,
    }  # fmt: skip


@pytest.fixture
def page_of(make_pdf):
    """The first page of a letter."""

    def first(**more):
        return pdfplumber.open(io.BytesIO(make_pdf("print/letter.html", letter(**more)))).pages[0]

    return first


def top_of(page, text: str) -> float:
    """How far below the paper's edge the character box of a text begins, in mm."""
    found = [char for char in page.chars if char["text"] == text]
    return min((page.height - char["matrix"][5]) / MM - 0.88 * char["size"] / MM for char in found)


@pytest.mark.parametrize(
    "more", [{}, {"body": [samples.paragraph(samples.text(1))]}, {"copy_to": ""}], ids=str
)
def test_a_letter_passes_every_check_of_the_meter(make_pdf, tmp_path, more):
    (tmp_path / "letter.pdf").write_bytes(make_pdf("print/letter.html", letter(**more)))

    checks = measure(str(tmp_path / "letter.pdf"))["checks"]

    assert {name: check for name, check in checks.items() if not check["ok"]} == {}


def test_the_double_rules_stand_where_the_standard_puts_them(page_of):
    page = page_of()

    rules = sorted({(round(r["x0"] / MM), round(r["x1"] / MM), round(r["top"] / MM, 1), round(r["bottom"] / MM, 1))
                    for r in page.rects if r["width"] > 150 * MM})  # fmt: skip
    assert {(left, right) for left, right, *_ in rules} == {(20, 190)}
    assert min(top for *_, top, _ in rules) == pytest.approx(30 + 42 / MM + 4, abs=0.2)
    assert max(bottom for *_, bottom in rules) == pytest.approx(297 - 20, abs=0.2)


def test_the_number_stands_at_the_right_below_the_rule(page_of):
    page = page_of()

    right = max(char["x1"] for char in page.chars if char["text"] == "号")
    assert right / MM == pytest.approx(184, abs=0.2)
    assert top_of(page, "〔") == pytest.approx(30 + 42 / MM + 4 + 1.45 + 14 / MM, abs=0.3)


def test_marks_stand_at_the_left_and_the_title_moves_down(page_of):
    page = page_of(copy_number="000012", classification="秘密★1年", urgency="特急")

    plain = page_of()
    title = min(char["top"] for char in page.chars if char["size"] > 20 and char["size"] < 30)
    before = min(char["top"] for char in plain.chars if char["size"] > 20 and char["size"] < 30)
    assert top_of(page, "特") - top_of(page, "秘") == pytest.approx(225 / 21, abs=0.5)
    assert title - before == pytest.approx(2 * 29.609, abs=0.1)
