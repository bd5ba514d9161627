"""Pages of the desk: the queue with the item beside it, one action on many items, the log of decisions."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from core.accounts.models import Unit, User
from core.db import db
from core.errors import InvalidInput, NotFound
from core.paging import Page, page_of
from core.permissions import reach
from core.plugins import collect
from core.refusals import by_itself
from core.submissions import decisions, leases, queries, workflow
from core.submissions import page as pages
from core.submissions.vocabulary import GENRES, URGENCIES
from core.web import actor, highlight, page_number, parse_day, permit, whole_or_zero
from plugins.newsdesk import batch, filters, log, marks, phrases, record
from plugins.newsdesk.batch import Action
from plugins.newsdesk.filters import KEPT, Tab

bp = Blueprint("newsdesk", __name__, url_prefix="/desk", template_folder="templates")
MINE, NOBODY = "me", "none"


@bp.get("/")
@permit("newsdesk.use")
def index() -> Any:
    """The queue: what waits, what is being worked on, and by whom."""
    who = actor()
    tabs = filters.tabs(who)
    chosen = _chosen(tabs)
    lost = not chosen and bool(whole_or_zero(request.args.get("view")))
    asked = _asked(chosen)
    editors = decisions.editors(who.office_id)
    page = _page(asked, [each.id for each in editors])
    ids = [row.id for row in page.rows]
    names, gone = _names_of_editors(page, asked, editors)
    html = render_template(
        "newsdesk/queue.html",
        page=page,
        lost=lost,
        asked=asked,
        tabs=tabs,
        chosen=chosen,
        filtered=any(asked.get(name) for name in KEPT if name not in ("sort", "dir")),
        units=queries.unit_choices(who.office_id),
        many=queries.units_taking_part(ids),
        marks=marks.of_items(who, ids),
        leases={number: _held(lease) for number, lease in leases.among_these(ids).items()},
        names=names,
        editors=editors,
        other_editors=[(each.id, each.name) for each in editors if each.id != who.id] + gone,
        state_choices_here=[(name, workflow.STATES[name].title) for name in workflow.WITH_EDITORS],
        phrases=phrases.by_use(who, who.office_id),
        for_many=[(name, batch.TITLES[name]) for name in batch.FOR_MANY],
        back=request.full_path.rstrip("?"),
        page_address=lambda number: url_for("newsdesk.index", **_address(chosen), page=number),
    )
    # Still "not found", so that whoever keeps addresses notices; the queue itself is there all the same.
    return html, 404 if lost else 200


def _chosen(tabs: list[Tab]) -> Tab | None:
    """The filter asked for by its number, None when it is gone; without any argument the editor's default."""
    if "view" in request.args:
        number = whole_or_zero(request.args.get("view"))
        return next((tab for tab in tabs if tab.id == number), None)
    given = any(request.args.get(name) for name in KEPT)
    return None if given else next((tab for tab in tabs if tab.default), None)


def _asked(chosen: Tab | None) -> MultiDict[str, str]:
    """What the list shows: the chosen filter, or what the address says; the order may always be changed."""
    if not chosen:
        return MultiDict((name, value) for name in KEPT for value in request.args.getlist(name))
    asked: MultiDict[str, str] = MultiDict(
        (name, value) for name, values in chosen.asked.items() for value in values
    )
    for name in ("sort", "dir"):
        if request.args.get(name):
            asked[name] = request.args[name]
    return asked


def _address(chosen: Tab | None) -> dict[str, Any]:
    """The arguments of this list's own address."""
    asked = {k: v for k, v in request.args.to_dict(flat=False).items() if k in (*KEPT, "view")}
    return asked or ({"view": chosen.id} if chosen else {})


def _page(asked: MultiDict[str, str], here: list[int]) -> Page:
    who, size = actor(), int(current_app.config["YAOQING"]["PAGE_SIZE"])
    wanted = _filter(asked)
    mark = asked.get("mark", "")
    if asked.get("editor") == NOBODY:
        # What an editor who left had in hand is to be claimed like what nobody ever had.
        wanted = replace(wanted, free_of=tuple(here))
    if mark not in (marks.NEW, marks.CHANGED):
        return page_of(queries.listed(who, wanted, "submission.edit"), page_number(), size, keyed=True)
    query = queries.listing(who, wanted, "submission.edit").where(marks.only(who, mark))
    return page_of(query, page_number(), size)


def _filter(asked: MultiDict[str, str]) -> queries.Filter:
    """What the list shows; unknown words count as not given."""
    states = tuple(each for each in asked.getlist("state") if each in workflow.WITH_EDITORS)
    editor = asked.get("editor", "")
    return queries.Filter(
        text=asked.get("text", "")[:60],
        states=states or workflow.EDITABLE_BY_EDITOR,
        genre=asked.get("genre", "") if asked.get("genre") in GENRES else "",
        urgency=asked.get("urgency", "") if asked.get("urgency") in URGENCIES else "",
        unit_id=whole_or_zero(asked.get("unit")),
        editor_id=actor().id if editor == MINE else whole_or_zero(editor),
        since=parse_day(asked.get("since")),
        until=parse_day(asked.get("until")),
        sort=asked.get("sort", "time"),
        descending=asked.get("dir", "desc") != "asc",
    )


