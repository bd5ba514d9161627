"""The seeded office at work: its texts are indexed, issues published, one is being composed, leaders have spoken.

All of it goes through the product's services.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select

from core import clock
from core.accounts.models import User
from core.accounts.sessions import actor_of
from core.actors import Actor
from core.db import db
from core.errors import YaoqingError
from core.search import rebuilding
from core.submissions.models import Submission
from plugins.instructions import services as instructions
from plugins.instructions.resolving import NewInstruction
from plugins.journal import publishing, signing
from plugins.journal import services as journals

JOURNAL, COLUMN, GENRES = "zwyq", "progress", ("work_news", "brief")
# An issue of eight items has about twelve pages.
ISSUES, ITEMS = 40, 8
INSTRUCTIONS = 300
LEADERS = ("赵志远", "钱永宁", "孙立新")
REMARKS = ("请有关部门阅研，提出办理意见。", "做法很好，可在全市推广。", "所反映的问题要认真核实，限期整改。")


def work(say: Callable[[str], None]) -> None:
    """What the seeded people have done so far. Pages of what the pack does not provide for are left out."""
    say("正在建立全文索引……")
    list(rebuilding.rebuild())
    say("正在编发刊物、登记批示……")
    for do in (_compile, _instruct):
        try:
            do()
        except YaoqingError as error:
            say(f"规则包不合用，有的页面不测：{error}")


def _compile() -> None:
    """One draft on the desk, and published issues behind it."""
    editor, issuer = _actor("editor1"), _actor("issuer1")
    waiting = select(Submission.id).where(
        Submission.state.in_(("received", "editing")), Submission.genre.in_(GENRES)
    )
    ids = db.session.scalars(waiting.order_by(Submission.id)).all()
    if not (size := min(ITEMS, len(ids) // 2)):
        return
    # Half of what waits stays a candidate.
    for number in range(max(min(ISSUES, len(ids) // 2 // size - 1), 1)):
        issue_id = _draft(editor, ids[number * size : (number + 1) * size])
        signing.send_for_signature(editor, issue_id)
        publishing.publish(issuer, issue_id)
    _draft(editor, ids[-size:])


def _draft(editor: Actor, items: Sequence[int]) -> int:
    issue_id = journals.create_issue(editor, JOURNAL).id
    for number in items:
        journals.add_item(editor, issue_id, number, COLUMN)
    return issue_id


def _instruct() -> None:
    """Leaders' words on adopted items of all years."""
    editor, today = _actor("editor1"), clock.today()
    words = instructions.words_of(editor.office_id, today)
    adopted = db.session.scalars(select(Submission).where(Submission.state == "adopted")).all()
    for number, item in enumerate(adopted[:: len(adopted) // INSTRUCTIONS + 1]):
        received = clock.local(item.sort_at).date()
        instructions.record(
            editor,
            NewInstruction(
                item.id, words.classes[number % len(words.classes)].id, words.kinds[0].id,
                min(received + timedelta(days=3), today), REMARKS[number % 3], leader_name=LEADERS[number % 3],
            ),
        )  # fmt: skip


def _actor(login: str) -> Actor:
    return actor_of(db.session.scalars(select(User).where(User.login == login)).one())
