"""The engine works less and prints the same: pages with and without the short cuts are compared point by point."""

import io
import os
import subprocess
import sys

import pytest
from PIL import Image, ImageChops

from core.documents.preview import page_count, page_png
from tests.docs import samples

# One process for each way, because the short cuts replace parts of the engine for good.
SCRIPT = """
import sys
from pathlib import Path
from weasyprint.text.fonts import FontConfiguration
from core.documents import child, embolden, justify, quick
assert justify.install() and embolden.install()
if sys.argv[1] == "quick":
    assert quick.install()
fonts = FontConfiguration()
for name in sys.argv[2:]:
    html = Path(name).read_text("utf-8")
    child._render(html, {}, fonts)
    Path(f"{name}.{sys.argv[1]}.pdf").write_bytes(child._render(html, {}, fonts))
"""
PAGES = {
    "circular": ("print/circular.html", samples.long_circular),
    "briefing": ("print/briefing.html", lambda: samples.briefing(4, 2)),
    "ranking": ("print/circular.html", lambda: samples.circular(tables=[samples.ranking(60)])),
}


@pytest.fixture(scope="module")
def both(make_html, fonts, tmp_path_factory):
    """Every page printed both ways: {name: (plain, quick)}."""
    folder = tmp_path_factory.mktemp("both")
    for name, (template, values) in PAGES.items():
        (folder / name).write_text(make_html(template, values()), encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": os.getcwd(), "FONTCONFIG_FILE": str(fonts.config)}
    for way in ("plain", "quick"):
        files = [str(folder / name) for name in PAGES]
        subprocess.run([sys.executable, "-W", "ignore", "-c", SCRIPT, way, *files], env=environ, check=True)
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
