"""Pages of the register: the list, one fact, registering by hand, many at once, withdrawing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from core import clock
from core.accounts.units import units_of_office
from core.actors import Actor
from core.errors import Conflict, InvalidInput, NotFound, YaoqingError
from core.facts import Fact
from core.facts.naming import names_for
from core.facts.register import kind_title
from core.paging import page_of
from core.permissions import Place, allowed, require
from core.register import forms, queries, reading, services
from core.register.origins import origin_of
from core.register.panels import entries_of
from core.register.services import Book, Draft
from core.register.words import HandKind
from core.scoring import runs
from core.scoring.live import frozen_run
from core.scoring.values import points
from core.scoring.values.fact import STATUS_TITLES, WITHDRAWN
from core.tabular import decode
from core.web import actor, highlight, page_number, parse_day, permit, whole_or_zero

bp = Blueprint("register", __name__, url_prefix="/facts")
# Attributes a pack need not declare.
TITLES = {"reason": "事由", "characters": "字数"}
STATES = (("standing", "有效"), ("withdrawn", "已撤销"))


@bp.get("/")
@permit("fact.view")
def index() -> Any:
    """The facts of the office or the unit, filtered."""
    who, args = actor(), request.args
    periods, kinds = _periods(who.office_id), _kinds(who.office_id)
    period = next((each for each in periods if each.key == args.get("period")), None)
    wanted = queries.Filter(
        text=args.get("text", "")[:60], kind=args.get("kind", "")[:40], unit_id=whole_or_zero(args.get("unit")),
        since=period.start if period else parse_day(args.get("since")),
        until=period.end if period else parse_day(args.get("until")), by=args.get("by", "")[:40],
        state=args.get("state", "") if args.get("state") in dict(STATES) else "",
    )  # fmt: skip
    size = int(current_app.config["YAOQING"]["PAGE_SIZE"])
    page = page_of(queries.listing(who, wanted), page_number(), size, scalars=True)
    return render_template(
        "register/index.html", page=page, args=args, gone=queries.withdrawals(page.rows), titles=dict(kinds),
        kinds=kinds, names=queries.unit_names(who.office_id), units=_units(who), periods=periods,
        states=STATES, origin_of=origin_of, known=_known(who, page.rows),
    )  # fmt: skip


@bp.get("/<int:fact_id>")
@permit("fact.view")
def fact(fact_id: int) -> Any:
    """One fact: who, when, what, its entries, how it was withdrawn."""
    return _fact_page(fact_id)


@bp.post("/<int:fact_id>/withdraw")
@permit("fact.record")
def withdraw(fact_id: int) -> Any:
    """Withdraw a fact with a reason."""
    try:
        services.withdraw(actor(), fact_id, request.form.get("reason", ""))
    except (Conflict, InvalidInput) as error:
        flash(str(error), "error")
    else:
        flash("已撤销，相应得分已冲正，原登记保留", "success")
    return redirect(url_for("register.fact", fact_id=fact_id))


@bp.route("/new", methods=["GET", "POST"])
@permit("fact.record")
def new() -> Any:
    """Register one fact: choose the kind, fill in, look at what it would bring, record."""
    who = actor()
    require(who, "fact.record", Place(who.office_id))
    highlight("register.index")
    day = parse_day(request.form.get("on")) or clock.today()
    known = services.has_rules(who.office_id, day)
    book = services.book_of(who.office_id, day if known else clock.today())
    kind = book.kinds.get(request.values.get("kind", ""))
    if kind is None:
        page = render_template("register/kinds.html", kinds=list(book.kinds.values()), args=request.args)
        return page, 422 if request.method == "POST" else 200
    return _Desk(who, book, kind).answer()


class _Desk:
    """The form of one fact, step by step: more rows, an item looked up, a preview, the record."""

    def __init__(self, who: Actor, book: Book, kind: HandKind):
        self.who, self.book, self.kind = who, book, kind
        self.form = forms.form_for(kind, on=clock.today(), token=forms.fresh_token())
        sent = request.form
        self.rows = forms.rows_from(sent.getlist("unit"), sent.getlist("role"), sent.getlist("weight"))
        self.step = sent.get("step", "preview") if request.method == "POST" else ""
        if self.step == "preview" and (self.form.item.data or "").strip() and "item_id" not in sent:
            self.step = "find"  # what somebody typed there is not passed over in silence
        self.matches: Sequence[Any] = ()
        self.preview: services.Preview | None = None
        self.draft: Draft | None = None

    def answer(self) -> Any:
        if self.step in ("", "more", "find"):
            return self._filled_in()
        valid = self.form.validate_on_submit()
        self.draft = self._draft()
        told = {field.label.text for field in self.form if field.errors}
        slips = [*self.errors, *services.check(self.who, self.draft)]
        for slip in slips:
            if slip.where not in told:
                self.form.explain(slip)
        if not valid or slips:
            return self.page(422)
        if self.step == "record" and self.form.seen.data == self.draft.seal:
            return self._record()
        return self._show_preview()

    def _filled_in(self) -> Any:
        if self.step == "find":
            text = (self.form.item.data or "").strip()
            self.matches = queries.items_like(self.who, text) if text else ()
            if not self.matches:
                self.form.item.errors = ["没有找到这样的信息，请换几个字再查"]
        elif not self.step and (number := request.args.get("item")):
            self.form.item_id.data = str(whole_or_zero(number) or "")
            self._take_over_item()
        return self.page()

    def _take_over_item(self) -> None:
        """A fact about an item begins with the item's title and units."""
        try:
            item = queries.item(self.who, self.form.item_id.data or "")
        except NotFound:
            self.form.item_id.data = ""
            return
        self.form.title.data = item.title
        self.rows = [forms.UnitRow(contributor.unit_id) for contributor in item.contributors]

    def _draft(self) -> Draft:
        names = _names(self.who)
        draft, self.errors = forms.draft_of(self.kind, self.form, self.rows, names, self.book.rules)
        if item := (self.form.item_id.data or "").strip():
            try:
                draft = services.with_item(self.who, draft, item)
            except NotFound as error:
                self.errors.append(InvalidInput(error.message, where="查找信息", advice=error.advice))
        return draft

    def _show_preview(self) -> Any:
        if self.draft is None:
            return self.page(422)
        try:
            self.preview = services.previews(self.who, [self.draft])[0]
        except InvalidInput as error:
            self.form.explain(error)
            return self.page(422)
        if self.step == "record":
            flash("内容有改动，请再看一遍试算结果，然后登记", "warning")
        return self.page(422 if self.step == "record" else 200)

    def _record(self) -> Any:
        if self.draft is None:
            return self.page(422)
        try:
            done = services.record(self.who, [self.draft], self.form.token_of())[0]
        except YaoqingError as error:
            self.form.explain(error)
            return self.page(422)
        flash(f"已登记，编号 {done.id}", "success")
        _warn_of_closed(self.who, [self.draft])
        return redirect(url_for("register.fact", fact_id=done.id))

    def page(self, status: int = 200) -> Any:
        self.form.token.data = self.form.token_of()
        self.form.seen.data = self.draft.seal if self.draft and self.preview else ""
        spare = forms.ROWS if self.step != "more" else forms.MORE_ROWS
        filled = [row for row in self.rows if row.unit]
        rows = [*filled, *[forms.UnitRow(0)] * min(spare, services.MOST_UNITS - len(filled))]
        html = render_template(
            "register/new.html", form=self.form, kind=self.kind, rows=rows, parts=self.book.parts, units=_units(self.who),
            names=queries.unit_names(self.who.office_id), matches=self.matches, item=_item_or_none(self.who, self.form),
            preview=self.preview, draft=self.draft, statuses=STATUS_TITLES, prefix=forms.PREFIX,
            show=_printer(self.who.office_id),
        )  # fmt: skip
        return html, status


