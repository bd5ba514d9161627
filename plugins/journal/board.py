"""The composing board: place an item, move it, take it out, keep it for the next issue.

A change says where a thing goes ("after this item, in that column") and works on the issue as it is now, so that
two editors need not take turns. Only what truly contradicts is refused, with both states: `seen` is the number of
the last change the person had on the page; somebody else has since put the same item elsewhere.
See docs/decisions/0020-merging-on-the-board.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.permissions import require
from core.submissions import queries as submissions
from core.submissions.models import Submission
from core.submissions.services import compile_move
from core.submissions.workflow import MOVES
from plugins.journal import guards, past, queries, steps
from plugins.journal.board_models import JournalCarried
from plugins.journal.checks import unfit
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.schema import JournalColumn
from plugins.journal.steps import Change

OPTIONS = ("print_title", "print_source", "note")


@dataclass(frozen=True)
class Spot:
    """A place in a column: after one item, else before another, else at the end. Items are named by their ids."""

    column: str
    after: int = 0
    before: int = 0


def place(actor: Actor, issue_id: int, submission_id: int, spot: Spot) -> JournalItem:
    """Put an item into a draft; it becomes 已入选. Placing what stands in the same column already changes nothing."""
    with transaction():
        issue = guards.open_draft(actor, issue_id)
        submission = submissions.one(actor, submission_id)
        if submission.office_id != issue.office_id:
            raise NotFound("没有这条信息，或您无权查看", advice="请返回列表重新选择")
        if there := next((one for one in issue.items if one.submission_id == submission_id), None):
            return _there_already(issue, there, spot)
        column = guards.column_of(issue, spot.column)
        fit(column, submission)
        reprint = bool(column.reprint) and submission.state == "adopted"
        for elsewhere in queries.in_open_issues(submission_id):
            raise Conflict(f"这条信息已放入{elsewhere.issue.label}", advice="如需调整，请先从那一期移出")
        was = submission.state
        if reprint:
            require(actor, MOVES["select"].permission, submission.main_place())
        else:
            compile_move(actor, submission, "select")
        item = put_in(actor, issue, submission, spot, reprint=reprint)
        change = Change(
            "place",
            f"放入“{column.title}”：{submission.title}",
            before={"state": was},
            after={"item": item.id, **where(issue, item)},
        )
        steps.note(actor, issue, change, submission, item)
        _forget_carried(issue, submission)
        db.session.flush()
        audit.note(
            actor,
            "放入刊物",
            submission,
            office_id=issue.office_id,
            issue=issue.id,
            journal=issue.label,
            column=column.title,
        )
    return item


def move(actor: Actor, issue_id: int, item_id: int, spot: Spot, seen: int | None = None) -> JournalItem:
    """Put an item of a draft elsewhere."""
    with transaction():
        issue = guards.open_draft(actor, issue_id)
        item = _here(issue, item_id)
        column = guards.column_of(issue, spot.column)
        if spot.column != item.column:
            fit(column, item.submission)
            if item.reprint and not item.replaces_id and not column.reprint:
                raise InvalidInput(f"“{column.title}”不收已刊发过的信息", where="栏目", advice="请换一个栏目")
        before, order = where(issue, item), arranged(issue, item, spot)
        if item.column == spot.column and order == list(issue.items):
            return item
        _not_contradicting(actor, issue, item, seen, f"您要移到“{column.title}”")
        item.column, item.column_title = spot.column, column.title
        renumber(issue, order)
        words = (
            f"移到“{column.title}”" if before["column"] != spot.column else f"在“{column.title}”中调整次序"
        )
        change = Change("move", f"{words}：{item.submission.title}", before, where(issue, item))
        steps.note(actor, issue, change, item.submission, item)
        audit.note(
            actor, "调整刊物条目", item.submission, office_id=issue.office_id,
            issue=issue.id, journal=issue.label, column=column.title,
        )  # fmt: skip
    return item


def step(actor: Actor, issue_id: int, item_id: int, direction: int) -> JournalItem:
    """Move an item up (-1) or down (1) within its column; at the end nothing moves."""
    with transaction():
        issue = guards.open_draft(actor, issue_id)
        item = _here(issue, item_id)
        own = [one.id for one in issue.items if one.column == item.column]
        here = own.index(item.id)
        if direction < 0 and here:
            return move(actor, issue_id, item_id, Spot(item.column, before=own[here - 1]))
        if direction > 0 and here + 1 < len(own):
            return move(actor, issue_id, item_id, Spot(item.column, after=own[here + 1]))
    return item


def take_out(
    actor: Actor, issue_id: int, item_id: int, seen: int | None = None, *, carry: bool = False
) -> None:
    """Take an item out of a draft, back to the editors; `carry` keeps it for the next issue of the journal.

    What somebody else has taken out already is out: nothing to refuse.
    """
    with transaction():
        issue = guards.open_draft(actor, issue_id)
        item = next((one for one in issue.items if one.id == item_id), None)
        if not item:
            if not steps.was_here(issue, item_id):
                guards.item_of(issue, item_id)
            return
        _not_contradicting(actor, issue, item, seen, "您要移出这一条")
        submission, before = item.submission, {**where(issue, item), **options(item), **_own(item)}
        words = "留待下期" if carry else "移出"
        change = Change("carry" if carry else "take_out", f"{words}：{submission.title}", before)
        leave(actor, issue, item)
        if carry:
            _carry(actor, issue, submission, str(before["column"]))
        steps.note(actor, issue, change, submission)


def edit(
    actor: Actor, issue_id: int, item_id: int, given: dict[str, str], was: dict[str, str]
) -> JournalItem:
    """Change how an item is printed. `was` is what the person had before them, field by field."""
    with transaction():
        issue = guards.open_draft(actor, issue_id)
        item = _here(issue, item_id)
        now = options(item)
        if "note" in given:
            journal = queries.journal_for(issue, clock.today())
            given = {**given, "note": journal.editor_note.bare(given["note"])}
        changed = steps.merged(now, given, was, TITLES)
        if not changed:
            return item
        for key, value in changed.items():
            setattr(item, key, value)
        change = Change(
            "edit", f"修改印法：{item.submission.title}", {key: now[key] for key in changed}, dict(changed)
        )
        steps.note(actor, issue, change, item.submission)
        audit.note(
            actor,
            "修改刊物条目印法",
            item.submission,
            office_id=issue.office_id,
            issue=issue.id,
            journal=issue.label,
            **changed,
        )
    return item


TITLES = {"print_title": "标题", "print_source": "来源", "note": "编者按"}


def fit(column: JournalColumn, submission: Submission) -> None:
    """Refuse an item the pack keeps out of a column."""
    taken: frozenset[str] = frozenset()
    if column.taken_by:
        found = past.taken(submission.office_id, [submission.id], clock.today())
        taken = found.get(submission.id, frozenset())
    if why := unfit(column, submission.genre, submission.unit.kind, taken):
        raise guards.not_taken(column, submission, why)


def put_in(
    actor: Actor, issue: JournalIssue, submission: Submission, spot: Spot, *, reprint: bool, **given: Any
) -> JournalItem:
    """A new item at a spot, numbered through with the others."""
    item = JournalItem(
        submission=submission, column=spot.column, column_title=guards.column_title(issue, spot.column),
        position=len(issue.items) + 1, reprint=reprint, **given,
    )  # fmt: skip
    issue.items.append(item)
    renumber(issue, arranged(issue, item, spot))
    db.session.flush()
    guards.changed(actor, issue)
    return item


def leave(actor: Actor, issue: JournalIssue, item: JournalItem, *, untaken: bool = False) -> None:
    """Take an item out; its submission goes back to the editors, `untaken` to where nobody has it in hand."""
    if item.submission.state == "selected" and not item.reprint:
        compile_move(actor, item.submission, "deselect_untaken" if untaken else "deselect")
    audit.note(
        actor, "移出刊物", item.submission, office_id=issue.office_id, issue=issue.id, journal=issue.label
    )
    issue.items.remove(item)
    renumber(issue, list(issue.items))


def arranged(issue: JournalIssue, item: JournalItem, spot: Spot) -> list[JournalItem]:
    """The items in order with one of them at a spot. A neighbour that has left the column is not waited for."""
    order = [one for one in issue.items if one is not item]
    own = {one.id: n for n, one in enumerate(order) if one.column == spot.column}
    if spot.after in own:
        return [*order[: own[spot.after] + 1], item, *order[own[spot.after] + 1 :]]
    if spot.before in own:
        return [*order[: own[spot.before]], item, *order[own[spot.before] :]]
    return [*order, item]


def renumber(issue: JournalIssue, order: list[JournalItem]) -> None:
    """Give the items their positions, and the list its order."""
    for position, one in enumerate(order, 1):
        one.position = position
    issue.items.sort(key=lambda one: one.position)


def where(issue: JournalIssue, item: JournalItem) -> dict[str, Any]:
    """Where an item stands: its column, and its neighbours there by their submissions, which outlive their places."""
    own = [one.submission_id for one in issue.items if one.column == item.column]
    here = own.index(item.submission_id)
    return {
        "column": item.column,
        "after": own[here - 1] if here else 0,
        "before": own[here + 1] if here + 1 < len(own) else 0,
    }


def spot_of(issue: JournalIssue, before: Mapping[str, Any]) -> Spot:
    """The spot that `where` has described, among the items as they are now."""
    items = {one.submission_id: one.id for one in issue.items}
    return Spot(before["column"], items.get(before["after"], 0), items.get(before["before"], 0))


def options(item: JournalItem) -> dict[str, str]:
    """How an item is printed, as far as an editor may say."""
    return {key: getattr(item, key) for key in OPTIONS}


def _here(issue: JournalIssue, item_id: int) -> JournalItem:
    """An item of the issue. Raises Conflict, saying who did it, when it was taken out meanwhile; else NotFound."""
    out = None
    if all(item.id != item_id for item in issue.items):
        out = steps.taken_out(issue, item_id)
    if out:
        title, later = out.words.partition("：")[2], "，留待下期" if out.kind == "carry" else ""
        raise Conflict(
            f"《{title}》已由{out.by.name}移出这一期{later}",
            reason="您的这一步没有办理",
            advice="仍要刊登的，请从备选信息重新放入",
        )
    return guards.item_of(issue, item_id)


def _own(item: JournalItem) -> dict[str, Any]:
    """What an item of a correction has besides: whose place it takes, and its own text."""
    return {"replaces_id": item.replaces_id, "body": item.body} if item.replaces_id else {}


def _there_already(issue: JournalIssue, item: JournalItem, spot: Spot) -> JournalItem:
    if item.column == spot.column:
        return item
    wanted, now = (guards.column_title(issue, name) for name in (spot.column, item.column))
    by = steps.placer(issue, item)
    raise Conflict(
        f"《{item.submission.title}》已在这一期的“{now}”",
        reason=f"您要放入“{wanted}”；{by.words if by else '已由他人放入'}",
        advice="如需调整，请在本期栏目中移动",
    )


def _not_contradicting(
    actor: Actor, issue: JournalIssue, item: JournalItem, seen: int | None, yours: str
) -> None:
    """Refuse to move what somebody else has moved since this person looked."""
    if seen is None or item.placed <= seen:
        return
    last = steps.placer(issue, item)
    if last and last.by_id != actor.id:
        raise Conflict(
            f"《{item.submission.title}》刚刚被{last.by.name}移动过，没有改动",
            reason=f"{yours}；{last.by.name}于 {clock.local(last.at):%H:%M} 把它{last.words.partition('：')[0]}",
            advice="页面已是最新内容，如仍需调整请再移动一次",
        )


def _carry(actor: Actor, issue: JournalIssue, submission: Submission, column: str) -> None:
    if queries.journal_for(issue, clock.today()).carry_over == "none":
        raise InvalidInput("这一刊物不留稿到下期", advice="请改用“移出”")
    _forget_carried(issue, submission)
    db.session.flush()
    kept = JournalCarried(
        office_id=issue.office_id, journal=issue.journal_id, submission=submission, column=column,
        by_id=actor.id, at=clock.now(),
    )  # fmt: skip
    db.session.add(kept)


def _forget_carried(issue: JournalIssue, submission: Submission) -> None:
    for kept in queries.carried(issue.office_id, issue.journal_id):
        if kept.submission_id == submission.id:
            db.session.delete(kept)
