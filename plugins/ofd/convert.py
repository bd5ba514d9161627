"""A finished PDF as an OFD file (GB/T 33190): the same pages, every character at the same place."""

import hashlib
import io
from collections.abc import Callable, Mapping

import pikepdf

from plugins.ofd.content import read, sheet_of
from plugins.ofd.drawn import Drawn, Text
from plugins.ofd.fonts import FontBook
from plugins.ofd.geometry import Box
from plugins.ofd.lines import divided, joined
from plugins.ofd.marks import Marks
from plugins.ofd.outline import outline_of
from plugins.ofd.package import Package
from plugins.ofd.pictures import Pictures
from plugins.ofd.trimming import trimmed

MADE_BY = "要情"


def ofd(pdf: bytes, about: Mapping[str, str], told: Callable[[int], None] | None = None) -> bytes:
    """The OFD file of a PDF. `about` says what document it is: title, kind, number, dated.

    `told` hears of every page that is done. The same PDF and words give the same bytes anywhere and at any time.
    """
    with pikepdf.open(io.BytesIO(pdf)) as source, Package() as package:
        return _Conversion(source, package).run(hashlib.sha256(pdf).hexdigest()[:32], about, told)


class _Conversion:
    def __init__(self, source: pikepdf.Pdf, package: Package) -> None:
        self._source, self._package = source, package
        self._fonts, self._pictures = FontBook(), Pictures()
        self._numbers: dict[tuple[str, str], int] = {}
        self._marks = Marks(self._fonts, package.number, self._resource)

    def run(
        self, document_id: str, about: Mapping[str, str], told: Callable[[int], None] | None = None
    ) -> bytes:
        facts = (
            ("Title", about.get("title", "")), ("Subject", about.get("kind", "")), ("CreationDate", about.get("dated", "")),
            ("Creator", MADE_BY),
        )  # fmt: skip
        self._package.information(document_id, facts, {"文号": about.get("number", "")})
        places = {}
        for index, page in enumerate(self._source.pages):
            size, drawn = read(page, self._fonts, self._pictures)
            self._package.page(size, self._objects(size, drawn))
            places[page.objgen] = (index, *sheet_of(page))
            if told:
                told(index + 1)
        self._package.resources(
            [
                (self._numbers["font", name], font.name, font.family, font.file())
                for name, font in self._fonts
                if ("font", name) in self._numbers
            ],
            [
                (self._numbers["picture", name], form, file)
                for name, (form, file) in self._pictures
                if ("picture", name) in self._numbers
            ],
        )
        return self._package.finished(outline_of(self._source, places))

    def _objects(self, size: Box, drawn: list[Drawn]) -> str:
        pieces = (
            piece
            for thing in joined(drawn)
            for piece in (divided(thing, self._fonts) if isinstance(thing, Text) else (thing,))
        )
        return "".join(
            self._marks.written(thing, covers) for thing, covers in trimmed(pieces, self._marks.hull, size)
        )

    def _resource(self, kind: str, name: str) -> int:
        """The number of a font or picture, given when it is first used."""
        if (kind, name) not in self._numbers:
            self._numbers[kind, name] = self._package.number()
        return self._numbers[kind, name]
