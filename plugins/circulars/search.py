"""Circulars as the search finds them, and to a unit its own letters and messages."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.orm import joinedload

from core import clock
from core.actors import Actor
from core.db import db
from core.permissions import among, reach
from core.search import Entry, Shown, Source
from core.submissions.text import plain
from plugins.circulars.models import CircularDraft, CircularLetter
from plugins.circulars.queries import readable
from plugins.circulars.texts import texts_of


def _entry(found: CircularDraft) -> Entry:
    return Entry(
        "circular", found.id, found.office_id, found.title, _text(found), _day(found), state=found.state
    )


def _show(actor: Actor, ids: Sequence[int]) -> Mapping[int, Shown]:
    query = select(CircularDraft).where(CircularDraft.id.in_(ids), readable(actor))
    return {
        found.id: Shown(
            found.title, _text(found), ("circulars.show", {"circular_id": found.id}), _day(found),
            (found.kind_title, found.period_title, found.state_title),
        )
        for found in db.session.scalars(query.options(*_circular_options()))
    }  # fmt: skip


def _text(found: CircularDraft) -> str:
    """What was printed once it is issued; before that what stands in the draft. Letters and messages with it."""
    texts = texts_of(found.texts)
    body = (found.content or {}).get("body")
    lines = [plain(body)] if body else [*texts.opening, *texts.requirements]
    return "\n".join([*lines, *(line for letter in texts.letters.values() for line in letter)])


def _day(found: CircularDraft) -> date:
    return found.document.dated if found.document else clock.local(found.drafted_at).date()


def _circular_options() -> Sequence[Any]:
    return (joinedload(CircularDraft.document),)


def _mine(actor: Actor) -> ColumnElement[bool]:
    """What was sent to the units somebody speaks for; the desk finds the circular it belongs to."""
    units = reach(actor, "circular.letter").units
    sent = CircularLetter.sent_at.is_not(None)
    return and_(sent, among(CircularLetter.unit_id, units)) if units else false()


def _letter_entry(found: CircularLetter) -> Entry | None:
    if not found.sent_at:
        return None
    text, day = "\n".join(found.paragraphs), clock.local(found.sent_at).date()
    return Entry("letter", found.id, found.draft.office_id, found.draft.title, text, day, (found.unit_id,))


def _show_letters(actor: Actor, ids: Sequence[int]) -> Mapping[int, Shown]:
    query = select(CircularLetter).where(CircularLetter.id.in_(ids), _mine(actor)).options(*_letter_options())
    return {
        found.id: Shown(
            found.draft.title, "\n".join(found.paragraphs), ("circulars.letter", {"letter_id": found.id}),
            clock.local(found.sent_at).date() if found.sent_at else _day(found.draft), (found.unit_name,),
        )
        for found in db.session.scalars(query)
    }  # fmt: skip


def _letter_options() -> Sequence[Any]:
    return (joinedload(CircularLetter.draft),)


CIRCULARS = Source(
    kind="circular",
    title="通报",
    model=CircularDraft,
    permission=("circular.view",),
    visible=readable,
    entry=_entry,
    show=_show,
    options=_circular_options,
    weight=40,
)
LETTERS = Source(
    kind="letter",
    title="发给本单位的函件",
    model=CircularLetter,
    permission=("circular.letter",),
    visible=_mine,
    entry=_letter_entry,
    show=_show_letters,
    watched={CircularDraft: lambda draft: [letter.id for letter in draft.letters if letter.id]},
    options=_letter_options,
    weight=50,
)
SOURCES = (CIRCULARS, LETTERS)
