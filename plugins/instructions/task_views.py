"""Pages of handling: lists of tasks, passing on, one task for its unit and for the desk."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for

from core import clock
from core.errors import Conflict, InvalidInput, NotFound
from core.files import store
from core.paging import page_of
from core.permissions import Place, allowed, reach, require
from core.web import actor, highlight, page_number, parse_day, permit, whole_or_zero
from core.workdays import workdays_of
from plugins.instructions import answering, chasing, handling, nearest, queries, reading, task_queries, tasks
from plugins.instructions.models import Instruction
from plugins.instructions.pages import bp, html_of, size, uploads
from plugins.instructions.task_forms import AnswerForm, RouteForm
from plugins.instructions.task_models import FeedbackFile, Task

LISTS = {
    "open": "办理中",
    "overdue": "已逾期",
    "reported": "待审核",
    "signing": "待审签",
    "done": "已办结",
    "all": "全部",
}
PREFIX, ANSWER = "route-", "answer-"


@bp.get("/tasks")
@permit("instruction.view")
def task_index() -> Any:
    """What is being handled: a unit sees its own."""
    who, which = actor(), request.args.get("list", "")
    which = which if which in LISTS else "open"
    unit_id = whole_or_zero(request.args.get("unit"))
    page = page_of(task_queries.listing(who, which, unit_id), page_number(), size(), scalars=True)
    return render_template(
        "instructions/tasks.html", who=who, page=page, tabs=_tabs(which, unit_id), late=late_days(page.rows),
        states=handling.STATES, wide=bool(reach(who, "instruction.view").offices),
    )  # fmt: skip


def _tabs(which: str, unit_id: int) -> list[dict[str, Any]]:
    """The lists somebody has a use for."""
    desk, signer = (bool(reach(actor(), name)) for name in ("instruction.desk", "instruction.answer_sign"))
    kept = {"unit": unit_id} if unit_id else {}
    return [
        {"title": title, "url": url_for("instructions.task_index", list=key, **kept), "active": key == which}
        for key, title in LISTS.items()
        if (key != "signing" or signer) and (key != "reported" or desk)
    ]


def late_days(rows: Any) -> dict[int, int]:
    """How many working days each overdue task is late, by its id."""
    today = clock.today()
    return {
        task.id: workdays_of(task.office_id).between(tasks.standing(task).waits_until, today)
        for task in rows
        if handling.is_overdue(tasks.standing(task), today)
    }


@bp.route("/<int:instruction_id>/route", methods=["GET", "POST"])
@permit("instruction.desk")
def route(instruction_id: int) -> Any:
    """Pass an instruction on to units."""
    highlight("instructions.index")
    who = actor()
    found = queries.one(who, instruction_id)
    require(who, "instruction.desk", Place(found.office_id))
    today = clock.today()
    kinds = [
        (each, tasks.due_day(found.office_id, today, each))
        for each in tasks.urgencies(found.office_id, today)
    ]
    known = task_queries.of_instruction(who, found.id)
    fresh = set(found.asked_unit_ids) - {each.unit_id for each in known}
    form = RouteForm(prefix=PREFIX, main_ids=sorted(fresh))
    # Items that were chosen say more than all that stand in the document.
    chosen = [each.submission for each in found.items] or nearest.items(
        found.office_id, found.submission, found.document_id
    )
    form.offer(nearest.units(found.office_id, chosen, fresh), kinds)
    if form.validate_on_submit():
        try:
            made = tasks.route(who, instruction_id, form.routing())
        except (Conflict, InvalidInput) as error:
            form.explain(error)
        else:
            flash(f"已转 {len(made)} 个单位办理", "success")
            return redirect(url_for("instructions.show", instruction_id=instruction_id))
    found = queries.one(who, instruction_id)
    page = render_template(
        "instructions/route.html", form=form, found=found, states=handling.STATES, limited=_limited(found),
        known=task_queries.of_instruction(who, found.id), unknown=_unknown_year(found.office_id, kinds),
        secrecy=reading.secrecy(found.document_id),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


def _unknown_year(office_id: int, kinds: Sequence[tuple[Any, date]]) -> int:
    """The year of a due day offered whose holidays nobody has entered yet; 0 when there is none."""
    years = sorted({due.year for _, due in kinds})
    return next((year for year in years if not workdays_of(office_id).is_known(year)), 0)


def _limited(found: Instruction) -> bool:
    """Whether the document does not open itself to the units: they get the words, not the paper."""
    return found.document_id is not None


@bp.get("/tasks/<int:task_id>")
@permit("instruction.view")
def task(task_id: int) -> Any:
    """One task."""
    return _task_page(task_id, AnswerForm(prefix=ANSWER))


def _task_page(task_id: int, form: AnswerForm, status: int = 200) -> Any:
    highlight("instructions.task_index")
    who = actor()
    found = task_queries.one(who, task_id)
    mine = allowed(who, "instruction.answer", found)
    waiting = answering.waiting(found) if mine else None
    if waiting and not form.is_submitted():
        form.text.data, form.final.data = waiting.text, "yes" if waiting.final else "no"
    standing = tasks.standing(found)
    stands = not standing.withdrawn
    page = render_template(
        "instructions/task.html", who=who, task=found, instruction=found.instruction, form=form, waiting=waiting,
        secrecy=reading.secrecy(found.instruction.document_id),
        html=html_of(who, found.instruction.submission), feedback=task_queries.shown_feedback(who, found),
        may_write=mine and stands and found.state in handling.WITH_UNIT,
        may_sign_for=mine and stands and found.state == "sent",
        may_head=stands and allowed(who, "instruction.answer_sign", found),
        may_desk=stands and allowed(who, "instruction.desk", Place(found.office_id)),
        may_miss=handling.may_be_missed(standing, clock.today()), late=late_days([found]).get(found.id),
        is_open=found.state in handling.OPEN, with_unit=found.state in handling.WITH_UNIT,
        at_once=mine and answering.goes_at_once(who, found), until=standing.waits_until,
        events=[each for each in found.events if mine or each.title not in answering.INTERNAL],
        states=handling.STATES, feedback_states=handling.FEEDBACK_STATES, outcomes=handling.OUTCOMES,
    )  # fmt: skip
    return page, status


@bp.post("/tasks/<int:task_id>/sign")
@permit("instruction.answer")
def task_sign(task_id: int) -> Any:
    """The unit signs for it."""
    return _step(lambda: answering.sign_for(actor(), task_id, _version()), "已签收", task_id)


@bp.post("/tasks/<int:task_id>/write")
@permit("instruction.answer")
def task_write(task_id: int) -> Any:
    """The unit writes what it has done."""
    form = AnswerForm(prefix=ANSWER)
    if form.validate():
        given = uploads(request.files.getlist(f"{ANSWER}files"))
        try:
            made = answering.write(actor(), task_id, _version(), form.draft(), given)
        except (Conflict, InvalidInput) as error:
            form.explain(error)
        else:
            flash("已送本单位审签人审签" if made.state == "awaiting" else "反馈已报送办公室", "success")
            return redirect(url_for("instructions.task", task_id=task_id))
    return _task_page(task_id, form, 422)


@bp.post("/tasks/<int:task_id>/feedback/<int:feedback_id>/head")
@permit("instruction.answer_sign")
def feedback_head(task_id: int, feedback_id: int) -> Any:
    """The unit's head signs, sends back or retracts."""
    who, reason = actor(), request.form.get("reason", "")
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "sign": (lambda: answering.sign(who, task_id, feedback_id, _version()), "已审签，反馈已报送办公室"),
        "send_back": (
            lambda: answering.send_back(who, task_id, feedback_id, _version(), reason),
            "已退回修改",
        ),
        "retract": (lambda: answering.retract(who, task_id, feedback_id, _version()), "反馈已撤回"),
    }
    return _chosen(steps, task_id)


