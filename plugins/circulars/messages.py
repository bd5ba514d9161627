"""Reminder texts (短信): how long they are, as paragraphs of the record, as lines of a file. Pure."""

from collections.abc import Iterable
from math import ceil

# What operators charge as one message: 70 characters, or 67 of each part of a longer text.
WHOLE, PART = 70, 67
HEAD = ("序号", "单位", "短信内容", "字数")
Message = tuple[str, str]


def text_of(paragraphs: Iterable[str]) -> str:
    """The text of a message: one line, whatever paragraphs it was written in."""
    return "".join(paragraphs)


def parts(text: str) -> int:
    """As how many messages a text is sent."""
    return 1 if len(text) <= WHOLE else ceil(len(text) / PART)


def length(text: str) -> str:
    """How long it is, in words."""
    return f"{len(text)} 字，按 {parts(text)} 条发送"


def listed(messages: Iterable[Message]) -> list[str]:
    """The messages as the record prints them, a paragraph each."""
    return [f"{n}.{unit}（{len(text)}字）：{text}" for n, (unit, text) in enumerate(messages, start=1)]


def lines(messages: Iterable[Message]) -> list[list[str]]:
    """The messages as lines of a file."""
    told = [[str(n), unit, text, str(len(text))] for n, (unit, text) in enumerate(messages, start=1)]
    return [list(HEAD), *told]
