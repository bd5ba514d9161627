"""Publishing an issue: number, PDF, frozen text, facts and states, all or nothing; proofs; withdrawal.

In its turn a publisher looks at the upcoming numbers, renders the PDF outside any transaction, and in one transaction
takes exactly those numbers and writes everything. Whoever was overtaken all the same renders under the next number.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import audit, clock, facts
from core.actors import Actor
from core.db import db, transaction
from core.documents import store
from core.documents.checks import Check
from core.documents.templating.sandbox import render_html
from core.documents.turns import turn
from core.errors import Conflict, InvalidInput, NotFound
from core.packs import services as packs
from core.permissions import require
from core.submissions.services import compile_move
from core.submissions.text import clean_line
from plugins.journal import contents, counting, deliveries, queries, replacing
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.schema import Journal
from plugins.journal.signing import PLAIN, Signature, signable, signed
from plugins.journal.values import Numbers, day_of, numbers_of, print_values

KIND = "journal_issue"
ATTEMPTS = 5
PROOFS_KEPT = 6


class _Overtaken(Exception):
    """Somebody else took the number while the pages were being rendered."""


@dataclass(frozen=True)
class _Plan:
    """What is about to be published: rendered first, then written exactly like this or not at all."""

    issue_id: int
    version: int
    day: date
    journal: Journal
    pack_ref: str
    numbers: Numbers
    files: dict[str, str]
    values: dict[str, Any]
    signature: Signature
    check: Check


def publish(
    actor: Actor, issue_id: int, version: int | None = None, signature: Signature = PLAIN
) -> JournalIssue:
    """Sign and publish an issue. The issuer is somebody else than its composers, unless it is forced."""
    issue = signable(actor, issue_id, version, signature)
    version = issue.version
    with turn(issue.office_id, f"journal:{issue.journal}"):
        for _ in range(ATTEMPTS):
            plan = _plan(actor, issue_id, version, signature)
            rendered = store.render(plan.files, plan.values, word_dated=plan.day)
            try:
                return _write(actor, plan, rendered)
            except _Overtaken:
                continue
    raise Conflict("签发的人较多，编号接连被占用，这一期没有签发", advice="请稍后再试")


def proof_html(actor: Actor, issue_id: int) -> str:
    """The pages as they would be printed today, marked as a proof."""
    issue = queries.issue(actor, issue_id)
    require(actor, "journal.draft", issue)
    if issue.state == "published":
        raise Conflict("这一期已经签发，不再有校样", advice="请查看正式 PDF")
    if not issue.items:
        raise InvalidInput("还没有放入信息，无法排出校样", advice="请先放入信息")
    day = day_of(issue, clock.today())
    journal, files, _ = _format(issue, day)
    values = print_values(issue, journal, numbers_of(issue, journal, day), day, proof=True)
    return render_html(store.TEMPLATE, files, store.checked(values, None), store.fonts())


@lru_cache(maxsize=PROOFS_KEPT)
def proof_pdf(html: str) -> bytes:
    """The proof as PDF. The pictures of its pages ask for it one by one, so the last ones stay in memory."""
    return store.renderer().pdf(html)


def withdraw_adoption(actor: Actor, item_id: int, reason: str) -> JournalItem:
    """Take back the adoption of an item of a published issue: the fact is reversed, the printed PDF stays."""
    with transaction():
        found = db.session.scalar(select(JournalItem).where(JournalItem.id == item_id))
        if not found:
            raise NotFound("没有这个条目", advice="请返回刊物页面重新选择")
        issue = queries.issue(actor, found.issue_id)
        require(actor, "journal.publish", issue)
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("撤销采用须说明理由", where="理由", advice="请填写后再提交")
        if issue.state != "published" or found.withdrawn_at:
            raise Conflict("这一条现在不能撤销采用", advice="请刷新页面查看最新状态")
        if found.fact_id:
            facts.withdraw(actor, db.session.get_one(facts.Fact, found.fact_id), reason)
        if not found.reprint:
            compile_move(actor, found.submission, "cancel_adoption", reason)
        found.withdrawn_at, found.withdrawn_by_id, found.withdrawn_reason = clock.now(), actor.id, reason
        audit.note(
            actor,
            "撤销采用",
            found.submission,
            office_id=issue.office_id,
            issue=issue.id,
            journal=issue.label,
            reason=reason,
        )
    return found


def _plan(actor: Actor, issue_id: int, version: int | None, signature: Signature) -> _Plan:
    issue = signable(actor, issue_id, version, signature)
    day = day_of(issue, clock.today())
    journal, files, ref = _format(issue, day)
    if blocking := [r.text for r in contents.remarks(issue, journal) if r.blocking]:
        raise Conflict("这一期不能签发", reason="；".join(blocking), advice="请退回编辑调整")
    numbers = numbers_of(issue, journal, day)
    values = print_values(issue, journal, numbers, day, proof=False)
    code = store.check(issue.office_id, KIND, f"{issue.journal}:{numbers.year}:{numbers.number}", values)
    values = store.checked(values, code)
    return _Plan(issue.id, issue.version, day, journal, ref, numbers, files, values, signature, code)


def _format(issue: JournalIssue, day: date) -> tuple[Journal, dict[str, str], str]:
    """The journal and its print format by the pack in force that day."""
    version = packs.in_force(issue.office_id, day)
    journal = queries.journal_for(issue, day)
    return journal, dict(packs.load(version).document(journal.document).files), version.ref


def _write(actor: Actor, plan: _Plan, rendered: store.Rendered) -> JournalIssue:
    """Everything a publication writes, in one transaction."""
    with transaction():
        issue = signable(actor, plan.issue_id, plan.version, plan.signature)
        try:
            plan.numbers.take(issue.office_id)
        except (Conflict, IntegrityError) as error:
            raise _Overtaken from error
        _freeze(issue, plan)
        issue.state, issue.published_by_id, issue.published_at = "published", actor.id, clock.now()
        issue.document = store.issue(actor, _document(issue, plan.check), rendered)
        for item in issue.items:
            if _counts(item, plan.journal):
                item.fact_id = facts.record(actor, counting.adoption(issue, item)).id
            if not item.reprint:
                compile_move(actor, item.submission, "adopt")
        deliveries.deliver(actor, issue, plan.journal)
        if issue.corrects:
            replacing.replace(actor, issue, issue.corrects)
        signed(actor, issue, plan.signature)
        db.session.flush()
        audit.note(actor, "签发刊物", issue, office_id=issue.office_id, sha256=rendered.pdf_sha256)
    return issue


def _counts(item: JournalItem, journal: Journal) -> bool:
    """Whether printing an item is recorded: always the first time, again only where the pack says so.

    What a correction prints in place of an item is recorded when it replaces the issue.
    """
    if item.replaces_id:
        return False
    column = journal.column(item.column)
    return not item.reprint or bool(column and column.reprint and column.reprint.fact)


def _freeze(issue: JournalIssue, plan: _Plan) -> None:
    """Keep numbers, columns and texts as printed. Items are numbered through in the order of the pages."""
    for item, one in [(item, contents.printed(item)) for item in issue.items]:
        item.title, item.source, item.body = one.title, one.source, one.body
    position = 0
    for part in contents.filled(issue, plan.journal):
        for item in part.items:
            position += 1
            item.position, item.column_title = position, part.column.title
            item.outlet = part.column.outlet or plan.journal.outlet
    numbers = plan.numbers
    issue.title, issue.dated, issue.pack_ref = plan.journal.title, plan.day, plan.pack_ref
    issue.year, issue.number, issue.total = numbers.year, *numbers.used
    issue.number_text, issue.total_text = numbers.number_text, numbers.total_text


def _document(issue: JournalIssue, check: Check) -> store.NewDocument:
    assert issue.dated  # frozen a moment ago
    return store.NewDocument(
        office_id=issue.office_id, kind=KIND, kind_title="刊物", source=f"issue:{issue.id}", title=issue.label,
        number=issue.total_text, dated=issue.dated, pack_ref=issue.pack_ref, read_permission="journal.read",
        check_code=check.code, content_sha256=check.content_sha256,
    )  # fmt: skip
