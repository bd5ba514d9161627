"""The outline of a PDF: its headings and the places on its pages they lead to."""

from collections.abc import Iterator, Mapping

import pikepdf

from plugins.ofd.geometry import Box, Matrix, moved
from plugins.ofd.package import Bookmark

DEEPEST, MOST = 10, 20_000


def outline_of(pdf: pikepdf.Pdf, pages: Mapping[tuple[int, int], tuple[int, Box, Matrix]]) -> list[Bookmark]:
    """The headings; those that lead nowhere known are left out with all below them.

    `pages` tells for each page object its index, its size and the map onto the sheet.
    """
    listed = pdf.Root.get("/Outlines")
    return list(_below(listed, pages, set(), 0)) if listed is not None else []


def _below(
    parent: pikepdf.Object,
    pages: Mapping[tuple[int, int], tuple[int, Box, Matrix]],
    seen: set[tuple[int, int]],
    depth: int,
) -> Iterator[Bookmark]:
    entry = parent.get("/First")
    while entry is not None and depth < DEEPEST and len(seen) < MOST and entry.objgen not in seen:
        seen.add(entry.objgen)
        place = entry.get("/Dest")
        if isinstance(place, pikepdf.Array) and len(place) and place[0].objgen in pages:
            index, size, matrix = pages[place[0].objgen]
            x, y = (float(place[2]), float(place[3])) if len(place) > 3 else (0.0, 0.0)
            left, top = moved(matrix, (x, y))
            yield Bookmark(
                " ".join(str(entry.get("/Title", "")).split()), index,
                min(max(left, 0.0), size[2]), min(max(top, 0.0), size[3]), tuple(_below(entry, pages, seen, depth + 1)),
            )  # fmt: skip
        entry = entry.get("/Next")
