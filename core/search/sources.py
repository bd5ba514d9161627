"""What can be found: every area that has texts describes its own as a source."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement

from core.actors import Actor
from core.errors import SetupError
from core.permissions import Reach, reach

# Genres of an entry are kept up to this length.
GENRE = 24


@dataclass(frozen=True)
class Entry:
    """The text of one thing as it stands now, and what it can be filtered by."""

    kind: str
    thing_id: int
    office_id: int
    title: str
    body: str
    day: date
    units: tuple[int, ...] = ()
    genre: str = ""
    state: str = ""


@dataclass(frozen=True)
class Shown:
    """How a thing looks among the results. `text` is what snippets are taken from, `about` the line below;
    `page` is the endpoint of its page with the values of its address."""

    title: str
    text: str
    page: tuple[str, Mapping[str, int]]
    day: date
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A kind of things that can be found.

    model       the mapped class; whenever one is added, changed or deleted, its entry follows in the same transaction
    entry       its text, or None while it is not to be found
    visible     what an actor may see, as a condition over the model's table: nothing else is found, counted or shown
    show        how the visible things of these ids look
    permission  rights one of which somebody needs to be offered this kind at all
    scope       offices and units outside of which the actor sees nothing; only makes the search quicker
    watched     other classes whose changes change the texts: class → ids of the things to look at again
    genres      what the things can be told apart by (types, journals, leaders): value → words, or what gives these for an
                actor, who must not be offered anything that only others may see; `genre_title` is the name of the filter
    """

    kind: str
    title: str
    model: type[Any]
    permission: tuple[str, ...]
    visible: Callable[[Actor], ColumnElement[bool]]
    entry: Callable[[Any], Entry | None]
    show: Callable[[Actor, Sequence[int]], Mapping[int, Shown]]
    scope: Callable[[Actor], Reach] | None = None
    watched: Mapping[type[Any], Callable[[Any], Iterable[int]]] = field(default_factory=dict)
    genres: Mapping[str, str] | Callable[[Actor], Mapping[str, str]] = field(default_factory=dict)
    genre_title: str = "信息类型"
    states: Mapping[str, str] = field(default_factory=dict)
    by_unit: bool = False
    options: Callable[[], Sequence[Any]] = tuple
    weight: int = 50

    def genres_for(self, actor: Actor) -> Mapping[str, str]:
        """The genres an actor may choose from."""
        return self.genres(actor) if callable(self.genres) else self.genres


class Sources:
    """All sources of an app, by kind and by the classes whose changes concern them."""

    def __init__(self, found: Sequence[Source]):
        self.by_kind = {source.kind: source for source in sorted(found, key=lambda source: source.weight)}
        wrong = next(
            (s.kind for s in found if not (s.kind.isascii() and s.kind.isalpha() and s.kind.islower())), ""
        )
        if wrong or len(self.by_kind) < len(found):
            raise SetupError("检索来源定义有误", where=wrong, reason="种类须为小写英文字母，且不能重复")
        self.by_class: dict[type[Any], list[Source]] = {}
        self.watchers: dict[type[Any], list[tuple[Source, Callable[[Any], Iterable[int]]]]] = {}
        for source in found:
            self.by_class.setdefault(source.model, []).append(source)
            for model, ids in source.watched.items():
                self.watchers.setdefault(model, []).append((source, ids))

    def offered(self, actor: Actor) -> list[Source]:
        """The kinds of things somebody may look for."""
        return [s for s in self.by_kind.values() if any(reach(actor, name) for name in s.permission)]


def sources() -> Sources:
    """The sources of the running app."""
    return current_app.extensions["yaoqing"].sources  # type: ignore[no-any-return]
