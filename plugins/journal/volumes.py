"""Volumes (年度汇编): the issues of a year or of some of its months, bound in one file with contents and an index by unit.

Made in the background from the pages as they were printed. Which issues are bound is kept with the volume, so that a
withdrawal, a correction or a further issue shows that it is out of date.
"""

import threading
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import get_args

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import joinedload, selectinload

from core import audit, clock, jobs
from core.accounts.models import Office, Unit
from core.actors import Actor
from core.db import db, transaction
from core.documents.making import Making
from core.documents.rendering.drawing import drawn_by
from core.documents.rendering.preview import page_count
from core.documents.rendering.volumes import volume as bind
from core.documents.store import fonts, renderer
from core.documents.word.binding import volume_docx
from core.errors import Conflict, NotFound, RenderError
from core.files import store
from core.hookspecs import JobKind
from core.jobs.models import Job
from core.permissions import Place, reach, require
from core.submissions.models import Contributor
from plugins.journal import binding, outdating
from plugins.journal.binding import Bound, Cover, Entry
from plugins.journal.circles import visible as visible_issues
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.schema import Secrecy
from plugins.journal.spans import FIRST, LAST, Span, checked
from plugins.journal.volume_models import JournalVolume

KIND = "journal.volume"
# The marks from the lowest to the highest: none, and those a pack may name (保守国家秘密法 第十四条).
SECRECY = ("", *get_args(Secrecy))
# How often a job looks how far its chapters are, in seconds.
LOOK = 0.5


def visible(actor: Actor) -> ColumnElement[bool]:
    """The volumes an actor may read: readers those that hold nothing restricted, the desk all."""
    readers, desk = reach(actor, "journal.read"), reach(actor, "journal.draft")
    parts = []
    if readers:
        parts.append(and_(readers.where(JournalVolume.office_id), JournalVolume.restricted.is_(False)))
    if desk:
        parts.append(desk.where(JournalVolume.office_id))
    return or_(*parts) if parts else false()


def listing(actor: Actor) -> Select[tuple[JournalVolume]]:
    """The volumes an actor may read, newest first."""
    query = select(JournalVolume).where(visible(actor)).options(joinedload(JournalVolume.made_by))
    return query.order_by(JournalVolume.id.desc())


def one(actor: Actor, volume_id: int) -> JournalVolume:
    """A volume the actor may read. Raises NotFound."""
    found = db.session.scalar(select(JournalVolume).where(JournalVolume.id == volume_id, visible(actor)))
    if not found:
        raise NotFound("没有这本汇编，或您无权查看", advice="请返回列表重新选择")
    return found


def start(actor: Actor, journal: str, year: int, since: int = FIRST, until: int = LAST) -> Job:
    """Bind the issues of a year, or of some months of it, in the background.

    Raises Conflict when there are none, InvalidInput for months that are none.
    """
    require(actor, "journal.compile", Place(actor.office_id, owner_id=actor.id))
    span = checked(Span(year, since, until))
    issues = _issues(actor, journal, span)
    if not issues:
        raise _nothing(span)
    title = f"编印{issues[0].title}{span.text}汇编"
    args = {"journal": journal, "year": year, "since": since, "until": until}
    key = f"{journal}:{year}" if span.is_whole else f"{journal}:{year}:{since}-{until}"
    return jobs.start(actor, KIND, title, args, office_id=actor.office_id, key=key)


def _nothing(span: Span) -> Conflict:
    advice = "请换一个年度" if span.is_whole else "请换一个年度或起止月份"
    return Conflict(
        f"{span.text}没有可以编入汇编的刊物", reason="只编入已签发、现行有效的各期", advice=advice
    )


