"""The fonts of a PDF: what its text codes mean, and each font as a file whose characters can be found and copied."""

import io
import re
from collections.abc import Iterator

import pikepdf
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from plugins.ofd.drawn import Unsupported
from plugins.ofd.elements import printable
from plugins.ofd.geometry import Path, Piece

WIDE_DEFAULT = 1000.0
# Only for lines that run downwards; ours do not.
_USELESS = ("vhea", "vmtx", "VORG", "DSIG", "GSUB", "GPOS", "GDEF", "BASE", "kern")
_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*(?:<([0-9a-fA-F]+)>|\[([^\]]*)\])")
_NUMBER = re.compile(rb"<([0-9a-fA-F]{4})>\s+(\d+)\s")
_WIDE_CODES = re.compile(rb"begincodespacerange\s*<(\w+)>\s*<(\w+)>")
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.S)


class FontBook:
    """The fonts met so far, each under a name of its own."""

    def __init__(self) -> None:
        self._fonts: dict[str, PdfFont] = {}

    def known(self, thing: pikepdf.Object) -> str:
        """The name of a font object; it is read when first met. Raises Unsupported."""
        name = "{}-{}".format(*thing.objgen)
        if name not in self._fonts:
            self._fonts[name] = PdfFont(thing)
        return name

    def get(self, name: str) -> "PdfFont":
        if name not in self._fonts:
            raise Unsupported
        return self._fonts[name]

    def __iter__(self) -> Iterator[tuple[str, "PdfFont"]]:
        return iter(self._fonts.items())


class PdfFont:
    """One embedded font with two-byte codes that are numbers of its glyphs, as layout engines write them."""

    def __init__(self, thing: pikepdf.Object) -> None:
        if str(thing.get("/Subtype")) != "/Type0":
            raise Unsupported
        inner = thing.DescendantFonts[0]
        if str(inner.get("/CIDToGIDMap", "/Identity")) != "/Identity":
            raise Unsupported
        described = inner.FontDescriptor
        program = described.get("/FontFile3", described.get("/FontFile2"))
        if program is None:
            raise Unsupported
        self.program = bytes(program.read_bytes())
        if self.program[:4] not in (b"OTTO", b"\0\1\0\0", b"true"):
            raise Unsupported
        self.name = str(thing.BaseFont).lstrip("/").split("+")[-1]
        self.family = str(described.get("/FontFamily", self.name))
        self.ascent = max(float(described.get("/Ascent", 880)) / 1000, 0.88)
        self.descent = max(-float(described.get("/Descent", -120)) / 1000, 0.2)
        self._widths = dict(_widths(inner.get("/W", ())))
        self._width = float(inner.get("/DW", WIDE_DEFAULT))
        self._numbers = _numbers(thing.get("/Encoding"))
        self._texts = _texts(thing.ToUnicode.read_bytes()) if "/ToUnicode" in thing else {}
        self._own = self._given = _characters(self.program)
        self._glyphs: tuple[object, list[str], float] | None = None

    def decoded(self, codes: bytes) -> Iterator[tuple[int, str, float]]:
        """The glyphs of a string: number, characters, width in em."""
        for i in range(0, len(codes) - 1, 2):
            code = codes[i] << 8 | codes[i + 1]
            number = code if self._numbers is None else self._numbers.get(code, 0)
            yield number, self._texts.get(code, ""), self._widths.get(number, self._width) / 1000

    def finds(self, number: int, character: str) -> bool:
        """Whether a reader that looks a character up in this font comes to the glyph; it learns free ones."""
        code = ord(character)
        if code not in self._own:
            if self._own is self._given:
                self._own = dict(self._given)
            self._own[code] = number
        return self._own[code] == number

    def file(self) -> bytes:
        """The font with a table of characters, for every reader; nothing in it depends on when it was made."""
        with TTFont(io.BytesIO(self.program), recalcBBoxes=False, recalcTimestamp=False, lazy=True) as font:
            font.setGlyphOrder(_numbered(font))
            for tag in _USELESS:
                if tag in font:
                    del font[tag]
            if self._own is not self._given or "cmap" not in font:
                font["cmap"] = _table(self._own)
            out = io.BytesIO()
            font.save(out, reorderTables=True)
        return out.getvalue()

    def outline(self, number: int) -> Path:
        """A glyph as a path in em, the second axis pointing down."""
        if self._glyphs is None:
            font = TTFont(io.BytesIO(self.program), lazy=True)
            self._glyphs = font.getGlyphSet(), font.getGlyphOrder(), 1 / font["head"].unitsPerEm
        glyphs, order, scale = self._glyphs
        pen = DecomposingRecordingPen(glyphs)
        if number < len(order):
            glyphs[order[number]].draw(pen)
        return tuple(_pieces(pen.value, scale))


