"""Each short cut of the layout engine against the part it replaces: the same styles, sizes, faces and bytes."""

import json
import os
import subprocess
import sys

import pytest

from tests.docs import samples
from tests.docs.test_quick import NOTES, paragraphs

# In a process of its own, because the short cuts replace parts of the engine for good. Prints how many of each kind
# were compared, and those that differ.
SCRIPT = '''
import copy, json, sys
from pathlib import Path
import pydyf
from weasyprint import css
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.pdf import fonts
from weasyprint.text.fonts import FontConfiguration
from core.documents.engine import child, embolden, justify
from core.documents.engine.quick import faces as quick_faces, shortcuts, sizes as quick_sizes, styles as quick_styles
assert justify.install() and embolden.install() and shortcuts.install()
marks = []
same, other, made = dict.fromkeys(("styles", "sizes", "faces", "once", "files"), 0), [], []

def note(kind, ours, theirs, what):
    same[kind] += ours == theirs
    if ours != theirs:
        other.append(f"{kind} {what}: {ours!r} != {theirs!r}"[:200])

class Spy(css.ComputedStyle):
    def __init__(self, *how):
        super().__init__(*how)
        made.append(how)
        marks[-1] += how[2] == "marker"
css_class, css.ComputedStyle = css.ComputedStyle, Spy

def bare(kind, begin, *how):
    """A style as it begins without the short cut."""
    style = kind.__new__(kind)
    begin(style, *how)
    return style

sizes = quick_sizes._sizes
def both_sizes(box, containing_block):
    twin = copy.copy(box)
    quick_sizes._original_sizes(twin, containing_block)
    sizes(box, containing_block)
    for name in quick_sizes._SIZES:
        note("sizes", getattr(box, name), getattr(twin, name), name)
quick_sizes._sizes = both_sizes
quick_sizes.install()

def both_faces(font, glyphs, hinting):
    whole = font.file_content
    quick_faces._original_subset(font, glyphs, hinting)
    theirs, font.file_content = font.file_content, whole
    quick_faces._subset(font, glyphs, hinting)
    note("faces", font.file_content, theirs, font.family)
    same["once"] += quick_faces._cut_down(font.hb_face, sorted(glyphs), hinting) is not None
fonts.Font._harfbuzz_subset = both_faces

config = FontConfiguration()
for name in sys.argv[1:]:
    html = Path(name).read_text("utf-8")
    marks.append(0)
    once = child._render(html, {}, config)
    write, pydyf.PDF.write = pydyf.PDF.write, pydyf.PDF.write.__globals__["_original_write"]
    note("files", once, child._render(html, {}, config), name)
    pydyf.PDF.write = write
for how in made[::2]:
    ours, theirs = css_class(*how), bare(css_class, quick_styles._original_computed, *how)
    nameless = css.AnonymousStyle(ours), bare(css.AnonymousStyle, quick_styles._original_anonymous, ours)
    for key in INITIAL_VALUES:
        note("styles", ours[key], quick_styles._original_missing(theirs, key), key)
        if key in quick_styles._PLAIN:
            note("styles", nameless[0][key], nameless[1][key], key)
print(json.dumps({"same": same, "other": other[:20], "marks": marks}))
'''
# What the product's own documents have not: calculations, percentages, logical and forbidden sizes.
ODD = """<html lang="zh-CN" dir="rtl"><title>x</title><style>
@page { size: A4; margin: 10% calc(1cm + 5mm) }
body { margin-inline-start: 3%; padding: 1mm 2% 0 calc(2mm * 2); text-decoration: underline; color: #c00 }
div { width: 50%; box-sizing: border-box; border: 2px solid; padding: 3mm; min-height: 10%; max-width: 12cm }
.high { height: 6cm } .high p { height: 50%; min-width: min(3cm, 40%); margin-block-end: 2em; all: unset }
.float { float: left; display: inline; page: other; position: relative; inset: 1mm }
table { border-collapse: collapse; width: 100% } td { border: 1px solid; padding: 1em; height: 1cm }
.var { --gap: 4mm; margin: var(--gap); padding-left: var(--none); font: italic bold 14pt/2 FandolHei }
p::before { content: "※"; margin-right: inherit; line-height: inherit } p:first-child { border-top: inherit }
</style><div class="high"><p>一</p><p class="float">二</p></div><table><tr><td>三<td>Four</table>
<div class="var"><p style="font-family: 'Liberation Serif'">Times 5</p><p style="font-family: FandolKai">楷</p></div>"""
PAGES = {
    "briefing": lambda make: make("print/briefing.html", samples.briefing(4, 2)),
    "ranking": lambda make: make("print/circular.html", samples.circular(tables=[samples.ranking(60)])),
    "paragraphs": lambda make: paragraphs(),
    "odd": lambda make: ODD,
    "notes": lambda make: NOTES,
}


@pytest.fixture(scope="module")
def compared(make_html, fonts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    for name, html in PAGES.items():
        (folder / name).write_text(html(make_html), encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": os.getcwd(), "FONTCONFIG_FILE": str(fonts.config)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, *(str(folder / name) for name in PAGES)],
        env=environ, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("kind", "least"), [("styles", 50_000), ("sizes", 5_000), ("faces", 12), ("once", 10), ("files", 5)]
)
def test_what_takes_fewer_steps_comes_out_the_same(compared, kind, least):
    assert compared["other"] == []
    assert compared["same"][kind] >= least


def test_only_documents_with_lists_or_notes_have_looks_for_them(compared):
    marks = dict(zip(PAGES, compared["marks"], strict=True))

    assert marks.pop("notes") > 5
    assert set(marks.values()) == {0}
