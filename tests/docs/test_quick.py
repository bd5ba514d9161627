"""The engine works less and prints the same: pages with and without the short cuts are compared point by point."""

import io
import os
import random
import subprocess
import sys

import pytest
from PIL import Image, ImageChops

from core.documents.rendering.preview import page_count, page_png
from tests.docs import samples

# One process for each way, because the short cuts replace parts of the engine for good.
SCRIPT = """
import sys
from pathlib import Path
from weasyprint.text.fonts import FontConfiguration
from core.documents.engine import child, embolden, justify
from core.documents.engine.quick import cuts as pieces, shortcuts
assert justify.install() and embolden.install()
if sys.argv[1] == "quick":
    assert shortcuts.install()
cuts, runs = [], pieces.Cut.runs
pieces.Cut.runs = lambda cut: cuts.append(cut.text) or runs(cut)
fonts = FontConfiguration()
for name in sys.argv[2:]:
    html = Path(name).read_text("utf-8")
    child._render(html, {}, fonts)
    cuts.clear()
    Path(f"{name}.{sys.argv[1]}.pdf").write_bytes(child._render(html, {}, fonts))
    Path(f"{name}.{sys.argv[1]}.cuts").write_text(str(len(cuts)))
"""
WORDS = [
    "的",
    "全市",
    "经济运行",
    "稳中向好",
    "“十四五”",
    "《政务要情》",
    "（试行）",
    "，",
    "。",
    "；：",
    "——",
    "……",
    "、",
    "！”",
    "100%",
    "2026年",
    "1.5亿元",
    "GDP",
    "PM2.5",
    "No.7",
    "http://10.1.2.3/verify",
    "一、二、",
    "①",
    "A-B",
    "3/4",
]
LOOKS = {
    "width": ("60mm", "100mm", "156mm"), "text-align": ("justify", "justify", "left", "center", "right"),
    "letter-spacing": ("-0.2070pt", "0", "1pt", "0.333px", "2px"), "font-size": ("12pt", "16pt"),
    "text-indent": ("0", "2em"), "font-family": ("FandolFang", "FandolHei", "'Liberation Serif', FandolKai"),
    "overflow-wrap": ("anywhere", "normal"), "font-weight": ("400", "600"),
}  # fmt: skip


def paragraphs():
    """Paragraphs of all kinds, among them words longer than a line, and two that a page breaks."""
    chance = random.Random(5)
    page = ["<html lang='zh-CN'><title>x</title>"]
    for number in range(60):
        look = ";".join(f"{name}:{chance.choice(values)}" for name, values in LOOKS.items())
        words = "".join(chance.choices(WORDS, k=chance.randint(4, 60)))
        page.append(f'<p style="{look}">{words}{"x" * 90 if number % 9 == 0 else ""}')
    return "".join(page)


# Lists and notes: their looks are left out only where there are none.
NOTES = """<html lang="zh-CN"><title>x</title><style>
li::marker { color: #c00 } .note { float: footnote } ::footnote-marker { content: "注" counter(footnote) "：" }
.item { display: list-item; list-style: cjk-ideographic; margin-left: 3em }
</style><ol><li>一是<li>二是</ol><ul><li>其他</ul><p>正文<span class="note">出处</span></p><div class="item">三</div>"""
STYLED = '<html lang="zh-CN"><title>x</title><p style="display: list-item; margin-left: 2em">一'
PAGES = {
    "notes": lambda make: NOTES,
    "styled": lambda make: STYLED,
    "circular": lambda make: make("print/circular.html", samples.long_circular()),
    "briefing": lambda make: make("print/briefing.html", samples.briefing(4, 2)),
    "ranking": lambda make: make("print/circular.html", samples.circular(tables=[samples.ranking(60)])),
    "paragraphs": lambda make: paragraphs(),
}


@pytest.fixture(scope="module")
def folder(make_html, fonts, tmp_path_factory):
    """Every page printed both ways, and how many lines were cut from paragraphs shaped once."""
    folder = tmp_path_factory.mktemp("both")
    for name, html in PAGES.items():
        (folder / name).write_text(html(make_html), encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": os.getcwd(), "FONTCONFIG_FILE": str(fonts.config)}
    for way in ("plain", "quick"):
        files = [str(folder / name) for name in PAGES]
        subprocess.run([sys.executable, "-W", "ignore", "-c", SCRIPT, way, *files], env=environ, check=True)
    return folder


@pytest.fixture(scope="module")
def both(folder):
    """{name: (plain, quick)}."""
    return {
        name: tuple((folder / f"{name}.{way}.pdf").read_bytes() for way in ("plain", "quick"))
        for name in PAGES
    }


@pytest.mark.parametrize("name", PAGES)
def test_short_cuts_change_nothing_that_can_be_seen(both, open_pdf, name):
    plain, quick = both[name]

    assert page_count(plain) == page_count(quick)
    for ours, theirs in zip(open_pdf(quick), open_pdf(plain), strict=True):
        assert [(c["text"], c["matrix"]) for c in ours.chars] == [
            (c["text"], c["matrix"]) for c in theirs.chars
        ]


@pytest.mark.parametrize("name", PAGES)
def test_rules_drawn_from_edge_to_edge_look_as_before(both, name):
    plain, quick = (
        Image.open(io.BytesIO(page_png(pdf, page_count(pdf), 1000))).convert("L") for pdf in both[name]
    )

    # Where two strokes met, the edge of one was smoothed twice; a rule left out would differ by more than 200.
    assert max(ImageChops.difference(plain, quick).getextrema()) < 100


def test_lines_are_cut_from_paragraphs_shaped_once(folder):
    cuts = {way: int((folder / f"paragraphs.{way}.cuts").read_text()) for way in ("plain", "quick")}

    assert cuts["plain"] == 0 and cuts["quick"] > 40
