"""What journals show on other pages: tiles on the home page, a block on the page of a submission."""

from flask import render_template, url_for
from markupsafe import Markup

from core import clock
from core.actors import Actor
from core.db import db
from core.errors import YaoqingError
from core.hookspecs import Card, Panel
from core.permissions import reach
from core.submissions.models import Submission
from core.submissions.workflow import MOVES
from plugins.journal import after, deliveries, differences, eyes, queries
from plugins.journal.differences import Difference
from plugins.journal.models import FORCED, STANDINGS, JournalItem
from plugins.journal.schema import EditorNote

# How many of the newest issues a reader finds on the home page.
NEWEST = 6
PLACEABLE = MOVES["select"].sources


def cards(actor: Actor) -> list[Card]:
    """Drafts for editors, issues to sign for issuers, issues to read for readers."""
    found = []
    mine = eyes.waiting_for(actor)
    if mine or reach(actor, "journal.publish"):
        steps = dict.fromkeys(issue.awaited for issue in mine)
        hint = f"待您{'、'.join(steps)}，核对校样后办理" if steps else "没有等您办理的"
        url = url_for("journal.desk", mine=1)
        found.append(Card("待我审签的刊物", len(mine), url, hint, 4))
    found += _later(actor)
    if reach(actor, "journal.compile"):
        number = queries.count(actor, "journal.compile", "draft")
        found.append(Card("编辑中的刊物", number, url_for("journal.desk"), "尚未送签", 20, "info"))
    if reach(actor, "journal.read") and (latest := queries.latest(actor)):
        unread = deliveries.count_unread(actor)
        url = url_for("journal.index", unread=1) if unread else url_for("journal.issue", issue_id=latest.id)
        found.append(Card("未读刊物", unread, url, f"最新：{latest.label}", 7))
    return found


def _later(actor: Actor) -> list[Card]:
    """What was published in a hurry and waits for approval, or was refused and still stands."""
    waiting, found = after.waiting(actor), []
    if waiting.mine:
        hint = f"其中 {waiting.late} 期已逾期" if waiting.late else "先签发的，请在期限内补审批"
        found.append(
            Card("待补审批的刊物", len(waiting.mine), url_for("journal.index", mark="pending"), hint, 3)
        )
    if waiting.refused:
        issuer = bool(reach(actor, "journal.publish"))
        url = url_for("journal.index", mark="refused", mine=None if issuer else 1)
        hint = "请撤回或更正" if issuer else "您编排的，请起草更正"
        found.append(Card("补审批未通过的刊物", len(waiting.refused), url, hint, 3))
    return found


def dashboard_panels(actor: Actor) -> list[Panel]:
    """The newest issues, for those who read journals and do not make them."""
    if reach(actor, "journal.draft") or not reach(actor, "journal.read"):
        return []
    query = queries.listing(actor, queries.Filter(states=("published",))).limit(NEWEST)
    issues = list(db.session.scalars(query))
    shown = [issue.id for issue in issues]
    html = render_template(
        "journal/_newest.html", issues=issues, standings=STANDINGS, marks=FORCED, unread=deliveries.unread_by(actor, shown),
        titles=queries.item_titles(shown),
    )  # fmt: skip
    return [Panel("最新刊物", Markup(html), 10)] if issues else []


def submission_panels(actor: Actor, submission: Submission) -> list[Panel]:
    """In which issues the item stands, and what was put right after it was printed; for editors a form that places it."""
    standing = queries.standing(actor, submission.id)
    choices = _choices(actor, submission)
    if not standing and not choices:
        return []
    found = [
        Panel(
            "刊发后更正",
            Markup(render_template("journal/_corrected.html", item=item, difference=difference)),
            5,
        )
        for item in standing
        if (difference := _put_right(item))
    ]
    html = render_template("journal/_panel.html", standing=standing, choices=choices, submission=submission)
    return [*found, Panel("刊物", Markup(html), 30)]


def _put_right(item: JournalItem) -> Difference | None:
    """What a correction that holds says otherwise than what was printed first."""
    if not item.replaces_id or item.withdrawn_at:
        return None
    if item.issue.state != "published" or item.issue.standing != "valid":
        return None
    journal = queries.journal_behind(item.issue)
    label = journal.editor_note.label if journal else EditorNote().label
    return differences.of(item, differences.first_printed(item), label)


def _choices(actor: Actor, submission: Submission) -> list[tuple[str, str]]:
    """Every column of every open draft that takes this item, as `issue:column` and what people read."""
    may = reach(actor, "journal.compile").covers(submission.main_place())
    if not may or submission.state not in PLACEABLE:
        return []
    return [
        (f"{issue.id}:{column.id}", f"{issue.label} · {column.title}")
        for issue in queries.open_issues(actor)
        if issue.office_id == submission.office_id
        for column in _columns(issue)
        if column.takes(submission.genre, submission.unit.kind)
    ]


def _columns(issue):
    """The columns of an issue; none when the pack in force no longer has the journal."""
    try:
        return queries.journal_for(issue, clock.today()).columns
    except YaoqingError:
        return ()
