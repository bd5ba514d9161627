"""Standing instructions as the search finds them: by leader, kind, title of what they wrote on, and their words."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.actors import Actor
from core.db import db
from core.documents.models import IssuedDocument
from core.search import GENRE, Entry, Shown, Source
from core.submissions.models import Submission
from plugins.instructions.models import Instruction
from plugins.instructions.queries import names, readable

KIND = "instruction"


def entry(found: Instruction) -> Entry | None:
    """One that was withdrawn is not found."""
    if found.withdrawn_at:
        return None
    # Found by words that its unit may read, too.
    title = _title(found, found.named_for_all)
    return Entry(KIND, found.id, found.office_id, title, found.text, found.on, genre=found.leader_name)


def show(actor: Actor, ids: Sequence[int]) -> Mapping[int, Shown]:
    """Leader, kind and title; the words; whose level."""
    query = select(Instruction).where(Instruction.id.in_(ids), readable(actor)).options(*_options())
    return {
        found.id: Shown(
            _title(found, found.named_for(actor)), found.text, ("instructions.show", {"instruction_id": found.id}), found.on,
            (found.leader_post or found.class_title,),
        )
        for found in db.session.scalars(query)
    }  # fmt: skip


def _leaders(actor: Actor) -> Mapping[str, str]:
    """The leaders of whom the actor may read an instruction."""
    return {name[:GENRE]: name for name in names(actor)}


def _title(found: Instruction, named: str) -> str:
    return f"{found.leader_name}{found.kind_title}{named}"


def _of(item: Submission) -> list[int]:
    if not item.id:
        return []
    return list(db.session.scalars(select(Instruction.id).where(Instruction.submission_id == item.id)))


def _options() -> Sequence[Any]:
    told = (Submission.title, Submission.state, Submission.composed, Submission.office_id, Submission.unit_id)
    return (
        joinedload(Instruction.submission).load_only(*told),
        joinedload(Instruction.document).selectinload(IssuedDocument.standings),
    )


INSTRUCTIONS = Source(
    kind=KIND,
    title="批示",
    model=Instruction,
    permission=("instruction.view",),
    visible=readable,
    entry=entry,
    show=show,
    watched={Submission: _of},
    options=_options,
    genres=_leaders,
    genre_title="批示领导",
    weight=30,
)
