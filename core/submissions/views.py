"""Pages of submissions: lists, writing and sending. What is done with one item stands in item_views.py."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from core import clock
from core.accounts.models import Unit
from core.accounts.units import units_of_office
from core.db import db
from core.errors import Conflict, InvalidInput, YaoqingError
from core.files import store
from core.hookspecs import Caution, Remark
from core.paging import page_of
from core.permissions import reach
from core.plugins import answered, collect
from core.submissions import attachments, checking, queries, services, text, workflow
from core.submissions.forms import DraftForm
from core.submissions.models import Submission
from core.web import actor, highlight, page_number, parse_day, permit, whole, whole_or_zero

bp = Blueprint("submissions", __name__, url_prefix="/submissions")


@bp.get("/")
@permit("submission.browse")
def index() -> Any:
    """Everything the person may see."""
    return _list_page("submissions/index.html")


@bp.get("/mine")
@permit("submission.write")
def mine() -> Any:
    """The items of the person's units."""
    return _list_page("submissions/mine.html")


@bp.get("/signoff")
@permit("submission.sign")
def signoff() -> Any:
    """Items that wait for the unit's signing leader."""
    query = queries.listing(
        actor(), queries.Filter(states=("awaiting",), descending=False), "submission.sign"
    )
    page = page_of(_with_version(query), page_number(), _size())
    return render_template("submissions/signoff.html", page=page)


@lru_cache(256)
def _with_version(query: Select[Any]) -> Select[Any]:
    """The rows with the version they show, so that only this one can be signed."""
    return query.add_columns(Submission.__table__.c.version)


@bp.get("/queue")
@permit("submission.edit")
def queue() -> Any:
    """The editors' queue: what has been received and what is being worked on."""
    return _list_page("submissions/queue.html", default_states=("received", "editing", "selected"))


def _list_page(template: str, default_states: tuple[str, ...] = ()) -> Any:
    wanted = _filter(request.args, default_states)
    page = page_of(queries.listed(actor(), wanted), page_number(), _size(), keyed=True)
    page = replace(page, rows=queries.as_known(actor(), page.rows))
    units = queries.unit_choices(actor().office_id) if reach(actor(), "submission.view").offices else ()
    return render_template(template, page=page, units=units, asked=tuple(request.args.items()))


def _filter(args: MultiDict[str, str], default_states: tuple[str, ...]) -> queries.Filter:
    """What the address asks for; unknown words count as not given."""
    states = tuple(s for s in args.getlist("state") if s in workflow.STATES)
    editor = args.get("editor", "")
    return queries.Filter(
        text=args.get("text", "")[:60],
        states=states or default_states,
        genre=args.get("genre", ""),
        urgency=args.get("urgency", ""),
        unit_id=args.get("unit", 0, type=whole) or 0,
        editor_id=actor().id if editor == "me" else 0,
        free_of=queries.editors(actor()) if editor == "none" else None,
        since=parse_day(args.get("since")),
        until=parse_day(args.get("until")),
        sort=args.get("sort", "time"),
        descending=args.get("dir", "desc") != "asc",
    )


def _size() -> int:
    return int(current_app.config["YAOQING"]["PAGE_SIZE"])


@bp.route("/new", methods=["GET", "POST"])
@permit("submission.write")
def new() -> Any:
    """Write a new item, or one that was withdrawn anew (`from`)."""
    again = _again(whole_or_zero(request.args.get("from")))
    form = _draft_form(DraftForm(data=again))
    if request.method == "GET" and form.unit_id.choices and not again:
        form.unit_id.data = form.unit_id.choices[0].value
        form.authors.data = actor().name
    if form.validate_on_submit():
        try:
            submission = services.create(actor(), form.draft(), once=True)
            return _saved(form, submission)
        except YaoqingError as error:
            form.explain(error)
    return _write_page(form, None)


def _again(submission_id: int) -> dict[str, Any]:
    """What a withdrawn item said, for another one; nothing of any other item."""
    submission = queries.one(actor(), submission_id) if submission_id else None
    if not submission or submission.state != "withdrawn":
        return {}
    return draft_data(submission) | {"version": "", "submission_id": ""}


