"""Tables as people paste, upload and download them: tabs or commas, any encoding, days in any form. Pure."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from core.errors import InvalidInput

_DAY = re.compile(
    r"^(?:(?P<year>(?:19|20|21)\d\d)\s*[年./-]\s*)?(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})\s*日?(?:\s+[\d:]+)?$"
)
# A spreadsheet runs what begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_COMPACT = re.compile(r"^((?:19|20|21)\d\d)(\d\d)(\d\d)$")


def decode(content: bytes) -> str:
    """The text of an uploaded file: UTF-8, or the GB 18030 that spreadsheets write. Raises InvalidInput."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InvalidInput("文件不是文本", where="文件", advice="请在表格软件中另存为 CSV 文件，或直接复制粘贴")


def rows_of(text: str) -> list[list[str]]:
    """The cells of a pasted table or a CSV file, line by line; a text without columns has one cell a line."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\t" in text:
        separator = "\t"
    elif "," in text and _looks_like_csv(text.split("\n")):
        separator = ","
    else:
        return [[cell_of(line)] for line in text.split("\n")]
    try:
        rows = list(csv.reader(text.split("\n"), delimiter=separator, strict=True))
    except csv.Error:  # a quotation mark of the text itself, not of the table
        rows = [line.split(separator) for line in text.split("\n")]
    return [[cell_of(cell) for cell in row] for row in rows]


def csv_of(lines: Iterable[Iterable[object]]) -> str:
    """Lines of cells as CSV text; no cell of it can run in a spreadsheet."""
    out = io.StringIO()
    csv.writer(out).writerows([_written(str(cell)) for cell in line] for line in lines)
    return out.getvalue()


def _written(cell: str) -> str:
    return cell if _NUMBER.fullmatch(cell) else safe(cell)


def safe(text: str) -> str:
    """Text for a cell: what a spreadsheet would take for a formula is kept as text."""
    line = cell_of(text)
    return f"'{line}" if line.startswith(FORMULA) else line


def cell_of(text: str) -> str:
    """A cell without what nobody sees."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())


def day_of(text: str, year: int) -> date | None:
    """A day as people write it: 2026-3-5, 2026年3月5日, 20260305; 3月5日 belongs to `year` (0: not understood)."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _COMPACT.match(plain)
    parts: Sequence[str] = found.groups() if found else ()
    if not parts and (found := _DAY.match(plain)):
        parts = (found["year"] or str(year), found["month"], found["day"])
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _looks_like_csv(lines: Sequence[str]) -> bool:
    """Whether most lines have as many commas as the first; in Chinese titles commas are full-width."""
    counts = [line.count(",") for line in lines if line.strip()]
    return counts[0] > 0 and sum(count >= counts[0] for count in counts) * 2 > len(counts)
