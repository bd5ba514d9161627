"""What the style sheets of a page and its elements say of the few properties that Word keeps.

A format may bring any style sheet. Only what is asked for is read: the size of a picture, the frame of a box.
"""

import re
from collections.abc import Iterator
from typing import Any

import cssselect2
import tinycss2
from cssselect2 import ElementWrapper
from lxml.html import HtmlElement

from core.documents.typesetting.grid import MM

_REMARK = re.compile(r"/\*.*?\*/", re.S)
_RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
_LENGTH = re.compile(r"(\d+(?:\.\d*)?|\.\d+)([a-z]*)")
# Points in a unit; `em` is that of size 3.
UNITS = {
    "pt": 1.0, "px": 0.75, "mm": MM, "cm": 10 * MM, "in": 72.0, "pc": 12.0, "q": MM / 4, "em": 16.0, "rem": 16.0,
}  # fmt: skip
Said = dict[str, str]


class Sheet:
    """The declarations of a page whose names a pattern finds."""

    def __init__(self, page: HtmlElement, names: str) -> None:
        self._named = re.compile(names)
        self._rules = cssselect2.Matcher()
        for selectors, body in _rules(page):
            said = self._declared(body) if self._named.search(body) else []
            for selector in _compiled(selectors) if said else ():
                self._rules.add_selector(selector, said)
        self._page = page
        self._wrapped: dict[HtmlElement, ElementWrapper] = {}

    def of(self, node: HtmlElement) -> Said:
        """What is said of an element; the stronger word counts."""
        usual: Said = {}
        important: Said = {}
        found = [match[-1] for match in self._matches(node) if match[2] is None]
        own = str(node.get("style", ""))
        for declared in (*found, self._declared(own) if self._named.search(own) else []):
            for name, value, is_important in declared:
                (important if is_important else usual)[name] = value
        return usual | important

    def _matches(self, node: HtmlElement) -> list[Any]:
        """The rules for an element. Looked for only where one may be: most pages have none for most elements."""
        rules = self._rules
        classes = str(node.get("class", "")).split()
        if not (
            any(name in rules.class_selectors for name in classes)
            or node.tag in rules.lower_local_name_selectors
            or rules.other_selectors
            or (rules.id_selectors and node.get("id"))
        ):
            return []
        if not self._wrapped:
            root = ElementWrapper.from_html_root(self._page)
            self._wrapped = {each.etree_element: each for each in root.iter_subtree()}
        return list(rules.match(self._wrapped[node]))

    def _declared(self, body: str) -> list[tuple[str, str, bool]]:
        return [
            (each.lower_name, tinycss2.serialize(each.value).strip().lower(), each.important)
            for each in tinycss2.parse_blocks_contents(body, skip_comments=True, skip_whitespace=True)
            if each.type == "declaration" and self._named.search(f"{each.lower_name}:")
        ]


def points(text: str, whole: float | None = None) -> float | None:
    """A length in points; a share of `whole` where that is known. None for anything else."""
    found = _LENGTH.fullmatch(text)
    if text.endswith("%") and whole is not None and (share := _LENGTH.fullmatch(text[:-1])):
        return float(share[1]) / 100 * whole
    if not found or (not found[2] and float(found[1])):
        return None
    return float(found[1]) * UNITS[found[2]] if found[2] in UNITS else None if found[2] else 0.0


def _rules(page: HtmlElement) -> Iterator[tuple[str, str]]:
    for style in page.iter("style"):
        for selectors, body in _RULE.findall(_REMARK.sub("", style.text or "")):
            if not selectors.strip().startswith("@"):
                yield selectors, body


def _compiled(selectors: str) -> list[cssselect2.compiler.CompiledSelector]:
    try:
        return cssselect2.compile_selector_list(selectors)
    except cssselect2.SelectorError:  # the layout engine passes over it as well
        return []
