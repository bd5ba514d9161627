"""What every way of issuing shares: who may sign, the paper as it would be printed, what it replaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import clock
from core.actors import Actor
from core.db import db
from core.documents import numbering, standing, store
from core.documents.checks import Check
from core.documents.models import IssuedDocument
from core.documents.store import NewDocument
from core.errors import Conflict, PermissionDenied
from core.permissions import require
from core.scoring.models import FrozenRun
from core.scoring.values.fact import Row
from plugins.circulars import queries
from plugins.circulars.compose import Circular, Replaced
from plugins.circulars.models import STATES, CircularDraft
from plugins.circulars.sources import circular
from plugins.circulars.texts import texts_of


@dataclass(frozen=True)
class Paper:
    """A circular, or the letter to one unit, with the number it would get."""

    made: Circular
    series: str
    count: int
    number: str
    day: date
    replaces: Replaced | None
    values: dict[str, Any]
    source: str
    check: Check | None = None

    def new(self, found: CircularDraft, run: FrozenRun) -> NewDocument:
        """The document to put on record; what goes to some units only is not in everybody's register."""
        permission = "circular.file" if found.restricted else "circular.view"
        return NewDocument(
            found.office_id, found.kind, found.kind_title, self.source, self.made.title(self.replaces),
            self.number, self.day, run.pack_ref, permission,
            check_code=self.check.code if self.check else None,
            content_sha256=self.check.content_sha256 if self.check else "",
        )  # fmt: skip


def paper(
    found: CircularDraft, run: FrozenRun, to: Row | None = None, nth: int = 0, *, proof: bool = False
) -> Paper:
    """The paper as it would be printed today; `nth` counts the letters of a batch from 0."""
    made, day = circular(run, found.kind), clock.today()
    series = series_of(made, day.year)
    count = numbering.upcoming(found.office_id, series) + nth
    made = made.to(to) if to else made
    number, replaces = made.number(day.year, count), replaced_by(found, to.unit if to else "")
    values = made.values(texts_of(found.texts), number, day, replaces, proof=proof)
    code = None if proof else store.check(found.office_id, found.kind, number, values)
    return Paper(
        made, series, count, number, day, replaces, store.checked(values, code) if code else values,
        source_of(found, to.unit if to else ""), code,
    )  # fmt: skip


def addressees(found: CircularDraft, made: Circular) -> list[Row]:
    """The units a letter or message is sent to: those on the list whose text was not emptied."""
    return made.addressees(texts_of(found.texts))


def series_of(made: Circular, year: int) -> str:
    """The number series of a kind in a year."""
    return f"{made.kind.number.series}:{year}"


def source_of(found: CircularDraft, unit: str = "") -> str:
    """What the document is made from: one for the period (and unit), and one for each correction."""
    correction = f":correction:{found.id}" if found.replaces_id else ""
    return f"period:{found.period_key}{f':unit:{unit}' if unit else ''}{correction}"


def replaced_by(found: CircularDraft, unit: str = "") -> Replaced | None:
    """The circular this one replaces, or the letter that unit got; None for the first of its period."""
    if not found.replaces_id:
        return None
    before = db.session.get_one(CircularDraft, found.replaces_id)
    old = before.document
    if before.form == "letters":
        old = next((each.document for each in before.letters if str(each.unit_id) == unit), None)
    return Replaced(old.title, old.number, old.dated) if old else None


def put_out_of_force(found: CircularDraft) -> None:
    """What the circular replaces goes out of force; its number, pages and text stay as they are."""
    if not found.replaces_id:
        return
    old = db.session.get_one(CircularDraft, found.replaces_id)
    if old.replaced_at:
        raise Conflict("被更正的通报已由另一份通报更正，本次没有印发", advice="请退回修改，重新起草更正通报")
    old.replaced_at = clock.now()
    # Before the new one is marked as issued: never two in force, not even inside a transaction.
    db.session.flush()


def mark_replaced(actor: Actor, found: CircularDraft, issued: Mapping[str, IssuedDocument]) -> None:
    """Say of the papers that were replaced what stands in their place: by unit for letters, under "" for one paper."""
    if not found.replaces_id:
        return
    old = db.session.get_one(CircularDraft, found.replaces_id)
    before = {str(each.unit_id): each.document for each in old.letters} if old.form == "letters" else {}
    for unit, document in (before or {"": old.document}).items():
        if document:
            standing.mark(actor, document, "corrected", f"已印发《{found.title}》", issued.get(unit))


def ready(actor: Actor, circular_id: int, version: int | None) -> CircularDraft:
    """A submitted circular this person may issue, as seen: never one of those who wrote it or handed it in."""
    found = queries.one(actor, circular_id)
    require(actor, "circular.issue", found)
    in_state(found, "submitted", "签发")
    if actor.id in found.hands:
        raise PermissionDenied("起草与签发须由两人分别办理", advice="请由另一位签发人签发")
    if version is not None and found.version != version:
        raise Conflict(
            "没有签发：您打开之后，这份通报已被改动",
            reason=f"最近一次改动在 {clock.local(found.updated_at):%H:%M}，页面已是改动后的内容",
            advice="请重新核对后再签发",
        )
    return found


def in_state(found: CircularDraft, state: str, move: str) -> None:
    """Raise Conflict unless a circular is in a state."""
    if found.state != state:
        raise Conflict(f"不能{move}：这份通报现在是“{STATES[found.state]}”", advice="请刷新页面查看最新状态")
