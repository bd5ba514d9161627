"""One issue in each state beyond the ordinary: on its way, published in a hurry, withdrawn, corrected."""

from sqlalchemy import select

from core.actors import Actor
from core.db import db
from core.submissions.models import Submission
from core.submissions.text import from_plain, to_plain
from demo.people import Cast
from demo.printing import COLUMNS, JOURNAL
from plugins.journal import correcting, publishing, signing, withdrawing
from plugins.journal import services as journal
from plugins.journal.models import JournalIssue
from plugins.journal.signing import Signature


def show_states(cast: Cast) -> None:
    """Four short issues of one item each; the duty head edits and signs alone when it cannot wait."""
    editor, issuer, duty = cast.by_role["editor"][0], *cast.by_role["issuer"]
    newest = select(Submission).where(Submission.state == "editing").order_by(Submission.id.desc())
    items = list(db.session.scalars(newest.limit(4)))
    if len(items) < 4:
        return
    issue = publishing.publish(issuer, _sent(editor, items[0]).id)
    withdrawing.withdraw(issuer, issue.id, "文中数据口径与统计部门不一致，待核实后重新刊发")
    _correct(editor, issuer, publishing.publish(issuer, _sent(editor, items[1]).id))
    hasty = _sent(duty, items[2])
    publishing.publish(duty, hasty.id, None, Signature(forced="夜间突发险情，市领导要求立即掌握"))
    _sent(editor, items[3])


def _sent(actor: Actor, submission: Submission) -> JournalIssue:
    issue = journal.create_issue(actor, JOURNAL)
    journal.add_item(actor, issue.id, submission.id, COLUMNS[submission.genre])
    return signing.send_for_signature(actor, issue.id)


def _correct(editor: Actor, issuer: Actor, issue: JournalIssue) -> None:
    draft = correcting.start(editor, issue.id, "末段漏排一句，现予补正")
    item = draft.items[0]
    text = to_plain(item.body) + "下一步，将继续跟踪落实，有关情况及时续报。"
    correcting.put_right(editor, draft.id, item.id, item.print_title, from_plain(text))
    signing.send_for_signature(editor, draft.id)
    publishing.publish(issuer, draft.id)
