"""What a pack's format brings along: its pictures go into the page itself, the data of its tables beside it."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial

from core.documents.templating.references import PICTURE, no_picture
from core.documents.templating.svg import check_svg
from core.documents.typesetting.text import tokens

# In a style sheet also between remarks, which name nothing.
_ASSET = re.compile(r"/\*.*?\*/|(?<=[\"'(=])asset:([^\"'()<>\s]*)", re.S)
# A template that wants the figures of its tables inside the PDF says so once, anywhere on the page.
_WANTED = re.compile(r"<meta\s+name=[\"']?attach[\"']?\s+content=[\"']?tables[\"']?\s*/?>", re.I)
DATA_FILE = "tables.json"


def inline(html: str, files: Mapping[str, str], data: Mapping[str, object] | None = None) -> str:
    """The page with `asset:name.svg` replaced by the picture: what is stored is whole, whoever prints it.

    Raises RenderError for a picture the format does not have; `data` may be where its name was given.
    """
    if "asset:" not in html:
        return html
    filled = partial(_ASSET.sub, lambda found: _picture(found, files, data or {}))
    return "".join(filled(piece) if _may_fetch(piece, is_tag) else piece for piece, is_tag in tokens(html))


def table_data(html: str, values: Mapping[str, object]) -> dict[str, bytes]:
    """The tables among the values as a JSON file to attach, when the template wants them."""
    if not _WANTED.search(html):
        return {}
    tables = [_plain(table) for table in _tables(values)]
    text = json.dumps({"tables": tables}, ensure_ascii=False, indent=1)
    return {DATA_FILE: f"{text}\n".encode()} if tables else {}


def _may_fetch(piece: str, is_tag: bool) -> bool:
    return is_tag and not piece.startswith("<!--")


def _picture(found: re.Match[str], files: Mapping[str, str], data: Mapping[str, object]) -> str:
    name = found[1]
    if name is None:  # a remark
        return found[0]
    svg = files.get(name) if name.endswith(PICTURE) else None
    if svg is None:
        raise no_picture(name, files, data)
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
