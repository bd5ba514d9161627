"""Fill an empty data folder for the benchmark: an office, sixty units, people, and a great many submissions.

People and units go through the product's services. Submissions go in by bulk inserts, because writing a
hundred thousand of them one transaction at a time would take an hour; the rows are those a service leaves behind.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import words
from sqlalchemy import func, insert, select

from core import clock, migrate
from core.accounts import passwords, people, sessions, units
from core.accounts.models import Office, Unit, User
from core.db import db, transaction
from core.errors import YaoqingError
from core.facts.models import Fact, FactUnit
from core.packs import services as packs
from core.permissions import ROLES, Grant
from core.scoring import runs
from core.submissions import text as body_text
from core.submissions.models import Contributor, Revision, Submission, SubmissionEvent
from core.submissions.vocabulary import GENRES
from core.submissions.workflow import STATES, WITH_UNIT

YEARS = 5
NO_PASSWORD = "!"
BATCH = 2000
OFFICE_ROLES = (
    "editor",
    "editor",
    "editor",
    "issuer",
    "leader",
    "system_admin",
    "security_admin",
    "audit_admin",
)
GENRE_WEIGHTS = (40, 12, 10, 3, 25, 6, 4)
# Old items are settled; the newest fiftieth is still under way.
SETTLED = {"adopted": 41, "unused": 56, "returned": 1, "withdrawn": 2}
UNDER_WAY = {"draft": 15, "awaiting": 15, "returned": 5, "received": 40, "editing": 15, "selected": 10}
# The steps that lead to a state, as the item's history shows them.
HISTORY = {
    "received": 2,
    "editing": 3,
    "selected": 4,
    "adopted": 5,
    "unused": 3,
    "returned": 3,
    "withdrawn": 2,
}
STEPS = (
    ("送审", "awaiting"),
    ("审签报送", "received"),
    ("认领编辑", "editing"),
    ("入选", "selected"),
    ("采用", "adopted"),
)
Row = dict[str, Any]


@dataclass
class Cast:
    """Everybody the submissions refer to, as plain ids."""

    office_id: int
    units: list[tuple[int, str]]
    informants: list[int]
    heads: list[int]
    editors: list[int]
    outlets: list[str]


def seed(items: int, pack: Path, say: Callable[[str], None]) -> None:
    """Fill the database of the running app. Nobody can sign in yet."""
    list(migrate.upgrade())
    office = units.create_office("bench", "示例市人民政府办公室", "示例市")
    groups, outlets = _pack(office, pack, say)
    cast = _people(office, groups)
    cast.outlets = outlets
    for done, batch in enumerate(_batches(_items(cast, items)), 1):
        with transaction():
            for table in (Submission, Contributor, Revision, SubmissionEvent, Fact, FactUnit):
                if rows := [row for item in batch for row in item.get(table, ())]:
                    db.session.execute(insert(table), rows)
        if done % 10 == 0:
            say(f"已写入 {done * BATCH} 条")
    if db.engine.dialect.name == "postgresql":
        _count_on(Submission, Fact)


def _count_on(*tables: type) -> None:
    """Let PostgreSQL number new rows from where the inserted ones, which brought their numbers, end."""
    with transaction():
        for table in tables:
            last = db.session.scalar(select(func.max(table.id)))
            db.session.execute(select(func.setval(f"{table.__tablename__}_id_seq", last or 1)))


def let_in(password: str) -> None:
    """Give the accounts that are measured a password, and end what sessions they have."""
    password_hash = passwords.hashed(password)
    with transaction():
        for user in db.session.scalars(select(User).where(User.login.in_(("editor1", "informant1")))):
            user.password_hash, user.password_at = password_hash, clock.now()
            sessions.end_all(user.id)


def _pack(office: Office, pack: Path, say: Callable[[str], None]) -> tuple[list[str], list[str]]:
    """Install a rule pack; returns its groups and outlets, nothing when it cannot be used."""
    try:
        version, _ = packs.install(None, pack)
        packs.activate(None, office.id, version.id, date(clock.today().year - YEARS - 1, 1, 1))
        rules = runs.rules_in_force(office.id, clock.today())[1]
    except YaoqingError as error:
        say(f"规则包不能用，不测排名页：{error}")
        return [], []
    outlets = [node.id for node in rules.words.outlets.nodes.values() if node.kind == "outlet"]
    return [group.title for group in rules.groups.values() if group.competes], outlets


def _people(office: Office, groups: list[str]) -> Cast:
    names = [*(("county", n) for n in words.COUNTIES), *(("bureau", n) for n in words.BUREAUS),
             *(("direct_report_point", n) for n in words.POINTS)]  # fmt: skip
    cast = Cast(office.id, [], [], [], [], [])
    with transaction():
        for number, (kind, name) in enumerate(names):
            group = groups[number % len(groups)] if groups else ""
            unit = units.add_unit(
                office.id, {"name": name, "kind": kind, "group": group, "sort_no": number + 1}
            )
            cast.units.append((unit.id, name))
            cast.informants.append(_person(office, "informant", number + 1, unit))
            cast.heads.append(_person(office, "signing_leader", number + 1, unit))
        numbers: dict[str, int] = {}
        for role in OFFICE_ROLES:
            numbers[role] = numbers.get(role, 0) + 1
            user_id = _person(office, role, numbers[role])
            if role == "editor":
                cast.editors.append(user_id)
    return cast


def _person(office: Office, role: str, number: int, unit: Unit | None = None) -> int:
    login = f"{role.replace('_', '')}{number}"
    user: User = people.new_user(
        office.id, login, words.person(number + len(role)), ROLES[role].title, NO_PASSWORD
    )
    user.must_change = False
    people.save_new(user)
    people.assign(user, [Grant(role, office.id, unit.id if unit else None)])
    return user.id


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _items(cast: Cast, total: int) -> Iterator[dict[type, list[Row]]]:
    """Every submission with its rows in all tables, oldest first."""
    pick = Random(2026)
    start = clock.moment(clock.today()) - timedelta(days=365 * YEARS)
    step = timedelta(days=365 * YEARS) / total
    fact_id = 0
    for number in range(1, total + 1):
        chances = UNDER_WAY if number > total * 0.98 else SETTLED
        state = pick.choices(list(chances), list(chances.values()))[0]
        item = _item(cast, pick, number, state, start + step * number)
        for fact in _facts(cast, pick, item):
            fact_id += 1
            item.setdefault(Fact, []).append(fact | {"id": fact_id})
            item.setdefault(FactUnit, []).extend(
                {"fact_id": fact_id, "position": c["position"], "unit_id": c["unit_id"]}
                for c in item[Contributor]
            )
        yield item


def _item(cast: Cast, pick: Random, number: int, state: str, at: datetime) -> dict[type, list[Row]]:
    place = pick.randrange(len(cast.units))
    unit_id, unit_name = cast.units[place]
    sent = state not in WITH_UNIT
    edited = sent and number % 3 == 0
    drafts = [words.body(number, draft) for draft in range(1 + edited)]
    heading = words.title(unit_name, number)
    editor_id = pick.choice(cast.editors) if sent and state != "received" else None
    submission = {
        "id": number, "office_id": cast.office_id, "unit_id": unit_id, "author_id": cast.informants[place],
        "editor_id": editor_id, "genre": pick.choices(list(GENRES), GENRE_WEIGHTS)[0],
        "urgency": pick.choices(("normal", "urgent", "very_urgent"), (93, 5, 2))[0], "title": heading,
        "body": drafts[-1], "characters": body_text.count(drafts[-1]), "authors": [words.person(number % 240)],
        "state": state, "version": 2 + edited, "created_at": at, "updated_at": at + timedelta(hours=3),
        "received_at": at if sent else None, "sort_at": at,
    }  # fmt: skip
    joint = [cast.units[place - 1][0]] if number % 12 == 0 else []
    return {
        Submission: [submission],
        Contributor: [
            {"submission_id": number, "unit_id": unit, "position": n, "role": "joint" if n else "main"}
            for n, unit in enumerate([unit_id, *joint])
        ],
        Revision: [
            {"submission_id": number, "number": n + 1, "title": heading, "body": body, "by_office": n > 0, "at": at,
             "by_id": editor_id or cast.editors[0] if n else cast.informants[place], "note": "压缩篇幅" if n else ""}
            for n, body in enumerate(drafts)
        ],
        SubmissionEvent: [
            {"submission_id": number, "at": at + timedelta(minutes=20 * n), "title": title, "state": after,
             "by_id": (cast.informants[place], cast.heads[place], editor_id or cast.editors[0])[min(n, 2)], "reason": "",
             "detail": {}}
            for n, (title, after) in enumerate(STEPS[: HISTORY.get(state, 0)])
        ],
    }  # fmt: skip


def _facts(cast: Cast, pick: Random, item: dict[type, list[Row]]) -> Iterator[Row]:
    """What counts for the ranking: every item sent in, and the adopted ones once more."""
    submission = item[Submission][0]
    if not cast.outlets or STATES[submission["state"]].with_unit:
        return
    common = {
        "office_id": cast.office_id, "on": clock.local(submission["sort_at"]).date(), "reason": "", "recorded_by": "种子数据",
        "item": f"submission:{submission['id']}", "title": submission["title"], "recorded_at": submission["sort_at"],
    }  # fmt: skip
    kinds = {"submitted": {"genre": submission["genre"]}}
    if submission["state"] == "adopted":
        kinds["adopted"] = {"outlet": pick.choice(cast.outlets)}
    for kind, attrs in kinds.items():
        yield common | {"kind": kind, "attrs": attrs, "key": f"{kind}:{submission['id']}"}
