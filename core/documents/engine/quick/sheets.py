"""Style sheets are parsed once, and rules that no element of a document can need are not tried on every element.

Documents of one format share their sheets, and parsing is a fifth of a short one. The engine's own sheet gives every
element the looks of a list marker, of footnotes and of side notes: six styles for each cell of a table, most of which
belong to nothing. A document without lists and notes goes without them.
"""

import copy
import re
from collections import OrderedDict

import weasyprint
from weasyprint import CSS, HTML, css

SHEETS_KEPT = 32
# A sheet that brings in anything from outside, or changes what other sheets mean, is parsed every time.
_ENTANGLED = re.compile(r"@(?!page|media|top|bottom|left|right)[a-z-]+|url\(|\\", re.I)
_UNUSUAL = {
    "marker", "footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback",
}  # fmt: skip
# What brings lists or notes into a document: elements, and words of its style sheets, spelt with or without escapes.
_LISTS = {"li", "link"}
_NOTED = re.compile(r"list-item|marker|footnote|note-call|note\s*\(|@import|\\", re.I)

_sheets: OrderedDict[tuple[str, str], CSS] = OrderedDict()
_original_ua = HTML._ua_stylesheets


def install() -> None:
    """Replace the parts."""
    css.CSS = _sheet
    HTML._ua_stylesheets = _ua


def _sheet(**how) -> CSS:
    text = how.get("string")
    if text is None or _ENTANGLED.search(text):
        return CSS(**how)
    key = text, how.get("media_type", "print")
    if key not in _sheets:
        _sheets[key] = CSS(string=text, media_type=key[1], font_config=how.get("font_config"))
        if len(_sheets) > SHEETS_KEPT:
            _sheets.popitem(last=False)
    _sheets.move_to_end(key)
    return _sheets[key]


def _ua(html: HTML, forms: bool = False) -> list[CSS]:
    sheets = _original_ua(html, forms)
    if forms or any(map(_is_noted, html.etree_element.iter())):
        return sheets
    return [_PLAIN if sheet is weasyprint.UA_STYLESHEET else sheet for sheet in sheets]


def _is_noted(element) -> bool:
    """Whether an element is one of a list, or a style has a word of lists or notes."""
    words = element.text if element.tag == "style" else element.get("style")
    return element.tag in _LISTS or bool(words and _NOTED.search(words))


def _without_notes(sheet: CSS) -> CSS:
    plain = copy.copy(sheet)
    plain.matcher = copy.copy(sheet.matcher)
    plain.matcher.other_selectors = [
        entry for entry in sheet.matcher.other_selectors if entry[3] not in _UNUSUAL
    ]
    return plain


_PLAIN = _without_notes(weasyprint.UA_STYLESHEET)
