"""Lines of text written into the page from their glyphs as one block of memory, instead of object by object.

What a glyph of a certain width is written as is worked out once for each face of a document. Whatever is out of the
ordinary (raised or missing glyphs, coloured or bitmap faces, ellipses) is left to the engine.
"""

from weasyprint.draw import text
from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango
from weasyprint.text.fonts import get_pango_font_key

from core.documents.engine.quick.cuts import GLYPH, Cut

_SMALLEST = 1e-6
KEPT = 500

_original_line = text.draw_first_line
# By address: the face, held so that its address stays its own, and what the engine knows it by.
_faces: dict[int, tuple] = {}


def install() -> bool:
    """Replace the part; False when glyphs do not lie in memory as expected."""
    if ffi.sizeof("PangoGlyphInfo") != GLYPH.size or pango.pango_version() < 14802:
        return False
    text.draw_first_line = _draw_line
    return True


def _draw_line(stream, textbox, text_overflow, block_ellipsis, matrix):
    if text_overflow == "ellipsis" or block_ellipsis != "none" or not textbox.text.strip():
        return _by_engine(stream, textbox, text_overflow, block_ellipsis, matrix)
    if textbox.style["font_size"] < _SMALLEST:
        return []
    runs = _runs(stream, textbox)
    if runs is None:
        return _by_engine(stream, textbox, text_overflow, block_ellipsis, matrix)
    stream.set_text_matrix(*matrix.values)
    written = ""
    before = None
    for address, face, size, glyphs in runs:
        if address != before:
            before = address
            if written:
                stream.show_text(written)
            written = ""
            stream.set_font_size(face.hash, size)
        written += f"<{glyphs}>" if glyphs[-1:] != "<" else f"<{glyphs[:-1]}"
    stream.show_text(written)
    return []


def _by_engine(stream, textbox, *how):
    if isinstance(textbox.pango_layout, Cut):
        textbox.pango_layout.engage()
    return _original_line(stream, textbox, *how)


def _runs(stream, textbox) -> list[tuple] | None:
    """The runs of a line, each with its face and how its glyphs are written; None if one is out of the ordinary."""
    if isinstance(textbox.pango_layout, Cut):
        return _cut_runs(stream, textbox.pango_layout)
    pango.pango_layout_set_single_paragraph_mode(textbox.pango_layout.layout, True)
    line, _ = textbox.pango_layout.get_first_line()
    found = []
    run = line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        pango_font = item.item.analysis.font
        address = int(ffi.cast("uintptr_t", pango_font))
        face, size = _face(stream, address, pango_font)
        if face.bitmap or face.png or face.svg or face.colr:
            return None
        glyphs = _written(stream, textbox, item, face, size)
        if glyphs is None:
            return None
        found.append((address, face, size, glyphs))
    return found


def _cut_runs(stream, cut: Cut) -> list[tuple] | None:
    """The same for a piece of a paragraph that was shaped before."""
    font, text = cut.shaped.font, cut.shaped.text
    address = int(ffi.cast("uintptr_t", font))
    face, size = _face(stream, address, font)
    if face.bitmap or face.png or face.svg or face.colr:
        return None
    known = face.__dict__.setdefault("_written", {})
    found = []
    for start, glyphs in cut.runs():
        pieces = []
        for number, (glyph, width, right) in enumerate(glyphs, start):
            piece = known.get((glyph, width, right, size))
            if piece is None:
                face.to_unicode.setdefault(glyph, text[number])
                piece = known[glyph, width, right, size] = _piece(
                    stream, font, face, size, glyph, width, right
                )
            pieces.append(piece)
        found.append((address, face, size, "".join(pieces)))
    return found


def _face(stream, address: int, pango_font) -> tuple:
    if address not in _faces:
        if len(_faces) >= KEPT:
            _faces.clear()
        gobject.g_object_ref(pango_font)
        held = ffi.gc(pango_font, gobject.g_object_unref)
        _faces[address] = (held, *get_pango_font_key(pango_font))
    _, key, _, size = _faces[address]
    if key not in stream._fonts:
        return stream.add_font(pango_font)
    return stream._fonts[key], size


def _written(stream, textbox, item, face, size: float) -> str | None:
    count = item.glyphs.num_glyphs
    known = face.__dict__.setdefault("_written", {})
    pieces = []
    block = ffi.buffer(item.glyphs.glyphs, count * GLYPH.size)
    for number, (glyph, width, right, up, _) in enumerate(GLYPH.iter_unpack(block)):
        piece = None if up else known.get((glyph, width, right, size))
        if piece is None:
            if up or glyph == pango.PANGO_GLYPH_EMPTY or glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG:
                return None
            _note(textbox, item, face, number, glyph)
            piece = known[glyph, width, right, size] = _piece(
                stream, item.item.analysis.font, face, size, glyph, width, right
            )
        pieces.append(piece)
    return "".join(pieces)


def _note(textbox, item, face, number: int, glyph: int) -> None:
    """The text that a glyph stands for, the first time it is met."""
    if glyph in face.to_unicode:
        return
    clusters, length = item.glyphs.log_clusters, item.item.length
    if item.item.analysis.level % 2:  # from right to left
        end = length if number == 0 else clusters[number - 1]
    else:
        end = length if number == item.glyphs.num_glyphs - 1 else clusters[number + 1]
    offset = item.item.offset
    said = textbox.pango_layout.text.encode()[offset + clusters[number] : offset + end]
    face.to_unicode[glyph] = said.decode()


def _piece(stream, pango_font, face, size: float, glyph: int, width: int, right: int) -> str:
    if glyph not in face.widths:
        pango.pango_font_get_glyph_extents(pango_font, glyph, stream.ink_rect, stream.logical_rect)
        face.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
    shift = right / size
    kerning = face.widths[glyph] + shift - width * 1000 * FROM_UNITS / size
    before, after = f">{-shift}<" if shift else "", f">{int(kerning)}<" if kerning else ""
    return f"{before}{glyph:04x}{after}"
