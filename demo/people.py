"""Set up the demo's office: units, people and their roles, and the rule pack in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from core import audit
from core.accounts import passwords, people, units
from core.accounts.models import Office, Unit, User
from core.accounts.sessions import actor_of
from core.actors import Actor
from core.cli.base import console
from core.config import PROJECT
from core.db import db, transaction
from core.packs import services as packs
from core.permissions import Grant
from demo.content import Content

PACK = PROJECT / "rulepacks" / "luan-2013"
KEY = "shili"
# The content's groups in the words of the pack; own sections do not compete.
GROUPS = {"县区组": "县区", "部门组": "市直部门和直属机构", "直报点组": "直报点"}
# Nobody can sign in with this: only the accounts shown to the visitor get a password.
NO_PASSWORD = "!"


@dataclass
class Cast:
    """Who plays which part. `shown` are the accounts printed for the visitor."""

    office: Office
    units: dict[str, Unit] = field(default_factory=dict)
    informants: dict[str, Actor] = field(default_factory=dict)
    heads: dict[str, Actor] = field(default_factory=dict)
    by_role: dict[str, list[Actor]] = field(default_factory=dict)
    logins: dict[str, Actor] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def set_up(content: Content, since: date, pack: Path = PACK) -> Cast:
    """Office, units, people, pack. Each step is a transaction of its own."""
    office = units.create_office(KEY, content.office["name"], content.office["city"])
    found, _ = packs.install(None, pack)
    packs.activate(None, office.id, found.id, since)
    cast = Cast(office)
    with transaction():
        _units(content, cast, since)
        _people(content, cast)
        audit.note(console(office), "建立演示机构", office, office_id=office.id, units=len(cast.units))
    return cast


def _units(content: Content, cast: Cast, since: date) -> None:
    for entry in content.units:
        host = cast.units.get(str(entry.get("host", "")))
        unit = units.add_unit(
            cast.office.id,
            {
                "name": entry["name"], "short_name": entry["short"], "kind": entry["kind"], "group": _group(entry),
                "unit_class": entry.get("class", ""), "host_id": host.id if host else None, "sort_no": entry["order"],
                "head": entry["head"]["name"], "optional": entry.get("optional", False),
                "valid_from": day_in(entry.get("valid_from"), since), "valid_to": day_in(entry.get("valid_to"), since),
            },
        )  # fmt: skip
        cast.units[entry["short"]] = unit


def _people(content: Content, cast: Cast) -> None:
    for entry in content.units:
        unit = cast.units[entry["short"]]
        for part, role, parts in (
            ("informant", "informant", cast.informants),
            ("head", "signing_leader", cast.heads),
        ):
            person = entry[part]
            parts[entry["short"]] = _person(cast, person, role, unit.id)
    for person in content.people:
        actor = _person(cast, person, person["role"], None)
        cast.by_role.setdefault(person["role"], []).append(actor)


def _person(cast: Cast, person: dict[str, str], role: str, unit_id: int | None) -> Actor:
    user = people.new_user(
        cast.office.id, person["login"], person["name"], person.get("post", ""), NO_PASSWORD
    )
    people.save_new(user)
    roles = [role, *([person["also"]] if "also" in person else [])]
    people.assign(user, [Grant(each, cast.office.id, unit_id) for each in roles])
    db.session.flush()
    user.office = cast.office
    actor = actor_of(user)
    cast.logins[person["login"]] = actor
    return actor


def give_passwords(logins: list[str]) -> dict[str, str]:
    """Fresh one-time passwords for these accounts, to be changed at first sign-in."""
    fresh = {login: passwords.one_time() for login in logins}
    hashes = {login: passwords.hashed(password) for login, password in fresh.items()}
    with transaction():
        for user in db.session.query(User).filter(User.login.in_(logins)):
            user.password_hash, user.must_change = hashes[user.login], True
        audit.note(None, "生成演示账号的一次性密码", "、".join(logins))
    return fresh


def _group(entry: Mapping[str, str]) -> str:
    return "开发区、试验区" if "开发区" in entry["name"] else GROUPS.get(entry["group"], "")


def day_in(value: object, since: date) -> date | None:
    """A day written 07-01: the one that falls into the twelve months from `since`."""
    if not value:
        return None
    month, day = map(int, str(value).split("-"))
    return date(since.year + (month < since.month), month, day)
