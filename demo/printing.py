"""What the information section puts out in the demo: issues, leaders' instructions, the monthly circular."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from core import clock
from core.db import db
from core.scoring.values.periods import Period
from core.submissions.models import Submission
from demo import handling
from demo.content import Content, Item
from demo.people import Cast
from plugins.circulars import issuing
from plugins.circulars import services as circulars
from plugins.circulars.models import CircularDraft
from plugins.instructions import services as instructions
from plugins.instructions.services import NewInstruction
from plugins.journal import publishing, signing
from plugins.journal import services as journal

Ready = tuple[date, Item, Submission]
JOURNAL = "zwyq"
ITEMS = 7
COLUMNS = {
    "work_news": "progress", "brief": "progress", "experience": "practice", "commissioned": "practice",
    "research": "practice", "problem": "advice", "special": "advice",
}  # fmt: skip
KINDS = {"批示": "note", "批转": "forward", "圈阅": "circulated"}


def print_month(content: Content, cast: Cast, ready: Sequence[Ready]) -> int:
    """Print a month's items in issues of the journal; returns how many. Leaders then write on some of them."""
    done = 0
    for batch in _batches(ready):
        day = min(max(day for day, _, _ in batch) + timedelta(days=1), clock.today())
        editor = cast.by_role["editor"][done % len(cast.by_role["editor"])]
        with clock.stopped_at(clock.moment(day, 8, 30)):
            issue = journal.create_issue(editor, JOURNAL)
            for _, item, submission in batch:
                journal.add_item(editor, issue.id, submission.id, _column(cast, item))
            signing.send_for_signature(editor, issue.id)
        with clock.stopped_at(clock.moment(day, 10)):
            publishing.publish(cast.by_role["issuer"][0], issue.id)
        for _, item, submission in batch:
            _instruct(content, cast, item, submission, min(day + timedelta(days=2), clock.today()))
        done += 1
    return done


def begin_issue(cast: Cast) -> None:
    """Leave an issue on the desk: begun, not yet sent for signature."""
    editor = cast.by_role["editor"][0]
    waiting = select(Submission).where(Submission.state == "editing").order_by(Submission.id.desc()).limit(2)
    issue = journal.create_issue(editor, JOURNAL)
    for submission in list(db.session.scalars(waiting)):
        journal.add_item(editor, issue.id, submission.id, COLUMNS[submission.genre])


def issue_circular(cast: Cast, period: Period) -> None:
    """Issue the ranking circular of a closed period: an editor drafts, the issuer issues."""
    editor, issuer = cast.by_role["editor"][0], cast.by_role["issuer"][0]
    day = min(period.end + timedelta(days=5), clock.today())
    with clock.stopped_at(clock.moment(day, 9)):
        # Closing the period has prepared the draft.
        draft = db.session.scalars(select(CircularDraft).where(CircularDraft.period_key == period.key)).one()
        circulars.submit(editor, draft.id, draft.version)
    with clock.stopped_at(clock.moment(day, 15)):
        issuing.issue(issuer, draft.id)


def _batches(ready: Sequence[Ready]) -> Iterator[Sequence[Ready]]:
    for start in range(0, len(ready), ITEMS):
        yield ready[start : start + ITEMS]


def _column(cast: Cast, item: Item) -> str:
    return "grassroots" if cast.units[item.unit].kind == "direct_report_point" else COLUMNS[item.genre]


def _instruct(content: Content, cast: Cast, item: Item, submission: Submission, day: date) -> None:
    for entry in content.instructions:
        if entry["item"] != item.title:
            continue
        leader = cast.logins[entry["leader"]]
        rank = next(p["level"] for p in content.people if p["login"] == entry["leader"])
        with clock.stopped_at(clock.moment(day, 17)):
            found = instructions.record(
                leader,
                NewInstruction(
                    submission_id=submission.id,
                    leader_class=handling.class_of(rank),
                    kind=KINDS[entry["kind"]], on=day, text=entry["text"], leader_id=leader.id,
                ),
            )  # fmt: skip
        handling.handle(cast, entry, found, day)