@bp.post("/tasks/<int:task_id>/feedback/<int:feedback_id>/desk")
@permit("instruction.desk")
def feedback_desk(task_id: int, feedback_id: int) -> Any:
    """The desk accepts, or asks for more."""
    who, reason = actor(), request.form.get("reason", "")
    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "accept": (lambda: answering.accept(who, task_id, feedback_id, _version()), "反馈已采纳"),
        "ask_more": (lambda: answering.ask_more(who, task_id, feedback_id, _version(), reason), "已退回补充"),
    }
    return _chosen(steps, task_id)


@bp.post("/tasks/<int:task_id>/desk")
@permit("instruction.desk")
def task_desk(task_id: int) -> Any:
    """What the desk may do with a task."""
    who, reason, day = actor(), request.form.get("reason", ""), parse_day(request.form.get("due_on"))
    version = _version()

    def extend() -> Any:
        if not day:
            raise InvalidInput("请填写新的期限", where="新期限")
        return tasks.extend(who, task_id, version, day, reason)

    steps: dict[str, tuple[Callable[[], Any], str]] = {
        "extend": (extend, "期限已延长"),
        "chase": (lambda: chasing.chase(who, task_id), "已催办"),
        "missed": (lambda: tasks.confirm_missed(who, task_id, version), "已认定为未按时反馈"),
        "excuse": (lambda: tasks.excuse(who, task_id, version, reason), "已免计，计分事项已冲正"),
        "count_again": (lambda: tasks.count_again(who, task_id, version, reason), "已恢复计入"),
        "cancel": (lambda: tasks.cancel(who, task_id, version, reason), "已取消转办"),
        "revive": (lambda: tasks.revive(who, task_id, version, reason), "已恢复转办"),
        "close": (lambda: tasks.close(who, task_id, version, reason), "已办结"),
        "reopen": (lambda: tasks.reopen(who, task_id, version, reason), "已重新办理"),
    }
    return _chosen(steps, task_id)


