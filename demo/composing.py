"""What the desk makes of several items, and of one: a composite, and an item split into two."""

from collections.abc import Sequence

from sqlalchemy import select

from core.actors import Actor
from core.db import db
from core.submissions import text
from core.submissions.models import Submission
from demo.people import Cast
from plugins.composites import services, splitting
from plugins.composites.services import Chosen, Wanted
from plugins.composites.splitting import Piece
from plugins.instructions.models import Instruction

# The oldest items that wait: the newest are left for the visitor.
TAKEN = 3


def show(cast: Cast) -> None:
    """Two items of different units become one under a common title; a third, too long, becomes two."""
    editor = cast.by_role["editor"][0]
    # What has an instruction stays as it is: the instruction was given on that item.
    instructed = select(Instruction.submission_id).where(Instruction.submission_id.is_not(None))
    waiting = select(Submission).where(Submission.state == "received", Submission.id.not_in(instructed))
    items = list(db.session.scalars(waiting.order_by(Submission.received_at).limit(TAKEN)))
    if len(items) < TAKEN:
        return
    long = max(items, key=lambda item: len(item.body))
    _split(editor, long)
    _merge(editor, [item for item in items if item is not long])


def _merge(editor: Actor, items: Sequence[Submission]) -> None:
    """The first paragraph of each under its own title, as such round-ups are written."""
    parts = []
    for numeral, item in zip("一二三", items, strict=False):
        parts += [f"{numeral}、{item.title}", text.to_plain(item.body).split("\n\n")[0]]
    chosen = [Chosen(item.id, item.version, "main" if item is items[0] else "part") for item in items]
    services.merge(editor, Wanted(chosen, "基层工作动态两则", text.from_plain("\n\n".join(parts))))


def _split(editor: Actor, item: Submission) -> None:
    half = (len(item.body) + 1) // 2
    pieces = [
        Piece(f"{item.title}（{part}）", body, item.genre)
        for part, body in (("上", item.body[:half]), ("下", item.body[half:]))
    ]
    splitting.split(editor, item.id, item.version, pieces)
