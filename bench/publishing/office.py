"""An office with sixty units, people for every step, and invented items ready to be printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from corpus import Text
from words import BUREAUS, COUNTIES, POINTS

from core import clock, migrate
from core.accounts import passwords, people, units
from core.accounts.models import Office as Registered
from core.accounts.models import Unit, User
from core.accounts.sessions import actor_of
from core.actors import Actor
from core.config import PROJECT
from core.db import db, transaction
from core.packs import services as packs
from core.permissions import ROLES, Grant
from core.submissions import services as submissions
from core.submissions.services import Draft
from core.submissions.text import from_plain
from plugins.journal import services as journals
from plugins.journal import signing
from plugins.journal.models import JournalIssue

PACK = PROJECT / "rulepacks" / "standard"
LOGIN = "bianji"


@dataclass(frozen=True)
class Size:
    """What an issue of a certain length is made of: so many items of about so many characters each."""

    items: int
    characters: int
    journal: str = "zwyq"
    column: str = "progress"
    genre: str = "work_news"


# The small one has no table of contents, or it would run to a second page.
SIZES = {1: Size(1, 12, "zbxx", "special", "problem"), 4: Size(3, 330), 12: Size(8, 620)}


@dataclass
class Office:
    """The people whose hands an issue passes through, and an endless source of items."""

    units: list[tuple[Unit, Actor, Actor]]
    composer: Actor
    checker: Actor
    reviewer: Actor
    issuer: Actor
    text: Text
    numbers: Iterator[int]

    def item(self, size: Size) -> int:
        """An item with the editors, sent in and signed by one of the units; its id."""
        number = next(self.numbers)
        unit, informant, head = self.units[number % len(self.units)]
        title, body = f"{self.text.title()}（{number}）", ""
        while len(body) < size.characters:
            body += self.text.paragraph(1, 3) + "\n\n"
        draft = Draft(unit.id, size.genre, title, from_plain(body[: size.characters] + "。"))
        found = submissions.create(informant, draft)
        submissions.send(informant, found.id, found.version)
        submissions.sign(head, found.id, found.version)
        submissions.move(self.composer, found.id, "take")
        return found.id

    def draft(self, size: Size) -> JournalIssue:
        """A draft of this size."""
        issue = journals.create_issue(self.composer, size.journal)
        for _ in range(size.items):
            journals.add_item(self.composer, issue.id, self.item(size), size.column)
        return issue

    def awaiting_signature(self, size: Size) -> int:
        """An issue that has passed every step but the last; its id."""
        issue = self.draft(size)
        signing.send_for_signature(self.composer, issue.id)
        signing.approve(self.checker, issue.id)
        signing.approve(self.reviewer, issue.id)
        return issue.id


def found_office(password: str) -> Office:
    """Fill an empty database. The composer can sign in as LOGIN; nobody else can."""
    list(migrate.upgrade())
    office = units.create_office("bench", "示例市人民政府办公室", "示例市")
    pack, _ = packs.install(None, Path(PACK))
    packs.activate(None, office.id, pack.id, date(clock.today().year - 1, 1, 1))
    names = [*(("county", n) for n in COUNTIES), *(("bureau", n) for n in BUREAUS),
             *(("direct_report_point", n) for n in POINTS)]  # fmt: skip
    with transaction():
        known = [_unit(office, number, *name) for number, name in enumerate(names)]
        composer, checker = _person(office, LOGIN, "editor"), _person(office, "hegao", "editor")
        reviewer, issuer = _person(office, "shenhe", "issuer"), _person(office, "qianfa", "issuer")
        composer.password_hash, composer.must_change = passwords.hashed(password), False
    return Office(
        [(unit, actor_of(informant), actor_of(head)) for unit, informant, head in known],
        *map(actor_of, (composer, checker, reviewer, issuer)), Text(7), count(1),
    )  # fmt: skip


def issuers(office: Office, wanted: int, password: str) -> list[str]:
    """So many more people who may sign issues, by the names they sign in with."""
    logins = [f"qianfa{number}" for number in range(1, wanted + 1)]
    hashed = passwords.hashed(password)
    with transaction():
        registered = db.session.get_one(Registered, office.issuer.office_id)
        for login in logins:
            person = _person(registered, login, "issuer")
            person.password_hash, person.must_change = hashed, False
    return logins


def _unit(office: Registered, number: int, kind: str, name: str) -> tuple[Unit, User, User]:
    unit = units.add_unit(office.id, {"name": name, "kind": kind, "group": "", "sort_no": number + 1})
    return (
        unit,
        _person(office, f"xxy{number}", "informant", unit),
        _person(office, f"fz{number}", "signing_leader", unit),
    )


def _person(office: Registered, login: str, role: str, unit: Unit | None = None) -> User:
    user = people.new_user(office.id, login, f"{ROLES[role].title}{login}", "", "!")
    people.save_new(user)
    people.assign(user, [Grant(role, office.id, unit.id if unit else None)])
    return user
