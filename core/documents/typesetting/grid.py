"""The page of GB/T 9704-2012 in numbers, and the style sheet that follows from them.

The standard asks for 22 lines of 28 characters that fill a type area of 156 mm x 225 mm (5.2.3, 6.1). Both
pitches are therefore computed from the area, never guessed: everything vertical is a multiple of `row`,
everything horizontal a multiple of `cell`, and all pages stay on one grid.
"""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from core.documents.fonts.font_set import FontSet

MM = 72 / 25.4  # points in a millimetre
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
# 5.2.1: top margin 37 mm, binding margin 28 mm, type area 156 mm x 225 mm.
TOP, LEFT, AREA_WIDTH, AREA_HEIGHT = 37.0, 28.0, 156.0, 225.0
A3_WIDTH = 420.0
A3_AREA = A3_WIDTH - (PAGE_WIDTH - AREA_WIDTH)  # a folded sheet keeps the margins, so its tables gain 210 mm
RIGHT, BOTTOM = PAGE_WIDTH - LEFT - AREA_WIDTH, PAGE_HEIGHT - TOP - AREA_HEIGHT
CELLS, ROWS = 28, 22
# Rounding inside the layout engine would drop the 28th character or the 22nd line without a little room.
SLACK = 0.1
SIZE_2, SIZE_3, SIZE_4 = 22.0, 16.0, 14.0  # 二号 三号 四号
RED = "#e60012"
MARK_SIZE = 42.0
JOINT_PITCH = 1.25  # from one name of a joint mark to the next, in sizes of it
PICTURE_ROWS = 2  # lines of a page that a picture leaves to its caption and its frame
LEVEL_FACES = ("hei", "kai", "fang", "fang")  # 7.3.3: 一、（一）1.（1）


@dataclass(frozen=True)
class Style:
    """The switches a pack may turn; the defaults are the standard's own letter."""

    size: float = SIZE_3  # 16 (word processors) or 15.75 (movable type)
    latin: str = "body"  # digits and letters: "body" (Fangsong) or "times"
    bold_levels: tuple[int, ...] = ()  # heading levels set bold, the custom of many offices
    mirrored: bool = False  # binding margin alternates on even pages
    faces: tuple[str, ...] = LEVEL_FACES  # the face of each heading level
    mark: float = MARK_SIZE  # size of the 发文机关标志, which the standard leaves free
    seal: bool | None = None  # print every document of the kind for a seal, or none; None: as its data say
    check_code: bool = True  # print the code by which anybody can verify the paper

    def __post_init__(self) -> None:
        if not 15.5 <= self.size <= 16.25:
            raise ValueError(f"size {self.size} is not size 3 (15.5 to 16.25 pt)")
        if self.latin not in ("body", "times"):
            raise ValueError(f"latin must be body or times, not {self.latin}")


STANDARD = Style()


@dataclass(frozen=True)
class Grid:
    """Pitches and offsets for one body size. Lengths in points unless the name says mm."""

    size: float = SIZE_3

    @cached_property
    def cell(self) -> float:
        """Pitch of characters: the type area's width shared by 28."""
        return AREA_WIDTH * MM / CELLS

    @cached_property
    def row(self) -> float:
        """Pitch of lines: first line's top and last line's bottom touch the type area's edges."""
        return (AREA_HEIGHT * MM - self.size) / (ROWS - 1)

    @cached_property
    def half_mm(self) -> float:
        """The leading above the first line and below the last, outside the type area."""
        return (self.row - self.size) / 2 / MM

    def rows(self, count: float = 1) -> str:
        """A height of that many lines, as CSS."""
        return f"{count * self.row:.4f}pt"

    def cells(self, count: float = 1) -> str:
        """A width of that many characters, as CSS."""
        return f"{count * self.cell:.4f}pt"

    def mark_rows(self, top: float, size: float) -> int:
        """How many lines a mark of that size covers whose upper edge stands `top` mm below the type area's."""
        return ceil((top + size / MM + self.half_mm) / (self.row / MM) - 0.001)

    def below_top(self, mm: float) -> str:
        """An offset measured from the top of the type area, as CSS `top` on the first page."""
        return f"{mm + self.half_mm:.4f}mm"

    def below_row(self, count: float, mm: float = 0) -> str:
        """An offset measured from the lower edge of the characters of line `count` of the page."""
        return f"{(count * self.row) / MM - self.half_mm + mm:.4f}mm"


def css(fonts: FontSet, style: Style = STANDARD) -> str:
    """The whole base style sheet for a set of fonts and switches."""
    grid = Grid(style.size)
    return "\n".join(
        (
            _pages(grid, fonts, style),
            _landscape_pages(fonts),
            _a3_pages(),
            _text(grid, fonts, style),
            _headings(grid, fonts, style),
            _tables(grid, fonts),
            _pictures(grid),
        )
    )


