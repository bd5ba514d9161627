"""Notices about composites and parts: the people of every source hear where it went and what became of it."""

from collections.abc import Iterable

from core.actors import Actor
from core.notices import services as notices
from core.submissions import revisions
from core.submissions.models import Submission
from plugins.composites.models import Link


def people_of(item: Submission) -> set[int]:
    """Who wrote an item, and the signing leaders of its units. A part belongs to who wrote the item it comes from."""
    units = {each.unit_id for each in item.contributors} | {item.unit_id}
    leaders = {one for unit in units for one in notices.holders(item.office_id, "submission.sign", unit)}
    return leaders | (set() if item.composed else {item.author_id})


def about(link: Link, event: str = "") -> str:
    """How notices name a link, or what happened to the item it leads to."""
    return f"composites:{link.id}:{event}" if event else f"composites:{link.id}"


def gone(actor: Actor, link: Link, told: str) -> None:
    """Tell the people of a source that it went into another item; its editor, too, if somebody else did it."""
    page = f"/submissions/{link.source_id}"
    people = people_of(link.source) | ({link.was_editor_id} if link.was_editor_id else set())
    notices.tell(sorted(people - {actor.id}), f"{_name(link.source)}{told}", page, about(link))


def back(links: Iterable[Link], why: str) -> None:
    """The notices of links that have ended no longer hold."""
    for link in links:
        notices.take_back(about(link), why)


def followed(actor_id: int, link: Link, told: str, event: str) -> None:
    """Tell the people of a source what became of the item it stands in."""
    people = people_of(link.source) - {actor_id}
    notices.tell(
        sorted(people), f"{_name(link.source)}{told}", f"/submissions/{link.source_id}", about(link, event)
    )


def _name(source: Submission) -> str:
    """What its unit knows an item as, also when the editors have given it another title."""
    return f"《{revisions.units_text(source)[0] or '无标题'}》（{source.id}）"
