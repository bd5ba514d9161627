"""Flush right edges, and what happens on an engine version nobody tried."""

import logging

import pytest
import weasyprint

from core.documents.engine import embolden, justify

PAGE = """<!doctype html><html lang="zh-CN"><style>@page { size: 200pt 80pt; margin: 0 }
body { margin: 0; font: 20pt FandolFang } p { margin: 0; text-align: justify }</style><p>"""


@pytest.mark.parametrize(
    "text",
    [
        "会议强调了各项的工作，要抓紧抓实抓好。",  # a mark may not begin a line
        "市政府办公室印发通（信息科）知",  # an opening bracket may not end one
        "报送2026年信息的数量，累计采用1284条",
        "38%信息信息的报送的。信息的报送",  # nothing is drawn before the first Chinese character's gap
        "全市<b>各级各部门</b>报送<span>信</span>，继续努力",
    ],
)
def test_a_shortened_line_is_stretched_to_the_edge(renderer, open_pdf, text):
    page = open_pdf(renderer.pdf(PAGE + text))[0]
    first = [char for char in page.chars if char["top"] < 10]

    assert sum(char["x1"] - char["x0"] for char in first) < 185
    assert first[-1]["x1"] == pytest.approx(200, abs=0.6)


def test_spaces_between_latin_words_are_stretched_as_much_as_chinese_characters(renderer, open_pdf):
    def steps(text):
        chars = open_pdf(renderer.pdf(PAGE + text))[0].chars
        first = [char for char in chars if char["top"] < 10 and char["text"] != " "]
        return first, {a["text"]: b["x0"] - a["x0"] for a, b in zip(first, first[1:], strict=False)}

    _, bare = steps("信息Alpha Rio")
    first, stretched = steps("信息与Alpha Rio等高校、合作")

    assert first[-1]["x1"] == pytest.approx(200, abs=0.6)
    # The space stands between the last letter of a word and the first of the next.
    grown = [stretched[char] - bare[char] for char in "信a"]
    assert grown[0] > 2 and grown[1] == pytest.approx(grown[0], abs=0.1)


def test_digits_of_a_number_are_never_pulled_apart(renderer, open_pdf):
    page = open_pdf(renderer.pdf(PAGE + "报送2026年信息的数量，累计采用1284条"))[0]

    year = [char for char in page.chars if char["text"] in "026" and char["top"] < 10]

    assert [round(b["x0"] - a["x1"], 1) for a, b in zip(year, year[1:], strict=False)] == [0.0] * (
        len(year) - 1
    )


@pytest.mark.parametrize("patch", [justify, embolden])
def test_an_untried_engine_is_left_alone_and_the_log_says_so(patch, monkeypatch, caplog):
    monkeypatch.setattr(weasyprint, "VERSION", "99.0")

    with caplog.at_level(logging.WARNING):
        assert patch.install() is False

    assert "未经验证" in caplog.text
