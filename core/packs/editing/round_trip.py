"""Change a pack's YAML and write only what changed: comments, quotes and the order of keys stay as somebody left them.

Reading for use is `core.strict_yaml.loader`'s; here a file is opened only to be written again. What comes out is read
once more by the strict loader before anything is done with it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.scalarfloat import ScalarFloat
from ruamel.yaml.tokens import CommentToken

from core.errors import PackError
from core.strict_yaml.loader import load

WIDEST = 100_000
# What tells the blocks of a list apart; a bare word is its own id.
MARKS = ("id", "show", "part", "label", "name", "title", "attribute")


def opened(raw: bytes) -> Any:
    """The tree of a file, with its comments. The file has passed the strict loader before."""
    return _yaml().load(raw.decode("utf-8-sig"))


def written(tree: Any, original: bytes = b"") -> bytes:
    """The text of a tree. Lines that need not change are taken from the original, however they are written there."""
    text = dumped(tree)
    if original:
        text = kept(original.decode("utf-8-sig"), dumped(opened(original)), text)
    return text.encode()


def dumped(tree: Any) -> str:
    """The tree as ruamel writes it."""
    out = StringIO()
    _yaml().dump(tree, out)
    return out.getvalue()


def kept(original: str, before: str, after: str) -> str:
    """`after` with the lines of the original where `before`, the same tree written out, did not change."""
    if before == original:
        return after
    old, plain, new = (text.splitlines(keepends=True) for text in (original, before, after))
    source: dict[int, int] = {}
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, plain, autojunk=False).get_opcodes():
        if tag == "equal" or i2 - i1 == j2 - j1:
            source |= dict(zip(range(j1, j2), range(i1, i2), strict=True))
    lines = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, plain, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [old[source[n]] if n in source else plain[n] for n in range(i1, i2)]
        else:
            lines += new[j1:j2]
    text = "".join(lines)
    return text if same(text, after) else after


def same(one: str, other: str) -> bool:
    """Whether two texts say the same."""
    try:
        return bool(load(one.encode(), "a").plain() == load(other.encode(), "b").plain())
    except PackError:
        return False


def plain(node: Any) -> Any:
    """A tree's values, to be compared: days as they are written, numbers exactly."""
    if isinstance(node, dict):
        return {str(plain(key)): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(one) for one in node]
    if isinstance(node, date):
        return node.isoformat()
    if isinstance(node, ScalarFloat | float):
        return Decimal(dumped(node).split()[0])
    return str(node) if isinstance(node, str) else node


def mark_of(*lists: Sequence[Any]) -> str | None:
    """The key that tells the items of these lists apart, if all of them have it and none shares it."""
    items = [one for each in lists for one in each]
    if not any(isinstance(one, dict) for one in items):
        return None
    for mark in MARKS:
        if all(
            isinstance(one, dict) and mark in one or isinstance(one, str) and mark == "id" for one in items
        ) and all(len({name_of(one, mark) for one in each}) == len(each) for each in lists):
            return mark
    return None


def name_of(item: Any, mark: str) -> str:
    """What an item of a list is told apart by."""
    return str(item[mark]) if isinstance(item, dict) else str(item)


def find(node: Any, path: Sequence[str]) -> tuple[Any, Any]:
    """The container and key a path of names leads to. Raises KeyError when it leads nowhere."""
    for n, step in enumerate(path):
        key = key_in(node, step)
        if n == len(path) - 1:
            return node, key
        node = node[key]
    raise KeyError(path)


def key_in(node: Any, step: str) -> Any:
    """The key or position of a step in a mapping or list."""
    if isinstance(node, dict):
        return next((key for key in node if str(plain(key)) == step), step)
    if isinstance(node, list):
        mark = mark_of(node)
        found = next((n for n, one in enumerate(node) if mark and name_of(one, mark) == step), None)
        if found is not None:
            return found
    raise KeyError(step)


def put(node: Any, key: Any, value: Any) -> None:
    """Set a key; a new one goes to the end, before the comments that follow the block."""
    if key in node:
        _carry(node, key, value)
        return
    tail = _taken_tail(node)
    # One object in two places would be written as an anchor and an alias.
    node[date.fromisoformat(key.isoformat()) if isinstance(key, date) else key] = value
    _give_tail(node, tail)


