"""Pages of delivery: the receipt of a reader, who has read an issue, reminders, later recipients."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from core.db import db
from core.documents.responses import lines_response
from core.filters import minute
from core.paging import page_of
from core.permissions import allowed
from core.refusals import by_itself
from core.web import actor, highlight, page_number, permit, whole_or_zero
from plugins.journal import deliveries, queries
from plugins.journal.delivery_models import JournalDelivery, JournalReading
from plugins.journal.pages import attempt, bp, issue_page

HEAD = ("发送对象", "类别", "送达时间", "阅读时间", "阅读人", "催阅")


@bp.post("/<int:issue_id>/read")
@permit("journal.read")
def read(issue_id: int) -> Any:
    """The reader has the issue before them; the page says so by itself, or the reader presses the button."""
    deliveries.read(actor(), issue_id)
    if by_itself():
        return "", 204
    flash("已标为已读", "success")
    return redirect(issue_page(issue_id))


@bp.get("/<int:issue_id>/deliveries")
@permit("journal.draft")
def delivered(issue_id: int) -> Any:
    """To whom an issue went, who has read it and when."""
    highlight("journal.index")
    found = queries.issue(actor(), issue_id)
    if found.state != "published":
        return redirect(issue_page(issue_id))
    show = request.args.get("show", "")
    size = current_app.config["YAOQING"]["PAGE_SIZE"]
    if show == "readers":
        page = page_of(deliveries.readings(issue_id), page_number(), size)
    else:
        listing = deliveries.listing(issue_id, unread=show == "unread")
        page = page_of(listing, page_number(), size, scalars=True)
    units, people = deliveries.candidates(found)
    # Who has it already through their unit seldom needs a copy of their own: offered, but apart.
    reached = set(deliveries.people_of(issue_id))
    return render_template(
        "journal/deliveries.html", issue=found, page=page, show=show, later=deliveries.LATER, units=units,
        people=[one for one in people if one.id not in reached],
        through_units=[one for one in people if one.id in reached],
        may_add=allowed(actor(), deliveries.right_to_add(found), found),
        receipt=deliveries.receipts([issue_id]).get(issue_id), others=deliveries.other_readers(issue_id),
    )  # fmt: skip


@bp.get("/<int:issue_id>/deliveries.xlsx")
@permit("journal.draft")
def delivered_table(issue_id: int) -> Any:
    """The same as a workbook."""
    found = queries.issue(actor(), issue_id)
    lines = [HEAD, *map(_line, db.session.scalars(deliveries.listing(issue_id)))]
    lines += [_other(one) for one, listed in db.session.execute(deliveries.readings(issue_id)) if not listed]
    return lines_response(lines, f"{found.label}发送和阅读情况")


def _line(one: JournalDelivery) -> list[str]:
    reader = one.read_by.name if one.read_by else ""
    return [
        one.recipient,
        one.label,
        minute(one.delivered_at),
        minute(one.read_at) if one.read_at else "未读",
        reader,
        minute(one.chased_at) if one.chased_at else "",
    ]


def _other(one: JournalReading) -> list[str]:
    return [one.user.name, "名单以外", "", minute(one.first_at), one.user.name, ""]


@bp.post("/<int:issue_id>/deliveries")
@permit("journal.draft")
def deliver_later(issue_id: int) -> Any:
    """Deliver an issue to further units and persons."""
    units = [whole_or_zero(value) for value in request.form.getlist("unit")]
    people = [whole_or_zero(value) for value in request.form.getlist("person")]
    return attempt(
        lambda: deliveries.add(actor(), issue_id, units, people), "已补发给 {} 个对象".format, _list(issue_id)
    )


@bp.post("/<int:issue_id>/deliveries/<int:delivery_id>/take-back")
@permit("journal.draft")
def take_back_later(issue_id: int, delivery_id: int) -> Any:
    """Take back what was delivered later by mistake."""
    return attempt(
        lambda: deliveries.take_back_later(actor(), issue_id, delivery_id),
        "已收回对{}的补发".format,
        _list(issue_id),
    )


@bp.post("/<int:issue_id>/chase")
@permit("journal.compile")
def chase(issue_id: int) -> Any:
    """Remind those who have not read."""
    return attempt(lambda: deliveries.chase(actor(), issue_id), "已催阅 {} 个对象".format, _list(issue_id))


def _list(issue_id: int) -> str:
    return url_for("journal.delivered", issue_id=issue_id)