@bp.route("/<int:submission_id>/edit", methods=["GET", "POST"])
@permit("submission.write")
def edit(submission_id: int) -> Any:
    """Go on writing a draft, or mend a returned item."""
    submission = queries.one(actor(), submission_id)
    form = _draft_form(DraftForm(data=draft_data(submission)))
    if form.validate_on_submit():
        try:
            submission = services.save(actor(), submission_id, whole_or_zero(form.version.data), form.draft())
            return _saved(form, submission)
        except YaoqingError as error:
            form.explain(error)
    elif request.method == "GET" and submission.state not in workflow.EDITABLE_BY_UNIT:
        return redirect(url_for("submissions.item", submission_id=submission_id))
    return _write_page(form, submission)


def _saved(form: DraftForm, submission: Submission) -> Any:
    """After a save: keep the files, send if that was the button, and go on. What fails now leaves the draft saved."""
    submission_id, sending = submission.id, request.form.get("step") == "send"
    held = sending and not request.form.get("warned") and _cautions(submission)
    try:
        for upload in form.files.data or ():
            if getattr(upload, "filename", ""):
                attachments.attach(actor(), submission_id, upload.filename, upload.read())
        if sending and not held and submission.state in workflow.EDITABLE_BY_UNIT:
            services.send(actor(), submission_id, submission.version)
    except (InvalidInput, Conflict) as error:
        flash(f"内容已保存为草稿，但{'没有送审' if sending else '附件没有上传'}：{error}", "error")
        return redirect(url_for("submissions.edit", submission_id=submission_id))
    if held:
        flash("内容已保存为草稿，还没有送审。请先看下面的提示，确需报送的再按“送审”", "warning")
        return redirect(url_for("submissions.edit", submission_id=submission_id))
    if sending:
        flash("已送本单位审签人审签", "success")
        return redirect(url_for("submissions.item", submission_id=submission_id))
    if request.form.get("step") == "check":
        found = [each for each in checking.remarks(actor(), submission) if not each.settled]
        flash(f"草稿已保存，{f'有 {len(found)} 条核查提示' if found else '没有核查提示'}", "success")
        return redirect(url_for("submissions.edit", submission_id=submission_id, _anchor="remarks"))
    flash("草稿已保存", "success")
    return redirect(url_for("submissions.edit", submission_id=submission_id))


@bp.post("/autosave")
@permit("submission.write")
def autosave() -> Any:
    """Save a draft from the page in the background; answers JSON. Creates the draft the first time."""
    form = _draft_form(DraftForm())
    if not form.validate():
        problems = [str(e) for errors in form.errors.values() for e in errors]
        return jsonify(message="；".join(problems) or "内容有误，未能保存"), 422
    known = whole_or_zero(form.submission_id.data)
    if known:
        submission = services.save(actor(), known, whole_or_zero(form.version.data), form.draft())
    else:
        submission = services.create(actor(), form.draft(), once=True)
    url = url_for("submissions.edit", submission_id=submission.id)
    saved_at = f"{clock.local(submission.updated_at):%H:%M}"
    return jsonify(version=submission.version, saved_at=saved_at, submission_id=submission.id, url=url)


@bp.post("/check")
@permit("submission.write")
def check() -> Any:
    """What checks say about the text in the form, saved or not, as a part of the page: asked for while somebody writes.
    Answers JSON.
    """
    form = _draft_form(DraftForm())
    if not form.validate():
        return jsonify(message="内容有误，未能检查"), 422
    known = whole_or_zero(form.submission_id.data)
    submission = queries.one(actor(), known) if known else None
    remarks = checking.remarks_on_draft(actor(), form.draft(), submission)
    html = render_template("submissions/_checked.html", remarks=remarks, acting=True)
    return jsonify(html=html, open=sum(not each.settled for each in remarks))


@bp.post("/<int:submission_id>/send")
@permit("submission.write")
def send(submission_id: int) -> Any:
    """Send a draft to the signing leader."""
    version = whole_or_zero(request.form.get("version")) or queries.one(actor(), submission_id).version
    services.send(actor(), submission_id, version)
    flash("已送本单位审签人审签", "success")
    return redirect(url_for("submissions.item", submission_id=submission_id))


