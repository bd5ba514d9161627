"""Pages of escalation: the register, recording on an item, importing an adoption list."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from core import clock
from core.actors import Actor
from core.errors import Conflict, InvalidInput, YaoqingError
from core.facts import Fact
from core.paging import page_of
from core.permissions import Place, allowed, require
from core.submissions.models import Submission
from core.submissions.workflow import COUNTABLE
from core.web import actor, highlight, page_number, parse_day, permit
from plugins.escalation import comparing, queries, services
from plugins.escalation.forms import FORMS, ImportForm, StepForm
from plugins.escalation.words import ADOPTED, SENT_UP, Words, words_of

bp = Blueprint("escalation", __name__, url_prefix="/escalation", template_folder="templates")


@bp.get("/")
@permit("escalation.view")
def index() -> Any:
    """The register."""
    args = request.args
    wanted = queries.Filter(
        text=args.get("text", "")[:60], kind=args.get("kind", "") if args.get("kind") in queries.TITLES else "",
        since=parse_day(args.get("since")), until=parse_day(args.get("until")),
    )  # fmt: skip
    page = page_of(queries.listing(actor(), wanted), page_number(), _size(), scalars=True)
    return render_template(
        "escalation/index.html", page=page, args=args, rows=queries.entries(page.rows),
        names=queries.unit_names(page.rows), kinds=list(queries.TITLES.items()),
    )  # fmt: skip


@bp.route("/<int:submission_id>/sent-up", methods=["GET", "POST"])
@permit("escalation.record")
def sent_up(submission_id: int) -> Any:
    """Record that an item went up."""
    return _record_page(submission_id, SENT_UP)


@bp.route("/<int:submission_id>/adopted", methods=["GET", "POST"])
@permit("escalation.record")
def adopted(submission_id: int) -> Any:
    """Record that an item was adopted above."""
    return _record_page(submission_id, ADOPTED)


def _record_page(submission_id: int, kind: str) -> Any:
    who = actor()
    form = _offered(kind, words_of(queries.item(who, submission_id).office_id, clock.today()))
    if form.validate_on_submit():
        try:
            done = services.record(who, submission_id, form.step())
        except YaoqingError as error:
            form.explain(error)
        else:
            flash(f"已登记{queries.TITLES[kind]}", "success")
            _warn_of_closed([done])
            return redirect(url_for("submissions.item", submission_id=submission_id))
    highlight("escalation.index")
    page = render_template(
        "escalation/record.html", form=form, kind=kind, item=queries.item(who, submission_id),
        title=f"登记{queries.TITLES[kind]}",
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


@bp.post("/facts/<int:fact_id>/withdraw")
@permit("escalation.record")
def withdraw(fact_id: int) -> Any:
    """Withdraw what was recorded, with a reason."""
    found = queries.entries([queries.one(actor(), fact_id)])[0]
    submission_id = found.submission_id
    try:
        services.withdraw(actor(), fact_id, request.form.get("reason", ""))
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
    else:
        flash("登记已撤销，相应得分已冲正", "success")
    back = url_for("submissions.item", submission_id=submission_id) if submission_id else ""
    return redirect(back or url_for("escalation.index"))


@bp.route("/import", methods=["GET", "POST"])
@permit("escalation.record")
def import_list() -> Any:
    """Compare an adoption list with own items; the second time round, with lines confirmed, record them."""
    who = actor()
    require(who, "escalation.record", Place(who.office_id))
    highlight("escalation.index")
    form = ImportForm(on=clock.today())
    form.offer(words_of(who.office_id, clock.today()))
    confirming = request.form.get("step") == "record"
    if form.validate_on_submit():
        try:
            if confirming:
                return _recorded(who)
            form.text.data = form.list_text()
            return _compared_page(who, form)
        except YaoqingError as error:
            form.explain(error)
            if confirming:
                return _compared_page(who, form), 422
    return render_template("escalation/import.html", form=form), 422 if request.method == "POST" else 200


def _compared_page(who: Actor, form: ImportForm) -> Any:
    rows = comparing.compare(who, form.text.data or "", form.step())
    return render_template(
        "escalation/confirm.html", form=form, rows=rows, ready=sum(1 for r in rows if r.chosen)
    )


def _recorded(who: Actor) -> Any:
    chosen = [step for value in request.form.getlist("pick") if (step := comparing.step_of(value))]
    if not chosen:
        raise InvalidInput("没有选定任何一条", advice="请在“对应信息”中选定后再登记")
    done = services.record_adoptions(who, chosen)
    known = f"；另有 {len(done.known)} 条已登记过，没有重复计入" if done.known else ""
    flash(f"已登记上级采用 {len(done.recorded)} 条{known}", "success")
    _warn_of_closed(done.recorded)
    return redirect(url_for("escalation.index", kind=ADOPTED))


def forms_for(who: Actor, submission: Submission) -> dict[str, StepForm]:
    """The forms for the panel on an item's page; none when the person may not record, or there is no pack."""
    if submission.state not in COUNTABLE or not may_record(who, submission.office_id):
        return {}
    try:
        words = words_of(submission.office_id, clock.today())
    except YaoqingError:
        return {}
    return {kind: _offered(kind, words) for kind in FORMS}


def may_record(who: Actor, office_id: int) -> bool:
    """Whether somebody records for an office."""
    return allowed(who, "escalation.record", Place(office_id))


def _offered(kind: str, words: Words) -> StepForm:
    return FORMS[kind](prefix=f"{kind}-", on=clock.today()).offer(words)


def _warn_of_closed(recorded: list[Fact]) -> None:
    if any(services.is_closed(fact.office_id, fact.on) for fact in recorded):
        flash("有的日期所在周期已经结账：已公布的结果不变，得分计入以后周期的累计", "warning")


def _size() -> int:
    return int(current_app.config["YAOQING"]["PAGE_SIZE"])
