"""The composing board, and every change an editor makes on it.

Each change is a form of its own. The page's script sends the same forms with `fragment`, and gets the board back as
it is now instead of being led to the page again.
"""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from core.errors import Conflict, InvalidInput, NotFound
from core.permissions import allowed
from core.web import actor, highlight, permit, whole_or_zero
from plugins.journal import board, board_page, presence, queries, services, undoing
from plugins.journal.board import Spot
from plugins.journal.board_forms import option_fields
from plugins.journal.forms import PlaceForm
from plugins.journal.models import JournalIssue
from plugins.journal.pages import attempt, bp, issue_page, seen_version

FILTERS = ("text", "genre", "unit", "taken", "age", "page")


@bp.get("/<int:issue_id>/compose")
@permit("journal.compile")
def compose(issue_id: int) -> Any:
    """The board: candidates on one side, the columns of the issue on the other, its pages beside them."""
    highlight("journal.desk")
    found = queries.issue(actor(), issue_id)
    if found.state != "draft" or not allowed(actor(), "journal.compile", found):
        return redirect(issue_page(issue_id))
    return render_template("journal/compose.html", **board_page.whole(actor(), found, request.args))


@bp.get("/<int:issue_id>/board")
@permit("journal.compile")
def board_now(issue_id: int) -> Any:
    """The board by itself, for the page's script."""
    return _board(queries.issue(actor(), issue_id))


@bp.post("/<int:issue_id>/pulse")
@permit("journal.compile")
def pulse(issue_id: int) -> Any:
    """Whether anything has changed, and who else is here; asked every few seconds."""
    return presence.pulse(actor(), issue_id)


@bp.post("/<int:issue_id>/items")
@permit("journal.compile")
def add(issue_id: int) -> Any:
    """Place a candidate in a column."""
    number = whole_or_zero(request.form.get("submission_id"))
    return _change(issue_id, lambda: board.place(actor(), issue_id, number, _spot()))


@bp.post("/<int:issue_id>/items/<int:item_id>/move")
@permit("journal.compile")
def move(issue_id: int, item_id: int) -> Any:
    """Move an item up, down, or to a place."""
    direction = {"up": -1, "down": 1}.get(request.form.get("direction", ""), 0)
    if direction:
        return _change(issue_id, lambda: board.step(actor(), issue_id, item_id, direction), item_id)
    return _change(issue_id, lambda: board.move(actor(), issue_id, item_id, _spot(), _seen()), item_id)


@bp.post("/<int:issue_id>/items/<int:item_id>/remove")
@permit("journal.compile")
def remove(issue_id: int, item_id: int) -> Any:
    """Take an item out of a draft, or keep it for the next issue."""
    carry = request.form.get("carry") == "1"
    return _change(issue_id, lambda: board.take_out(actor(), issue_id, item_id, _seen(), carry=carry))


@bp.post("/<int:issue_id>/items/<int:item_id>/options")
@permit("journal.compile")
def options(issue_id: int, item_id: int) -> Any:
    """How an item is printed: its title and source, and the editor's note before it."""
    return _change(
        issue_id, lambda: board.edit(actor(), issue_id, item_id, *option_fields(request.form)), item_id
    )


@bp.post("/<int:issue_id>/undo")
@permit("journal.compile")
def undo(issue_id: int) -> Any:
    """Turn back the person's own last change."""
    return _change(issue_id, lambda: undoing.undo(actor(), issue_id))


@bp.post("/<int:issue_id>/discard")
@permit("journal.compile")
def discard(issue_id: int) -> Any:
    """Delete a draft."""
    return attempt(
        lambda: services.discard(actor(), issue_id, seen_version()),
        "这一期草稿已删除",
        url_for("journal.desk"),
        refused=url_for("journal.compose", issue_id=issue_id),
    )


@bp.post("/place/<int:submission_id>")
@permit("journal.compile")
def place(submission_id: int) -> Any:
    """Place an item from its own page."""
    number, _, column = (PlaceForm().target.data or "").partition(":")
    issue_id = whole_or_zero(number)
    back = url_for("submissions.item", submission_id=submission_id)
    return attempt(lambda: services.add_item(actor(), issue_id, submission_id, column), "已放入刊物", back)


def _change(issue_id: int, service: Callable[[], Any], item_id: int = 0) -> Any:
    """Make one change and show the board as it is then; a refusal is said on it, with both states."""
    said = ""
    try:
        service()
    except (Conflict, InvalidInput) as error:
        said = str(error)
    except NotFound as error:
        queries.issue(actor(), issue_id)  # an issue out of reach stays not found
        said = str(error)
    if request.form.get("fragment"):
        return _board(queries.issue(actor(), issue_id), said), 409 if said else 200
    if said:
        flash(said, "error")
    kept = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    anchor = f"item-{item_id}" if item_id else None
    return redirect(url_for("journal.compose", issue_id=issue_id, _anchor=anchor, **kept))


def _board(found: JournalIssue, refused: str = "") -> dict[str, str]:
    parts = board_page.columns_part(actor(), found, request.args)
    return {"html": render_template("journal/_board.html", refused=refused, **parts)}


def _spot() -> Spot:
    form = request.form
    return Spot(form.get("column", ""), whole_or_zero(form.get("after")), whole_or_zero(form.get("before")))


def _seen() -> int | None:
    """The last change the person had on the page; without one the issue as it is now."""
    return whole_or_zero(request.form["seen"]) if "seen" in request.form else None