def _widths(listed: pikepdf.Object) -> Iterator[tuple[int, float]]:
    items = list(listed)
    i = 0
    while i + 1 < len(items):
        first = int(items[i])
        if isinstance(items[i + 1], pikepdf.Array):
            yield from ((first + n, float(width)) for n, width in enumerate(items[i + 1]))
            i += 2
        else:
            yield from ((number, float(items[i + 2])) for number in range(first, int(items[i + 1]) + 1))
            i += 3


def _numbers(encoding: pikepdf.Object | None) -> dict[int, int] | None:
    """Which glyph each code means; None when codes are the numbers themselves. Raises Unsupported."""
    if not isinstance(encoding, pikepdf.Stream):
        if str(encoding) != "/Identity-H":
            raise Unsupported
        return None
    table = encoding.read_bytes()
    if _WIDE_CODES.findall(table) != [(b"0000", b"ffff")] or b"begincidrange" in table or b"usecmap" in table:
        raise Unsupported
    return {int(code, 16): int(number) for code, number in _NUMBER.findall(table)}


def _texts(table: bytes) -> dict[int, str]:
    """The characters of each code, without those that no XML file may hold."""
    found: dict[int, str] = {}
    for kind, block in _BLOCK.findall(table):
        if kind == b"bfchar":
            found.update((int(code, 16), _text(text)) for code, text in _PAIR.findall(block))
            continue
        for first, last, text, many in _RANGE.findall(block):
            codes = range(int(first, 16), min(int(last, 16), int(first, 16) + 0xFFFF) + 1)
            if many:
                found.update(zip(codes, map(_text, re.findall(rb"<([0-9a-fA-F]+)>", many)), strict=False))
            else:
                start = _text(text)
                found.update(
                    (code, start[:-1] + chr(ord(start[-1]) + n)) for n, code in enumerate(codes) if start
                )
    return found


def _text(digits: bytes) -> str:
    raw = bytes.fromhex(digits.decode().zfill(len(digits) + len(digits) % 2))
    return printable(raw.decode("utf-16-be", "ignore"))


def _numbered(font: TTFont) -> list[str]:
    """Names for glyphs by their number: the font's own need not be read for that."""
    return [f"glyph{number:05d}" for number in range(font["maxp"].numGlyphs)]


def _characters(program: bytes) -> dict[int, int]:
    """Which glyph stands for which character, by the font's own table."""
    with TTFont(io.BytesIO(program), lazy=True) as font:
        order = _numbered(font)
        font.setGlyphOrder(order)
        if "cmap" not in font:
            return {}
        numbers = {name: number for number, name in enumerate(order)}
        return {code: numbers[name] for code, name in (font.getBestCmap() or {}).items()}


def _table(characters: dict[int, int]) -> object:
    names = {code: f"glyph{number:05d}" for code, number in sorted(characters.items())}
    common = {code: name for code, name in names.items() if code <= 0xFFFF}
    table = newTable("cmap")
    table.tableVersion = 0
    table.tables = [_subtable(4, 1, common)]
    if len(common) < len(names):
        table.tables.append(_subtable(12, 10, names))
    return table


def _subtable(form: int, encoding: int, names: dict[int, str]) -> CmapSubtable:
    table = CmapSubtable.newSubtable(form)
    table.platformID, table.platEncID, table.language, table.cmap = 3, encoding, 0, names
    if form == 12:
        table.reserved = 0
    return table


def _pieces(strokes: list, scale: float) -> Iterator[Piece]:
    last = (0.0, 0.0)
    for kind, given in strokes:
        points = [(x * scale, -y * scale) for x, y in (point for point in given if point is not None)]
        if kind == "moveTo":
            yield "M", (points[0],)
        elif kind == "lineTo":
            yield "L", (points[0],)
        elif kind == "curveTo":
            yield "B", tuple(points)
        elif kind == "qCurveTo":
            yield from _quadratic(last, points)
        else:
            yield "C", ()
        last = points[-1] if points else last


def _quadratic(start: tuple[float, float], points: list) -> Iterator[Piece]:
    """TrueType curves: between two steering points lies one of the curve, half-way."""
    for i, (x, y) in enumerate(points[:-1]):
        end = (
            points[i + 1]
            if i == len(points) - 2
            else ((x + points[i + 1][0]) / 2, (y + points[i + 1][1]) / 2)
        )
        one = (start[0] + 2 / 3 * (x - start[0]), start[1] + 2 / 3 * (y - start[1]))
        two = (end[0] + 2 / 3 * (x - end[0]), end[1] + 2 / 3 * (y - end[1]))
        yield "B", (one, two, end)
        start = end
