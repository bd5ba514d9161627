"""The 发文机关标志 of several offices that issue a document together (GB/T 9704 7.2.4)."""

from collections.abc import Sequence
from math import ceil

from core.documents.fonts import charset
from core.documents.templating.filters import mark_style, words
from core.documents.typesetting import grid
from core.errors import RenderError

MOST = 6  # offices
GAP = 0.5  # characters between the names and the word beside them


def joint_mark(names: Sequence[object], word: object, size: float, room: float = 148) -> dict[str, object]:
    """Names under each other, the office in charge first, spread to one width; the `word` beside the middle of them.

    All within `room` mm. `pieces` are to be drawn at `left` mm of the type area, `down` mm below the first, with that
    `spacing`; `height` is that of all, in points. Raises RenderError when there is no room.
    """
    given, aside = [str(words(name)) for name in names], str(words(word))
    if not 1 <= len(given) <= MOST:
        raise RenderError(
            f"联合行文的发文机关标志最多 {MOST} 个",
            reason=f"给出了 {len(given)} 个",
            advice="可只标主办机关名称",
        )
    widest = max(map(charset.cells, given))
    cells = widest + (GAP + charset.cells(aside) if aside else 0)
    look = mark_style("字" * ceil(cells), size, room)
    points, scale = float(look["size"].removesuffix("pt")), float(look["scale"])
    across = points * scale / grid.MM
    left, pitch = (grid.AREA_WIDTH - cells * across) / 2, grid.JOINT_PITCH * points / grid.MM
    pieces = []
    for n, name in enumerate(given):
        spread = (widest - charset.cells(name)) / max(len(name) - 1, 1)
        pieces.append(_piece(name, left, n * pitch, spread * points))
    if aside:
        pieces.append(
            _piece(aside, left + (widest + GAP) * across, (len(given) - 1) * pitch / 2, is_beside=True)
        )
    height = points * (1 + grid.JOINT_PITCH * (len(given) - 1))
    return {"pieces": pieces, "size": look["size"], "scale": look["scale"], "height": height}


def _piece(
    text: str, left: float, down: float, spacing: float = 0.0, *, is_beside: bool = False
) -> dict[str, object]:
    place = {"left": f"{left:.3f}mm", "down": down, "spacing": f"{spacing:.3f}pt"}
    return {"text": text, "is_beside": is_beside, **place}
