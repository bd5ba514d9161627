"""Every route × every role × things of the own unit, of another unit and of another office.

What should happen follows from the declared permissions alone. A request that succeeds without the right to
it fails the test, and so does a route whose parameters nobody supplies.
"""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.accounts.models import Office, Unit, User
from core.accounts.sessions import actor_of
from core.config import PROJECT
from core.db import db
from core.packs import services as packs
from core.permissions import ROLES, Place, Rights
from core.scoring import runs
from core.submissions import attachments
from core.testing import login
from core.web import PUBLIC, SIGNED_IN
from plugins.circulars.models import CircularDraft
from plugins.instructions import services as instructions
from plugins.instructions.services import NewInstruction
from plugins.journal import services as journal

PERIOD = "2026-02"
IN_FEBRUARY = clock.moment(date(2026, 2, 10))
IN_MARCH = clock.moment(date(2026, 3, 18))
# Addresses whose answer never depends on whose thing it is, with the reason.
NOT_BY_PLACE = {
    "static": "public files",
    "packs.pack": "installed versions belong to the installation, not to an office",
    "packs.activate": "activates for the actor's own office only",
    "scoring.close": "a period key names a period of the actor's own office",
    "scoring.reopen": "a period key names a period of the actor's own office",
    "scoring.proof": "a period key names a period of the actor's own office",
}
# Where less is let in than the permission alone says: (endpoint, roles) → reason.
KEPT_OUT_BY_STATE = {
    "circulars.show": ("informant signing_leader leader", "the thing is a draft; readers see what was issued"),
    "circulars.preview_pdf": ("informant signing_leader leader", "drafts are for those who draft or issue"),
    "circulars.preview_picture": ("informant signing_leader leader", "drafts are for those who draft or issue"),
    "journal.issue": ("informant signing_leader leader", "the thing is a draft; readers see what was published"),
    "submissions.attach": ("informant signing_leader issuer", "the item is with the editors: only they may change it"),
    "submissions.detach": ("informant signing_leader issuer", "the item is with the editors: only they may change it"),
}
# Where a permission reaches "own" and the thing in the address is not yet the person's own.
OWN_IS_MADE_HERE = {"instructions.new": "a leader writes an instruction of their own on any item of the office"}
FILLED = {"login": "nobody1", "password": "x", "reason": "核实", "starts_on": "2026-01-01"}


@dataclass
class Spot:
    """One place things can belong to, with an id for every route parameter."""

    name: str
    office: Office
    unit: Unit
    ids: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def world(app, make_office, make_unit, make_user, make_submission, make_document) -> dict[str, Any]:
    """Two offices with the same set-up; the first has two units."""
    version, _ = packs.install(None, PROJECT / "rulepacks" / "luan-2013")
    spots = []
    for office in (make_office("jia"), make_office("yi")):
        packs.activate(None, office.id, version.id, date(2025, 1, 1))
        for number in range(2 if office.key == "jia" else 1):
            unit = make_unit(f"{office.key}{number}县", office=office, group="县区")
            spots.append(Spot(("own", "other unit")[number] if office.key == "jia" else "other office", office, unit))
    for spot in spots:
        _fill(spot, version.id, make_user, make_submission, make_document)
    for office in {spot.office.id: spot.office for spot in spots}.values():
        with clock.stopped_at(IN_MARCH):
            runs.close(actor_of(make_user("issuer", office=office)), office.id, PERIOD)
    for spot in spots:
        drafts = db.session.query(CircularDraft).filter_by(office_id=spot.office.id)
        spot.ids["circular_id"] = drafts.first().id
    users = {role: make_user(role, unit=spots[0].unit if r.held_in == "unit" else None, office=spots[0].office)
             for role, r in ROLES.items()}  # fmt: skip
    return {"spots": spots, "users": users}


