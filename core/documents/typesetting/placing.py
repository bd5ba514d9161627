"""Where the cells of a table stand when some are merged, and tables of uneven rows made even. Pure.

A cell is a mapping that may say `colspan`, `rowspan` and `header`; whatever else it holds is carried along.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

Cell = dict[str, Any]
# A cell over one place of a row, and whether it starts there.
Place = tuple[Cell, bool]


def places(rows: Sequence[Sequence[Mapping[str, Any]]], most: int) -> list[dict[int, Place]]:
    """For each row the cell over each column; merged cells never overlap. Raises OverflowError past so many places."""
    filled: list[dict[int, Place]] = [{} for _ in rows]
    for down, row in enumerate(rows):
        held, right = sorted(filled[down]), 0  # held by cells of the rows above
        for cell in row:
            while right in filled[down]:
                right += 1
            below = range(down, min(down + span(cell, "rowspan"), len(rows)))
            ahead = bisect_left(held, right)
            end = right + span(cell, "colspan")
            across = range(right, min(end, held[ahead]) if ahead < len(held) else end)
            most -= len(below) * len(across)
            if most < 0:
                raise OverflowError
            own = {**cell, "colspan": len(across), "rowspan": len(below)}
            for i in below:
                filled[i] |= {j: (own, i == down and j == right) for j in across}
    return filled


def even(
    rows: Sequence[Sequence[Mapping[str, Any]]], most: int, blank: Mapping[str, Any]
) -> list[list[Place]]:
    """The same cells in rows of one length: what no cell covers is blank, rows and columns in which none starts
    are folded away. Raises OverflowError like `places`."""
    grid = [row for row in places(rows, most) if any(starts for _, starts in row.values())]
    columns = sorted({column for row in grid for column, (_, starts) in row.items() if starts})
    if len(grid) * len(columns) > most:
        raise OverflowError
    full = [_filled(row, columns, blank) for row in grid]
    for down, line in enumerate(full):
        for right, (cell, starts) in enumerate(line):
            if starts:
                cell["colspan"] = sum(other is cell for other, _ in line[right : right + cell["colspan"]])
                cell["rowspan"] = sum(
                    other[right][0] is cell for other in full[down : down + cell["rowspan"]]
                )
    return full


def span(cell: Mapping[str, Any], name: str) -> int:
    """Over how many columns or rows a cell says it goes."""
    return max(int(cell.get(name, 1)), 1)


def _filled(row: Mapping[int, Place], columns: Sequence[int], blank: Mapping[str, Any]) -> list[Place]:
    is_head = all(cell.get("header") for cell, _ in row.values())
    empty = {**blank, "colspan": 1, "rowspan": 1, "header": is_head}
    return [row.get(column) or (dict(empty), True) for column in columns]