@bp.post("/tasks/<int:task_id>/feedback/<int:feedback_id>/files/<int:file_id>/delete")
@permit("instruction.answer")
def remove_feedback_file(task_id: int, feedback_id: int, file_id: int) -> Any:
    """The unit takes a file off what has not left it."""
    return _step(lambda: answering.remove_file(actor(), task_id, feedback_id, file_id), "附件已删除", task_id)


@bp.get("/tasks/<int:task_id>/feedback/<int:feedback_id>/files/<int:file_id>")
@permit("instruction.view")
def feedback_file(task_id: int, feedback_id: int, file_id: int) -> Any:
    """A file beside a feedback: always saved, never shown as a page of this site."""
    found = _file(task_queries.one(actor(), task_id), feedback_id, file_id)
    store().get(found.sha256)  # refuses a file whose bytes no longer match
    return send_file(
        store().path(found.sha256), mimetype="application/octet-stream", as_attachment=True, download_name=found.name
    )  # fmt: skip


def _file(task: Task, feedback_id: int, file_id: int) -> FeedbackFile:
    for feedback in task_queries.shown_feedback(actor(), task):
        for found in feedback.files:
            if (feedback.id, found.id) == (feedback_id, file_id):
                return found
    raise NotFound("没有这个附件", advice="请刷新页面查看")


def _chosen(steps: dict[str, tuple[Callable[[], Any], str]], task_id: int) -> Any:
    name = request.form.get("step", "")
    if name not in steps:
        flash("没有这个操作，请刷新页面后重试", "error")
        return redirect(url_for("instructions.task", task_id=task_id))
    return _step(*steps[name], task_id)


def _step(service: Callable[[], Any], done: str, task_id: int) -> Any:
    try:
        service()
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
    else:
        flash(done, "success")
    return redirect(url_for("instructions.task", task_id=task_id))


def _version() -> int:
    """The version the person was looking at; without one nothing is done."""
    return whole_or_zero(request.form.get("version"))
