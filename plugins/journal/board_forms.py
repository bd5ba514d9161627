"""What the forms of the board hold: print options of an item, the frame of an issue."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.errors import InvalidInput
from core.submissions.text import clean_line
from core.web import whole_or_zero
from plugins.journal import board, frames
from plugins.journal.schema import Journal

Form = Mapping[str, str]
LONGEST = {"print_title": 100, "print_source": 300, "note": 1000}


def option_fields(form: Form) -> tuple[dict[str, str], dict[str, str]]:
    """How an item is printed: what the form says, and what it said before."""
    given = {key: _option(key, form[key]) for key in board.OPTIONS if key in form}
    was = {key: _option(key, form[f"was_{key}"]) for key in board.OPTIONS if f"was_{key}" in form}
    for key, most in LONGEST.items():
        if len(given.get(key, "")) > most:
            title = board.TITLES[key]
            raise InvalidInput(f"{title}过长", where=title, advice=f"请控制在 {most} 字以内")
    return given, was


def frame_fields(form: Form, journal: Journal, before: str = "") -> dict[str, Any]:
    """The fields of an issue's frame; with `before` ("was_") what the form held when it was opened."""

    def held(key: str) -> str | None:
        return form.get(before + key)

    found: dict[str, Any] = {}
    for key, read in _READERS.items():
        if (text := held(key)) is not None:
            found[key] = read(text, frames.TITLES[key])
    order = {column.id: held(f"order:{column.id}") for column in journal.columns}
    if all(place is not None for place in order.values()):
        place = {name: (whole_or_zero(text), n) for n, (name, text) in enumerate(order.items())}
        found["columns"] = sorted(order, key=lambda name: place[name])
    for column in journal.columns:
        if (text := held(f"caption:{column.id}")) is not None:
            found[f"caption:{column.id}"] = clean_line(text)
    return found


def lines_of(text: str, title: str = "发送范围") -> list[dict[str, str]]:
    """报：市领导 line by line. A line without a colon is refused."""
    found = []
    for line in filter(None, (clean_line(line) for line in text.splitlines())):
        label, colon, to = line.replace(":", "：", 1).partition("：")
        if not colon or not label.strip() or not to.strip():
            raise InvalidInput(
                "发送范围每行写成“报：××”",
                where=title,
                reason=f"现有一行为“{line[:40]}”",
                advice="请改正后再保存",
            )
        found.append({"label": label.strip(), "to": to.strip()})
    return found


def _option(key: str, text: str) -> str:
    return _paragraphs(text) if key == "note" else clean_line(text)


def _paragraphs(text: str, title: str = "") -> str:
    """Lines of typed text, each a paragraph; empty ones are left out."""
    return "\n".join(filter(None, map(clean_line, text.splitlines())))


def _line(text: str, title: str) -> str:
    return clean_line(text)


def _flag(text: str, title: str) -> bool:
    return text == "1"


def _whole(text: str, title: str) -> int | None:
    if not text.strip():
        return None
    number = whole_or_zero(text.strip())
    if number < 1:
        raise InvalidInput(
            f"{title}应为整数", where=title, reason=f"现为“{text[:20]}”", advice="请填写整数，或留空"
        )
    return number


def _day(text: str, title: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("没有这一天", where=title, advice="请选择日期，或留空") from None


_READERS = {
    "copies": _whole, "secrecy_years": _whole, "secrecy": _line, "urgency": _line, "note": _paragraphs, "planned_on": _day,
    "distribution": lines_of, "contents": _flag,
}  # fmt: skip