@bp.post("/<int:submission_id>/sign")
@permit("submission.sign")
def sign(submission_id: int) -> Any:
    """Approve what the form showed: the item goes to the office. If it changed meanwhile, the new text is shown."""
    try:
        services.sign(actor(), submission_id, whole_or_zero(request.form.get("version")))
    except Conflict as error:
        flash(str(error), "error")
        return redirect(url_for("submissions.item", submission_id=submission_id))
    flash("已审签报送", "success")
    return redirect(url_for("submissions.signoff"))


@bp.post("/<int:submission_id>/discard")
@permit("submission.write")
def discard(submission_id: int) -> Any:
    """Delete a draft that was never sent."""
    services.discard(actor(), submission_id)
    flash("草稿已删除", "success")
    return redirect(url_for("submissions.mine"))


@bp.post("/<int:submission_id>/attachments")
@permit("submission.view")
def attach(submission_id: int) -> Any:
    """Add files."""
    uploads = [upload for upload in request.files.getlist("files") if upload.filename]
    for upload in uploads:
        attachments.attach(actor(), submission_id, upload.filename or "", upload.read())
    if uploads:
        # The number and not the names: messages travel in the cookie, which has room for 4 KB only.
        flash(f"已上传 {len(uploads)} 个附件", "success")
    back = "submissions.edit" if request.form.get("back") == "edit" else "submissions.item"
    return redirect(url_for(back, submission_id=submission_id))


@bp.get("/<int:submission_id>/attachments/<int:attachment_id>")
@permit("submission.view")
def attachment(submission_id: int, attachment_id: int) -> Any:
    """Download a file; it is always saved, never shown by the browser as a page of this site."""
    found = attachments.attachment(actor(), submission_id, attachment_id)
    store().get(found.sha256)  # refuses a file whose bytes no longer match
    return send_file(
        store().path(found.sha256),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=found.name,
    )


@bp.post("/<int:submission_id>/attachments/<int:attachment_id>/delete")
@permit("submission.view")
def detach(submission_id: int, attachment_id: int) -> Any:
    """Remove a file."""
    attachments.detach(actor(), submission_id, attachment_id)
    flash("附件已删除", "success")
    return redirect(url_for("submissions.item", submission_id=submission_id))


def _draft_form(form: DraftForm) -> DraftForm:
    own_ids = reach(actor(), "submission.write").units
    own = [u for u in (db.session.get(Unit, i) for i in sorted(own_ids)) if u]
    offices = {u.office_id for u in own}
    others = [u for office in sorted(offices) for u in units_of_office(office, clock.today())]
    return form.offer(own, others)


def draft_data(submission: Submission) -> dict[str, Any]:
    return {
        "unit_id": submission.unit_id, "genre": submission.genre, "urgency": submission.urgency,
        "title": submission.title, "body": text.to_plain(submission.body), "authors": "、".join(submission.authors),
        "joint_unit_ids": [c.unit_id for c in submission.contributors[1:]], "version": submission.version,
        "submission_id": submission.id, "body_html": "",
    }  # fmt: skip


def shown_html(form: Any) -> str:
    """What the rich editor starts from: what was typed, also when the form comes back with an error."""
    try:
        return text.to_html(form.blocks())
    except YaoqingError:
        return ""


def _cautions(submission: Submission | None) -> list[Caution]:
    """What to know before sending; of an item that has been saved."""
    if not submission or submission.state not in workflow.EDITABLE_BY_UNIT:
        return []
    return collect("sending_cautions", actor=actor(), submission=submission)


def _remarks(form: DraftForm, submission: Submission | None) -> list[Remark]:
    """On what stands in the form: the item as it was saved, or what was typed when it comes back with an error."""
    if request.method == "GET":
        return checking.remarks(actor(), submission) if submission else []
    try:
        return checking.remarks_on_draft(actor(), form.draft(), submission)
    except YaoqingError:
        return []


def _write_page(form: DraftForm, submission: Submission | None) -> Any:
    highlight("submissions.mine")
    page = render_template(
        "submissions/write.html", form=form, item=submission, body_html=shown_html(form),
        cautions=_cautions(submission), files=attachments.shown_to(actor(), submission) if submission else (),
        remarks=_remarks(form, submission), checked=answered("content_checks"),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200
