"""What a pack's format brings along: its pictures go into the page itself, the data of its tables beside it."""

import base64
import json
import re
from collections.abc import Iterator, Mapping

from core.documents.pictures import check_svg
from core.documents.references import PICTURE, no_picture
from core.documents.text import tokens

# In a style sheet also between remarks, which name nothing.
_ASSET = re.compile(r"/\*.*?\*/|(?<=[\"'(=])asset:([^\"'()<>\s]*)", re.S)
# A template that wants the figures of its tables inside the PDF says so once, anywhere on the page.
_WANTED = re.compile(r"<meta\s+name=[\"']?attach[\"']?\s+content=[\"']?tables[\"']?\s*/?>", re.I)
DATA_FILE = "tables.json"


def inline(html: str, files: Mapping[str, str]) -> str:
    """The page with `asset:name.svg` replaced by the picture: what is stored is whole, whoever prints it.

    Raises RenderError for a picture the format does not have.
    """
    if "asset:" not in html:
        return html
    return "".join(_filled(piece, files) if is_tag else piece for piece, is_tag in tokens(html))


def table_data(html: str, values: Mapping[str, object]) -> dict[str, bytes]:
    """The tables among the values as a JSON file to attach, when the template wants them."""
    if not _WANTED.search(html):
        return {}
    tables = [_plain(table) for table in _tables(values)]
    text = json.dumps({"tables": tables}, ensure_ascii=False, indent=1)
    return {DATA_FILE: f"{text}\n".encode()} if tables else {}


def _filled(markup: str, files: Mapping[str, str]) -> str:
    if markup.startswith("<!--"):
        return markup
    return _ASSET.sub(lambda found: found[0] if found[1] is None else _picture(found[1], files), markup)


def _picture(name: str, files: Mapping[str, str]) -> str:
    svg = files.get(name) if name.endswith(PICTURE) else None
    if svg is None:
        raise no_picture(name, files)
    check_svg(name, svg)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _tables(value: object) -> Iterator[Mapping]:
    if isinstance(value, Mapping):
        if "rows" in value and "head" in value:
            yield value
            return
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _tables(part)


def _plain(table: Mapping) -> dict[str, object]:
    return {
        "title": str(table.get("title", "")),
        "head": [[_cell(cell) for cell in row] for row in table["head"]],
        "rows": [[_cell(cell) for cell in row] for row in table["rows"]],
        "notes": [str(note) for note in table.get("notes", ())],
    }


def _cell(cell: object) -> object:
    """A figure as it is printed, as text: no rounding on the way into another program."""
    if isinstance(cell, Mapping):
        spans = {name: int(cell[name]) for name in ("colspan", "rowspan") if int(cell.get(name, 1)) > 1}
        return {"text": _cell(cell.get("text")), **spans} if spans else _cell(cell.get("text"))
    return "" if cell is None else str(cell)
