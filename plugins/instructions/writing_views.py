"""Pages for writing: a leader in their own name on a phone, an editor for a leader, on an item, a document, or
further to an earlier instruction; and each person's phrases."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from core import clock
from core.actors import Actor
from core.documents import store as documents
from core.documents.models import STANDINGS, IssuedDocument
from core.errors import Conflict, InvalidInput, YaoqingError
from core.packs import services as packs
from core.packs.content.outlets import OutletTree, tree_of
from core.packs.content.sections import Outlets
from core.paging import page_of
from core.permissions import Place, allowed, reach
from core.plugins import collect
from core.submissions import known
from core.submissions.credit import not_counted
from core.submissions.models import Submission
from core.submissions.workflow import ABSORBED, COUNTABLE
from core.web import actor, highlight, page_number, permit
from plugins.instructions import nearest, phrases, post_queries, queries, reading, services
from plugins.instructions.forms import RecordForm
from plugins.instructions.models import Instruction, in_marks
from plugins.instructions.pages import bp, html_of, say_recorded, size, uploads
from plugins.instructions.section import Instructions

PREFIX = "instruction-"


@dataclass(frozen=True)
class On:
    """What is being instructed on: an item or a document, perhaps further to an earlier instruction."""

    office_id: int
    submission: Submission | None = None
    document: IssuedDocument | None = None
    follows: Instruction | None = None

    @property
    def title(self) -> str:
        return in_marks(self.submission.title if self.submission else str(self.document))

    def ids(self) -> dict[str, int | None]:
        return {
            "submission_id": self.submission.id if self.submission else None,
            "document_id": self.document.id if self.document else None,
            "follows_id": self.follows.id if self.follows else None,
        }


@bp.get("/new")
@permit("instruction.record")
def choose() -> Any:
    """Choose the item a leader has instructed on."""
    highlight("instructions.index")
    query = queries.items(actor(), request.args.get("text", "")[:60])
    page = page_of(query, page_number(), size(), scalars=True)
    return render_template("instructions/choose.html", page=page, args=request.args)


@bp.route("/new/<int:submission_id>", methods=["GET", "POST"])
@permit("instruction.record")
def new(submission_id: int) -> Any:
    """Record an instruction on an item."""

    def on() -> On:
        item = queries.item(actor(), submission_id)
        return On(item.office_id, submission=item)

    item = on().submission
    if item and item.state in ABSORBED and request.method == "GET":
        # Nobody fills in a form that cannot be taken: the item's page has links to those that can be written on.
        flash(str(not_counted(item)), "error")
        if allowed(actor(), "submission.view", item):
            return redirect(url_for("submissions.item", submission_id=item.id))
        return redirect(url_for("instructions.choose"))
    return _page(on)


@bp.route("/on-document/<int:document_id>", methods=["GET", "POST"])
@permit("instruction.record")
def on_document(document_id: int) -> Any:
    """Record an instruction on a whole issued document, such as an issue of a journal."""

    def on() -> On:
        document = documents.document(actor(), document_id)
        return On(document.office_id, document=document)

    return _page(on)


@bp.route("/<int:instruction_id>/follow", methods=["GET", "POST"])
@permit("instruction.record")
def follow(instruction_id: int) -> Any:
    """Instruct further on what became of an earlier instruction (续批)."""

    def on() -> On:
        found = queries.one(actor(), instruction_id)
        return On(found.office_id, found.submission, found.document, found)

    return _page(on)


def _page(find: Any) -> Any:
    who, on = actor(), find()
    form = offered(who, on)
    status = 200
    if form.is_submitted():
        if key := request.form.get("phrase"):
            form.text.data = f"{form.text.data or ''}{phrases.words(who, key)}"
        elif answer := _recorded(who, on, form):
            return answer
        else:
            status, on = 422, find()
    highlight("instructions.index")
    page = render_template(
        "instructions/new.html", form=form, on=on, html=html_of(who, on.submission), own=own_id(who, on.office_id),
        phrases=phrases.offered(who), standings=STANDINGS,
        secrecy=reading.secrecy(on.document.id if on.document else None),
    )  # fmt: skip
    return page, status


def _recorded(who: Actor, on: On, form: RecordForm) -> Any:
    """Record what the form says; None when it has to come back."""
    if not form.validate():
        return None
    try:
        new = form.instruction(own_id(who, on.office_id), **on.ids())
        found = services.record(who, new, uploads(request.files.getlist(f"{PREFIX}scans")))
    except YaoqingError as error:
        form.explain(error)
        return None
    say_recorded(found)
    return redirect(url_for("instructions.show", instruction_id=found.id))


def form_for(who: Actor, office_id: int, submission: Submission | None = None) -> bool:
    """Whether somebody may write on a thing of an office; not without a pack that speaks of instructions."""
    if submission and submission.state not in COUNTABLE:
        return False
    return may_write(who, office_id)


def instead_of(who: Actor, submission: Submission) -> list[Submission]:
    """The items somebody may write on in place of one that is absorbed."""
    if submission.state not in ABSORBED or not may_write(who, submission.office_id):
        return []
    return [each for each in known.counted(submission) if each.state in COUNTABLE]


def may_write(who: Actor, office_id: int) -> bool:
    """Whether somebody may write in an office; not without a pack that speaks of instructions."""
    if not allowed(who, "instruction.record", Place(office_id, owner_id=who.id)):
        return False
    if office_id not in reach(who, "instruction.view").offices:
        return False
    try:
        packs.pack_of(office_id, clock.today()).get(Instructions)
    except YaoqingError:
        return False
    return True


def offered(who: Actor, on: On) -> RecordForm:
    """The form with its choices."""
    pack = packs.pack_of(on.office_id, clock.today())
    words = pack.get(Instructions)
    tree = tree_of(pack.get(Outlets))
    form = RecordForm(prefix=PREFIX, on=clock.today(), carrier=_carrier(words, tree, on.document))
    items = nearest.items(on.office_id, on.submission, on.document.id if on.document else None)
    form.offer(words, tree, nearest.units(on.office_id, items))
    if own_id(who, on.office_id):
        form.offer_own(post_queries.held(on.office_id, who.id, who.name, clock.today()))
    else:
        form.offer_leaders(post_queries.listing(on.office_id), queries.leaders(on.office_id), clock.today())
    if on.document:
        form.offer_items((item.id, item.title) for item in items)
    return form


def _carrier(words: Instructions, tree: OutletTree, document: IssuedDocument | None) -> str:
    """What the form names as carrier: where the document came out; for items and other documents the usual one."""
    outlets = collect("document_outlets", document_id=document.id) if document else []
    return next((outlet for outlet in outlets if outlet in tree.nodes), words.carrier or "")


def own_id(who: Actor, office_id: int) -> int | None:
    """The person's own id when they may record their own instructions only; None for editors."""
    return None if office_id in reach(who, "instruction.record").offices else who.id


@bp.route("/phrases", methods=["GET", "POST"])
@permit("instruction.record")
def own_phrases() -> Any:
    """The person's own phrases."""
    highlight("instructions.index")
    typed, problem = request.form.get("text", ""), ""
    if request.method == "POST":
        try:
            phrases.add(actor(), typed)
        except (Conflict, InvalidInput) as error:
            problem = error.message
        else:
            flash("常用语已添加", "success")
            return redirect(url_for("instructions.own_phrases"))
    page = render_template(
        "instructions/phrases.html", rows=phrases.own(actor()), first=phrases.FIRST, typed=typed, problem=problem
    )  # fmt: skip
    return page, 422 if problem else 200


@bp.post("/phrases/<int:phrase_id>/delete")
@permit("instruction.record")
def remove_phrase(phrase_id: int) -> Any:
    """Delete one of them."""
    phrases.remove(actor(), phrase_id)
    flash("常用语已删除", "success")
    return redirect(url_for("instructions.own_phrases"))