def _fill(spot: Spot, version_id: int, make_user: Any, make_submission: Any, make_document: Any) -> None:
    informant = make_user("informant", unit=spot.unit)
    editor, leader = make_user("editor", office=spot.office), make_user("leader", office=spot.office)
    with clock.stopped_at(IN_FEBRUARY):
        item = make_submission("received", unit=spot.unit, author=informant)
        placed = make_submission("editing", unit=spot.unit, author=informant)
        file = attachments.attach(actor_of(editor), item.id, "说明.txt", "说明".encode())
        issue = journal.create_issue(actor_of(editor), "zwyq")
        column = "progress"
        entry = journal.add_item(actor_of(editor), issue.id, placed.id, column)
        remark = instructions.record(
            actor_of(leader),
            NewInstruction(item.id, "市主要领导", "note", IN_FEBRUARY.date(), "请研究。", leader_id=leader.id),
        )
        document = make_document(spot.office)
    spot.ids.update(
        submission_id=item.id, attachment_id=file.id, issue_id=issue.id, item_id=entry.id, instruction_id=remark.id,
        document_id=document.id, unit_id=spot.unit.id, user_id=informant.id, version_id=version_id, session_id=999_999,
        period_key=PERIOD, page=1, filename="img/favicon.svg",
    )  # fmt: skip


def routes(app: Flask) -> Iterator[tuple[str, str, set[str], str]]:
    """(endpoint, method, parameters, permission) of everything the app answers."""
    for rule in app.url_map.iter_rules():
        permission = app.view_functions[rule.endpoint].permission
        for method in sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint not in ("accounts.logout", "accounts.login"):
                yield rule.endpoint, method, set(rule.arguments), permission


def test_no_route_lets_anybody_in_beyond_their_rights(app, world):
    clients = {"": app.test_client()}
    for role, user in world["users"].items():
        clients[role] = app.test_client()
        login(clients[role], user)
    before, wrong = Snapshot(app), []
    for role, client in clients.items():
        user = world["users"].get(role)
        for endpoint, method, parameters, permission in routes(app):
            for spot in world["spots"] if parameters else world["spots"][:1]:
                expected = _expected(app.extensions["yaoqing"].rights, role, user, endpoint, permission, parameters, spot)
                verdict = _asked(client, endpoint, method, parameters, spot)
                if method == "POST" and verdict != "kept out":
                    before.restore()
                if verdict != expected and not (expected == "let in" and verdict == "refused by state"):
                    wrong.append(f"{role or '未登录'} {method} {endpoint} {spot.name}: {verdict}, expected {expected}")

    assert "\n".join(wrong) == ""


class Snapshot:
    """The database as it was: what one role was rightly allowed to do must not change what the next one finds."""

    def __init__(self, app: Flask):
        db.session.commit()
        self.file = app.config["YAOQING"]["DATA"] / "yaoqing.db"
        self.copy = self.file.with_suffix(".before")
        self._copy(self.file, self.copy)

    def restore(self) -> None:
        db.session.rollback()
        db.engine.dispose()
        self._copy(self.copy, self.file)

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)


def _asked(client: Any, endpoint: str, method: str, parameters: set[str], spot: Spot) -> str:
    """Send one request and say in words what happened. POSTs carry their token and a few plausible values."""
    with client.application.test_request_context():
        url = client.application.url_for(endpoint, **{name: spot.ids[name] for name in parameters})
    if method == "POST":
        named = {"submission_id": spot.ids["submission_id"], "column": "progress", "target": f"{spot.ids['issue_id']}:progress"}
        data = {**FILLED, **named, "unit_id": spot.unit.id, "files": (io.BytesIO("附件".encode()), "a.txt")}
        response = client.submit(url, data, content_type="multipart/form-data", headers={"X-Requested-With": "autosave"})
    else:
        response = client.get(url)
    return _in_words(response)


def _in_words(response: Any) -> str:
    if response.status_code == 401 or "/login" in response.headers.get("Location", ""):
        return "sign in first"
    if response.status_code in (403, 404):
        return "kept out"
    if response.status_code >= 500:
        return f"error {response.status_code}"
    return "refused by state" if response.status_code >= 400 else "let in"


def _expected(
    rights: Rights, role: str, user: User | None, endpoint: str, permission: str, parameters: set[str], spot: Spot
) -> str:
    if permission == PUBLIC:
        return "let in"
    if user is None:
        return "sign in first"
    if permission == SIGNED_IN:
        return "kept out" if "session_id" in parameters else "let in"
    reach = rights.reach(actor_of(user), permission)
    if not reach or role in KEPT_OUT_BY_STATE.get(endpoint, ("",))[0].split():
        return "kept out"
    if not parameters or endpoint in NOT_BY_PLACE:
        return "let in"
    if endpoint in OWN_IS_MADE_HERE and reach.own:
        return "let in" if spot.office.id == user.office_id else "kept out"
    return "let in" if reach.covers(Place(spot.office.id, frozenset({spot.unit.id}))) else "kept out"
