"""Issue a circular of one paper, a list of messages among them: number, PDF and record together or not at all."""

from contextlib import AbstractContextManager
from typing import Any

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.documents import numbering
from core.documents.models import IssuedDocument
from core.documents.store import NewDocument, Rendered, render
from core.documents.store import issue as put_on_record
from core.documents.turns import turn
from core.errors import Conflict
from plugins.circulars.models import CircularDraft, CircularLetter
from plugins.circulars.signing import Paper, addressees, mark_replaced, paper, put_out_of_force, ready
from plugins.circulars.sources import circular, current_run, pack_by_ref
from plugins.circulars.texts import texts_of

TRIES = 5


def issue(actor: Actor, circular_id: int, version: int | None = None) -> CircularDraft:
    """Issue a submitted circular.

    version: the one the issuer has seen; None (not from a page) means whatever was handed in.

    The PDF is rendered before the transaction that takes its number. When somebody else takes that number
    meanwhile, the circular is rendered again with the next one.
    """
    found = ready(actor, circular_id, version)
    version = found.version
    with in_turn(found):
        return _issue(actor, circular_id, version)


def in_turn(found: CircularDraft) -> AbstractContextManager[None]:
    """Nobody else issues papers of this number series meanwhile."""
    return turn(found.office_id, circular(current_run(found), found.kind).kind.number.series)


def _issue(actor: Actor, circular_id: int, version: int) -> CircularDraft:
    for _ in range(TRIES):
        found = ready(actor, circular_id, version)
        run = current_run(found)
        made = paper(found, run)
        new = made.new(found, run)
        files = pack_by_ref(run.pack_ref).document(made.made.kind.document).files
        rendered = render(files, made.values, word_dated=made.day)
        try:
            return _put(actor, circular_id, version, made, new, rendered)
        except Conflict:
            if numbering.upcoming(new.office_id, made.series) == made.count:
                raise
    raise Conflict("编号连续被别人使用，本次没有印发", advice="请稍后再试")


def _put(
    actor: Actor, circular_id: int, version: int, made: Paper, new: NewDocument, rendered: Rendered
) -> CircularDraft:
    with transaction():
        found = ready(actor, circular_id, version)
        current_run(found)
        put_out_of_force(found)
        numbering.take(new.office_id, made.series, made.count)
        document = put_on_record(actor, new, rendered)
        found.document_id, found.title = document.id, new.title
        mark_issued(actor, found, {**made.made.results(), "body": made.values["body"]})
        mark_replaced(actor, found, {"": document})
        _deliver(found, made, document)
        db.session.flush()
        note = {"replaces": made.replaces.number} if made.replaces else {}
        audit.note(
            actor,
            "签发通报",
            found,
            office_id=found.office_id,
            number=new.number,
            document=document.id,
            **note,
        )
    return found


def _deliver(found: CircularDraft, made: Paper, document: IssuedDocument) -> None:
    """Note what goes to each unit: its message, or its copy of the document; what goes to all needs no note."""
    if not found.restricted:
        return
    messages = found.form == "messages"
    told = texts_of(found.texts).letters
    for row in addressees(found, made.made) if messages else made.made.recipients:
        found.letters.append(
            CircularLetter(
                unit_id=int(row.unit), unit_name=row.name, paragraphs=list(told.get(row.unit, ())),
                document_id=None if messages else document.id, sent_at=clock.now(),
            )
        )  # fmt: skip


def mark_issued(actor: Actor, found: CircularDraft, content: dict[str, Any]) -> None:
    """Set the state and keep what was printed."""
    found.state, found.issued_by_id, found.content = "issued", actor.id, content
    db.session.flush()
