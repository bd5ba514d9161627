"""Issue a batch of letters: every letter is printed first, step by step; then all are issued together or none is.

A step prints for a few seconds and keeps what it printed, so that the page can show how far it is, and any worker can
go on. A letter printed under a number that somebody else has taken since is printed again with the next one.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.documents import numbering
from core.documents.store import Rendered, render
from core.documents.store import issue as put_on_record
from core.errors import Conflict
from core.scoring.fact import Row
from core.scoring.models import FrozenRun
from plugins.circulars.issuing import mark_issued
from plugins.circulars.models import CircularDraft, CircularLetter
from plugins.circulars.signing import Paper, addressees, mark_replaced, paper, put_out_of_force, ready
from plugins.circulars.sources import circular, current_run, pack_by_ref
from plugins.circulars.texts import texts_of

SECONDS = 3.0
STEPS = 1000


@dataclass(frozen=True)
class Progress:
    """How many letters of a batch are printed, and whether all were issued."""

    done: int
    total: int
    is_issued: bool = False


@dataclass(frozen=True)
class Sheet:
    """A letter to be printed: to whom, as what, and the mark of its contents."""

    row: Row
    paper: Paper
    stamp: str


def step(actor: Actor, circular_id: int, version: int | None = None) -> Progress:
    """Print letters of a submitted batch for a while; issue all when the last is printed."""
    found = ready(actor, circular_id, version)
    run, began = current_run(found), time.monotonic()
    sheets = _sheets(found, run)
    kept = {letter.unit_id: (letter.printed or {}).get("stamp") for letter in found.letters}
    waiting = [sheet for sheet in sheets if kept.get(int(sheet.row.unit)) != sheet.stamp]
    files = pack_by_ref(run.pack_ref).document(sheets[0].paper.made.kind.document).files
    for n, sheet in enumerate(waiting):
        if n and time.monotonic() - began > SECONDS:
            return Progress(len(sheets) - len(waiting) + n, len(sheets))
        _keep(found, sheet, render(files, sheet.paper.values))
    try:
        _put(actor, circular_id, found.version, run, sheets)
    except Conflict:
        if numbering.upcoming(found.office_id, sheets[0].paper.series) == sheets[0].paper.count:
            raise
        return Progress(0, len(sheets))  # numbers have moved: all are printed again
    return Progress(len(sheets), len(sheets), is_issued=True)


def issue(actor: Actor, circular_id: int, version: int | None = None) -> None:
    """Issue a batch in one go."""
    for _ in range(STEPS):
        if step(actor, circular_id, version).is_issued:
            return
    raise Conflict("编号连续被别人使用，本次没有印发", advice="请稍后再试")


def printed(found: CircularDraft) -> Progress:
    """How far a batch is, without doing anything."""
    total = len(addressees(found, circular(current_run(found), found.kind)))
    return Progress(min(sum(bool(letter.printed) for letter in found.letters), total), total)


def _sheets(found: CircularDraft, run: FrozenRun) -> list[Sheet]:
    rows = addressees(found, circular(run, found.kind))
    if not rows:
        raise Conflict("没有要发函的单位", advice="请退回修改，至少保留一个单位的函件")
    sheets = []
    for n, row in enumerate(rows):
        made = paper(found, run, row, n)
        told = json.dumps([run.pack_digest, made.values], ensure_ascii=False, sort_keys=True, default=str)
        sheets.append(Sheet(row, made, hashlib.sha256(told.encode()).hexdigest()))
    return sheets


def _keep(found: CircularDraft, sheet: Sheet, rendered: Rendered) -> None:
    """Keep a printed letter until all are ready."""
    with transaction():
        unit_id = int(sheet.row.unit)
        letter = next((each for each in found.letters if each.unit_id == unit_id), None)
        if not letter:
            letter = CircularLetter(unit_id=unit_id, unit_name=sheet.row.name, paragraphs=[])
            found.letters.append(letter)
        letter.printed = {"stamp": sheet.stamp, **asdict(rendered)}


def _put(
    actor: Actor, circular_id: int, version: int, run: FrozenRun, sheets: Sequence[Sheet]
) -> CircularDraft:
    with transaction():
        found = ready(actor, circular_id, version)
        current_run(found)
        put_out_of_force(found)
        by_unit = {letter.unit_id: letter for letter in found.letters}
        told, documents = texts_of(found.texts).letters, {}
        for sheet in sheets:
            letter = by_unit.pop(int(sheet.row.unit))
            numbering.take(found.office_id, sheet.paper.series, sheet.paper.count)
            kept = {name: value for name, value in (letter.printed or {}).items() if name != "stamp"}
            document = put_on_record(actor, sheet.paper.new(found, run), Rendered(**kept))
            letter.document_id, letter.paragraphs = document.id, list(told[sheet.row.unit])
            letter.printed, letter.sent_at = None, clock.now()
            documents[sheet.row.unit] = document
        for letter in by_unit.values():  # printed before somebody was taken off
            db.session.delete(letter)
        numbers = [document.number for document in documents.values()]
        mark_issued(actor, found, circular(run, found.kind).results())
        mark_replaced(actor, found, documents)
        audit.note(
            actor, "签发函件", found, office_id=found.office_id, count=len(numbers),
            numbers=f"{numbers[0]}—{numbers[-1]}",
        )  # fmt: skip
    return found
