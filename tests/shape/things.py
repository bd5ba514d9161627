"""What the walk over all routes opens: for the parameters of every address a thing that belongs to a given place.

A plugin adds its own in `tests/plugins/<plugin>/things.py`, in a function `register(things)`:

    @things.at("fees.list", "fees.pay")          # for these endpoints; or
    @things.named("fee_id")                      # for every address with exactly these parameters
    def fee(world, spot):
        return Thing({"fee_id": ...}, spot.office.place(), form={"reason": "核实"})

A thing is made once for each place. `place` says where it belongs, so that the declared permission alone tells
who may open it; None means the address is about the reader's own office.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core import clock, facts
from core.accounts import sessions
from core.accounts.models import Office, RoleAssignment, Unit, User
from core.actors import Actor
from core.db import db, transaction
from core.documents import derived, making
from core.documents.models import IssuedDocument
from core.facts import Author, NewFact
from core.jobs import start
from core.notices import services as notices
from core.notices.models import Notice
from core.packs import keyring, life
from core.packs import services as packs
from core.packs.editing.next_version import stamped
from core.packs.files.archive import packed
from core.packs.files.keys import new_key
from core.packs.files.listing import listing_of
from core.packs.files.signing import sign
from core.packs.models import PackVersion
from core.packs.parcels import Made
from core.packs.starter import starter
from core.permissions import ROLES, Place
from core.register import services as register_services
from core.register.forms import fresh_token
from core.register.services import Draft
from core.scoring import runs
from core.scoring.values.fact import author_key
from core.submissions import attachments, leases, services
from core.submissions.decisions import last_decision
from core.testing import BLANK_PDF, PASSWORD, actor_of
from core.web import LARGEST
from core.workdays import services as workday_services

PERIODS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]


@dataclass(frozen=True)
class Spot:
    """A place things can belong to, seen from the people who walk: their own unit, another one, another office."""

    name: str
    office: Office
    unit: Unit


@dataclass
class Thing:
    """Values for the address, where the thing belongs, and what a form would hold to succeed.

    not_for: roles that its state keeps out although their right reaches it, with the reason beside it.
    """

    values: dict[str, Any]
    place: Place | Callable[[Actor], Place] | None = None
    form: dict[str, Any] = field(default_factory=dict)
    not_for: tuple[str, ...] = ()


class World:
    """The fixtures a factory may use, and closed periods to take from."""

    def __init__(self, fixture: Callable[[str], Any]):
        for name in ("make_user", "make_unit", "make_submission", "make_document", "staff"):
            setattr(self, name, fixture(name))
        self._closed: dict[int, list[str]] = {}
        self._made: dict[Any, Any] = {}

    def once(self, make: Callable[["World", Spot], Any], spot: Spot) -> Any:
        """What a factory makes, made once for each place and shared by several addresses."""
        if (make, spot) not in self._made:
            self._made[make, spot] = make(self, spot)
        return self._made[make, spot]

    def closed_period(self, spot: Spot) -> str:
        """Close one more period of the office and give its key."""
        taken = self._closed.setdefault(spot.office.id, [])
        taken.append(PERIODS[len(taken)])
        runs.close(self.staff("issuer", spot.unit), spot.office.id, taken[-1])
        return taken[-1]


Factory = Callable[[World, Spot], Thing]


class Things:
    """Factories by endpoint, and by the parameters of an address."""

    def __init__(self) -> None:
        self.by_endpoint: dict[str, Factory] = {}
        self.by_parameters: dict[frozenset[str], Factory] = {}

    def at(self, *endpoints: str) -> Callable[[Factory], Factory]:
        return lambda factory: self.by_endpoint.update(dict.fromkeys(endpoints, factory)) or factory

    def named(self, *parameters: str) -> Callable[[Factory], Factory]:
        return lambda factory: self.by_parameters.update({frozenset(parameters): factory}) or factory

    def factory(self, endpoint: str, parameters: set[str]) -> Factory | None:
        """The factory of an address; None when nobody provides one."""
        return self.by_endpoint.get(endpoint) or self.by_parameters.get(frozenset(parameters))


def known_things(plugins: list[str]) -> Things:
    """Core's factories and those of the plugins that are there."""
    things = Things()
    register(things)
    for plugin in plugins:
        path = Path(__file__).parents[1] / "plugins" / plugin / "things.py"
        if path.exists():
            spec = importlib.util.spec_from_file_location(f"{plugin}_things", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            module.register(things)
    return things


def register(things: Things) -> None:
    """Core's own addresses."""
    _accounts(things)
    _submissions(things)
    _register(things)
    _workdays(things)
    _scoring_and_documents(things)
    _jobs(things)

    @things.named()
    def no_parameters(world: World, spot: Spot) -> Thing:
        return Thing({})

    @things.named("filename")
    def static_file(world: World, spot: Spot) -> Thing:
        return Thing({"filename": "img/favicon.svg"})


def _accounts(things: Things) -> None:
    unit_form = {"kind": "county", "sort_no": "1", "parent_id": "0", "host_id": "0"}

    @things.named("unit_id")
    def unit(world: World, spot: Spot) -> Thing:
        form = {**unit_form, "name": f"{spot.unit.name}改", "version": spot.unit.version}
        return Thing({"unit_id": spot.unit.id}, spot.unit.place(), form)

    @things.at("accounts.hand_over")
    def unit_that_ended(world: World, spot: Spot) -> Thing:
        number = db.session.scalar(select(func.count()).select_from(Unit))
        gone = world.make_unit(f"撤销局{number}", office=spot.office, valid_to=date(2020, 1, 1))
        world.make_user("informant", unit=gone)
        return Thing({"unit_id": gone.id}, gone.place())

    @things.at("accounts.new_unit")
    def new_unit(world: World, spot: Spot) -> Thing:
        return Thing({}, form={**unit_form, "name": "新设县人民政府"})

    @things.named("user_id")
    def user(world: World, spot: Spot) -> Thing:
        found = world.make_user("informant", unit=spot.unit)
        form = {"name": "改名", "login": found.login, "version": found.version, "role": "editor"}
        return Thing({"user_id": found.id}, found.place(), form)

    @things.at("accounts.new_user")
    def new_user(world: World, spot: Spot) -> Thing:
        return Thing({}, form={"login": "new.clerk", "name": "新人"})

    @things.at("accounts.password")
    def password(world: World, spot: Spot) -> Thing:
        return Thing({}, form={"old": PASSWORD, "new": "Xinxi-2027-new", "again": "Xinxi-2027-new"})

    @things.named("session_id")
    def session(world: World, spot: Spot) -> Thing:
        found = world.make_user("informant", unit=spot.unit)
        opened = sessions.sign_in(found.login, PASSWORD, "10.0.0.9", "")
        return Thing({"session_id": opened.session_id}, Place(0, owner_id=found.id))

    @things.at("notices.open_one")
    def notice(world: World, spot: Spot) -> Thing:
        found = world.make_user("informant", unit=spot.unit)
        with transaction():
            notices.tell([found.id], "有新的信息", "/")
            db.session.flush()
            number = db.session.scalars(select(func.max(Notice.id))).one()
        return Thing({"notice_id": number}, Place(0, owner_id=found.id))

    @things.at("notices.read_all")
    def unread(world: World, spot: Spot) -> Thing:
        with transaction():
            notices.tell(db.session.scalars(select(User.id)), "有新的信息", "/")
        return Thing({}, form={"newest": LARGEST})


def _submissions(things: Things) -> None:
    text = {"genre": "brief", "urgency": "normal", "title": "另一个标题", "body": "另一段正文。"}

    @things.named("submission_id")
    def received(world: World, spot: Spot) -> Thing:
        item = world.make_submission("received", unit=spot.unit)
        return Thing(
            {"submission_id": item.id}, item.place(), {**text, "version": item.version, "name": "take"}
        )

    @things.at("submissions.edit", "submissions.send", "submissions.discard")
    def draft(world: World, spot: Spot) -> Thing:
        item = world.make_submission("draft", unit=spot.unit)
        form = {**text, "unit_id": spot.unit.id, "version": item.version}
        return Thing({"submission_id": item.id}, item.main_place(), form)

    @things.at("submissions.sign")
    def awaiting(world: World, spot: Spot) -> Thing:
        item = world.make_submission("awaiting", unit=spot.unit)
        return Thing({"submission_id": item.id}, item.main_place(), {"version": item.version})

    @things.at("submissions.new", "submissions.autosave", "submissions.check")
    def new(world: World, spot: Spot) -> Thing:
        return Thing({}, form={**text, "unit_id": spot.unit.id})

    @things.at("submissions.transfer")
    def handed_over(world: World, spot: Spot) -> Thing:
        item = world.make_submission("editing", unit=spot.unit)
        other = world.make_user("editor", unit=spot.unit)
        return Thing({"submission_id": item.id}, item.place(), {"to": other.id, "reason": "请您接手"})

    @things.at("submissions.undo")
    def decided(world: World, spot: Spot) -> Thing:
        item = world.make_submission("unused", unit=spot.unit)
        event = last_decision(item)
        return Thing({"submission_id": item.id}, item.place(), {"event": event.id, "reason": "点错了"})

    @things.at("submissions.beat")
    def edited(world: World, spot: Spot) -> Thing:
        item = world.make_submission("received", unit=spot.unit)
        return Thing({"submission_id": item.id}, item.place(), {"used": "1"})

    @things.at("submissions.release")
    def held(world: World, spot: Spot) -> Thing:
        item = world.make_submission("received", unit=spot.unit)
        # By whoever walks as an editor there: they were made first.
        editors = select(RoleAssignment.user_id).where(
            RoleAssignment.role == "editor", RoleAssignment.office_id == spot.office.id
        )
        holder = db.session.scalar(editors.order_by(RoleAssignment.user_id).limit(1))
        found = db.session.get(User, holder) if holder else world.make_user("editor", unit=spot.unit)
        leases.hold(actor_of(found), item.id)
        return Thing({"submission_id": item.id}, item.place())

    @things.at("submissions.ask")
    def held_by_another(world: World, spot: Spot) -> Thing:
        item = world.make_submission("received", unit=spot.unit)
        leases.hold(actor_of(world.make_user("editor", unit=spot.unit)), item.id)
        return Thing({"submission_id": item.id}, item.place())

    @things.at("submissions.attach")
    def upload(world: World, spot: Spot) -> Thing:
        item = world.make_submission("received", unit=spot.unit)
        return Thing({"submission_id": item.id}, item.place(), {"files": ("材料.pdf", BLANK_PDF)})

    @things.named("submission_id", "attachment_id")
    def attachment(world: World, spot: Spot) -> Thing:
        item, writer = world.make_submission(unit=spot.unit), world.staff("informant", spot.unit)
        file = attachments.attach(writer, item.id, "材料.pdf", BLANK_PDF)
        services.send(writer, item.id, item.version)
        services.sign(world.staff("signing_leader", spot.unit), item.id, item.version)
        return Thing({"submission_id": item.id, "attachment_id": file.id}, item.place())


def _jobs(things: Things) -> None:
    @things.named("job_id")
    def of_somebody_else(world: World, spot: Spot) -> Thing:
        """A background job is its owner's alone; what owners may do is tested with the jobs."""
        with transaction():
            job = start(None, "scheduled:jobs.tidy", "整理", office_id=spot.office.id)
            job.actor_id = world.make_user("informant", unit=spot.unit).id
        return Thing({"job_id": job.id}, job.place())


def _register(things: Things) -> None:
    """The register of facts: one may be seen by its unit, and is recorded or withdrawn by the editors."""

    @things.at("register.fact", "register.withdraw")
    def recorded(world: World, spot: Spot) -> Thing:
        draft = Draft(
            "manual", clock.today(), "参加座谈会", (spot.unit.id,), {"points": Decimal(2), "reason": "表扬"}
        )
        fact = register_services.record(world.staff("editor", spot.unit), [draft], fresh_token())[0]
        return Thing({"fact_id": fact.id}, spot.unit.place(), {"reason": "登记有误"})

    @things.at("register.new")
    def one(world: World, spot: Spot) -> Thing:
        attrs = {"points": Decimal(2), "reason": "表扬"}
        draft = Draft("manual", clock.today(), "参加座谈会", (spot.unit.id,), attrs)
        form = {"kind": draft.kind, "on": draft.on.isoformat(), "title": draft.title, "unit": spot.unit.id}
        form |= {
            "a_points": "2",
            "a_reason": "表扬",
            "token": fresh_token(),
            "step": "record",
            "seen": draft.seal,
        }
        return Thing({}, form=form)

    @things.at("register.import_table")
    def many(world: World, spot: Spot) -> Thing:
        line = f"{clock.today()}\t{spot.unit.short}\t参加座谈会\t2\t表扬"
        text = f"日期\t单位\t事项\t分值\t事由\n{line}"
        return Thing({}, form={"kind": "manual", "text": text, "token": fresh_token(), "step": "record"})


def _workdays(things: Things) -> None:
    @things.at("workdays.enter")
    def enter(world: World, spot: Spot) -> Thing:
        return Thing({}, form={"year": "2031", "days": "1月1日 休 元旦"})

    @things.at("workdays.remove")
    def remove(world: World, spot: Spot) -> Thing:
        workday_services.enter(world.staff("editor", spot.unit), spot.office.id, "2031-01-02 休", 2031)
        return Thing({}, form={"day": "2031-01-02"})


def _scoring_and_documents(things: Things) -> None:
    @things.named("period_key")
    def closed_period(world: World, spot: Spot) -> Thing:
        return Thing({"period_key": world.closed_period(spot)}, form={"reason": "更正"})

    @things.at("scoring.close")
    def open_period(world: World, spot: Spot) -> Thing:
        return Thing({"period_key": "2026-01"})

    @things.named("period_key", "unit_id")
    def entries(world: World, spot: Spot) -> Thing:
        return Thing({"period_key": "2026-01", "unit_id": spot.unit.id}, spot.unit.place())

    @things.at("scoring.person")
    def author(world: World, spot: Spot) -> Thing:
        """An author of the unit; nobody has personal scores where the pack has no rules for them."""
        name, rules = f"{spot.name}的作者", runs.rules_in_force(spot.office.id, date(2026, 1, 31))[1]
        with transaction():
            facts.record(
                world.staff("editor", spot.unit),
                NewFact(
                    spot.office.id, "adopted", date(2026, 1, 5), (spot.unit.id,), f"author:{spot.name}",
                    f"item:{spot.name}", "作者的信息", authors=(Author(name),),
                ),
            )  # fmt: skip
        values = {"period_key": "2026-01", "name": author_key(str(spot.unit.id), name)}
        return Thing(values, spot.unit.place(), not_for=() if rules.persons else tuple(ROLES))

    @things.named("version_id")
    def pack_version(world: World, spot: Spot) -> Thing:
        return Thing({"version_id": 1}, form={"starts_on": date(2026, 1, 1).isoformat()})

    @things.at("packs.activate")
    def earlier_day(world: World, spot: Spot) -> Thing:
        # From the day on which it is in force already nobody activates a version.
        return Thing({"version_id": 1}, form={"starts_on": date(2023, 6, 1).isoformat()})

    @things.at("packs.rehearsal", "packs.rehearse")
    def rehearsed_period(world: World, spot: Spot) -> Thing:
        return Thing({"version_id": 1}, form={"period": "2026-01"})

    rehearsed = {"version_id": 1, "period_key": "2026-01", "paper_key": "ranking", "side": "new", "page": 1}

    @things.at("packs.rehearsed_paper", "packs.rehearsed_pages")
    def rehearsed_paper(world: World, spot: Spot) -> Thing:
        return Thing(rehearsed)

    @things.at("packs.rehearsed_picture")
    def rehearsed_picture(world: World, spot: Spot) -> Thing:
        # Pictures are only shown to a session that has asked for the rehearsal, which nobody here has.
        return Thing(rehearsed, not_for=tuple(ROLES))

    @things.at("packs.rollback")
    def rollback(world: World, spot: Spot) -> Thing:
        later, _ = packs.install(
            None,
            Made("later", starter("later", "后来的办法", "示例市人民政府办公室", packs.registry().sections)),
        )
        if packs.in_force(spot.office.id, date(2026, 6, 1)) != later:
            packs.activate(None, spot.office.id, later.id, date(2026, 6, 1))
        return Thing({}, form={"version_id": 1, "starts_on": "2026-06-01", "reason": "暂缓执行"})

    @things.at("packs.install")
    def pack_file(world: World, spot: Spot) -> Thing:
        return Thing({}, form={"archive": ("new-1.0.0.yqpack", trusted_pack_file())})

    @things.at("packs.diff_file")
    def compared_file(world: World, spot: Spot) -> Thing:
        return Thing({}, form={"old": 1, "archive": ("new-1.0.0.yqpack", trusted_pack_file())})

    @things.at("packs.edit", "packs.revise")
    def edited_pack(world: World, spot: Spot) -> Thing:
        found = life.fields_of(packs.load(packs.version(1)))
        some = next(slot for slot in found if slot.kind == "text" and slot.file == "units.yaml")
        return Thing({"version_id": 1}, form={some.name: "改过的名称"})

    @things.at("packs.layout", "packs.relayout")
    def written_layout(world: World, spot: Spot) -> Thing:
        kind, source = next(iter(packs.load(packs.version(1)).documents.items()))
        changed = source.files["template.html"] + "{# 改过 #}"
        return Thing({"version_id": 1, "kind": kind}, form={"action": "file", "template.html": changed})

    @things.at("packs.confirm")
    def paper(world: World, spot: Spot) -> Thing:
        manifest = "\nsources: [{id: rules, title: 办法, confirmed: 2024-01-01}]\n"
        return Thing({"version_id": copy_of_first("paper", manifest).id}, form={"source": "rules"})

    @things.at("packs.merge", "packs.carry_over")
    def local_edition(world: World, spot: Spot) -> Thing:
        ours = copy_of_first("ours-local", f"\nderived_from: {packs.version(1).ref}\n")
        return Thing({"version_id": ours.id}, form={"theirs": copy_of_first("theirs").id})

    @things.at("packs.trust")
    def public_key(world: World, spot: Spot) -> Thing:
        return Thing({}, form={"line": new_key("示例省政府办公厅").public.line()})

    @things.at("packs.revoke")
    def trusted_key(world: World, spot: Spot) -> Thing:
        found = keyring.trust(None, new_key("示例省政府办公厅").public.line())
        return Thing({"row_id": found.id}, form={"reason": "密钥遗失"})

    @things.named("document_id")
    def document(world: World, spot: Spot) -> Thing:
        return Thing({"document_id": world.make_document(spot.office).id}, spot.office.place())

    @things.at("documents.tables")
    def tabulated(world: World, spot: Spot) -> Thing:
        found = world.make_document(
            spot.office, page="<table><tr><th>单位</th></tr><tr><td>甲县</td></tr></table>"
        )
        return Thing({"document_id": found.id}, spot.office.place())

    @things.at("documents.reprint")
    def reprint(world: World, spot: Spot) -> Thing:
        found = world.make_document(spot.office)
        return Thing({"document_id": found.id}, spot.office.place(), {"copies": "5", "reason": "会议用"})

    @things.at("verify.page", "verify.scanned", "verify.ask")
    def verified(world: World, spot: Spot) -> Thing:
        return Thing({"code": "ABCDEFGHJKMN"}, form={"code": "ABCD-EFGH-JKMN"})

    @things.at("documents.other_format")
    def in_a_plugins_format(world: World, spot: Spot) -> Thing:
        return in_a_format(_issued(world.make_document(spot.office), spot))

    @things.at("documents.make_format")
    def made_in_the_background(world: World, spot: Spot) -> Thing:
        return in_a_format(_issued(world.make_document(spot.office, pages=making.SHORT + 1), spot))

    @things.named("document_id", "page")
    def page(world: World, spot: Spot) -> Thing:
        return Thing({"document_id": world.make_document(spot.office).id, "page": 1}, spot.office.place())


def _issued(document: IssuedDocument, spot: Spot) -> Thing:
    return Thing({"document_id": document.id}, spot.office.place())


def in_a_format(thing: Thing) -> Thing:
    """A thing with a file, in a format of a plugin. Without a plugin that offers one there is nothing to get."""
    offered = [form.name for form in derived.formats()]
    values = {**thing.values, "name": [*offered, "none"][0]}
    return Thing(values, thing.place, not_for=() if offered else tuple(ROLES))


def copy_of_first(pack: str, manifest: str = "") -> PackVersion:
    """The first installed pack under another id, with more lines in its manifest."""
    files = stamped(packs.load(packs.version(1)).files, id=pack)
    files["pack.yaml"] = files["pack.yaml"].rstrip() + manifest.encode()
    return packs.install(None, Made(pack, files))[0]


def trusted_pack_file() -> bytes:
    """A pack file that may be uploaded here, signed by a key trusted from now on."""
    key = new_key("示例省政府办公厅")
    keyring.trust(None, key.public.line())
    files = starter("new", "新办法", "示例市人民政府办公室", packs.registry().sections)
    listing = listing_of("new", "0.1.0", files).encoded()
    return packed(files, listing, sign(key, listing, clock.now()).encoded())