@bp.route("/import", methods=["GET", "POST"])
@permit("fact.record")
def import_table() -> Any:
    """Register many facts: read the table, show every line with what it would bring, record all or none."""
    who = actor()
    require(who, "fact.record", Place(who.office_id))
    highlight("register.index")
    book = services.book_of(who.office_id, clock.today())
    kind = request.form.get("kind", "")
    text, lines, error = request.form.get("text", ""), [], ""
    if request.method == "POST":
        try:
            text = text if text.strip() else _uploaded()
            lines = _lines(who, book, text, kind)
            if request.form.get("step") == "record" and not any(line.errors for line in lines):
                return _record_all(who, lines)
        except InvalidInput as problem:
            error = str(problem)
    shown = _previewed(who, lines) if lines and not error else {}
    html = render_template(
        "register/import.html", kinds=list(book.kinds.values()), kind=kind, text=text, lines=lines, error=error,
        shown=shown, names=queries.unit_names(who.office_id), show=_printer(who.office_id), form_token=forms.fresh_token(),
        wrong=sum(bool(line.errors) for line in lines), kind_title=lambda name: book.kinds[name].title,
    )  # fmt: skip
    return html, 422 if error or any(line.errors for line in lines) else 200


def _lines(who: Actor, book: Book, text: str, kind: str) -> list[reading.Line]:
    known = reading.Words(book.kinds, _names(who), book.rules)
    lines = reading.read(text, kind, clock.today(), known)
    for line in lines:
        if line.draft is None:
            continue
        try:
            draft = services.with_item(who, line.draft, line.draft.item) if line.draft.item else line.draft
        except NotFound as error:
            line.errors.append(InvalidInput(error.message, where="信息", advice=error.advice))
            continue
        line.draft = draft if draft.title else replace(draft, title=book.kinds[draft.kind].title)
        told = {error.where for error in line.errors}
        line.errors += [error for error in services.check(who, line.draft) if error.where not in told]
    return lines


