"""The papers a pack's values were taken from, and which of them nobody has confirmed for too long. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from core.packs.content.fields import Day, Id, Many, PackModel, Title


class Source(PackModel):
    """A paper behind values of the pack: when it was last confirmed, and for how long that may be relied on.

    `covers` names files or blocks, as in `scoring` or `scoring.awards.province`; none means the whole pack.
    """

    id: Id
    title: Title
    number: Title | None = None
    url: Annotated[Title, Field(pattern=r"https?://.+")] | None = None
    confirmed: Day
    valid_for_months: Annotated[int, Field(ge=1, le=240)] = 24
    covers: Many[Title] = ()

    @property
    def name(self) -> str:
        """The paper as people cite it."""
        return f"{self.title}（{self.number}）" if self.number else self.title


@dataclass(frozen=True)
class Standing:
    """A source as it stands on a day: confirmed when, good until when."""

    source: Source
    confirmed: date
    by: str
    until: date
    overdue: bool


def standing_on(day: date, source: Source, confirmed: date | None = None, by: str = "") -> Standing:
    """How a source stands on a day, when somebody here may have confirmed it later than the pack says."""
    own = confirmed is not None and confirmed >= source.confirmed
    last = confirmed if confirmed is not None and own else source.confirmed
    until = months_later(last, source.valid_for_months)
    return Standing(source, last, by if own else "", until, day >= until)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def reached(covers: str, sections: Mapping[str, BaseModel]) -> Any:
    """What a word of `covers` names: a section, one of its blocks, or one entry of a list; None for nothing."""
    name, *steps = covers.removesuffix(".yaml").split(".")
    found: Any = sections.get(name)
    for step in steps:
        found = _below(found, step)
    return found


def _below(thing: Any, step: str) -> Any:
    if isinstance(thing, BaseModel):
        fields = {field.alias or name: name for name, field in type(thing).model_fields.items()}
        return getattr(thing, fields[step]) if step in fields else None
    if isinstance(thing, Sequence) and not isinstance(thing, str):
        return next((one for one in thing if getattr(one, "id", None) == step), None)
    return None


def titles_of(covers: Iterable[str], sections: Mapping[str, BaseModel], words: Any) -> list[str]:
    """What a source is about, in words (`words` is a Lexicon)."""
    found = []
    for each in covers:
        name, *steps = each.removesuffix(".yaml").split(".")
        thing = reached(each, sections)
        title = getattr(thing, "title", None) if steps else None
        model = type(sections[name]).__name__ if name in sections else ""
        block = words.key(model, steps[0]) if steps else words.file(f"{name}.yaml")
        found.append(f"{block}“{title}”" if title else block)
    return found