def run(task: jobs.Task) -> jobs.Result:
    """The job. Killed, it is done anew: nothing is kept before the file is finished, and nothing bound twice."""
    actor, journal = task.who, task.args["journal"]
    # Those begun before months could be chosen say none.
    span = Span(task.args["year"], task.args.get("since", FIRST), task.args.get("until", LAST))
    issues = _issues(actor, journal, span)
    if not issues:
        raise _nothing(span)
    if made := _kept_by(task.job_id):
        return _told(made)
    pdf, docx = _bound(task, _cover(issues, span), [_of_issue(issue) for issue in issues])
    with transaction():
        # A worker that was thought dead may still be at it, and whoever took over as well: the first to come keeps it.
        audit.in_turn()
        if made := _kept_by(task.job_id):
            return _told(made)
        made = JournalVolume(
            office_id=issues[0].office_id, journal=journal, title=issues[0].title, year=span.year,
            since=span.since, until=span.until,
            issues=[issue.id for issue in issues], items=sum(len(issue.items) for issue in issues),
            classification=_classification(issues), restricted=any(issue.restricted for issue in issues),
            pages=page_count(pdf), size=len(pdf), pdf_sha256=store().put(pdf), docx_sha256=store().put(docx),
            made_by_id=actor.id, made_at=clock.now(), job_id=task.job_id,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        audit.note(actor, "编印汇编", made, office_id=made.office_id, issues=len(issues), pages=made.pages)
    return _told(made)


def _kept_by(job_id: int) -> JournalVolume | None:
    """What the job has kept: it was killed before it could say so, or two workers were at it."""
    return db.session.scalar(select(JournalVolume).where(JournalVolume.job_id == job_id))


def _told(made: JournalVolume) -> jobs.Result:
    return jobs.Result(url="/journals/volumes", message=f"{made.label}已编印，共 {made.pages} 页")


FORMATS = Making(
    "journal.volume_format",
    "转换汇编格式",
    "journal.read",
    one,
    "/journals/volumes/{document}/formats/{format}",
)
JOBS = (JobKind(KIND, "编印年度汇编", run, "journal.compile"), FORMATS.job)


def discard(actor: Actor, volume_id: int) -> None:
    """Take a volume away; the issues stay as they are. Its file is named nowhere then, and will be swept."""
    with transaction():
        found = one(actor, volume_id)
        require(actor, "journal.compile", Place(found.office_id, owner_id=found.made_by_id))
        audit.note(actor, "删除汇编", found, office_id=found.office_id, issues=len(found.issues))
        db.session.delete(found)


def _issues(actor: Actor, journal: str, span: Span) -> list[JournalIssue]:
    query = (
        select(JournalIssue)
        .where(
            visible_issues(actor),
            JournalIssue.office_id == actor.office_id,
            *outdating.wanted(journal, span.year),
        )
        .options(
            joinedload(JournalIssue.document),
            selectinload(JournalIssue.items).joinedload(JournalItem.submission),
        )
    )
    found = [issue for issue in db.session.scalars(query) if outdating.belongs(issue, span)]
    return sorted(found, key=lambda issue: (_number(issue), issue.id))


def _number(issue: JournalIssue) -> int:
    """A correction has no number of its own: it stands where the issue stood that it corrects."""
    while issue.number is None and issue.corrects:
        issue = issue.corrects
    return issue.number or 0


def _cover(issues: Sequence[JournalIssue], span: Span) -> Cover:
    office = db.session.get_one(Office, issues[0].office_id)
    units = select(Unit).where(Unit.office_id == office.id).order_by(Unit.sort_no, Unit.id)
    names = [unit.short for unit in db.session.scalars(units)]
    return Cover(
        issues[0].title, span.year, office.name, _classification(issues), names, span.since, span.until
    )


def _classification(issues: Sequence[JournalIssue]) -> str:
    """The highest mark of the issues, with its longest term."""
    return max(
        issues, key=lambda issue: (SECRECY.index(issue.secrecy), issue.secrecy_years or 0)
    ).classification


def _of_issue(issue: JournalIssue) -> Bound:
    html = store().get(issue.document.html_sha256).decode()
    units = _units([item.submission_id for item in issue.items])
    entries = [
        Entry(item.title.replace("\n", ""), units.get(item.submission_id, ()), item.withdrawn_at is not None)
        for item in issue.items
    ]
    return Bound(issue.label, issue.dated, html, entries)


def _units(submission_ids: Collection[int]) -> dict[int, list[str]]:
    """The units of items by their short names: the main one first."""
    query = (
        select(Contributor.submission_id, Unit)
        .join(Unit, Unit.id == Contributor.unit_id)
        .where(Contributor.submission_id.in_(submission_ids))
        .order_by(Contributor.submission_id, Contributor.position)
    )
    found: dict[int, list[str]] = {}
    for submission_id, unit in db.session.execute(query):
        found.setdefault(submission_id, []).append(unit.short)
    return found


def _bound(task: jobs.Task, cover: Cover, issues: Sequence[Bound]) -> tuple[bytes, bytes]:
    """The PDF and the Word file."""
    front = binding.Front(cover, issues, fonts())
    pdf = _laid_out(task, front)

    def told(number: int) -> None:
        task.progress(number, len(issues), "正在生成 Word 文件")

    chapters, dated = list(binding.chapters(issues)), max(issue.dated for issue in issues)
    return pdf, volume_docx(front.html, chapters, front.laid, dated, drawn_by(renderer()), told)


def _laid_out(task: jobs.Task, front: binding.Front) -> bytes:
    """The PDF. The chapters are laid out in threads; this one says how far they are, and stops them when told to."""
    stopped, heard, total = threading.Event(), [0], len(front.issues)

    def hear(done: int) -> None:
        heard[0] = done
        if stopped.is_set():
            raise RenderError("汇编已停止编印")

    with ThreadPoolExecutor(1, "binding") as pool:
        made = pool.submit(bind, renderer(), binding.chapters(front.issues), front, hear)
        try:
            while not made.done():
                task.progress(heard[0], total, "正在装订" if heard[0] == total else "正在逐期排版")
                wait_for([made], timeout=LOOK)
        except BaseException:
            stopped.set()
            raise
        return made.result()