def _page_font(fonts: FontSet) -> str:
    return (
        f"font-family: {fonts.stack('song')}; font-weight: {fonts.weight('song')}; font-size: {SIZE_4}pt;"
        f" line-height: {SIZE_4}pt; letter-spacing: 0"
    )


NUMBER = 'content: "— " counter(page) " —"'


def _pages(grid: Grid, fonts: FontSet, style: Style) -> str:
    """Upright pages. 7.5: size-4 Song digits between dashes, the dash 7 mm below the type area,
    one character in from the right on odd pages and from the left on even ones."""
    top, bottom = TOP - grid.half_mm, BOTTOM - grid.half_mm - SLACK
    em = SIZE_4 / MM
    dash = PAGE_HEIGHT - BOTTOM + 7
    down = dash + fonts.song_dash * em - fonts.song_baseline * em - (PAGE_HEIGHT - bottom)
    box = "vertical-align: top; width: 100%; margin: 0"
    mirrored = f"@page :left {{ margin-left: {RIGHT}mm; margin-right: {LEFT - SLACK}mm }}"
    return f"""
@page {{ size: {PAGE_WIDTH}mm {PAGE_HEIGHT}mm;
  margin: {top:.4f}mm {RIGHT - SLACK}mm {bottom:.4f}mm {LEFT}mm; {_page_font(fonts)} }}
{mirrored if style.mirrored else ""}
@page :right {{ @bottom-right {{ {NUMBER}; text-align: right; {box};
  padding: {down:.4f}mm {em + SLACK:.4f}mm 0 0 }} }}
@page :left {{ @bottom-left {{ {NUMBER}; text-align: left; {box}; padding: {down:.4f}mm 0 0 {em:.4f}mm }} }}
@page unnumbered {{ @bottom-left {{ content: none }} @bottom-right {{ content: none }} }}
.unnumbered {{ page: unnumbered }}"""


def _landscape_pages(fonts: FontSet) -> str:
    """Sideways tables (5.2.1, 7.3.8, 7.5): the sheet is turned, so its type area is 225 mm x 156 mm and the
    page number keeps the place it has on upright pages: at the left edge, turned by a quarter."""
    em = SIZE_4 / MM
    # Turned clockwise about its lower corner, the number's baseline stands this far from the paper's left edge.
    baseline = BOTTOM - 7 - fonts.song_dash * em
    corner = baseline - (1 - fonts.song_baseline) * em
    box = f"{NUMBER}; white-space: nowrap; height: {SIZE_4}pt; transform: rotate(90deg)"
    return f"""
@page wide {{ size: {PAGE_HEIGHT}mm {PAGE_WIDTH}mm; margin: {LEFT}mm {TOP}mm {RIGHT - SLACK}mm {BOTTOM}mm;
  @bottom-left {{ content: none }} @bottom-right {{ content: none }} }}
@page wide:right {{ @left-bottom {{ {box}; text-align: right; width: {corner:.4f}mm; margin: auto auto {em:.4f}mm 0;
  transform-origin: 100% 100% }} }}
@page wide:left {{ @left-top {{ {box}; text-align: left; width: {BOTTOM - corner:.4f}mm;
  margin: 0 0 auto {corner:.4f}mm; transform-origin: 0 100% }} }}
.wide {{ page: wide }}"""


def _a3_pages() -> str:
    """A3 sheets folded into the document: margins are those of an A4 page, and the number stands where it does on
    all other pages (7.5), so on odd pages at the right of the sheet's bound half."""
    return f"""
@page a3 {{ size: {A3_WIDTH}mm {PAGE_HEIGHT}mm }}
@page a3:right {{ @bottom-right {{ padding-right: {SIZE_4 / MM + SLACK + A3_WIDTH - PAGE_WIDTH:.4f}mm }} }}
.a3 {{ page: a3 }}"""


def _text(grid: Grid, fonts: FontSet, style: Style) -> str:
    """Body text (5.2.2, 7.3.3): size-3 Fangsong, two characters of indent, flush edges."""
    return f"""
html {{ font-family: {fonts.stack("fang")}; font-weight: {fonts.weight("fang")}; font-size: {style.size}pt;
  line-height: {grid.rows()}; letter-spacing: {grid.cell - style.size:.4f}pt; color: #000 }}
body {{ margin: 0; orphans: 1; widows: 1; page: upright }}
h1, h2, h3, h4, h5, h6, p, ul, ol, li {{ margin: 0; padding: 0; font-size: 1em; font-weight: inherit }}
p, li {{ text-indent: {grid.cells(2)}; text-align: justify; overflow-wrap: anywhere }}
ul, ol {{ list-style: none }}
a {{ color: inherit; text-decoration: none }}
.to, .flush {{ text-indent: 0 }}
/* A second font in a line must not make that line taller, or the page loses its 22nd line. */
span, b, strong, a {{ line-height: 0 }}
b, strong {{ font-weight: 600 }}
.latin {{ font-family: {fonts.stack("latin") or "inherit"}; font-weight: 400; letter-spacing: 0 }}
.kai {{ font-family: {fonts.stack("kai")}; font-weight: {fonts.weight("kai")} }}
.hei {{ font-family: {fonts.stack("hei")}; font-weight: {fonts.weight("hei")} }}
.song {{ font-family: {fonts.stack("song")}; font-weight: {fonts.weight("song")} }}
.xbs {{ font-family: {fonts.stack("title")}; font-weight: {fonts.weight("title")} }}
.red {{ color: {RED} }}
.center {{ text-align: center; text-indent: 0 }}
.right {{ text-align: right; text-indent: 0 }}
.blank {{ height: {grid.rows()} }}
.keep {{ break-inside: avoid }}
.new-page {{ break-before: page }}"""


