"""Pages of circulars: the list, a draft with its preview, an issued circular with its tables."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from core.db import db
from core.documents.rendering.preview import page_count, page_png
from core.documents.responses import pdf_response, png_response
from core.errors import Conflict, Crowded, RenderError, YaoqingError
from core.paging import page_of
from core.permissions import Place, allowed, require
from core.scoring import runs
from core.web import actor, highlight, page_number, permit, whole_or_zero
from plugins.circulars import batches, issuing, messages, preview, queries, services
from plugins.circulars.compose import Circular
from plugins.circulars.forms import TextsForm
from plugins.circulars.models import STATES, CircularDraft
from plugins.circulars.rendering import unprintable
from plugins.circulars.rolls import choice_of, lines_of
from plugins.circulars.sources import circular, current_run
from plugins.circulars.texts import texts_of

bp = Blueprint("circulars", __name__, url_prefix="/circulars", template_folder="templates")
WIDTH = 900
LETTERS = 20


@bp.get("/")
@permit("circular.view")
def index() -> Any:
    """Circulars, and for editors the closed periods that lack one."""
    who, args = actor(), request.args
    state = args.get("state", "") if args.get("state") in STATES else ""
    query = queries.listing(who, args.get("year", "")[:4], state, args.get("kind", "")[:60])
    page = page_of(query, page_number(), current_app.config["YAOQING"]["PAGE_SIZE"], scalars=True)
    return render_template(
        "circulars/index.html", page=page, args=args, gaps=queries.gaps(who), kinds=queries.kinds(who),
        letters=list(db.session.scalars(queries.letters(who).limit(LETTERS))),
        years=[(year, f"{year}年") for year in queries.years(who)], states=list(STATES.items()),
    )  # fmt: skip


@bp.post("/draft")
@permit("circular.draft")
def draft() -> Any:
    """Draft the circular of a closed period."""
    values = request.form
    found = services.draft(
        actor(), actor().office_id, values.get("period", "")[:40], values.get("kind", "")[:60]
    )
    return redirect(url_for("circulars.show", circular_id=found.id))


@bp.get("/<int:circular_id>")
@permit("circular.view")
def show(circular_id: int) -> Any:
    """A circular: its draft with form and preview, or the issued document with its tables."""
    found = queries.one(actor(), circular_id)
    highlight("circulars.index")
    if found.state == "issued":
        return _issued_page(found)
    return _draft_page(found, TextsForm.of(found))


@bp.post("/<int:circular_id>/save")
@permit("circular.draft")
def save(circular_id: int) -> Any:
    """Save the free paragraphs."""
    form = TextsForm.sent()
    if form.validate_on_submit():
        try:
            saved = services.save(actor(), circular_id, whole_or_zero(form.version.data), form.texts())
        except YaoqingError as error:
            form.explain(error)
        else:
            flash("草稿已保存，预览已更新", "success")
            for why in unprintable(texts_of(saved.texts)):
                flash(f"{why}；这样不能送签", "warning")
            return redirect(url_for("circulars.show", circular_id=circular_id))
    found = queries.one(actor(), circular_id)
    require(actor(), "circular.draft", found)
    highlight("circulars.index")
    return _draft_page(found, form), 422


@bp.post("/<int:circular_id>/redraft")
@permit("circular.draft")
def redraft(circular_id: int) -> Any:
    """Draw the texts up anew."""
    services.redraft(actor(), circular_id, whole_or_zero(request.form.get("version")))
    flash("已按结账结果重新起草", "success")
    return redirect(url_for("circulars.show", circular_id=circular_id))


@bp.post("/<int:circular_id>/discard")
@permit("circular.draft")
def discard(circular_id: int) -> Any:
    """Give up drafting a corrected circular."""
    services.discard(actor(), circular_id, whole_or_zero(request.form.get("version")))
    flash("更正通报的草稿已删除，原通报继续有效", "success")
    return redirect(url_for("circulars.index"))


@bp.post("/<int:circular_id>/submit")
@permit("circular.draft")
def submit(circular_id: int) -> Any:
    """Hand the draft to the issuer."""
    services.submit(actor(), circular_id, whole_or_zero(request.form.get("version")))
    flash("已送签发人签发", "success")
    return redirect(url_for("circulars.show", circular_id=circular_id))


@bp.post("/<int:circular_id>/send-back")
@permit("circular.issue")
def send_back(circular_id: int) -> Any:
    """Send the draft back, with a reason."""
    services.send_back(actor(), circular_id, request.form.get("reason", ""))
    flash("已退回编辑修改", "success")
    return redirect(url_for("circulars.show", circular_id=circular_id))


@bp.post("/<int:circular_id>/issue")
@permit("circular.issue")
def issue(circular_id: int) -> Any:
    """Issue the circular the form showed. If it changed meanwhile, the page shows it as it is now.

    Letters are printed in the background: the page of the job shows how far they are.
    """
    version = whole_or_zero(request.form.get("version"))
    try:
        if queries.one(actor(), circular_id).form == "letters":
            return redirect(url_for("jobs.show", job_id=batches.start(actor(), circular_id, version).id))
        found = issuing.issue(actor(), circular_id, version)
    except Crowded:
        raise  # its answer sends the form again by itself
    except (Conflict, RenderError) as error:
        flash(str(error), "error")
    else:
        flash(f"通报已印发，文号 {found.document.number if found.document else ''}", "success")
    return redirect(url_for("circulars.show", circular_id=circular_id))


@bp.get("/<int:circular_id>/preview.pdf")
@permit("circular.view")
def preview_pdf(circular_id: int) -> Any:
    """The draft as PDF; of letters the one to the unit asked for."""
    found = queries.one(actor(), circular_id)
    name = f"{found.title}（草稿）.pdf"
    return pdf_response(preview.pdf(found, request.args.get("unit", "")), name)


@bp.get("/<int:circular_id>/preview/<int:page>.png")
@permit("circular.view")
def preview_picture(circular_id: int, page: int) -> Any:
    """One page (from 1) of the draft as a picture."""
    found = queries.one(actor(), circular_id)
    return png_response(page_png(preview.pdf(found, request.args.get("unit", "")), page, WIDTH))


def _issued_page(found: CircularDraft) -> str:
    """An issued circular: what it replaces, what replaced it, and whether its period was closed again since."""
    run = runs.frozen_run(found.office_id, found.period_key)
    moved = not run or run.id != found.run_id
    drafter = allowed(actor(), "circular.draft", found)
    in_hand = queries.unissued(found.office_id, found.kind, found.period_key)
    return render_template(
        "circulars/issued.html", found=found, moved=moved, may_open=_may_open(found), lengths=messages,
        may_correct=drafter and moved and run is not None and not found.replaced_at and not in_hand,
        in_hand=in_hand if drafter or allowed(actor(), "circular.issue", found) else None,
    )  # fmt: skip


def _draft_page(found: CircularDraft, form: TextsForm) -> str:
    who, unit = actor(), request.args.get("unit", "")
    pages, problem, made = 0, None, None
    try:
        made = circular(current_run(found), found.kind)
        pages = page_count(preview.pdf(found, unit))
    except YaoqingError as error:
        problem = error
    if found.form == "messages":
        form.requirements.label.text = "签发单上的说明"
    return render_template(
        "circulars/draft.html", found=found, form=form, pages=pages, problem=problem, unit=unit,
        totals=made.totals() if made else [], made=made, rolls=_rolls(made) if made else [], lengths=messages,
        job=batches.under_way(found),
        addressees=_addressees(found, made) if made else [],
        may_edit=found.state == "draft" and allowed(who, "circular.draft", found),
        may_issue=found.state == "submitted" and allowed(who, "circular.issue", found)
        and who.id not in found.hands,
    )  # fmt: skip


def _addressees(found: CircularDraft, made: Circular) -> list[tuple[str, str]]:
    """The units whose letter can be looked at."""
    return [(row.unit, row.name) for row in made.addressees(texts_of(found.texts))]


def _rolls(made: Circular) -> list[dict[str, Any]]:
    """The rolls of a circular with everybody the rules propose, for the desk to strike out."""
    found = []
    for rule in made.kind.rolls:
        choice = choice_of(rule, made.ledger)
        if choice:
            lines = lines_of(rule, made.ledger)
            found.append({"id": rule.id, "title": choice.title, "lines": lines, "barred": choice.barred})
    return found


def _may_open(found: CircularDraft) -> Any:
    who = actor()
    return lambda unit: allowed(who, "entry.view", Place(found.office_id, frozenset({int(unit)})))
