"""Pages of instructions: the register, recording, one instruction."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from core import clock
from core.actors import Actor
from core.errors import Conflict, InvalidInput, YaoqingError
from core.packs import services as packs
from core.packs.outlets import tree_of
from core.packs.sections import Outlets
from core.paging import page_of
from core.permissions import Place, allowed, reach
from core.submissions import text as item_text
from core.submissions.models import Submission
from core.submissions.workflow import WITH_EDITORS
from core.web import actor, highlight, page_number, parse_day, permit
from plugins.instructions import queries, services
from plugins.instructions.forms import RecordForm
from plugins.instructions.section import Instructions

bp = Blueprint("instructions", __name__, url_prefix="/instructions", template_folder="templates")
PREFIX = "instruction-"


@bp.get("/")
@permit("instruction.view")
def index() -> Any:
    """The register."""
    args = request.args
    wanted = queries.Filter(
        text=args.get("text", "")[:60], leader=args.get("leader", ""), kind=args.get("kind", ""),
        since=parse_day(args.get("since")), until=parse_day(args.get("until")),
    )  # fmt: skip
    page = page_of(queries.listing(actor(), wanted), page_number(), _size(), scalars=True)
    return render_template(
        "instructions/index.html", page=page, args=args, names=_pairs(queries.names(actor())),
        kinds=_pairs(queries.kind_titles(actor())),
    )  # fmt: skip


@bp.get("/new")
@permit("instruction.record")
def choose() -> Any:
    """Choose the item a leader has instructed on."""
    highlight("instructions.index")
    query = queries.items(actor(), request.args.get("text", "")[:60])
    page = page_of(query, page_number(), _size(), scalars=True)
    return render_template("instructions/choose.html", page=page, args=request.args)


@bp.route("/new/<int:submission_id>", methods=["GET", "POST"])
@permit("instruction.record")
def new(submission_id: int) -> Any:
    """Record an instruction on an item."""
    who = actor()
    submission = queries.item(who, submission_id)
    form = _offered(who, submission)
    if form.validate_on_submit():
        try:
            found = services.record(who, form.instruction(submission_id, own_id(who, submission)))
        except YaoqingError as error:
            form.explain(error)
        else:
            _say_recorded(found)
            return redirect(url_for("instructions.show", instruction_id=found.id))
    highlight("instructions.index")
    submission = queries.item(who, submission_id)
    page = render_template(
        "instructions/new.html",
        form=form,
        item=submission,
        html=_html(submission),
        own=own_id(who, submission),
    )
    return page, 422 if request.method == "POST" else 200


@bp.get("/<int:instruction_id>")
@permit("instruction.view")
def show(instruction_id: int) -> Any:
    """One instruction with the item it is about."""
    highlight("instructions.index")
    found = queries.one(actor(), instruction_id)
    may = allowed(actor(), "instruction.record", Place(found.office_id, owner_id=found.leader_id))
    # A returned item is its unit's draft again: what is written into it now is not for the office to read.
    html = _html(found.submission) if found.submission.state in WITH_EDITORS else ""
    return render_template(
        "instructions/show.html", found=found, item=found.submission, html=html,
        may_withdraw=may and not found.withdrawn_at,
    )  # fmt: skip


@bp.post("/<int:instruction_id>/withdraw")
@permit("instruction.record")
def withdraw(instruction_id: int) -> Any:
    """Withdraw an instruction, with a reason."""
    try:
        services.withdraw(actor(), instruction_id, request.form.get("reason", ""))
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
    else:
        flash("批示已撤销，相应得分已冲正", "success")
    return redirect(url_for("instructions.show", instruction_id=instruction_id))


def form_for(who: Actor, submission: Submission) -> RecordForm | None:
    """The form for the panel on an item's page; None when the person may not record, or there is no pack."""
    if submission.state not in WITH_EDITORS or not _may_record(who, submission.office_id):
        return None
    try:
        return _offered(who, submission)
    except YaoqingError:
        return None


def _offered(who: Actor, submission: Submission) -> RecordForm:
    pack = packs.pack_of(submission.office_id, clock.today())
    words = pack.get(Instructions)
    leaders = [] if own_id(who, submission) else queries.leaders(submission.office_id)
    form = RecordForm(prefix=PREFIX, on=clock.today(), carrier=words.carrier or "")
    return form.offer(words, tree_of(pack.get(Outlets)), leaders)


def _may_record(who: Actor, office_id: int) -> bool:
    return allowed(who, "instruction.record", Place(office_id, owner_id=who.id))


def own_id(who: Actor, submission: Submission) -> int | None:
    """The person's own id when they may record their own instructions only; None for editors."""
    return None if submission.office_id in reach(who, "instruction.record").offices else who.id


def _say_recorded(found: Any) -> None:
    flash(f"已登记{found.leader_name}的{found.kind_title}", "success")
    if found.fact_id and services.is_closed(found.office_id, found.on):
        flash("批示日期所在周期已经结账：已公布的结果不变，得分计入以后周期的累计", "warning")


def _html(submission: Submission) -> Markup:
    return Markup(item_text.to_html(submission.body))


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


def _size() -> int:
    return int(current_app.config["YAOQING"]["PAGE_SIZE"])