def place_after(node: CommentedSeq, position: int, value: Any, lead: str = "") -> None:
    """Insert into a list behind a position (-1: at the front); `lead` are the comments and blanks that go before it."""
    if isinstance(value, CommentedMap | CommentedSeq):
        _taken_tail(value)
    if not node or position < 0:
        node.insert(0, value)
        return
    tail = _taken_tail_at(node, position)
    if position == len(node) - 1:
        node.append(value)
    else:
        node.insert(position + 1, value)
    _give_tail_at(node, position + 1, tail)
    # A list set apart by blank lines stays so.
    _give_tail_at(node, position, lead or ("\n" if tail.startswith("\n") else ""))


def lead_of(node: CommentedSeq, position: int) -> str:
    """The comments and blanks between an entry and the one before it."""
    if position < 1 or _flow(node):
        return ""
    token = _token(*_inside(node, position - 1))
    return str(token.value).partition("\n")[2] if token is not None else ""


def take_out(node: Any, key: Any) -> None:
    """Remove an entry; the comments behind it stay, those before it (which spoke of it) go."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    at = keys.index(key)
    tail = _taken_tail_at(node, key)
    if at > 0:
        _taken_tail_at(node, keys[at - 1])
        _give_tail_at(node, keys[at - 1], tail)
    del node[key]


def scalar(text: str) -> Any:
    """A single value as it would be read from a file."""
    return _yaml().load(text)


def _carry(node: Any, key: Any, value: Any) -> None:
    """Replace a value but not the comment behind it."""
    old = node[key]
    tail = (
        _taken_tail(old) if isinstance(old, CommentedMap | CommentedSeq) and old and not _flow(old) else None
    )
    node[key] = value
    if tail is not None and isinstance(value, CommentedMap | CommentedSeq) and value and not _flow(value):
        _taken_tail(value)
        _give_tail(value, tail)
    elif tail is not None:
        _hang(node, key, tail)


def _last(node: Any) -> tuple[Any, Any] | None:
    """The innermost last place of a block, where the parser hangs the comments that follow the block."""
    if not node:
        return None
    key = next(reversed(node)) if isinstance(node, dict) else len(node) - 1
    child = node[key]
    if isinstance(child, CommentedMap | CommentedSeq) and child and not _flow(child):
        return _last(child)
    return node, key


def _flow(node: Any) -> bool:
    return bool(node.fa.flow_style())


def _inside(node: Any, key: Any) -> tuple[Any, Any]:
    """The last place inside an entry."""
    child = node[key]
    block = isinstance(child, CommentedMap | CommentedSeq) and child and not _flow(child)
    return (_last(child) if block else None) or (node, key)


def _taken_tail(node: Any) -> str:
    """Take the lines of comments and blanks that follow a block off it; a comment on its last line stays."""
    return "" if _flow(node) or (place := _last(node)) is None else _off(*place)


def _taken_tail_at(node: Any, key: Any) -> str:
    return "" if _flow(node) else _off(*_inside(node, key))


def _off(node: Any, key: Any) -> str:
    token = _token(node, key)
    if token is None:
        return ""
    head, newline, rest = token.value.partition("\n")
    if head.strip():
        token.value = head + newline
    else:
        _hang(node, key, "")
    return str(rest)


def _give_tail(node: Any, tail: str) -> None:
    if tail and (place := _last(node)) is not None:
        _on(*place, tail)


def _give_tail_at(node: Any, key: Any, tail: str) -> None:
    if tail and not _flow(node):
        _on(*_inside(node, key), tail)


def _on(node: Any, key: Any, tail: str) -> None:
    token = _token(node, key)
    _hang(node, key, (token.value if token is not None else "\n") + tail)


def _token(node: Any, key: Any) -> Any:
    slot = node.ca.items.get(key)
    at = 2 if isinstance(node, CommentedMap) else 0
    return slot[at] if slot and len(slot) > at else None


def _hang(node: Any, key: Any, text: str) -> None:
    """Put the comment behind a place."""
    at = 2 if isinstance(node, CommentedMap) else 0
    slot = list(node.ca.items.get(key) or [None] * 4)
    slot += [None] * (4 - len(slot))
    mark = slot[at].start_mark if slot[at] else CommentMark(0)
    slot[at] = CommentToken(text, mark, None) if text else None
    node.ca.items[key] = slot


def _yaml() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = WIDEST
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    return yaml
