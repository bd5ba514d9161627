"""Tables that a format makes wider than the place they stand in are made narrower, their columns in proportion.

The engine widens a table to the sum of its columns: what its author wrote for the whole page runs out of a frame, and
off the sheet. Word files are made the same way (`word/table_xml.py`). Nothing is lost without a word: where a column
would hold no character, or break a number, printing is refused.

One function of the engine is replaced; on a version that was not tried, such tables stand out as before.
"""

import weasyprint
from weasyprint.layout import absolute, block, flex, float, inline, table

from core.documents.typesetting import figures

TRIED_VERSIONS = ("70.0",)
# Widths are written in whole hundredths of a point: of so little, in pixels, nobody thought.
ROUNDED = 1.0
SHOWN = 12  # characters of a table or a cell, to say which

_original_width = table.table_wrapper_width


class Crammed(Exception):
    """A table has no room for what stands in it; says which one and what."""


def install() -> bool:
    """Replace the function wherever it is known by name; False when this version was never tried."""
    if weasyprint.VERSION not in TRIED_VERSIONS:
        return False
    for module in (absolute, block, flex, float, inline, table):
        module.table_wrapper_width = _width
    return True


def _width(context, wrapper, containing_block) -> None:
    _original_width(context, wrapper, containing_block)
    own, room = wrapper.get_wrapped_table(), containing_block[0]
    if not all(own.column_widths):
        _refuse_crammed(own)
    if room == "auto" or own.width <= room + ROUNDED:
        return
    # A margin below zero is how a format asks for a table wider than the text.
    room -= sum(side for side in (wrapper.margin_left, wrapper.margin_right) if side != "auto")
    spacing = own.width - sum(own.column_widths)
    if own.width <= room + ROUNDED or room <= spacing:
        return
    share = (room - spacing) / sum(own.column_widths)
    own.column_widths = [width * share for width in own.column_widths]
    own.width, wrapper.width = room, own.border_width() - own.width + room
    _refuse_crammed(own)


def _refuse_crammed(own) -> None:
    """Raises Crammed when a cell is narrower than a character, or than a number that stands in it."""
    for group in own.children:
        for row in group.children:
            for cell in row.children:
                text = _text_of(cell)
                need = max(figures.widest(text), 1.0) * cell.style["font_size"] if text else 0.0
                table.resolve_percentages(cell, own)
                columns = own.column_widths[cell.grid_x : cell.grid_x + cell.colspan]
                if sum(columns) - _inset(cell) < need:
                    raise Crammed(f"表格“{_shown(_text_of(own))}”中，“{_shown(text)}”所在的列太窄")


def _inset(cell) -> float:
    return cell.padding_left + cell.padding_right + cell.border_left_width + cell.border_right_width


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}……"


def _text_of(box) -> str:
    element = box.element
    return "".join("".join(element.itertext()).split()) if element is not None else ""
