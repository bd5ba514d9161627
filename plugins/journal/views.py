"""Lists of journals' issues, a new issue, the page of an issue."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from core import clock
from core.errors import InvalidInput
from core.paging import page_of
from core.permissions import allowed
from core.plugins import collect
from core.submissions.text import to_page
from core.web import actor, choices, highlight, page_number, permit, whole
from plugins.journal import contents, deliveries, differences, eyes, frames, queries, services, signoff_page
from plugins.journal.forms import NewIssueForm
from plugins.journal.models import FORCED, OPEN, STANDINGS, STATES, JournalComposer, JournalIssue
from plugins.journal.pages import bp
from plugins.journal.schema import EditorNote, Journal
from plugins.journal.values import numbers_of

# Sizes of type a reader may choose.
TYPES = ("large", "huge")
# What the archive may be narrowed to.
MARKS = {
    "pending": FORCED["pending"], "refused": FORCED["refused"], "withdrawn": STANDINGS["withdrawn"],
    "corrected": STANDINGS["corrected"], "correction": "更正",
}  # fmt: skip
READERS_MARKS = ("withdrawn", "corrected", "correction")
MARKED = {
    **{
        name: (JournalIssue.forced == name) & (JournalIssue.standing == "valid")
        for name in ("pending", "refused")
    },
    **{name: JournalIssue.standing == name for name in ("withdrawn", "corrected")},
    "correction": JournalIssue.corrects_id.is_not(None),
}


@bp.get("/")
@permit("journal.read")
def index() -> Any:
    """The archive: published issues, with what the reader has not read yet."""
    who, args = actor(), request.args
    query = queries.listing(who, _wanted(("published",)))
    if args.get("unread"):
        query = query.where(JournalIssue.id.in_(deliveries.unread_issues(who)))
    if args.get("mark") in MARKED:
        query = query.where(MARKED[args["mark"]])
    if args.get("mine"):
        query = query.where(JournalIssue.hands.any(JournalComposer.user_id == who.id))
    page = page_of(query, page_number(), _size())
    shown = [row.JournalIssue.id for row in page.rows]
    return render_template(
        "journal/index.html", page=page, args=args, journals=queries.journal_titles(who),
        year_choices=[(year, f"{year}年") for year in queries.years(who)],
        unread=deliveries.unread_by(who, shown), receipts=deliveries.receipts(shown),
        titles=queries.item_titles(shown), marked=MARKS, standings=STANDINGS, marks=FORCED,
        marked_for_readers=[(name, MARKS[name]) for name in READERS_MARKS],
    )  # fmt: skip


@bp.get("/desk")
@permit("journal.draft")
def desk() -> Any:
    """Issues at the editing desk."""
    args = request.args
    asked = tuple(state for state in args.getlist("state") if state in STATES)
    query = queries.listing(actor(), _wanted(asked or OPEN))
    if args.get("mine"):
        query = query.where(JournalIssue.id.in_([one.id for one in eyes.waiting_for(actor())]))
    page = page_of(query, page_number(), _size())
    return render_template(
        "journal/desk.html", page=page, args=args, states=STATES, journals=queries.journal_titles(actor()),
        year_choices=[(year, f"{year}年") for year in queries.years(actor())],
    )  # fmt: skip


def _wanted(states: tuple[str, ...]) -> queries.Filter:
    args = request.args
    year = args.get("year", 0, type=whole) or 0
    return queries.Filter(args.get("journal", ""), year, states, args.get("text", "")[:60].strip())


def _size() -> int:
    return int(current_app.config["YAOQING"]["PAGE_SIZE"])


@bp.route("/new", methods=["GET", "POST"])
@permit("journal.compile")
def new() -> Any:
    """Start an issue."""
    highlight("journal.desk")
    who, form = actor(), NewIssueForm()
    journals = queries.journals_of(who.office_id, clock.today())
    form.journal.choices = choices(_editions(journals))
    form.like.choices = choices(_frames(who.office_id, journals))
    if request.method == "GET":
        form.journal.data = journals[0].id
        form.like.data = frames.LAST
    problem = ""
    if form.validate_on_submit():
        journal, _, edition = form.journal.data.partition("/")
        like = "" if (form.like.data or "") == "pack" else (form.like.data or "")
        try:
            found = services.create_issue(who, journal, edition=edition, like=_for(like, journal))
        except InvalidInput as error:
            problem = str(error)
        else:
            flash("已新建一期，请放入信息", "success")
            return redirect(url_for("journal.compose", issue_id=found.id))
    status = 422 if request.method == "POST" else 200
    return render_template("journal/new.html", form=form, journals=journals, problem=problem), status


def _editions(journals: Sequence[Journal]) -> list[tuple[str, str]]:
    """Every journal, and every edition of it."""
    return [
        choice
        for journal in journals
        for choice in (
            (journal.id, journal.title),
            *(
                (f"{journal.id}/{edition.id}", f"{journal.title}{edition.title}")
                for edition in journal.editions
            ),
        )
    ]


def _frames(office_id: int, journals: Sequence[Journal]) -> list[tuple[str, str]]:
    """What a new issue may begin with. A saved frame names its journal, because the page does not know the choice."""
    titles = {journal.id: journal.title for journal in journals}
    saved = [
        (f"{one.journal}:{one.id}", f"{titles[one.journal]}模板：{one.name}")
        for one in frames.saved(office_id)
        if one.journal in titles
    ]
    return [(frames.LAST, "沿用上一期的版面"), ("pack", "规则包的版面"), *saved]


def _for(like: str, journal: str) -> str:
    """The number of a saved frame. Raises InvalidInput for one of another journal."""
    owner, colon, number = like.partition(":")
    if not colon:
        return like if like == frames.LAST else ""
    if owner != journal or not number.isdecimal():
        raise InvalidInput("所选的版面模板属于另一种刊物", where="版面", advice="请重新选择版面")
    return number


@bp.get("/<int:issue_id>")
@permit("journal.read")
def issue(issue_id: int) -> Any:
    """A published issue for reading; an unpublished one for whoever works on it."""
    who = actor()
    found = queries.issue(who, issue_id)
    highlight("journal.index" if found.state == "published" else "journal.desk")
    if found.state != "published":
        return _draft_page(found)
    before, after = queries.neighbours(who, found)
    journal = queries.journal_behind(found)
    size = request.args.get("type", "")
    return render_template(
        "journal/issue.html", issue=found, texts={item.id: Markup(to_page(item.body)) for item in found.items},
        may_withdraw=allowed(who, "journal.publish", found), may_open=_openable(found), before=before, after=after,
        reading=deliveries.reading_of(who, issue_id), receipt=deliveries.receipts([issue_id]).get(issue_id),
        type=size if size in TYPES else "", standings=STANDINGS, marks=FORCED,
        captions={column.id: column.caption for column in journal.columns} if journal else {},
        **_compared(found, journal.editor_note if journal else EditorNote()),
        **signoff_page.aftermath(who, found),
        panels=collect("document_panels", actor=who, document=found.document),
    )  # fmt: skip


def _draft_page(found: JournalIssue) -> Any:
    who, day = actor(), clock.today()
    journal = queries.journal_for(found, day)
    printed = {item.id: contents.printed(item) for item in found.items}
    return render_template(
        "journal/draft.html", issue=found, state=found.state_title, parts=contents.filled(found, journal),
        printed=printed, texts={item_id: Markup(to_page(one.body)) for item_id, one in printed.items()},
        **_compared(found, journal.editor_note),
        remarks=contents.remarks(found, journal), pages_planned=bool(found.items) and journal.counts_pages,
        characters=contents.characters(found),
        numbers=numbers_of(found, journal, day),
        may_compile=allowed(who, "journal.compile", found), signing=signoff_page.signing_of(who, found, journal),
        history=signoff_page.history(found), standings=STANDINGS,
    )  # fmt: skip


def _compared(found: JournalIssue, words: EditorNote) -> dict[str, Any]:
    """What a correction says otherwise than the issue it corrects, as far as the reader may see that one too."""
    by_item = differences.by_item(found, words.label)
    return {
        "label": words.label,
        "differences": by_item,
        "put_right": [item for item in found.items if by_item.get(item.id)],
        "left_out": differences.left_out(found),
        "may_compare": bool(found.corrects_id) and queries.may_see(actor(), found.corrects_id),
    }


def _openable(found: JournalIssue) -> set[int]:
    """The items whose submission the reader may open."""
    who = actor()
    return {item.id for item in found.items if allowed(who, "submission.view", item.submission)}
