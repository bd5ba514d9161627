"""Notices about composites and parts: the people of every source hear where it went, by the title they know."""

from collections.abc import Iterable

from core.actors import Actor
from core.notices import services as notices
from core.submissions import known, telling
from plugins.composites.models import Link


def about(link: Link) -> str:
    """How notices name a link."""
    return f"composites:{link.id}"


def gone(actor: Actor, link: Link, told: str) -> None:
    """Tell the people of a source that it went into another item; its editor, too, if somebody else did it."""
    for source in known.reported(link.source):
        people = telling.people_of(source) | ({link.was_editor_id} if link.was_editor_id else set())
        text = f"{known.named(link.source, source)}{told}"
        notices.tell(sorted(people - {actor.id}), text, telling.page(source), about(link))


def back(links: Iterable[Link], why: str) -> None:
    """The notices of links that have ended no longer hold."""
    for link in links:
        notices.take_back(about(link), why)
