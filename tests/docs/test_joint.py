"""Documents of several offices, and documents that pass on another one."""

import io
from datetime import date

import pytest
from docx import Document

from core.documents.word.file import docx
from tests.docs import samples
from tests.docs.test_forms import CELL, LEFT, MM, RIGHT, find, row_of

OFFICES = ["临江市财政局", "临江市教育局", "临江市民政局", "临江市审计局"]


def joint(names, seal=True):
    return samples.circular(body=[samples.paragraph("一" * 54)], office=names, seal=seal)


def signed(pages):
    return next(page for page in pages if "2026年7月6日" in page.extract_text().replace(" ", ""))


def middle(place):
    return (place[0]["x0"] + place[1]["x1"]) / 2


@pytest.mark.parametrize("count", [2, 3, 4])
def test_seals_of_several_offices_have_room_and_the_date_stands_under_the_last(make_pdf, open_pdf, count):
    names = OFFICES[:count]

    page = signed(open_pdf(make_pdf("print/circular.html", joint(names))))
    places = [find(page, name) for name in names]
    centres = [(middle(place), row_of(place[0], page)) for place in places]

    for n, (x, row) in enumerate(centres):
        assert LEFT + 21 * MM <= x <= RIGHT - 21 * MM
        for other, below in centres[n + 1 :]:
            assert abs(other - x) > 42 * MM or (below - row) * 10.4 > 42
    assert middle(find(page, "2026年7月6日")) == pytest.approx(centres[-1][0], abs=1)
    assert row_of(find(page, "2026年7月6日")[0], page) == centres[-1][1] + 1


def test_without_seals_the_offices_stand_below_each_other(make_pdf, open_pdf):
    pages = open_pdf(
        make_pdf("print/circular.html", joint(["临江市教育局办公室", "临江市财政局"], seal=False))
    )
    page = signed(pages)

    first, second, day = (
        find(page, text)[0] for text in ("临江市教育局办公室", "临江市财政局", "2026年7月6日")
    )

    assert first["x0"] == pytest.approx(second["x0"], abs=0.3)
    assert (day["x0"] - second["x0"]) / CELL == pytest.approx(2, abs=0.1)
    assert row_of(day, page) - row_of(second, page) == 1


def test_the_word_file_has_every_office_and_the_date(make_html):
    made = Document(io.BytesIO(docx(make_html("print/circular.html", joint(OFFICES)), date(2026, 7, 6))))

    said = [p.text.split() for p in made.paragraphs if p.style.style_id in ("Signature", "Date")]

    assert said == [OFFICES[:3], OFFICES[3:], ["2026年7月6日"]]


def test_a_forwarded_document_is_no_annex(make_pdf, open_pdf):
    passed_on = {"forwarded": True, "title": "江南省人民政府办公厅关于做好报送工作的通知", "to": "各市人民政府",
                 "body": [samples.paragraph("请认真执行。")], "office": "江南省人民政府办公厅", "date": date(2026, 5, 1)}  # fmt: skip
    values = samples.circular(
        annexes=[passed_on, {"title": "任务分工表", "body": [samples.paragraph("略。")]}]
    )

    pages = [page.extract_text() for page in open_pdf(make_pdf("print/circular.html", values))]

    assert "附件：任务分工表" in "".join(pages)
    page = next(page for page in pages if "各市人民政府：" in page)
    assert "附件" not in page and "2026年5月1日" in page
    assert any(page.startswith("附件\n") for page in pages)
