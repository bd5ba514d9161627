"""Volumes: many chapters laid out side by side and joined into one PDF with running page numbers.

Every child takes the next chapter in order. Laid out, it says how many pages it has and gets the number of its first
page as soon as the chapters before are as far; then it is drawn. When all are done, one child lays out the front part
(cover, contents with the page numbers now known) and joins everything. Chapters begin on right-hand pages.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from core.documents.rendering.renderer import Job, Renderer, made_of
from core.errors import RenderError


@dataclass(frozen=True)
class Chapter:
    """A chapter to be laid out: its page, its title in the outline, its pictures."""

    title: str
    html: str
    assets: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Laid:
    """A chapter as laid out: the number of its first page, how many it has, and the numbers of its anchors' pages."""

    title: str
    first: int
    pages: int
    anchors: Mapping[str, int]


# Called with the number of chapters done.
Heard = Callable[[int], None]


def link(number: int, anchor: str = "") -> str:
    """What the front part writes as the address of a chapter (counted from 1) or of an anchor in it."""
    return f"volume:c{number}-{anchor}" if anchor else f"volume:c{number}"


def volume(
    renderer: Renderer,
    chapters: Iterable[Chapter],
    front: Callable[[Sequence[Laid]], Job],
    heard: Heard | None = None,
) -> bytes:
    """The PDF of a volume. `front` makes the cover and the contents when all page numbers are known.

    Raises RenderError when any part fails. Takes a while: never call it in a transaction.
    """
    making = _Making(renderer, iter(chapters), heard)
    with ThreadPoolExecutor(renderer.children, "volume") as pool:
        for worker in [pool.submit(making.work) for _ in range(renderer.children)]:
            worker.result()
    done = making.finished()
    job = front([one.laid for one in done])
    parts = renderer.parts(job) | {f"chapter:{n}": one.pdf for n, one in enumerate(done)}
    head = {"do": "volume", "facts": [one.facts for one in done], "titles": [one.laid.title for one in done]}
    with renderer.lent() as child:
        return made_of(*child.ask(head, parts))


@dataclass(frozen=True)
class _Done:
    laid: Laid
    facts: Mapping[str, Any]
    pdf: bytes


class _Making:
    """The chapters under way. Threads take them in order, each with a child in hand."""

    def __init__(self, renderer: Renderer, chapters: Iterator[Chapter], heard: Heard | None) -> None:
        self._renderer, self._chapters, self._heard = renderer, chapters, heard
        self._changed = threading.Condition()
        # The number of the first page of each chapter, as far as known.
        self._first = [1]
        self._taken = 0
        self._done: dict[int, _Done] = {}
        self._failure: BaseException | None = None

    def work(self) -> None:
        """Take chapters until there are none left."""
        try:
            while self._one():
                pass
        except BaseException as error:
            with self._changed:
                self._failure = self._failure or error
                self._changed.notify_all()

    def finished(self) -> list[_Done]:
        """All chapters in order. Raises what made one fail."""
        if self._failure:
            raise self._failure
        if not self._done:
            raise RenderError("汇编没有内容，无法排版", advice="请先选择要编入的内容")
        return [self._done[number] for number in range(self._taken)]

    def _one(self) -> bool:
        with self._renderer.lent() as child:
            with self._changed:
                chapter = None if self._failure else next(self._chapters, None)
                if chapter is None:
                    return False
                number, self._taken = self._taken, self._taken + 1
            parts = self._renderer.parts(Job(chapter.html, chapter.assets))
            head, answer = child.ask(
                {"do": "chapter"}, parts, numbering=lambda pages: self._number(number, pages)
            )
        pdf, facts = made_of(head, answer), head["facts"]
        first = self._first[number]
        anchors = {name: first + place[0] for name, place in facts["anchors"].items()}
        with self._changed:
            self._done[number] = _Done(Laid(chapter.title, first, facts["pages"], anchors), facts, pdf)
            count = len(self._done)
        if self._heard:
            self._heard(count)
        return True

    def _number(self, number: int, pages: int) -> int:
        """The first page of a chapter, when all before it are laid out."""
        with self._changed:
            while len(self._first) <= number:
                if self._failure:
                    raise RenderError("汇编的另一章排版失败，本章不再继续")
                self._changed.wait()
            self._first.append(self._first[number] + pages + pages % 2)
            self._changed.notify_all()
            return self._first[number]
