"""What people may change in a draft, and how it is kept. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Texts:
    """What an editor may change: paragraphs, those written to each unit, and who is struck off a roll."""

    opening: tuple[str, ...]
    requirements: tuple[str, ...]
    letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    struck: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def texts_of(stored: Mapping[str, Any]) -> Texts:
    """Texts as they are kept in the database."""
    opening, requirements = (tuple(stored.get(name, ())) for name in ("opening", "requirements"))
    letters, struck = (
        {key: tuple(told) for key, told in stored.get(name, {}).items()} for name in ("letters", "struck")
    )
    return Texts(opening, requirements, letters, struck)


def stored(texts: Texts) -> dict[str, Any]:
    """The reverse of `texts_of`."""
    found: dict[str, Any] = {"opening": list(texts.opening), "requirements": list(texts.requirements)}
    for name, kept in (("letters", texts.letters), ("struck", texts.struck)):
        if kept:
            found[name] = {key: list(told) for key, told in kept.items()}
    return found
