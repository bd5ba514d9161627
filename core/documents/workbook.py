"""Tables as a workbook: a sheet for each, with a head that stays in view, numbers as numbers, text as text.

Nothing in a cell can run: a text that a spreadsheet would take for a formula is a string there and stays one when
somebody edits it. The same tables give the same bytes.
"""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.documents.same_bytes import settled
from core.documents.sheet_plan import Plan, Slot, height, lines, planned
from core.tabular import FORMULA

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(?:\.(\d{1,10}))?(%?)")
MOST_DIGITS = 15  # a spreadsheet keeps no more
LONGEST = 32_767
ACROSS = 92  # characters an upright sheet of paper takes
_UNFIT_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BASE = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "border": 1, "text_wrap": True}
_LOOKS = {
    "title": {"font_name": "黑体", "font_size": 14, "align": "center", "valign": "vcenter"},
    "head": {**_BASE, "font_name": "黑体", "align": "center", "bg_color": "#F2F2F2"},
    "text": _BASE, "center": {**_BASE, "align": "center"}, "number": {**_BASE, "align": "right"},
    "note": {"font_name": "宋体", "font_size": 10, "text_wrap": True, "valign": "top"},
}  # fmt: skip


# Called with the number of lines done.
Told = Callable[[int], None]


def no_one(_done: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class Sheet:
    """A table: the first `head` rows name its columns."""

    name: str
    rows: Sequence[Sequence[Slot]]
    head: int = 1
    title: str = ""
    notes: Sequence[str] = ()


def of_lines(name: str, lines: Iterable[Iterable[object]]) -> Sheet:
    """A sheet of lines of cells, the first of them its head."""
    return Sheet(name, [[Slot(str(cell)) for cell in line] for line in lines])


def workbook(sheets: Sequence[Sheet], dated: date, told: Told = no_one) -> bytes:
    """The workbook; `dated` is when it says it was made. `told` hears of every line, and of all of them at the end."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(dated.year, dated.month, dated.day)})
    looks = _Looks(book)
    taken: set[str] = set()
    done = 0
    for sheet in sheets:
        page = book.add_worksheet(_named(sheet.name, taken))
        _fill(page, sheet, looks, lambda n, before=done: told(before + n))
        done += len(sheet.rows)
    told(done)
    book.close()
    return settled(out.getvalue())


class _Looks:
    """Formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book, self._made = book, dict[tuple[str, bool, str], Format]()

    def of(self, look: str, bold: bool = False, number: str = "", quoted: bool = False) -> Format:
        key = (look, bold, "'" if quoted else number)
        if key not in self._made:
            more: dict[str, object] = {"bold": True} if bold else {}
            if number:
                more["num_format"] = number
            if quoted:
                more["quote_prefix"] = True
            self._made[key] = self._book.add_format({**_LOOKS[look], **more})
        return self._made[key]


def _fill(page: Worksheet, sheet: Sheet, looks: _Looks, told: Told) -> None:
    width = max((sum(slot.across for slot in row) for row in sheet.rows), default=1)
    top = 1 if sheet.title else 0
    if sheet.title:
        _span(page, 0, 0, Slot(sheet.title, width), looks.of("title"), looks)
        page.set_row(0, 28)
    plan = planned(sheet.rows, sheet.head)
    _cells(page, plan, top, sheet.head, looks, told)
    bottom = top + len(sheet.rows)
    for n, note in enumerate(sheet.notes):
        _span(page, bottom + n, 0, Slot(note, width), looks.of("note"), looks)
        if (count := lines(note, sum(plan.widths))) > 1:
            page.set_row(bottom + n, height(count))
    for column, wide in enumerate(plan.widths):
        page.set_column(column, column, wide)
    for row, high in plan.heights.items():
        page.set_row(top + row, high)
    page.freeze_panes(top + sheet.head, 0)
    if sheet.head == 1 and len(sheet.rows) > 1:
        page.autofilter(top, 0, bottom - 1, width - 1)
    page.repeat_rows(0, top + sheet.head - 1)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    if sum(plan.widths) > ACROSS:
        page.set_landscape()


def _cells(page: Worksheet, plan: Plan, top: int, head: int, looks: _Looks, told: Told) -> None:
    """Write all cells, those that reach down or across once."""
    last = -1
    for down, column, slot in plan.cells:
        if down != last:
            told(last := down)
        if down < head:
            _span(page, top + down, column, slot, looks.of("head"), looks)
        else:
            _write(page, top + down, column, slot, looks, "center" if column in plan.centred else "text")


def _write(page: Worksheet, row: int, column: int, slot: Slot, looks: _Looks, look: str) -> None:
    """A cell of the body: a number in the form it was printed in, or text in the look of its column."""
    found = NUMBER.fullmatch(slot.text)
    places = found[2] or "" if found else ""
    if slot.across > 1 or slot.down > 1 or not found or len(found[1]) + len(places) > MOST_DIGITS:
        _span(page, row, column, slot, looks.of(look, slot.bold), looks, look)
        return
    form = ("0." + "0" * len(places) if places else "0") + found[3]
    value = float(slot.text.rstrip("%")) / (100 if found[3] else 1)
    page.write_number(row, column, value, looks.of("number", slot.bold, form))


def _span(
    page: Worksheet, row: int, column: int, slot: Slot, look: Format, looks: _Looks, name: str = "text"
) -> None:
    """Text, never taken for anything else, over as many places as it wants."""
    text = _UNFIT.sub("", slot.text)[:LONGEST]
    if text.startswith(FORMULA):
        look = looks.of(name, slot.bold, quoted=True)
    if slot.across > 1 or slot.down > 1:
        page.merge_range(row, column, row + slot.down - 1, column + slot.across - 1, "", look)
    if text:
        page.write_string(row, column, text, look)
    else:
        page.write_blank(row, column, None, look)


def _named(wanted: str, taken: set[str]) -> str:
    """A name a spreadsheet accepts and no other sheet has."""
    plain = _UNFIT_NAME.sub("", wanted).strip(" '") or "表"
    name, number = plain[:31].rstrip(" '"), 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        tail = f"（{number}）"
        name = plain[: 31 - len(tail)] + tail
    taken.add(name.casefold())
    return name