def _headings(grid: Grid, fonts: FontSet, style: Style) -> str:
    """Levels 一、（一）1.（1） in Hei, Kai, Fangsong, Fangsong (7.3.3); titles in size-2 Xiaobiaosong (7.3.1)."""
    bold = ", ".join(f".l{level}" for level in style.bold_levels)
    levels = "\n".join(
        f".l{level} {{ font-family: {fonts.stack(face)}; font-weight: {fonts.weight(face)} }}"
        for level, face in enumerate(style.faces, 1)
    )
    hei = "".join(f".l{level} .latin, " for level, face in enumerate(style.faces, 1) if face == "hei")
    return f"""
.l1, .l2, .l3, .l4 {{ text-indent: {grid.cells(2)}; text-align: justify; break-after: avoid }}
{levels}
{f"{bold} {{ font-weight: 600 }}" if bold else ""}
.title {{ font-family: {fonts.stack("title")}; font-weight: {fonts.weight("title")}; font-size: {SIZE_2}pt;
  letter-spacing: 0; text-align: center; text-indent: 0; break-after: avoid; break-inside: avoid;
  white-space: nowrap }}
.title span {{ display: block; line-height: {grid.rows()} }}
.title span span {{ display: inline; line-height: 0 }}
/* Digits of titles and Hei headings stay in the heading's own face. */
.title .latin, .xbs .latin, .hei .latin, {hei}th .latin {{ font-family: inherit; font-weight: inherit }}"""


def _tables(grid: Grid, fonts: FontSet) -> str:
    """Tables: size-4 text, thin rules, the header repeated on every page, no first or last row on a page alone (but of
    slips, whose rows are few and high)."""
    return f"""
table {{ border-collapse: collapse; table-layout: fixed; width: min(100%, {AREA_WIDTH}mm); letter-spacing: 0;
  line-height: 18pt; font-size: {SIZE_4}pt; margin: 0 }}
.wide table {{ width: min(100%, {AREA_HEIGHT}mm) }}
.a3 table {{ width: min(100%, {A3_AREA}mm) }}
thead {{ display: table-header-group }}
tr {{ break-inside: avoid }}
table:not(.boxes) tbody tr:first-child {{ break-after: avoid }}
table:not(.boxes) tbody tr:last-child {{ break-before: avoid }}
th, td {{ border: .25mm solid #000; padding: 2pt 3pt; text-align: center; vertical-align: middle;
  font-weight: inherit; text-indent: 0; overflow-wrap: anywhere }}
th {{ font-family: {fonts.stack("hei")}; font-weight: {fonts.weight("hei")} }}
td.left {{ text-align: left }}
td.right {{ text-align: right }}
td.number {{ white-space: nowrap }}
.size-12 {{ font-size: 12pt; line-height: 16pt }}
.size-10 {{ font-size: 10.5pt; line-height: 14pt }}
.size-9 {{ font-size: 9pt; line-height: 12pt }}
.size-9 th, .size-9 td {{ padding: 2pt 1pt }}
table.in-text {{ margin: {grid.rows(0.2)} 0 }}
.ghost {{ visibility: hidden }}"""


def _pictures(grid: Grid) -> str:
    """Pictures: no wider than the place they stand in, no higher than a page holds with a caption or a frame.

    Whatever a format says of its own pictures is stronger.
    """
    upright, wide = (f"{length * MM - PICTURE_ROWS * grid.row:.4f}pt" for length in (AREA_HEIGHT, AREA_WIDTH))
    return f"""
img, svg {{ max-width: 100%; max-height: {upright} }}
:where(.wide) img, :where(.wide) svg {{ max-height: {wide} }}
/* The first line of a paragraph is set in, and its picture with it. */
:where(p:not(.center, .right, .flush, .to), li) > img {{ max-width: calc(100% - {grid.cells(2)}) }}
/* A seal may be larger than the name below it; of a code to be read by machine the border stands out. */
:where(.signature, .stamped) img, :where(.check) svg {{ max-width: none; max-height: none }}
figure {{ margin: 0; text-align: center; text-indent: 0 }}"""
