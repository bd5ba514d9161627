"""What resembles an item: the same passages, or a title alike; of all that only what the reader may see."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from core import clock
from core.accounts.models import Unit
from core.actors import Actor
from core.db import db
from core.errors import YaoqingError
from core.facts import standing
from core.permissions import reach
from core.scoring import runs
from core.search.similar import Likeness, related, similar
from core.submissions import queries, revisions, search
from core.submissions.models import ITEM, Submission
from core.submissions.text import plain
from core.submissions.workflow import STATES
from plugins.duplicates.judging import Level, judge

SHOWN = 5
# What a unit is not warned of: not sent yet, or taken back.
NOT_SENT = ("draft", "awaiting", "withdrawn", "void")
# An item that the office composed says what its sources say, and the parts what the whole said.
PARTS = ("merged", "split")


@dataclass(frozen=True)
class Row:
    """An item that resembles another. percent: how much of the text they share, 0 when only the titles are alike."""

    item_id: int
    title: str
    unit: str
    day: date
    state: str
    state_title: str
    percent: int
    numbers_differ: bool
    used: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Near duplicates, most alike first, and further items on the same matter."""

    same: tuple[Row, ...] = ()
    related: tuple[Row, ...] = ()


def of_item(actor: Actor, item: Submission) -> Found:
    """What resembles an item among all that the actor may see of its office."""
    alike = {each.thing_id: each for each in similar(item.office_id, plain(item.body), [item.id], 20)}
    titled = dict(related(item.office_id, item.title, [item.id], 20))
    levels = {number: judge(alike.get(number), titled.get(number, 0.0)) for number in {*alike, *titled}}
    wanted = [number for number, level in levels.items() if level]
    wanted.sort(key=lambda number: (-_weight(alike.get(number)), -titled.get(number, 0.0), -number))
    rows = _rows(wanted, alike, queries.visible(actor), _no_parts_of(item))
    used = _used(item.office_id, rows)
    shown = [
        _row(row, row.title, row.short_name or row.name, alike.get(row.id), used.get(row.id, ()))
        for number in wanted
        if (row := rows.get(number))
    ]
    return Found(
        tuple(row for row in shown if levels[row.item_id] is Level.SAME)[:SHOWN],
        tuple(row for row in shown if levels[row.item_id] is Level.RELATED)[:SHOWN],
    )


def own_earlier(actor: Actor, item: Submission) -> tuple[Row, ...]:
    """What the item's own unit has sent before in nearly the same words, as that unit may read it.

    Compared is what the unit itself wrote: of what the editors have made of it it learns nothing here.
    """
    if item.unit_id not in reach(actor, "duplicates.own").units:
        return ()
    body = plain(revisions.units_text(item)[1])
    found: dict[int, tuple[Submission, Likeness]] = {}
    for kind, may_read in (("submission", search.may_read_newest), ("own", search.may_read_own)):
        alike = {
            each.thing_id: each
            for each in similar(item.office_id, body, [item.id], kind=kind, unit_id=item.unit_id)
            if judge(each, 0.0) is Level.SAME
        }
        query = select(Submission).where(Submission.id.in_(alike), may_read(actor))
        earlier = query.where(Submission.unit_id == item.unit_id, Submission.state.not_in(NOT_SENT))
        found |= {other.id: (other, alike[other.id]) for other in db.session.scalars(earlier)}
    rows = sorted(found.values(), key=lambda each: (-each[1].most, -each[0].id))[:SHOWN]
    return tuple(
        _row(other, revisions.units_text(other)[0], other.unit.short, alike, ()) for other, alike in rows
    )


def _weight(alike: Likeness | None) -> float:
    return alike.most if alike and judge(alike, 0.0) else 0.0


def _no_parts_of(item: Submission) -> ColumnElement[bool]:
    standing = Submission.state != "void"
    if item.composed:
        return standing & Submission.state.not_in(PARTS)
    return standing & ~Submission.composed if item.state in PARTS else standing


def _rows(
    wanted: Collection[int], alike: Mapping[int, Likeness], *conditions: ColumnElement[bool]
) -> dict[int, Any]:
    if not wanted:
        return {}
    columns = (
        Submission.id, Submission.title, Submission.state, Submission.sort_at, Unit.name, Unit.short_name,
    )  # fmt: skip
    query = select(*columns).join(Unit, Unit.id == Submission.unit_id)
    found = db.session.execute(query.where(Submission.id.in_(wanted), *conditions)).all()
    return {row.id: row for row in found}


def _row(item: Any, title: str, unit: str, alike: Likeness | None, used: Collection[str]) -> Row:
    shares = alike if alike and judge(alike, 0.0) else None
    return Row(
        item.id, title or "（无标题）", unit, clock.local(item.sort_at).date(), item.state, STATES[item.state].title,
        # Never rounded up to all of it.
        int(shares.most * 100) if shares else 0, bool(shares and shares.numbers < 0.5), tuple(used),
    )  # fmt: skip


def _used(office_id: int, ids: Iterable[int]) -> dict[int, list[str]]:
    """Where items were used: the outlets of their standing adoptions."""
    keys = {f"{ITEM}{number}": number for number in ids}
    used: dict[int, list[str]] = {}
    for fact in standing(office_id, keys, ["adopted"]):
        used.setdefault(keys[fact.item], []).append(str(fact.attrs.get("outlet", "")))
    titles = _outlets(office_id, {outlet for outlets in used.values() for outlet in outlets})
    return {number: [titles[each] for each in dict.fromkeys(outlets)] for number, outlets in used.items()}


def _outlets(office_id: int, ids: Collection[str]) -> dict[str, str]:
    """What outlets are called under the rules in force; the bare word when those do not know it any more."""
    titles = {outlet: outlet for outlet in ids}
    if not ids:
        return titles
    try:
        known = runs.rules_in_force(office_id, clock.today())[1].words.outlets.titles
    except YaoqingError:
        return titles
    return {outlet: known.get(outlet, outlet) for outlet in ids}
