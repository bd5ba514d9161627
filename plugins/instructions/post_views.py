"""Pages of leaders' posts: the register, entering, correcting with a look at what it touches, importing a list."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from core import clock
from core.errors import Conflict, InvalidInput, YaoqingError
from core.packs import services as packs
from core.packs.content.outlets import tree_of
from core.packs.content.sections import Outlets
from core.web import actor, highlight, permit, whole_or_zero
from plugins.instructions import post_lists, post_queries, posts, queries
from plugins.instructions.forms import PostForm
from plugins.instructions.holding import Difference
from plugins.instructions.models import Instruction, LeaderPost
from plugins.instructions.pages import bp
from plugins.instructions.section import Instructions

PREFIX = "post-"


@bp.get("/posts")
@permit("instruction.posts")
def post_index() -> Any:
    """The register of posts, and what is recorded otherwise."""
    office_id, today = actor().office_id, clock.today()
    return render_template(
        "instructions/posts.html", rows=post_queries.listing(office_id), today=today, classes=_classes(office_id),
        odd=_told(office_id, posts.at_odds(office_id)),
    )  # fmt: skip


@bp.route("/posts/new", methods=["GET", "POST"])
@permit("instruction.posts")
def post_new() -> Any:
    """Enter a post."""
    return _form_page(None)


@bp.route("/posts/<int:post_id>", methods=["GET", "POST"])
@permit("instruction.posts")
def post_edit(post_id: int) -> Any:
    """Correct a post."""
    return _form_page(posts.one(actor(), post_id))


def _form_page(found: LeaderPost | None) -> Any:
    who, touched, status = actor(), [], 200
    form = _offered(found)
    office_id = found.office_id if found else who.office_id
    if form.is_submitted():
        status = 422
        if form.validate():
            touched = _told(office_id, posts.effects(found, office_id, form.entered()))
            # What a correction touches is shown once before it is saved.
            if not touched or request.form.get("seen") == _seal(touched):
                try:
                    saved = _saved(found, office_id, form)
                except YaoqingError as error:
                    form.explain(error)
                else:
                    flash(f"已登记{post_queries.said(saved)}", "success")
                    if touched:
                        flash("已登记的批示保持原样，需要更正的请在下面逐条办理", "warning")
                    return redirect(url_for("instructions.post_index"))
    highlight("instructions.post_index")
    page = render_template(
        "instructions/post.html", form=form, found=found, touched=touched, seal=_seal(touched)
    )
    return page, status


def _saved(found: LeaderPost | None, office_id: int, form: PostForm) -> LeaderPost:
    if not found:
        return posts.add(actor(), office_id, form.entered())
    return posts.correct(actor(), found.id, whole_or_zero(form.version.data), form.entered())


@bp.post("/posts/<int:post_id>/delete")
@permit("instruction.posts")
def post_remove(post_id: int) -> Any:
    """Take out a post entered by mistake."""
    try:
        posts.remove(actor(), post_id)
    except Conflict as error:
        flash(str(error), "error")
    else:
        flash("任职登记已删除", "success")
    return redirect(url_for("instructions.post_index"))


@bp.route("/posts/import", methods=["GET", "POST"])
@permit("instruction.posts")
def post_import() -> Any:
    """Enter posts from a pasted list."""
    who, typed, errors = actor(), request.form.get("text", ""), []
    if request.method == "POST":
        try:
            entered = post_lists.read(typed, _classes(who.office_id), queries.logins(who.office_id))
            found = posts.add_all(who, who.office_id, entered)
        except post_lists.Unreadable as error:
            errors = [str(each) for each in error.errors]
        except (InvalidInput, Conflict) as error:
            errors = [str(error)]
        else:
            flash(f"已登记 {len(found)} 条任职", "success")
            return redirect(url_for("instructions.post_index"))
    highlight("instructions.post_index")
    page = render_template(
        "instructions/post_import.html", typed=typed, errors=errors, classes=_classes(who.office_id)
    )
    return page, 422 if errors else 200


@bp.post("/<int:instruction_id>/reclassify")
@permit("instruction.posts")
def reclassify(instruction_id: int) -> Any:
    """Bring one instruction into line with the post of its day."""
    try:
        found = posts.reclassify(actor(), instruction_id, request.form.get("reason", ""))
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
    else:
        flash(f"{found.mark}已改按“{found.class_title}”计；已公布的结果不变，差额计入以后的周期", "success")
    return redirect(url_for("instructions.post_index"))


def _offered(found: LeaderPost | None) -> PostForm:
    office_id = actor().office_id
    pack = packs.pack_of(office_id, clock.today())
    values: dict[str, Any] = {}
    if found:
        values = {
            name: getattr(found, name)
            for name in ("name", "post", "leader_class", "since", "until", "version")
        }
        values["user_id"] = str(found.user_id or "")
    form = PostForm(prefix=PREFIX, data=values)
    return form.offer(pack.get(Instructions), tree_of(pack.get(Outlets)), queries.leaders(office_id))


def _classes(office_id: int) -> dict[str, str]:
    classes = packs.pack_of(office_id, clock.today()).get(Instructions).classes
    return {each.id: each.title for each in classes}


def _told(office_id: int, found: list[Difference]) -> list[tuple[Instruction, Difference]]:
    """Differences with their instructions, for the page."""
    known = queries.instructions(office_id, [each.id for each in found])
    return [(known[each.id], each) for each in found if each.id in known]


def _seal(touched: list[tuple[Instruction, Difference]]) -> str:
    """Names what was shown, so that something else is shown before it is saved."""
    return ",".join(f"{found.id}:{each.now}" for found, each in touched)[:2000]
