"""Issue a batch of letters in the background: every letter is printed first; then all are issued together or none is.

What is printed is kept, so that a job that was killed goes on where it was. A letter printed under a number that
somebody else has taken since is printed again with the next one.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from core import audit, clock, jobs
from core.actors import Actor
from core.db import db, transaction
from core.documents import numbering
from core.documents.store import Rendered, render_each
from core.documents.store import issue as put_on_record
from core.errors import Conflict
from core.hookspecs import JobKind
from core.jobs.models import Job
from core.scoring.models import FrozenRun
from core.scoring.values.fact import Row
from plugins.circulars import queries
from plugins.circulars.issuing import in_turn, mark_issued
from plugins.circulars.models import CircularDraft, CircularLetter
from plugins.circulars.signing import Paper, addressees, mark_replaced, paper, put_out_of_force, ready
from plugins.circulars.sources import circular, current_run, pack_by_ref
from plugins.circulars.texts import texts_of

TRIES = 5
KIND = "circulars.letters"
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Sheet:
    """A letter to be printed: to whom, as what, and the mark of its contents."""

    row: Row
    paper: Paper
    stamp: str


def start(actor: Actor, circular_id: int, version: int) -> Job:
    """Sign a submitted batch: it is printed and issued in the background."""
    with transaction():
        found = ready(actor, circular_id, version)
        args = {"circular": found.id, "version": found.version}
        return jobs.start(
            actor, KIND, f"印发{found.period_title}{found.kind_title}", args, office_id=found.office_id,
            key=str(found.id),
        )  # fmt: skip


def under_way(found: CircularDraft) -> Job | None:
    """The job that prints a batch just now."""
    return jobs.open_job(KIND, str(found.id), found.office_id) if found.form == "letters" else None


def run(task: jobs.Task) -> jobs.Result:
    """The job: print and issue what was signed. Killed after the last step, it finds all done."""
    found = queries.one(task.who, task.args["circular"])
    if found.state == "issued" and found.issued_by_id == task.who.id:
        count = len(found.letters)
    else:
        count = issue(
            task.who, found.id, task.args["version"], lambda done, of: task.progress(done, of, "正在印制")
        )
    return jobs.Result(url=f"/circulars/{found.id}", message=f"{count} 份函件已全部印发")


JOBS = (JobKind(KIND, "印发成批函件", run, "circular.issue"),)


def _no_one(_done: int, _of: int) -> None:
    """Nobody wants to know."""


def issue(actor: Actor, circular_id: int, version: int | None = None, told: Told = _no_one) -> int:
    """Print all letters of a submitted batch and issue them together; returns how many. `told` hears how far it is."""
    found = ready(actor, circular_id, version)
    with in_turn(found):
        return _issue(actor, circular_id, version, told)


def _issue(actor: Actor, circular_id: int, version: int | None, told: Told) -> int:
    for _ in range(TRIES):
        found = ready(actor, circular_id, version)
        run_ = current_run(found)
        sheets = _sheets(found, run_)
        _print(found, run_, sheets, told)
        try:
            _put(actor, circular_id, found.version, run_, sheets)
            return len(sheets)
        except Conflict:
            if numbering.upcoming(found.office_id, sheets[0].paper.series) == sheets[0].paper.count:
                raise
    raise Conflict("编号连续被别人使用，本次没有印发", advice="请稍后再试")


def _print(found: CircularDraft, run_: FrozenRun, sheets: Sequence[Sheet], told: Told) -> None:
    """Print those that are not printed yet."""
    kept = {letter.unit_id: (letter.printed or {}).get("stamp") for letter in found.letters}
    waiting = [sheet for sheet in sheets if kept.get(int(sheet.row.unit)) != sheet.stamp]
    files = pack_by_ref(run_.pack_ref).document(sheets[0].paper.made.kind.document).files
    before = len(sheets) - len(waiting)
    told(before, len(sheets))
    printed = render_each(files, [sheet.paper.values for sheet in waiting])
    for n, (sheet, rendered) in enumerate(zip(waiting, printed, strict=True), 1):
        _keep(found, sheet, rendered)
        told(before + n, len(sheets))


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
