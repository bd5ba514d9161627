"""Strict YAML 1.2 for rule packs: every value remembers its line, and nothing is guessed.

Plain YAML turns `12:30` into 750, drops duplicate keys and reads 0.1 as a float. Here decimals become
`Decimal`, dates stay text until a schema asks for a date, and whatever two readers could understand
differently is refused with its place and what to write instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from core.errors import PackError, at
from core.strict_yaml.words import advice_for

MAX_BYTES = 1_048_576
MAX_NODES = 100_000
MAX_DEPTH = 24
MAX_ALIASES = 50
MAX_DIGITS = 15

Plain = None | bool | int | Decimal | str
PathPart = str | int

NULLS = {"", "~", "null", "Null", "NULL"}
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
NUMBER_LIKE = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the line it stands on; `size` counts it with everything below."""

    value: "Plain | list[Node] | dict[str, Node]"
    line: int
    size: int = 1
    key_lines: "dict[str, int] | None" = None

    def plain(self) -> Any:
        """The value as ordinary dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def follow(self, path: Sequence[PathPart]) -> tuple[int, tuple[PathPart, ...]]:
        """The line a path leads to, and those of its steps that exist in the file."""
        node, line = self, self.line
        found: list[PathPart] = []
        for part in path:
            child = node.child(part)
            if child is not None:
                line = (node.key_lines or {}).get(str(part), child.line)
                node = child
                found.append(part)
        return line, tuple(found)

    def child(self, part: PathPart) -> "Node | None":
        """One step down, or nothing."""
        if isinstance(self.value, dict):
            return self.value.get(str(part))
        if isinstance(self.value, list) and isinstance(part, int) and 0 <= part < len(self.value):
            return self.value[part]
        return None


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its name and its root."""

    file: str
    root: Node

    def plain(self) -> Any:
        """The whole file as ordinary values."""
        return self.root.plain()

    def where(self, path: Sequence[PathPart] = ()) -> str:
        """A place in this file, as people say it."""
        line, found = self.root.follow(path)
        return at(self.file, line, key_of(found))


def key_of(path: Sequence[PathPart]) -> str:
    """The last named step of a path; an item of a list is told by its number."""
    names = [part for part in path if isinstance(part, str)]
    if not names:
        return ""
    tail = path[len(path) - 1]
    return f"{names[-1]} 第 {tail + 1} 项" if isinstance(tail, int) else names[-1]


def load(raw: bytes, file: str) -> Document:
    """Read one YAML file strictly, or raise the first thing wrong with it as PackError."""
    text = decode(raw, file)
    refuse_hidden_characters(text, lambda offset: at(file, text.count("\n", 0, offset) + 1))
    yaml = YAML(typ="safe", pure=True)
    try:
        return Document(file, _Composer(file, yaml.parse(text)).document())
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PackError(
            "这一行不合 YAML 写法",
            where=at(file, mark.line + 1 if mark else None),
            reason=f"读到第 {mark.column + 1} 个字符处无法继续" if mark else "",
            advice=advice_for(str(error.problem or error.context or "")),
        ) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise PackError("文件不合 YAML 写法", where=file, advice=advice_for(str(error))) from error


