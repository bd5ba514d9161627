"""What is left of a drawn thing inside its clip and the sheet: most needs no clip afterwards, some vanishes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from plugins.ofd.drawn import Clip, Drawn, Shape, Text
from plugins.ofd.geometry import (
    Box,
    Path,
    Point,
    as_path,
    box_of,
    corners,
    cut,
    has_area,
    holds,
    is_convex,
    is_within,
    moved,
    points_of,
    polygons,
    shared,
)


def trimmed(
    things: Iterable[Drawn], hull: Callable[[Drawn], list[Point]], sheet: Box
) -> Iterator[tuple[Drawn, Box]]:
    """Each thing that can be seen, with the part of the sheet it covers; its clip stays only where it matters."""
    for thing in things:
        seen = shared(thing.paint.clip.box, sheet)
        if seen is None or seen[0] >= seen[2] or seen[1] >= seen[3]:
            continue
        left = _cut_out(thing, seen)
        around = hull(left) if left else []
        covered = shared(box_of(around), seen) if around else None
        if not left or not covered:
            continue
        paths = tuple(part for part in left.paint.clip.paths if not _harmless(part[0], around))
        if not holds(seen, box_of(around)):
            paths = ((as_path([corners(seen)]), False), *paths)
        yield replace(left, paint=replace(left.paint, clip=Clip(sheet, paths))), covered


def _cut_out(thing: Drawn, seen: Box) -> Drawn | None:
    """What of a thing needs no clip to be cut: glyphs wholly outside the box, edges of filled shapes."""
    if isinstance(thing, Text):
        return _without_hidden(thing, seen)
    if isinstance(thing, Shape) and thing.paint.line is None:
        return _filled(thing, seen)
    return thing


def _without_hidden(text: Text, seen: Box) -> Text | None:
    """The glyphs that can be seen at all: what nobody sees shall not be found in the file either."""
    first, last = text.glyphs[0], text.glyphs[-1]
    ends = [moved(text.matrix, (first.start, 0)), moved(text.matrix, (last.start + last.width, -1))]
    if holds(seen, box_of(ends)):
        return text
    kept = tuple(
        glyph
        for glyph in text.glyphs
        if shared(
            seen,
            box_of(
                moved(text.matrix, c) for c in corners((glyph.start, -0.9, glyph.start + glyph.width, 0.2))
            ),
        )
    )
    return replace(text, glyphs=kept) if kept else None


def _filled(shape: Shape, seen: Box) -> Shape | None:
    """A filled shape of straight edges, cut along convex clips; others stay as they are."""
    parts = polygons(shape.path)
    if parts is None or not parts:
        return shape
    left: list[tuple[Path, bool]] = []
    edges: list[list[Point]] = [] if holds(seen, box_of(points_of(shape.path))) else [list(corners(seen))]
    for path, even_odd in shape.paint.clip.paths:
        around = polygons(path)
        if around and len(around) == 1 and is_convex(around[0]):
            edges.append(around[0])
        else:
            left.append((path, even_odd))
    if edges:
        for edge in edges:
            parts = [part for part in (cut(part, edge) for part in parts) if has_area(part)]
        if not parts:
            return None
        shape = replace(shape, path=as_path(parts))
    return replace(shape, paint=replace(shape.paint, clip=Clip(seen, tuple(left))))


def _harmless(path: Path, around: list[Point]) -> bool:
    """Whether a thing lies wholly within a clip: told for convex polygons only."""
    parts = polygons(path)
    return bool(parts) and len(parts) == 1 and is_convex(parts[0]) and is_within(around, parts[0])