def _previewed(who: Actor, lines: Sequence[reading.Line]) -> dict[int, services.Preview]:
    """What the sound lines would bring, by line."""
    sound = [line for line in lines if line.draft is not None and not line.errors]
    found = services.previews(who, [line.draft for line in sound if line.draft])
    return {line.number: preview for line, preview in zip(sound, found, strict=True)}


def _record_all(who: Actor, lines: Sequence[reading.Line]) -> Any:
    drafts = [line.draft for line in lines if line.draft is not None]
    token = request.form.get("token", "")
    if not forms.TOKEN.fullmatch(token):
        raise InvalidInput("页面已经过期", advice="请重新预览后再登记")
    try:
        done = services.record(who, drafts, token)
    except Conflict as error:
        raise InvalidInput(error.message, reason=error.reason, advice=error.advice) from None
    flash(f"已登记 {len(done)} 件计分事项", "success")
    _warn_of_closed(who, drafts)
    return redirect(url_for("register.index"))


def _uploaded() -> str:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput("请粘贴表格，或选择文件", where="表格")
    return decode(upload.read())


def _fact_page(fact_id: int) -> Any:
    who = actor()
    found = queries.one(who, fact_id)
    highlight("register.index")
    try:
        entries = [
            e for e in entries_of(found.office_id, [found]) if _may_see(who, found.office_id, int(e.unit))
        ]
        vocabulary = runs.rules_in_force(found.office_id, found.on)[1].words
    except YaoqingError:  # no pack was in force then
        entries, vocabulary = [], None
    attrs = [
        (vocabulary.properties[name].title, vocabulary.shown(name, value))
        if vocabulary and name in vocabulary.properties
        else (TITLES.get(name, name), value)
        for name, value in found.attrs.items()
        if value is not None
    ]
    return render_template(
        "register/fact.html", fact=found, gone=queries.withdrawals([found]).get(found.id), origin=origin_of(found),
        kind=kind_title(found.kind) if not vocabulary else vocabulary.kind_title(found.kind), attrs=attrs, entries=entries,
        names=queries.unit_names(found.office_id), statuses=STATUS_TITLES, show=_printer(found.office_id),
        may_withdraw=services.may_withdraw(who, found), closed=_closed_title(found.office_id, found.on),
        period_of=lambda entry: runs.current_period(found.office_id, entry.day),
        total=sum((entry.amount for entry in entries), start=0), known=_known(who, [found]),
    )  # fmt: skip


def _known(who: Actor, found: Iterable[Fact]) -> dict[int, str]:
    """By fact: what its reader knows it by."""
    rows = list(found)
    told = names_for(who, "fact.view", who.office_id).of_items(fact.item for fact in rows)
    return {fact.id: told.get(fact.item or "", fact.title) for fact in rows}


def _may_see(who: Actor, office_id: int, unit_id: int) -> bool:
    return allowed(who, "entry.view", Place(office_id, frozenset({unit_id})))


def _item_or_none(who: Actor, form: forms.FactForm) -> Any:
    try:
        return queries.item(who, form.item_id.data) if form.item_id.data else None
    except NotFound:
        return None


def _units(who: Actor) -> list[tuple[int, str]]:
    return [(unit.id, unit.short) for unit in units_of_office(who.office_id)]


def _names(who: Actor) -> dict[str, int]:
    """Units by every name people write."""
    return {
        name: unit.id for unit in units_of_office(who.office_id) for name in (unit.name, unit.short) if name
    }


def _kinds(office_id: int) -> list[tuple[str, str]]:
    """Every kind of fact that may be in the register."""
    known = {kind.name: kind.title for kind in runs.fact_kinds() if kind.name != WITHDRAWN}
    try:
        rules = runs.rules_in_force(office_id, clock.today())[1]
        known |= {kind.name: kind.title for kind in rules.words.kinds.values() if kind.name != WITHDRAWN}
    except NotFound:
        pass
    return list(known.items())


def _periods(office_id: int) -> list[Any]:
    try:
        return runs.periods(office_id)
    except NotFound:
        return []


def _printer(office_id: int) -> Any:
    try:
        printing = runs.rules_in_force(office_id, clock.today())[1].printing
    except NotFound:
        printing = None
    return lambda grains: points.show(grains, printing)


def _closed_title(office_id: int, day: date) -> str:
    """The closed period a day lies in; empty while it is open."""
    try:
        period = runs.current_period(office_id, day)
    except NotFound:
        return ""
    return period.title if frozen_run(office_id, period.key) else ""


def _warn_of_closed(who: Actor, drafts: Sequence[Draft]) -> None:
    if any(_closed_title(who.office_id, draft.on) for draft in drafts):
        flash("有的日期所在周期已经结账：已公布的结果不变，得分计入以后周期，在“调整”中列出", "warning")
