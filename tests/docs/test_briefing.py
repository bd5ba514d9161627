"""What the editors of a journal add to an issue stands in print: marks, notes before it and its items, words below columns."""

import re
from datetime import date

import pytest

from core.documents.templating.loading import PRINT_FOLDER
from tests.docs import samples
from tests.tools.measure_gb9704 import measure

NOTE = "现将部分做法编发，供各地学习借鉴。\n\n有关情况及时报市政府办公室。"
CAPTION = "本栏刊登各县区工作进展。"


def issue(**more):
    values = samples.briefing(4, 2)
    first, second, third, last = values["columns"]
    first |= {"caption": CAPTION}
    first["items"][0] |= {"editor_note": "这一做法值得推广。"}
    second |= {"items": [], "line": "本期暂缺"}
    third |= {"items": [], "line": ""}
    return {**values, "editor_note": NOTE, "urgency": "特急", "columns": [first, second, third, last], **more}


@pytest.fixture
def text_of(make_pdf, open_pdf, tmp_path):
    """The text of the pages without blanks, line by line."""

    def made(values):
        path = tmp_path / "issue.pdf"
        path.write_bytes(make_pdf("print/briefing.html", values))
        return [
            re.sub(r"\s", "", line) for page in open_pdf(path) for line in page.extract_text().splitlines()
        ]

    return made


def test_the_note_of_an_issue_stands_before_the_first_column_a_line_a_paragraph(text_of):
    lines = text_of(issue())

    note = lines.index("编者按：现将部分做法编发，供各地学习借鉴。")
    assert lines[note + 1] == "有关情况及时报市政府办公室。"
    assert note < lines.index("【经济运行】")
    assert "编者按：这一做法值得推广。" in lines


def test_a_pack_calls_its_notes_as_it_likes(text_of):
    lines = text_of(issue(note_label="编者的话"))

    assert "编者的话：这一做法值得推广。" in lines and "编者的话：现将部分做法编发，供各地学习借鉴。" in lines
    assert not [line for line in lines if "编者按" in line]


def test_words_below_a_column_and_the_line_of_an_empty_one_are_printed(text_of):
    lines = text_of(issue())

    assert lines[lines.index("【经济运行】") + 1] == CAPTION
    assert lines[lines.index("【改革创新】") + 1] == "本期暂缺"
    # The list of contents names columns that have something to turn to.
    assert "改革创新" not in lines and "经济运行" in lines


@pytest.mark.parametrize(("secrecy", "row"), [("秘密★1年", 2), ("", 1)])
def test_urgency_stands_below_the_secrecy_mark_or_in_its_place(make_pdf, open_pdf, tmp_path, secrecy, row):
    path = tmp_path / "marked.pdf"
    path.write_bytes(make_pdf("print/briefing.html", issue(classification=secrecy)))
    lines = open_pdf(path)[0].extract_text_lines()

    assert [line["text"] for line in lines[:row]] == [*([secrecy] if secrecy else []), "特急"]
    assert lines[row - 1]["x0"] == pytest.approx(28 / 25.4 * 72, abs=1)


@pytest.mark.parametrize("more", [{}, {"contents": False}, {"classification": "机密★1年"}], ids=str)
def test_an_issue_with_all_of_it_passes_the_meter(make_pdf, tmp_path, more):
    path = tmp_path / "issue.pdf"
    path.write_bytes(make_pdf("print/briefing.html", issue(date=date(2026, 7, 9), **more)))

    assert {name for name, check in measure(str(path))["checks"].items() if not check["ok"]} == set()


def test_the_source_of_an_item_stands_below_its_text_not_behind_a_landscape_sheet(
    make_pdf, open_pdf, tmp_path
):
    values = samples.briefing(4, 2)
    last = values["columns"][-1]["items"][-1]
    last |= {"source": "云岭县政府办", "tables": [samples.ranking(6, wide=True)]}
    path = tmp_path / "wide.pdf"
    path.write_bytes(make_pdf("print/briefing.html", values))
    pages = open_pdf(path)
    sheet = next(n for n, page in enumerate(pages) if page.width > page.height)

    assert any("云岭县政府办" in page.extract_text() for page in pages[:sheet])
    assert "云岭县政府办" not in "".join(page.extract_text() for page in pages[sheet:])
    assert "责任编辑" in pages[-1].extract_text() and "—" not in pages[-1].extract_text()


def test_the_foot_stands_on_the_page_of_an_empty_column_that_follows_a_wide_table(make_pdf, open_pdf):
    values = samples.briefing(4, 2)
    values["columns"][-1]["items"][-1]["tables"] = [samples.ranking(6, wide=True)]
    values["columns"].append({"title": "他山之石", "items": [], "line": "本期暂缺。"})

    last = open_pdf(make_pdf("print/briefing.html", values))[-1].extract_text()

    assert "本期暂缺" in last and "责任编辑" in last and "—" in last


def test_the_heading_of_the_base_names_nothing_it_does_not_print():
    heading, body = (PRINT_FOLDER / "briefing.html").read_text("utf-8").split("#}", 1)

    for name in ("urgency", "editor_note", "note_label", "caption", "line"):
        assert re.search(rf"\b{name}\b", heading) and re.search(rf"\b{name}\b", body)
