"""Flush right edges, and what happens on an engine version nobody tried."""

import logging

import pytest
import weasyprint

from core.documents import embolden, justify

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
