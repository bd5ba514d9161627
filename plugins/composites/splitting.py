"""Split an item that holds several matters into parts, and undo it.

The item stays as it was sent and keeps its fact of having been submitted, so that it counts once; each part is an
item of its own for everything that happens later, credited to the same units and authors.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput
from core.permissions import require
from core.submissions import services as submissions
from core.submissions import workflow
from core.submissions.models import Submission
from core.submissions.services import Composed
from core.submissions.text import Block
from plugins.composites import guards, queries, telling
from plugins.composites.crediting import as_they_were
from plugins.composites.models import ALL, Link

LEAST, MOST = 2, 20


@dataclass(frozen=True)
class Piece:
    """One part as the editor wrote it."""

    title: str
    body: list[Block]
    genre: str = ""


def split(actor: Actor, submission_id: int, version: int, pieces: Sequence[Piece]) -> list[Submission]:
    """Make one item into several. All or nothing."""
    with transaction():
        original = queries.editable(actor, submission_id)
        guards.same_version(original, version)
        if original.composed:
            raise Conflict(
                "编辑部门编成的信息不能再拆分", advice="请直接修改，或撤销综合、撤销拆分后另行办理"
            )
        guards.free(original, "拆分")
        if not LEAST <= len(pieces) <= MOST:
            raise InvalidInput(f"请拆成 {LEAST} 至 {MOST} 条", where="拆分", advice="请增减后再提交")
        was, editor = original.state, original.editor_id
        found = [_part(actor, original, piece, n) for n, piece in enumerate(pieces, 1)]
        submissions.compile_move(actor, original, "split", f"拆成 {len(found)} 条")
        for position, part in enumerate(found):
            db.session.add(
                Link(
                    kind="split", source=original, target=part, position=position, role="main", was=was,
                    was_editor_id=editor, by_id=actor.id, at=clock.now(),
                )
            )  # fmt: skip
        db.session.flush()
        telling.gone(actor, queries.parts(original.id)[0], f"已拆分为 {len(found)} 条编辑，报送数仍计 1 条")
        numbers = [part.id for part in found]
        audit.note(actor, "拆分信息", original, office_id=original.office_id, parts=numbers)
    return found


def unsplit(actor: Actor, submission_id: int, version: int, reason: str) -> Submission:
    """Undo a split: the parts become void, the item is where it was before."""
    with transaction():
        original = queries.editable(actor, submission_id)
        require(actor, "submission.edit", original)
        guards.same_version(original, version)
        reason = guards.reason_of(reason, "撤销拆分")
        links = queries.parts(original.id)
        if original.state != "split" or not links:
            title = workflow.STATES[original.state].title
            raise Conflict(f"不能撤销拆分：{original.called}现在是“{title}”", advice="请刷新页面查看最新状态")
        for link in links:
            _free_again(link.target)
        for link in links:
            _voided(actor, link, reason)
        submissions.compile_move(
            actor, original, "unsplit" if links[0].was == "editing" else "unsplit_untaken", reason
        )
        editor = guards.editor_of(links[0].was_editor_id)
        original.editor_id = editor.id if editor else None
        telling.back(links, reason)
    return original


def _part(actor: Actor, original: Submission, piece: Piece, number: int) -> Submission:
    try:
        return submissions.compose(
            actor,
            Composed(
                original.office_id, piece.genre or original.genre, piece.title, piece.body, as_they_were(original),
                original.urgency, original.received_at,
            ),
            "由拆分产生",
        )  # fmt: skip
    except InvalidInput as error:
        raise InvalidInput(
            error.message, where=f"第 {number} 条", reason=error.reason, advice=error.advice
        ) from None


def _free_again(part: Submission) -> None:
    where = queries.went_into(part.id)
    if where:
        raise Conflict(f"不能撤销拆分：其中{part}已并入综合稿{where.target}", advice="请先从综合稿移出这一条")
    guards.still_ours(part, "撤销拆分", ("editing", "unused"))


def _voided(actor: Actor, link: Link, reason: str) -> None:
    if link.target.state == "unused":
        submissions.compile_move(actor, link.target, "reconsider")
    submissions.compile_move(actor, link.target, "void", reason)
    link.ended_at, link.ended_by_id, link.ended_why, link.ended_as = clock.now(), actor.id, reason, ALL
