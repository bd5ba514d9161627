"""Every route × every method × every role × things of the own unit, of another unit and of another office.

What should happen follows from the declared permissions and their reach alone. A request that gets in or changes
the database without the right to it fails the test; so does a right that does not open its own page, and a route
whose parameters nobody provides. The exceptions below are reviewed one by one and each has its reason.
"""

import io
import logging
import sqlite3
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.accounts.models import User
from core.actors import Actor
from core.config import PROJECT
from core.db import db
from core.documents import exports
from core.documents.rendering.renderer import Renderer
from core.documents.templating.environment import Environment
from core.packs import services as packs
from core.permissions import ROLES
from core.testing import BLANK_PDF, Browser, actor_of, login
from core.web import PUBLIC, SIGNED_IN
from tests.shape.page_rules import faults_of
from tests.shape.things import Spot, Thing, Things, World, known_things

# Reading and writing share an address, or the step chosen decides: the service asks for this right as well.
ALSO_NEEDS = {
    ("POST", "accounts.unit"): "unit.edit",
    ("POST", "accounts.user"): "user.edit",
    ("POST", "submissions.move"): "submission.edit",  # the form asks for “认领编辑”
    ("POST", "submissions.attach"): "submission.edit",  # the item is with the editors
    ("POST", "submissions.detach"): "submission.edit",
}
# A text to be checked is too long for an address; nothing of it is kept.
ONLY_READ = {"submissions.check"}
# Signing in and out is tested by itself; the walk needs its own sessions.
NOT_WALKED = {"accounts.login", "accounts.logout"}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
ANONYMOUS, NO_ROLE = "未登录", "未授权"


@dataclass(frozen=True)
class Walker:
    """Somebody with a browser: the cookie of an open session, or nothing."""

    role: str
    actor: Actor | None
    cookie: str


@pytest.fixture
def spots(make_office, make_unit) -> list[Spot]:
    """The walkers' own unit, another unit of their office, a unit of another office."""
    here, there = make_office("jia"), make_office("yi")
    where = (("own unit", here, "甲县"), ("other unit", here, "乙县"), ("other office", there, "丙县"))
    # A group that competes in the richest pack: personal scores are for those whose unit takes part.
    group = "县区和开发区"
    return [Spot(name, office, make_unit(unit, office=office, group=group)) for name, office, unit in where]


@pytest.fixture
def walkers(app, spots, make_user) -> list[Walker]:
    """Nobody, somebody without a role, and one person for each role."""
    unit, office = spots[0].unit, spots[0].office
    people = {
        NO_ROLE: make_user(office=office),
        **{role: make_user(role, unit=unit, office=office) for role in ROLES},
    }
    return [_walker(app, ANONYMOUS, None), *(_walker(app, role, user) for role, user in people.items())]


def _walker(app: Flask, role: str, user: User | None) -> Walker:
    client = app.test_client()
    if user:
        login(client, user)
    client.token()
    return Walker(role, actor_of(user) if user else None, client.get_cookie("yaoqing").value)


