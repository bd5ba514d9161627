"""Pages of composites: the list, choosing sources, the composing page, taking out, dissolving, comparing."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from core.errors import Conflict, InvalidInput, YaoqingError
from core.paging import page_of
from core.submissions import diff, known, text
from core.submissions.credit import ROLES
from core.submissions.models import Revision, Submission
from core.submissions.workflow import EDITABLE_BY_EDITOR, STATES
from core.web import actor, highlight, page_number, permit, whole_or_zero
from plugins.composites import guards, queries, services
from plugins.composites.forms import ROLE_CHOICES, CompositeForm, ids_in, rows_in
from plugins.composites.models import Link
from plugins.composites.pages import bp
from plugins.composites.panels import share_titles
from plugins.composites.services import LEAST, MOST, Chosen

SHOWN_STATES = ("editing", "selected", "adopted", "unused", "void")


@bp.get("/")
@permit("submission.edit")
def index() -> Any:
    """The composites of the office."""
    asked = tuple(state for state in request.args.getlist("state") if state in SHOWN_STATES)
    page = page_of(queries.listing(actor(), asked), page_number(), current_app.config["YAOQING"]["PAGE_SIZE"])
    states = [(state, STATES[state].title) for state in SHOWN_STATES]
    return render_template("composites/index.html", page=page, states=states, args=request.args)


@bp.get("/choose")
@permit("submission.edit")
def choose() -> Any:
    """Choose sources: those named in the address, and a search for more. `into` names a composite to add to."""
    highlight("composites.index")
    who, ids = actor(), ids_in(request.args)
    into = whole_or_zero(request.args.get("into"))
    composite = queries.composite(who, into) if into else None
    there = [link.source_id for link in queries.sources(into)] if into else []
    chosen = [item for item in queries.chosen(who, ids) if item.id not in there]
    words = text.clean_line(request.args.get("text", ""))[:60]
    found = queries.candidates(who, words, [*there, *(item.id for item in chosen)])
    return render_template(
        "composites/choose.html", composite=composite, chosen=chosen, found=found, text=words, most=MOST,
        offered=queries.OFFERED, free=queries.FREE,
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@permit("submission.edit")
def new() -> Any:
    """The composing page for a new composite."""
    who = actor()
    if request.method == "POST":
        form, rows = CompositeForm(), rows_in(request.form)
        try:
            if form.validate():
                made = services.merge(who, form.wanted(rows))
                flash("综合稿已保存，来源稿转为“已并入综合稿”", "success")
                return redirect(url_for("submissions.item", submission_id=made.id))
        except YaoqingError as error:
            form.explain(error)
        return _composing(form, rows, None)
    items = queries.chosen(who, ids_in(request.args))
    if not LEAST <= len(items) <= MOST:
        if items:
            flash(f"综合稿要有 {LEAST} 至 {MOST} 条来源，请再选几条", "error")
        return redirect(url_for("composites.choose", submission_id=[item.id for item in items]))
    try:
        for item in items:
            guards.free(item, "并入综合稿")
    except Conflict as error:
        flash(str(error), "error")
        return redirect(url_for("composites.choose", submission_id=[item.id for item in items]))
    rows = [Chosen(item.id, item.version, "part" if n else "main") for n, item in enumerate(items)]
    start = {"title": items[0].title, "genre": items[0].genre, "urgency": items[0].urgency}
    together = [block for item in items for block in item.body]
    return _composing(CompositeForm(data={**start, "body": text.to_plain(together)}), rows, None, together)


@bp.route("/<int:composite_id>/edit", methods=["GET", "POST"])
@permit("submission.edit")
def edit(composite_id: int) -> Any:
    """The composing page of a composite there is."""
    who = actor()
    composite = queries.composite(who, composite_id)
    links = queries.sources(composite.id)
    if request.method == "POST":
        form, rows = CompositeForm(), rows_in(request.form)
        try:
            if form.validate():
                services.arrange(who, composite_id, whole_or_zero(form.version.data), form.wanted(rows))
                flash("综合稿已保存", "success")
                return redirect(url_for("submissions.item", submission_id=composite_id))
        except YaoqingError as error:
            form.explain(error)
        return _composing(form, rows, queries.composite(who, composite_id))
    if composite.state == "adopted":
        flash("综合稿已采用，文字、来源和份额不再改动；确需调整的，请先由签发人撤销采用", "error")
    if composite.state == "adopted" or not links:
        return redirect(url_for("submissions.item", submission_id=composite_id))
    rows = [Chosen(link.source_id, link.source.version, link.role, link.share) for link in links]
    there = {link.source_id for link in links}
    fresh = [item for item in queries.chosen(who, ids_in(request.args)) if item.id not in there]
    rows += [Chosen(item.id, item.version) for item in fresh]
    names = ("title", "genre", "urgency", "version")
    start: dict[str, Any] = {name: getattr(composite, name) for name in names}
    start["body"] = text.to_plain(composite.body)
    return _composing(CompositeForm(data=start), rows, composite, composite.body)


def _composing(
    form: CompositeForm, rows: Sequence[Chosen], composite: Submission | None, blocks: Any = None
) -> Any:
    highlight("composites.index")
    who = actor()
    items = {item.id: item for item in queries.chosen(who, [row.submission_id for row in rows])}
    standing = queries.sources(composite.id) if composite else []
    page = render_template(
        "composites/compose.html", form=form, composite=composite, body_html=_html(form, blocks),
        sources=[(row, item, _blocks(item)) for row in rows if (item := items.get(row.submission_id))],
        shares=share_titles([row.share for row in rows]), roles=ROLE_CHOICES, standing=standing,
        may_change=composite is None or composite.state == "editing",
        may_save=composite is None or composite.state in EDITABLE_BY_EDITOR,
        held=guards.held(who, [composite] if composite else list(items.values())),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


def _html(form: CompositeForm, blocks: Any) -> str:
    try:
        return text.to_html(form.blocks() if blocks is None else blocks)
    except YaoqingError:
        return ""


def _blocks(item: Submission) -> list[tuple[Markup, str]]:
    """Every block for reading, and as the editor takes it in."""
    return [(Markup(text.to_page([block])), text.to_html([block])) for block in item.body]


@bp.post("/<int:composite_id>/take-out/<int:source_id>")
@permit("submission.edit")
def take_out(composite_id: int, source_id: int) -> Any:
    """Put one source back."""

    def act(version: int, reason: str) -> None:
        services.take_out(actor(), composite_id, source_id, version, reason)

    return _decided(
        act, "来源稿已移出，恢复为并入前的状态", url_for("composites.edit", composite_id=composite_id)
    )


@bp.post("/<int:composite_id>/dissolve")
@permit("submission.edit")
def dissolve(composite_id: int) -> Any:
    """Put all sources back."""

    def act(version: int, reason: str) -> None:
        services.dissolve(actor(), composite_id, version, reason)

    page = url_for("submissions.item", submission_id=composite_id)
    return _decided(act, "综合稿已作废，全部来源恢复为并入前的状态", page)


@bp.post("/<int:composite_id>/revive")
@permit("submission.edit")
def revive(composite_id: int) -> Any:
    """Undo the dissolving."""

    def act(version: int, reason: str) -> None:
        services.revive(actor(), composite_id, version)

    page = url_for("submissions.item", submission_id=composite_id)
    return _decided(act, "综合稿已恢复，来源重新并入", page)


def _decided(act: Callable[[int, str], None], done: str, page: str) -> Any:
    try:
        act(whole_or_zero(request.form.get("version")), request.form.get("reason", ""))
    except (InvalidInput, Conflict) as error:
        flash(str(error), "error")
    else:
        flash(done, "success")
    return redirect(page)


@bp.get("/<int:composite_id>/compare/<int:source_id>")
@permit("submission.view")
def compare(composite_id: int, source_id: int) -> Any:
    """What became of a unit's own text: the original beside the composite."""
    link = queries.pair(actor(), composite_id, source_id)
    first = link.source.revisions[0] if link.source.revisions else None
    source, composite = link.source, link.target
    # Not title by title: the title of a source often becomes a heading within the composite.
    rows = diff.compare(_lines(first or source), _lines(composite))
    title, body = known.read_by(actor(), source)
    return render_template(
        "composites/compare.html", link=link, rows=rows, title=title, characters=text.count(body),
        role=ROLES[link.role], share=_share_of(link), html=Markup(text.to_page(composite.body)),
    )  # fmt: skip


def _share_of(link: Link) -> str:
    links = queries.sources(link.target_id)
    titles = share_titles([each.share for each in links])
    return dict(zip((each.id for each in links), titles, strict=True)).get(link.id, "")


def _lines(thing: Submission | Revision) -> list[str]:
    return [thing.title, *(line for block in thing.body for line in text.lines_of(block))]
