"""Pages of journals: lists, the composing page, proofs, signature, the published issue."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from core import clock
from core.accounts.units import units_of_office
from core.documents.preview import page_count, page_png
from core.documents.responses import pdf_response, png_response
from core.errors import Conflict, InvalidInput
from core.paging import Page, page_of
from core.permissions import allowed
from core.submissions import queries as submissions
from core.submissions.text import to_page
from core.web import actor, choices, highlight, page_number, permit, whole_or_zero
from plugins.journal import contents, publishing, queries, services
from plugins.journal.forms import NewIssueForm, PlaceForm
from plugins.journal.models import OPEN, STATES, JournalIssue
from plugins.journal.panels import PLACEABLE
from plugins.journal.values import Numbers

bp = Blueprint("journal", __name__, url_prefix="/journals", template_folder="templates")
PICTURE_WIDTH = 900
CANDIDATES = 10


@bp.get("/")
@permit("journal.read")
def index() -> Any:
    """Published issues, for every reader of the office."""
    return _list_page("journal/index.html", ("published",))


@bp.get("/desk")
@permit("journal.draft")
def desk() -> Any:
    """Issues at the editing desk."""
    return _list_page("journal/desk.html", OPEN)


def _list_page(template: str, states: tuple[str, ...]) -> Any:
    args = request.args
    asked = tuple(state for state in args.getlist("state") if state in STATES)
    wanted = queries.Filter(args.get("journal", ""), args.get("year", 0, type=int) or 0, asked or states)
    page = page_of(
        queries.listing(actor(), wanted), page_number(), current_app.config["YAOQING"]["PAGE_SIZE"]
    )
    return render_template(
        template, page=page, args=args, states=STATES, journals=queries.journal_titles(actor()),
        year_choices=[(year, f"{year}年") for year in queries.years(actor())],
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@permit("journal.compile")
def new() -> Any:
    """Start an issue."""
    highlight("journal.desk")
    who, form = actor(), NewIssueForm()
    journals = queries.journals_of(who.office_id, clock.today())
    form.journal.choices = choices((journal.id, journal.title) for journal in journals)
    if request.method == "GET":
        form.journal.data = journals[0].id
    if form.validate_on_submit():
        found = services.create_issue(who, form.journal.data)
        flash("已新建一期，请放入信息", "success")
        return redirect(url_for("journal.compose", issue_id=found.id))
    return render_template(
        "journal/new.html", form=form, journals=journals
    ), 422 if request.method == "POST" else 200


@bp.get("/<int:issue_id>")
@permit("journal.read")
def issue(issue_id: int) -> Any:
    """A published issue for reading; an unpublished one for whoever works on it."""
    who = actor()
    found = queries.issue(who, issue_id)
    highlight("journal.index" if found.state == "published" else "journal.desk")
    if found.state != "published":
        return _draft_page(found)
    return render_template(
        "journal/issue.html", issue=found, texts={item.id: Markup(to_page(item.body)) for item in found.items},
        may_withdraw=allowed(who, "journal.publish", found), may_open=_openable(found),
    )  # fmt: skip


def _draft_page(found: JournalIssue) -> Any:
    who, day = actor(), clock.today()
    journal = queries.journal_of(found.office_id, found.journal, day)
    return render_template(
        "journal/draft.html", issue=found, state=STATES[found.state], parts=contents.filled(found, journal),
        remarks=contents.remarks(found, journal), characters=contents.characters(found),
        numbers=Numbers(found.office_id, journal, day),
        may_compile=allowed(who, "journal.compile", found), may_publish=allowed(who, "journal.publish", found),
        own=who.id in found.composers,
    )  # fmt: skip


def _openable(found: JournalIssue) -> set[int]:
    """The items whose submission the reader may open."""
    who = actor()
    return {item.id for item in found.items if allowed(who, "submission.view", item.submission)}


@bp.get("/<int:issue_id>/compose")
@permit("journal.compile")
def compose(issue_id: int) -> Any:
    """The composing page: candidates on one side, the columns of the issue on the other."""
    highlight("journal.desk")
    who = actor()
    found = queries.issue(who, issue_id)
    if found.state != "draft" or not allowed(who, "journal.compile", found):
        return redirect(url_for("journal.issue", issue_id=issue_id))
    journal = queries.journal_of(found.office_id, found.journal, clock.today())
    units = units_of_office(found.office_id)
    kinds = {unit.id: unit.kind for unit in units}
    return render_template(
        "journal/compose.html", issue=found, journal=journal, parts=contents.filled(found, journal),
        remarks=contents.remarks(found, journal), characters=contents.characters(found), page=_candidates(found),
        args=request.args, units=units,
        columns_for=lambda row: [c.id for c in journal.columns if c.takes(row.genre, kinds[row.unit_id])],
    )  # fmt: skip


def _candidates(found: JournalIssue) -> Page:
    args = request.args
    wanted = submissions.Filter(
        text=args.get("text", "")[:60],
        states=PLACEABLE,
        genre=args.get("genre", ""),
        unit_id=args.get("unit", 0, type=int) or 0,
    )
    query = submissions.listing(actor(), wanted).where(submissions.Submission.office_id == found.office_id)
    return page_of(query, page_number(), CANDIDATES)


@bp.post("/<int:issue_id>/items")
@permit("journal.compile")
def add(issue_id: int) -> Any:
    """Place a candidate in a column."""
    submission_id = request.form.get("submission_id", 0, type=int) or 0
    column = request.form.get("column", "")
    return _step(
        lambda: services.add_item(actor(), issue_id, submission_id, column, _version()),
        "已放入",
        _back(issue_id),
    )


@bp.post("/<int:issue_id>/items/<int:item_id>/move")
@permit("journal.compile")
def move(issue_id: int, item_id: int) -> Any:
    """Move an item up, down, or to another column."""
    step = {"up": -1, "down": 1}.get(request.form.get("direction", ""), 0)
    column = request.form.get("column", "") if not step else ""
    return _step(
        lambda: services.move_item(
            actor(), issue_id, item_id, step=step, column_id=column, version=_version()
        ),
        "",
        _back(issue_id, f"item-{item_id}"),
    )


@bp.post("/<int:issue_id>/items/<int:item_id>/remove")
@permit("journal.compile")
def remove(issue_id: int, item_id: int) -> Any:
    """Take an item out of a draft."""
    return _step(
        lambda: services.remove_item(actor(), issue_id, item_id, _version()), "已移出", _back(issue_id)
    )


@bp.post("/<int:issue_id>/discard")
@permit("journal.compile")
def discard(issue_id: int) -> Any:
    """Delete a draft."""
    return _step(
        lambda: services.discard(actor(), issue_id, _version()), "这一期草稿已删除", url_for("journal.desk")
    )


@bp.post("/<int:issue_id>/send")
@permit("journal.compile")
def send(issue_id: int) -> Any:
    """Send a draft for signature."""
    return _step(
        lambda: services.send_for_signature(actor(), issue_id, _version()), "已送签发人签发", _page(issue_id)
    )


@bp.post("/<int:issue_id>/recall")
@permit("journal.compile")
def recall(issue_id: int) -> Any:
    """Call an issue back to go on composing."""
    return _step(
        lambda: services.recall(actor(), issue_id, _version()), "已撤回送签，可以继续编排", _page(issue_id)
    )


@bp.post("/<int:issue_id>/send-back")
@permit("journal.publish")
def send_back(issue_id: int) -> Any:
    """Return an issue to the editors."""
    reason = request.form.get("reason", "")
    return _step(
        lambda: services.send_back(actor(), issue_id, reason, _version()), "已退回编辑", _page(issue_id)
    )


@bp.post("/<int:issue_id>/publish")
@permit("journal.publish")
def publish(issue_id: int) -> Any:
    """Sign and publish."""
    return _step(lambda: publishing.publish(actor(), issue_id, _version()), "已签发", _page(issue_id))


@bp.post("/<int:issue_id>/items/<int:item_id>/withdraw")
@permit("journal.publish")
def withdraw(issue_id: int, item_id: int) -> Any:
    """Take back the adoption of an item of a published issue."""
    reason = request.form.get("reason", "")
    queries.issue(actor(), issue_id)
    return _step(
        lambda: publishing.withdraw_adoption(actor(), item_id, reason), "已撤销采用", _page(issue_id)
    )


@bp.post("/place/<int:submission_id>")
@permit("journal.compile")
def place(submission_id: int) -> Any:
    """Place an item from its own page."""
    number, _, column = (PlaceForm().target.data or "").partition(":")
    issue_id = whole_or_zero(number)
    back = url_for("submissions.item", submission_id=submission_id)
    return _step(lambda: services.add_item(actor(), issue_id, submission_id, column), "已放入刊物", back)


@bp.get("/<int:issue_id>/proof")
@permit("journal.draft")
def proof(issue_id: int) -> Any:
    """The proof as pictures of its pages."""
    highlight("journal.desk")
    found = queries.issue(actor(), issue_id)
    if found.state == "published":
        return redirect(_page(issue_id))
    pages = page_count(_proof(issue_id))
    return render_template("journal/proof.html", issue=found, pages=pages)


@bp.get("/<int:issue_id>/proof.pdf")
@permit("journal.draft")
def proof_pdf(issue_id: int) -> Any:
    """The proof as PDF."""
    return pdf_response(_proof(issue_id), "校样.pdf")


@bp.get("/<int:issue_id>/proof/<int:page>.png")
@permit("journal.draft")
def proof_picture(issue_id: int, page: int) -> Any:
    """One page of the proof as a picture."""
    return png_response(page_png(_proof(issue_id), page, PICTURE_WIDTH))


def _proof(issue_id: int) -> bytes:
    return publishing.proof_pdf(publishing.proof_html(actor(), issue_id))


def _step(service: Callable[[], Any], done: str, target: str) -> Any:
    """Do one step and go on; what a person can mend is said on the next page instead of an error page."""
    try:
        service()
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
    else:
        if done:
            flash(done, "success")
    return redirect(target)


def _version() -> int:
    """The version of the issue the person was looking at; without one nothing is done."""
    return whole_or_zero(request.form.get("version"))


def _page(issue_id: int) -> str:
    return url_for("journal.issue", issue_id=issue_id)


def _back(issue_id: int, anchor: str = "") -> str:
    """The composing page with the filters the person had set."""
    kept = {name: request.args[name] for name in ("text", "genre", "unit", "page") if request.args.get(name)}
    return url_for("journal.compose", issue_id=issue_id, _anchor=anchor or None, **kept)