@pytest.fixture
def world(app, watch, spots, request, monkeypatch) -> World:
    """Offices with a pack in force; pages are not really laid out, that is tested elsewhere."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.logger.setLevel(logging.CRITICAL)
    monkeypatch.setattr(Renderer, "pdf", lambda self, html, assets=None, **more: BLANK_PDF)
    monkeypatch.setattr(Environment, "fill", lambda self, name, data: "<p></p>")
    # Every table that may grow is long here: looked at it is offered, posted to its job begins.
    monkeypatch.setattr(exports, "SHORT", -1)
    version, _ = packs.install(None, _richest_pack(app.extensions["yaoqing"].plugins.names()))
    for office in {spot.office.id for spot in spots}:
        packs.activate(None, office, version.id, date(2024, 1, 1))
    return World(request.getfixturevalue)


def _richest_pack(plugins: list[str]) -> Path:
    """The bundled pack that needs the most plugins, of those that can be loaded here."""
    usable = {}
    for folder in sorted((PROJECT / "rulepacks").iterdir()):
        try:
            usable[len(packs.registry().examine(folder)[0].manifest.plugins), folder.name] = folder
        except Exception:
            continue
    return usable[max(usable)]


@dataclass
class Walk:
    """What the walk over all routes has found."""

    wrong: list[str] = field(default_factory=list)
    page_faults: dict[str, set[str]] = field(default_factory=dict)
    written_by_reading: list[str] = field(default_factory=list)
    pages: int = 0


_done: list[Walk] = []


@pytest.fixture
def walk(request: pytest.FixtureRequest) -> Walk:
    """The walk, made once for all tests of this file: it takes some seconds."""
    if not _done:
        _done.append(
            _walked(*(request.getfixturevalue(name) for name in ("app", "world", "spots", "walkers")))
        )
    return _done[0]


def test_every_address_can_be_walked(app):
    things = known_things(app.extensions["yaoqing"].plugins.names())

    assert [r.rule for r in _rules(app) if not things.factory(r.endpoint, set(r.arguments))] == [], (
        "nobody provides things"
    )


def test_no_route_lets_anybody_in_beyond_their_rights_and_none_keeps_them_out(walk):
    if walk.wrong:
        pytest.fail("\n".join(walk.wrong))


def test_no_page_has_inline_code_foreign_addresses_or_missing_headers(walk):
    assert walk.page_faults == {}
    assert walk.pages > 300


def test_looking_at_pages_changes_nothing(walk):
    assert walk.written_by_reading == []


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in NOT_WALKED]


def _walked(app: Flask, world: World, spots: list[Spot], walkers: list[Walker]) -> Walk:
    rules, walk = _rules(app), Walk()
    made = _made(known_things(app.extensions["yaoqing"].plugins.names()), rules, world, spots)
    ground = Ground(app)
    for rule in rules:
        for method in sorted(set(rule.methods or ()) & METHODS):
            for walker in walkers:
                for spot in _worth_trying(app, walker, rule, made, spots):
                    thing = made[rule.endpoint, spot.name]
                    expected = _expected(app, walker, method, rule.endpoint, thing)
                    found = _asked(app, ground, walker, method, rule, thing, walk)
                    if found != expected:
                        step = f"{walker.role} {method} {rule.rule} ({spot.name})"
                        walk.wrong.append(f"{step}: {found}, expected {expected}")
    return walk


def _made(things: Things, rules: list[Rule], world: World, spots: list[Spot]) -> dict[tuple[str, str], Thing]:
    """A thing for every address and place; addresses of one factory share it, for the ground is restored each time."""
    by_factory: dict[Any, Thing] = {}
    found = {}
    for rule in rules:
        factory = things.factory(rule.endpoint, set(rule.arguments))
        for spot in spots:
            if (factory, spot) not in by_factory:
                by_factory[factory, spot] = factory(world, spot)
            found[rule.endpoint, spot.name] = by_factory[factory, spot]
    return found


def _worth_trying(
    app: Flask, walker: Walker, rule: Rule, made: dict[tuple[str, str], Thing], spots: list[Spot]
) -> list[Spot]:
    """All places; one is enough where the thing has none, or where the door is shut before anybody looks at it."""
    permission = app.view_functions[rule.endpoint].permission
    rights = app.extensions["yaoqing"].rights
    shut = not walker.actor or (permission in rights.by_name and not rights.reach(walker.actor, permission))
    return spots[:1] if shut or not made[rule.endpoint, spots[0].name].place else spots


class Ground:
    """The database as it was before the walk, and a way to see whether a step has changed it."""

    def __init__(self, app: Flask):
        db.session.remove()
        db.engine.dispose()
        self.watcher = sqlite3.connect(app.config["YAOQING"]["DATA"] / "yaoqing.db")
        self.copy = sqlite3.connect(":memory:")
        self.watcher.backup(self.copy)
        self.seen = self._version()

    def changed(self) -> bool:
        """Whether anybody has written since the last look."""
        before, self.seen = self.seen, self._version()
        return self.seen != before

    def restore(self) -> None:
        """Everything as it was."""
        db.engine.dispose()
        self.copy.backup(self.watcher)
        self.seen = self._version()

    def _version(self) -> int:
        return self.watcher.execute("PRAGMA data_version").fetchone()[0]


def _asked(
    app: Flask, ground: Ground, walker: Walker, method: str, rule: Rule, thing: Thing, walk: Walk
) -> str:
    """Send one request and say in words what happened."""
    client = app.test_client()
    client.set_cookie("yaoqing", walker.cookie)
    with app.test_request_context():
        url = app.url_map.bind("localhost").build(
            rule.endpoint, {k: thing.values[k] for k in rule.arguments}, method
        )
    response = client.open(url, method=method, **_body(client, method, thing))
    walk.pages += 1
    if faults := set(faults_of(response)):
        walk.page_faults.setdefault(f"{method} {rule.rule}", set()).update(faults)
    reading = method == "GET" or rule.endpoint in ONLY_READ
    if changed := ground.changed():
        ground.restore()
        if reading:
            walk.written_by_reading.append(f"{walker.role} {rule.rule}")
    return _in_words(response, reading=reading, changed=changed)


def _body(client: Browser, method: str, thing: Thing) -> dict[str, Any]:
    if method == "GET":
        return {}
    data = {"csrf_token": client.token(), **thing.form}
    for name, value in data.items():
        if isinstance(value, tuple):
            data[name] = (io.BytesIO(value[1]), value[0])
    return {"data": data, "content_type": "multipart/form-data"}


def _in_words(response: TestResponse, *, reading: bool, changed: bool) -> str:
    status, target = response.status_code, response.headers.get("Location", "")
    if status == 401 or target.startswith("/login"):
        verdict = "sign in first"
    elif status in (403, 404):
        verdict = "kept out"
    elif status < 400 and (reading or changed):
        return "let in"
    else:
        verdict = f"refused with {status}"
    return f"{verdict}, yet something changed" if changed else verdict


def _expected(app: Flask, walker: Walker, method: str, endpoint: str, thing: Thing) -> str:
    permission = app.view_functions[endpoint].permission
    if permission == PUBLIC:
        return "let in"
    if not walker.actor:
        return "sign in first"
    if walker.role in thing.not_for:
        return "kept out"
    needed = [permission, *filter(None, [ALSO_NEEDS.get((method, endpoint))])]
    return "let in" if all(_reaches(app, walker.actor, name, thing) for name in needed) else "kept out"


def _reaches(app: Flask, actor: Actor, permission: str, thing: Thing) -> bool:
    place = thing.place(actor) if callable(thing.place) else thing.place
    if permission == SIGNED_IN:
        return not place or place.owner_id == actor.id
    reach = app.extensions["yaoqing"].rights.reach(actor, permission)
    return bool(reach) and (place is None or reach.covers(place))


def test_the_walk_itself_would_see_an_open_door(app, world, spots, walkers, monkeypatch):
    monkeypatch.setattr("core.web.require", lambda *args: None)
    rule = next(r for r in app.url_map.iter_rules() if r.endpoint == "accounts.users")
    walker = next(w for w in walkers if w.role == NO_ROLE)

    assert _asked(app, Ground(app), walker, "GET", rule, Thing({}), Walk()) == "let in"
    assert _expected(app, walker, "GET", "accounts.users", Thing({})) == "kept out"