def decode(raw: bytes, file: str) -> str:
    """UTF-8 text of limited size."""
    if len(raw) > MAX_BYTES:
        raise PackError(
            "文件太大", where=file, reason=f"超过 {MAX_BYTES // 1024} KB", advice="请拆分内容或删去多余部分"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PackError(
            "文件不是 UTF-8 编码", where=at(file, line), advice="请在编辑器中另存为 UTF-8 编码后重试"
        ) from error


def refuse_hidden_characters(text: str, place: Callable[[int], str]) -> None:
    """Refuse what cannot be seen: control, zero-width and direction-changing characters."""
    for char in sorted(set(text) - {"\n", "\r", "\t"}):
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            raise PackError(
                "含有看不见的字符",
                where=place(text.index(char)),
                reason=f"字符 U+{ord(char):04X} 不显示却会改变文字的含义或方向",
                advice="请删去该处字符后重新输入",
            )


class _Composer:
    """Builds nodes from parser events, so that every limit stops the work early."""

    def __init__(self, file: str, stream: Iterator[Any]):
        self.file, self.stream = file, stream
        self.anchors: dict[str, Node] = {}
        self.nodes = self.aliases = 0

    def document(self) -> Node:
        next(self.stream)
        start = next(self.stream)
        if isinstance(start, events.StreamEndEvent):
            raise PackError("文件是空的", where=self.file, advice="请按说明填写，或删去该文件")
        if getattr(start, "version", None) or getattr(start, "tags", None):
            raise self.refusal(start, "不支持 % 开头的指令", "请删去该行")
        root = self.node(next(self.stream), 0, "")
        next(self.stream)
        extra = next(self.stream)
        if not isinstance(extra, events.StreamEndEvent):
            raise self.refusal(extra, "一个文件里有多份内容", "请删去多余的“---”及其后的内容")
        return root

    def node(self, event: Any, depth: int, key: str) -> Node:
        self.guard(event, depth, key)
        if isinstance(event, events.AliasEvent):
            return self.alias(event, key)
        if isinstance(event, events.ScalarEvent):
            node = Node(self.scalar(event, key), line_of(event))
        elif isinstance(event, events.SequenceStartEvent):
            node = self.sequence(event, depth, key)
        else:
            node = self.mapping(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def guard(self, event: Any, depth: int, key: str) -> None:
        if getattr(event, "tag", None):
            raise self.refusal(event, f"不支持标签“{event.tag}”", "请删去以“!”开头的标签", key)
        if depth > MAX_DEPTH:
            raise self.refusal(event, f"嵌套超过 {MAX_DEPTH} 层", "请减少层次", key)
        self.count(1, event, key)

    def count(self, size: int, event: Any, key: str) -> None:
        self.nodes += size
        if self.nodes > MAX_NODES:
            raise self.refusal(event, f"内容超过 {MAX_NODES} 项", "请精简内容，或拆成几个规则包", key)

    def alias(self, event: Any, key: str) -> Node:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self.refusal(event, f"引用（*名称）超过 {MAX_ALIASES} 处", "请直接写出内容", key)
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self.refusal(event, f"引用的“*{event.anchor}”在前面没有定义", "请直接写出内容", key)
        self.count(node.size, event, key)
        return node

    def sequence(self, event: Any, depth: int, key: str) -> Node:
        items = []
        while not isinstance(inner := next(self.stream), events.SequenceEndEvent):
            items.append(self.node(inner, depth + 1, key))
        return Node(items, line_of(event), 1 + sum(item.size for item in items))

    def mapping(self, event: Any, depth: int) -> Node:
        items: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(inner := next(self.stream), events.MappingEndEvent):
            key = self.key(inner, lines)
            lines[key] = line_of(inner)
            items[key] = self.node(next(self.stream), depth + 1, key)
        size = 1 + len(items) + sum(item.size for item in items.values())
        return Node(items, line_of(event), size, lines)

    def key(self, event: Any, seen: dict[str, int]) -> str:
        if not isinstance(event, events.ScalarEvent):
            raise self.refusal(event, "键必须是一个词", "请检查此处的“?”“[”“{”或引用")
        self.guard(event, 0, event.value)
        key = self.text(event, event.value)
        if key == "<<":
            raise self.refusal(event, "不支持“<<”合并", "请把内容直接写出来", key)
        if key in seen:
            raise self.refusal(
                event, f"键“{key}”重复", "请删去其中一处", key, reason=f"第 {seen[key]} 行已写过同名的键"
            )
        return key

    def scalar(self, event: Any, key: str) -> Plain:
        text = self.text(event, key)
        if event.style is not None:
            return text
        if text in NULLS:
            return None
        if text in TRUTHS:
            return TRUTHS[text]
        return self.number(event, text, key) if NUMBER_LIKE.fullmatch(text) else text

    def number(self, event: Any, text: str, key: str) -> Plain:
        whole, decimal = WHOLE.fullmatch(text), DECIMAL.fullmatch(text)
        if not (whole or decimal):
            raise self.refusal(event, f"数值“{text}”的写法有歧义", NUMBER_ADVICE, key)
        if len(text) > MAX_DIGITS:
            raise self.refusal(event, f"数值“{text[:20]}”位数太多", "请核对数值；若是编号，请加引号", key)
        if text.startswith("-") and not text.strip("-0."):
            raise self.refusal(event, "数值“-0”没有意义", "请写成 0", key)
        return Decimal(text) if decimal else int(text)

    def text(self, event: Any, key: str) -> str:
        value = str(event.value)
        refuse_hidden_characters(value, lambda _: at(self.file, line_of(event), key if key != value else ""))
        return value

    def refusal(self, event: Any, message: str, advice: str, key: str = "", reason: str = "") -> PackError:
        return PackError(message, where=at(self.file, line_of(event), key), reason=reason, advice=advice)


NUMBER_ADVICE = "请写成普通数字（如 5 或 0.5）；若是编号或代码，请加引号"


def line_of(event: Any) -> int:
    """The line an event starts on, counted from one."""
    return int(event.start_mark.line) + 1
