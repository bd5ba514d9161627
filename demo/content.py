"""Read the demo's content files: units and people, items, instructions, phrases."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent / "content"


@dataclass(frozen=True)
class Item:
    """One invented item. month: 1–12; edited_*: what the editor makes of it, empty when it stays as it is."""

    genre: str
    unit: str
    title: str
    month: int
    body: str
    authors: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    urgency: str = "normal"
    edited_title: str = ""
    edited_body: str = ""


@dataclass(frozen=True)
class Content:
    """Everything the demo is made from."""

    office: dict[str, Any]
    units: list[dict[str, Any]]
    people: list[dict[str, Any]]
    items: list[Item]
    instructions: list[dict[str, Any]] = field(default_factory=list)
    phrases: dict[str, list[str]] = field(default_factory=dict)


def load() -> Content:
    """The whole content, checked only by its tests."""
    units = _read("units.yaml")
    items = [
        Item(**{**entry, "authors": tuple(entry.get("authors", ())), "joint": tuple(entry.get("joint", ()))})
        for path in sorted((HERE / "items").glob("*.yaml"))
        for entry in YAML(typ="safe").load(path)
    ]
    return Content(
        units["office"],
        units["units"],
        units["people"],
        items,
        _read("instructions.yaml"),
        _read("phrases.yaml"),
    )


def day_of(month: int, number: int, today: date) -> date:
    """A working day of that month within the last twelve months, spread by number; never after yesterday."""
    year = today.year if month <= today.month else today.year - 1
    day = date(year, month, 2 + (number * 7) % 26)
    while day.weekday() >= 5 or day >= today:
        day = day.replace(day=day.day - 1) if day.day > 1 else date(year, month, 1)
        if day.day == 1:
            break
    return day


def _read(name: str) -> Any:
    return YAML(typ="safe").load(HERE / name)
