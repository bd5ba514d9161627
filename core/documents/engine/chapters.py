"""In the confined child: lay out one chapter of a volume, to be joined with the others afterwards.

Two things differ from a document of its own. The page numbers run on from the chapters before: how many pages this
one has is told as soon as it is laid out, and the number of its first page is waited for before margins are filled.
And its fonts are not cut down yet: only the glyphs it uses are named, so that the volume embeds each face once.
Both touch private parts of the engine, hence only versions that were tried; elsewhere there are no volumes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import weasyprint
from weasyprint import layout
from weasyprint.document import Document
from weasyprint.pdf import fonts, stream
from weasyprint.text.ffi import ffi, pango

TRIED_VERSIONS = ("70.0",)
# From the number of pages to the number that the first of them carries.
Numbering = Callable[[int], int]

_original_margins = layout.make_margin_boxes


class _Volume:
    """Whether a chapter is being made, and how its pages are numbered."""

    numbering: Numbering | None = None
    is_sharing = False


def install() -> bool:
    """Replace the parts, once; False when this version of the engine was never tried."""
    if weasyprint.VERSION not in TRIED_VERSIONS:
        return False
    layout.make_margin_boxes = _margins
    stream.Font = Face
    return True


@contextmanager
def sharing(numbering: Numbering | None = None) -> Iterator[None]:
    """Documents made inside leave their fonts to be embedded by the volume; `numbering` is asked once."""
    _Volume.is_sharing, _Volume.numbering = True, numbering
    try:
        yield
    finally:
        _Volume.is_sharing, _Volume.numbering = False, None


def _margins(context, page, state):
    """The engine fills margins when all pages are laid out, beginning with the first."""
    if _Volume.numbering:
        ask, _Volume.numbering = _Volume.numbering, None
        before = ask(len(context.page_maker) - 1) - 1
        for _, _, _, later, _ in context.page_maker[1:]:
            if later[1].get("page"):
                later[1]["page"][-1] += before
    return _original_margins(context, page, state)


class Face(fonts.Font):
    """A face as the engine embeds it, which can wait for the glyphs of other chapters."""

    def __init__(self, pango_font, description, font_size):
        super().__init__(pango_font, description, font_size)
        self.described = ffi.string(pango.pango_font_description_to_string(description)).decode()

    @property
    def can_wait(self) -> bool:
        """Glyphs keep their numbers when a face is cut down, but not those made up for missing characters."""
        return not (self.missing or self.bitmap or self.png or self.svg or self.used_in_forms)

    def clean(self, to_unicode, hinting):
        if _Volume.is_sharing and self.can_wait:
            self.file_content = self.file_content[:4]
        else:
            super().clean(to_unicode, hinting)


def facts_of(document: Document) -> dict[str, Any]:
    """What the volume must know of a finished chapter: its pages, anchors, headlines and glyphs."""
    return {
        "pages": len(document.pages),
        "anchors": {
            name: [number, *_place(page, *place[:2])]
            for number, page in enumerate(document.pages)
            for name, place in page.anchors.items()
        },
        "headlines": document.make_bookmark_tree(scale=POINT, transform_pages=True),
        "faces": {face.hash: _face(face) for face in document.fonts.values() if face.can_wait},
    }


POINT = 0.75  # a CSS pixel


def _place(page, x: float, y: float) -> tuple[float, float]:
    return round(x * POINT, 3), round((page.height - y) * POINT, 3)


def _face(face: Face) -> dict[str, Any]:
    glyphs = [[glyph, width, face.to_unicode.get(glyph, "")] for glyph, width in sorted(face.widths.items())]
    return {"described": face.described, "size": face.font_size, "glyphs": glyphs}
