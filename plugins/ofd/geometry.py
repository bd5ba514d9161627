"""Lengths and places: affine maps, boxes, paths of lines and curves, and cutting a polygon by another."""

from collections.abc import Iterable, Iterator, Sequence
from math import hypot

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
# Left, top, right, bottom.
Box = tuple[float, float, float, float]
# A piece of a path: M and L with one point, B (a curve) with three, C (back to the start) with none.
Piece = tuple[str, tuple[Point, ...]]
Path = tuple[Piece, ...]

MM = 25.4 / 72
SAME: Matrix = (1, 0, 0, 1, 0, 0)
_NEAR = 1e-3


def after(first: Matrix, then: Matrix) -> Matrix:
    """The map that does `first` and `then` the other."""
    a, b, c, d, e, f = first
    A, B, C, D, E, F = then
    return (
        a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F,
    )  # fmt: skip


def moved(matrix: Matrix, point: Point) -> Point:
    """Where a map puts a point."""
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def undone(matrix: Matrix, by: Point) -> Point | None:
    """The vector that the map's linear part turns into `by`; None for a map that flattens the plane."""
    a, b, c, d, *_ = matrix
    area = a * d - b * c
    if abs(area) < 1e-12:
        return None
    x, y = by
    return (d * x - c * y) / area, (a * y - b * x) / area


def growth(matrix: Matrix) -> float:
    """By how much a map enlarges lengths, on the average of all directions."""
    a, b, c, d, *_ = matrix
    return abs(a * d - b * c) ** 0.5 or hypot(a, b) or hypot(c, d)


def box_of(points: Iterable[Point]) -> Box:
    """The upright box around points; there is at least one."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def corners(box: Box) -> tuple[Point, Point, Point, Point]:
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def shared(one: Box, other: Box) -> Box | None:
    """What two boxes have in common; None when they do not even touch."""
    box = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return box if box[0] <= box[2] and box[1] <= box[3] else None


def holds(outer: Box, inner: Box) -> bool:
    return shared(outer, inner) is not None and all(
        [inner[0] > outer[0] - _NEAR, inner[1] > outer[1] - _NEAR, inner[2] < outer[2] + _NEAR, inner[3] < outer[3] + _NEAR]
    )  # fmt: skip


def grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def points_of(path: Path) -> Iterator[Point]:
    """All points of a path; those that steer a curve hold it in their middle."""
    for _, points in path:
        yield from points


def mapped(path: Path, matrix: Matrix) -> Path:
    return tuple((kind, tuple(moved(matrix, point) for point in points)) for kind, points in path)


def polygons(path: Path) -> list[list[Point]] | None:
    """The corners of each part of a path; None when it has curves."""
    found: list[list[Point]] = []
    for kind, points in path:
        if kind == "B":
            return None
        if kind == "M" or not found:
            found.append([])
        found[-1].extend(points)
    return [part for part in found if part]


def as_box(path: Path) -> Box | None:
    """The upright rectangle a path is, if it is one."""
    parts = polygons(path)
    if parts is None or len(parts) != 1:
        return None
    around = box_of(parts[0])
    ends = [*parts[0], parts[0][0]]
    upright = all(
        abs(p[0] - q[0]) < _NEAR or abs(p[1] - q[1]) < _NEAR for p, q in zip(ends, ends[1:], strict=False)
    )
    at_corners = all(
        min(abs(x - around[0]), abs(x - around[2])) < _NEAR
        and min(abs(y - around[1]), abs(y - around[3])) < _NEAR
        for x, y in parts[0]
    )
    distinct = {(round(x, 3), round(y, 3)) for x, y in parts[0]}
    return around if upright and at_corners and len(parts[0]) <= 5 and len(distinct) == 4 else None


def is_convex(polygon: Sequence[Point]) -> bool:
    turns = [_turn(polygon[i - 2], polygon[i - 1], polygon[i]) for i in range(len(polygon))]
    return len(polygon) >= 3 and (min(turns) > -_NEAR or max(turns) < _NEAR)


def is_within(points: Iterable[Point], convex: Sequence[Point]) -> bool:
    """Whether points lie in a convex polygon or at its edge."""
    points = list(points)
    side = _side(convex)
    return all(
        side * _turn(start, end, point)
        >= -_NEAR * hypot(end[0] - start[0], end[1] - start[1]) - _NEAR * _NEAR
        for start, end in zip(convex, [*convex[1:], convex[0]], strict=True)
        for point in points
    )


def cut(polygon: Sequence[Point], convex: Sequence[Point]) -> list[Point]:
    """The part of a polygon that lies in a convex one (cut off edge by edge, after Sutherland and Hodgman)."""
    side = _side(convex)
    kept = list(polygon)
    for start, end in zip(convex, [*convex[1:], convex[0]], strict=True):
        before, kept = kept, []
        for i, point in enumerate(before):
            here, there = side * _turn(start, end, point), side * _turn(start, end, before[i - 1])
            if (here >= 0) != (there >= 0):
                share = there / (there - here)
                last = before[i - 1]
                kept.append((last[0] + share * (point[0] - last[0]), last[1] + share * (point[1] - last[1])))
            if here >= 0:
                kept.append(point)
    return kept


def has_area(polygon: Sequence[Point]) -> bool:
    return (
        len(polygon) > 2
        and abs(
            sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(polygon, [*polygon[1:], polygon[0]], strict=True))
        )
        > 2e-6
    )


def as_path(parts: Iterable[Sequence[Point]]) -> Path:
    """Closed polygons as one path."""
    pieces: list[Piece] = []
    for part in parts:
        pieces.append(("M", (part[0],)))
        pieces += [("L", (point,)) for point in part[1:]]
        pieces.append(("C", ()))
    return tuple(pieces)


def _side(polygon: Sequence[Point]) -> int:
    """Which way round a polygon runs."""
    return 1 if sum(_turn(polygon[0], polygon[i - 1], polygon[i]) for i in range(2, len(polygon))) > 0 else -1


def _turn(a: Point, b: Point, c: Point) -> float:
    """Twice the signed area of a triangle: on which side of the line from a to b the third point lies."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