def _held(lease: Any) -> str:
    """Who is editing an item, in the words of the list."""
    who = "您" if lease.holder_id == actor().id else lease.holder.name
    return f"{who}正在编辑，至 {leases.until_text(lease.until)}"


def _names_of_editors(
    page: Page, asked: MultiDict[str, str], editors: list[User]
) -> tuple[dict[int, str], list[tuple[int, str]]]:
    """What the list calls the editors of its items, and those of them, or asked for, who edit here no longer."""
    here = {each.id: each.name for each in editors}
    ids = {row.editor_id for row in page.rows if row.editor_id} | {whole_or_zero(asked.get("editor"))}
    gone = User.id.in_(ids - {0, *here}), User.office_id == actor().office_id
    query = select(User.id, User.name).where(*gone).order_by(User.name, User.id)
    found = db.session.execute(query).all() if ids - {0, *here} else []
    left = [(number, f"{name}（已不任编辑）") for number, name in found]
    return here | dict(left), left


@bp.get("/items/<int:submission_id>")
@permit("newsdesk.use")
def item(submission_id: int) -> Any:
    """An item beside the queue: text, what was changed, remarks, what may be done. With script only this part is asked
    for, without it the item has its own page."""
    values = pages.of_item(actor(), submission_id, request.args, panels=False)
    if not request.args.get("fragment"):
        return redirect(url_for("submissions.item", submission_id=submission_id))
    back = request.args.get("back", "")
    beside = collect("beside_text", actor=actor(), submission=values["item"])
    return render_template(
        "newsdesk/_pane.html", **values, beside=beside, back=_inside(back), moves_here=batch.TITLES
    )


@bp.post("/act")
@permit("newsdesk.use")
def act() -> Any:
    """Do one thing to the chosen items; for one of them the answer is a message, for several a line for each."""
    given, back = request.form, _inside(request.form.get("back", ""))
    ids = [number for number in map(whole_or_zero, given.getlist("id")) if number]
    action = Action(
        given.get("action", ""), _reason(), whole_or_zero(given.get("to")), whole_or_zero(given.get("event"))
    )
    try:
        results = batch.act(actor(), ids, action)
    except InvalidInput as error:
        flash(str(error), "error")
        return redirect(back)
    done = [each for each in results if each.done]
    if len(results) == 1 or (len(done) == len(results) and action.name == "seen"):
        first = results[0]
        name = f"《{first.title}》" if len(results) == 1 else f"{len(results)} 条信息"
        flash(
            f"{name}{first.text}" if first.done else f"{name}没有办理：{first.text}",
            "success" if first.done else "error",
        )
        return redirect(back)
    highlight("newsdesk.index")
    return render_template(
        "newsdesk/results.html", results=results, done=len(done), title=batch.TITLES[action.name], back=back
    )


def _reason() -> str:
    """A phrase that was picked, something typed, or both."""
    phrase, typed = request.form.get("phrase", "").strip(), request.form.get("reason", "").strip()
    if not phrase or phrase in typed:
        return typed
    return f"{phrase}{'' if not typed or phrase[-1] in '。；！' else '。'}{typed}"


def _inside(address: str) -> str:
    """An address of the desk to go back to; anything else leads to the queue."""
    return address if address.startswith("/desk/") and "\\" not in address else url_for("newsdesk.index")


@bp.post("/seen/<int:submission_id>")
@permit("newsdesk.use")
def seen(submission_id: int) -> Any:
    """The item has been shown to the editor."""
    if not marks.see(actor(), [submission_id]):
        raise NotFound("没有这条信息，或您无权查看")
    if by_itself():
        return "", 204
    return redirect(url_for("submissions.item", submission_id=submission_id))


@bp.get("/units/<int:unit_id>")
@permit("newsdesk.use")
def unit(unit_id: int) -> Any:
    """The record of a unit: as a page with what it sent this year, or as a part of one."""
    found = db.session.get(Unit, unit_id)
    if not found or found.office_id not in reach(actor(), "newsdesk.use").offices:
        raise NotFound("没有这个单位，或您无权查看", advice="请返回列表重新选择")
    highlight("newsdesk.index")
    told = record.of_unit(found)
    if request.args.get("fragment"):
        return render_template("newsdesk/_record.html", unit=found, record=told)
    wanted = queries.Filter(
        unit_id=found.id, since=told.since, sort=request.args.get("sort", "time"),
        descending=request.args.get("dir", "desc") != "asc",
    )  # fmt: skip
    page = page_of(
        queries.listed(actor(), wanted),
        page_number(),
        int(current_app.config["YAOQING"]["PAGE_SIZE"]),
        keyed=True,
    )
    return render_template(
        "newsdesk/record.html", unit=found, record=told, page=page, asked=tuple(request.args.items())
    )


@bp.get("/decisions")
@permit("newsdesk.use")
def decided() -> Any:
    """What has been decided lately, by oneself or by everybody, and what can still be undone."""
    highlight("newsdesk.index")
    who = actor()
    mine = request.args.get("who") != "all"
    page = page_of(
        log.decisions(who, mine=mine),
        page_number(),
        int(current_app.config["YAOQING"]["PAGE_SIZE"]),
        scalars=True,
    )
    items = log.items_of(page.rows)
    last = {number: decisions.last_decision(found) for number, found in items.items()}
    return render_template("newsdesk/decisions.html", page=page, items=items, last=last, mine=mine)
