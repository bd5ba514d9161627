"""Fixtures for tests of core and of plugins: a migrated app in a folder of its own, people, units, items.

A pytest plugin: `pytest_plugins = ["core.testing"]` in a conftest.py. The fixture `app` has the plugins of
`plugin_package` and its context stays open, so services can be called at once:

    def test_an_editor_takes_an_item(make_user, make_submission):
        editor, item = make_user("editor"), make_submission("received")

        services.move(actor_of(editor), item.id, "take")

        assert item.state == "editing"

Tests marked `postgres` run a second time on PostgreSQL when YAOQING_TEST_POSTGRES names a database there.
"""

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from core import clock
from core.accounts import passwords, people, sessions, units
from core.accounts.models import Office, Unit, User
from core.accounts.sessions import actor_of
from core.actors import Actor
from core.app import create_app
from core.db import db, transaction
from core.documents import store
from core.documents.models import IssuedDocument
from core.documents.store import NewDocument, Rendered
from core.files import store as files
from core.jobs.worker import run_due
from core.packs import services as packs
from core.packs.models import PackVersion
from core.permissions import ROLES, Grant
from core.submissions import services, workflow
from core.submissions import text as body_text
from core.submissions.models import Submission
from core.submissions.services import Draft
from core.testing.databases import POSTGRES, Templates
from core.testing.sharing import shared_work

__all__ = ["NOON", "PASSWORD", "Browser", "Watch", "actor_of", "login"]

PASSWORD = "Jinbao-2026-ok"
# A working day of an ordinary week, long after the sample pack's first values.
NOON = datetime(2026, 3, 18, 4, 0, tzinfo=UTC)
TITLE = "我县全力推进春季农业生产"
BODY = "一是抓农资供应。全县备足化肥三万吨。\n\n二是抓技术服务。组织农技人员进村入户，覆盖面达到百分之九十。"
# The moves that lead to each state, in order.
WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "awaiting": ("send",),
    "returned": ("send", "send_back"),
    "withdrawn": ("send", "withdraw"),
    "received": ("send", "sign"),
    "editing": ("send", "sign", "take"),
    "selected": ("send", "sign", "take", "select"),
    "adopted": ("send", "sign", "take", "select", "adopt"),
    "unused": ("send", "sign", "decline"),
    "merged": ("send", "sign", "merge"),
    "split": ("send", "sign", "split"),
    "void": ("send", "sign", "take", "void"),
}


class Browser(FlaskClient):
    """A test client that keeps an app context of its own for every request and can send forms with their token."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        # Without a fresh context the request would share `g` with the test and remember who was signed in.
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if has_app_context():
            db.session.rollback()  # so that the test reads what the request has written
        return response

    def submit(self, url: str, data: Any = None, **kwargs: Any) -> TestResponse:
        """POST a form together with its CSRF token."""
        return self.post(url, data={"csrf_token": self.token(), **(data or {})}, **kwargs)

    def token(self) -> str:
        """A CSRF token that the current session accepts."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", uuid.uuid4().hex)
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw)


def login(client: FlaskClient, user: User, password: str = PASSWORD) -> Actor:
    """Sign a user in by the service itself, without the sign-in page (which has tests of its own)."""
    name = user.login
    with client.application.app_context():
        actor = sessions.sign_in(name, password, "127.0.0.1", "pytest")
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"], session["_fresh"] = actor.token, True
    if has_app_context():
        db.session.rollback()
    return actor


class Watch:
    """A stopped clock that a test moves by hand."""

    def __init__(self, stack: ExitStack, start: datetime):
        self.stack = stack
        self.set(start)

    def set(self, instant: datetime) -> None:
        """Let the clock stand at this instant."""
        self.instant = instant
        self.stack.enter_context(clock.stopped_at(instant))

    def move(self, **how: float) -> None:
        """Move the clock on, for example `move(minutes=30)`."""
        self.set(self.instant + timedelta(**how))


# ---- the app and its database ---------------------------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests marked `postgres` on both databases when there is a PostgreSQL server."""
    if metafunc.definition.get_closest_marker("postgres") and "dialect" in metafunc.fixturenames:
        metafunc.parametrize("dialect", ["sqlite", *(["postgresql"] if POSTGRES else [])], indirect=True)


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> str:
    """The database of this test: "sqlite", or "postgresql" on the second run of a test marked so."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def plugin_package() -> str:
    """The package whose folders are the app's plugins; a conftest.py may name another, or one that does not exist."""
    return "plugins"


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[tuple[PasswordHasher, str]]:
    """Argon2 at its lowest cost: real hashing would take most of the time of all tests together.

    Gives the product's own hasher, and its hash for a missing account, to tests about them.
    """
    cheap, real = (
        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        (passwords._hasher, passwords._NOBODY),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cheap)
        patch.setattr(passwords, "_NOBODY", cheap.hash("nobody"))
        yield real


@pytest.fixture(scope="session", autouse=True)
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Faces are resolved, and packs tried out, once for all tests: that would take half of their time."""
    with shared_work(tmp_path_factory.mktemp("faces")):
        yield


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """Migrated empty databases, made once per session and copied for every test."""
    made = Templates(tmp_path_factory.mktemp("templates"))
    yield made
    made.drop(*(name for (dialect, _), name in made.ready.items() if dialect == "postgresql"))


@pytest.fixture
def make_app(
    tmp_path: Path, templates: Templates, dialect: str, plugin_package: str
) -> Iterator[Callable[..., Flask]]:
    """Make an app with a migrated empty database; keyword arguments are settings (`IDLE_MINUTES=5`).

    `data` names the folder, for a second app on the same data; `package` other plugins; `extra` more of them.
    """
    made: list[Flask] = []

    def make(
        data: Path | None = None, package: str = plugin_package, extra: Sequence[Any] = (), **settings: Any
    ) -> Flask:
        data = data or tmp_path / f"data{len(made)}"
        data.mkdir(parents=True, exist_ok=True)
        if dialect == "postgresql":
            settings.setdefault("DATABASE", templates.postgresql(package))
        elif not (data / "yaoqing.db").exists() and "DATABASE" not in settings:
            shutil.copy(templates.sqlite(package), data / "yaoqing.db")
        app = create_app({"DATA": data, **settings}, plugin_package=package, extra_plugins=extra)
        app.testing, app.test_client_class = True, Browser
        app.jinja_env.bytecode_cache = templates.bytecode
        made.append(app)
        return app

    yield make
    for app in made:
        if renderer := app.extensions["yaoqing"].renderer:
            renderer.close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
            if dialect == "postgresql":
                templates.drop(db.engine.url.database)


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings of the fixture `app`; a test module or a conftest.py may override it."""
    return {}


@pytest.fixture
def app(make_app: Callable[..., Flask], settings: dict[str, Any]) -> Iterator[Flask]:
    """An app with an empty database; its context is open during the test."""
    made = make_app(**settings)
    with made.app_context():
        yield made


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser that has not signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Run all background jobs that are due, here and now; gives how many those were."""

    def run() -> int:
        db.session.rollback()
        done = run_due(app)
        db.session.rollback()  # so that the test reads what the jobs have written
        return done

    return run


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The clock, stopped at noon of a working day."""
    with ExitStack() as stack:
        yield Watch(stack, NOON)


# ---- offices, units, people -----------------------------------------------------------------------------------------


@pytest.fixture
def make_office(app: Flask) -> Callable[..., Office]:
    """Make an office."""

    def make(key: str = "", name: str = "") -> Office:
        number = db.session.query(Office).count() + 1
        return units.create_office(
            key or f"office-{number}", name or f"示例{number}市政府办公室", f"示例{number}市"
        )

    return make


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    """The office of the test."""
    return make_office("shili", "示例市人民政府办公室")


@pytest.fixture
def make_unit(app: Flask, request: pytest.FixtureRequest) -> Callable[..., Unit]:
    """Make a unit of an office (by default of the fixture `office`); values are columns, `group` a name."""

    def make(name: str = "", office: Office | None = None, **values: Any) -> Unit:
        office = office or request.getfixturevalue("office")
        number = db.session.query(Unit).count() + 1
        with transaction():
            values = {"kind": "county", "group": "县区", "sort_no": number, **values}
            return units.add_unit(office.id, {"name": name or f"第{number}县人民政府", **values})

    return make


@pytest.fixture
def unit(make_unit: Callable[..., Unit]) -> Unit:
    """The unit of the test."""
    return make_unit("甲县人民政府", short_name="甲县")


@pytest.fixture
def make_user(app: Flask, request: pytest.FixtureRequest) -> Callable[..., User]:
    """Make a user with roles; unit roles are held in `unit` (by default the fixture `unit`). The password is PASSWORD."""

    def make(*roles: str, unit: Unit | None = None, office: Office | None = None, **columns: Any) -> User:
        if unit is None and any(ROLES[role].held_in == "unit" for role in roles):
            unit = request.getfixturevalue("unit")
        office_id = (
            (office or unit or request.getfixturevalue("office")).id if office or not unit else unit.office_id
        )
        number = db.session.query(User).count() + 1
        name = columns.pop("name", f"用户{number}")
        fresh = people.new_user(
            office_id, columns.pop("login", f"user{number}"), name, "", passwords.hashed(PASSWORD)
        )
        for column, value in {"must_change": False, **columns}.items():
            setattr(fresh, column, value)
        with transaction():
            people.save_new(fresh)
            held_in = {role: unit.id if unit and ROLES[role].held_in == "unit" else None for role in roles}
            people.assign(fresh, [Grant(role, office_id, held_in[role]) for role in roles])
        return fresh

    return make


# ---- submissions, packs, documents ----------------------------------------------------------------------------------


@pytest.fixture
def staff(make_user: Callable[..., User]) -> Callable[[str, Unit], Actor]:
    """The actor who holds a role for a unit (or its office); made when first asked for."""
    known: dict[tuple[str, int], User] = {}

    def of(role: str, unit: Unit) -> Actor:
        key = role, unit.id if ROLES[role].held_in == "unit" else -unit.office_id
        if key not in known:
            known[key] = make_user(role, unit=unit)
        return actor_of(known[key])

    return of


@pytest.fixture
def make_submission(
    staff: Callable[[str, Unit], Actor], request: pytest.FixtureRequest
) -> Callable[..., Submission]:
    """Make an item in a state, by the services and people that lead there."""

    def make(
        state: str = "draft", unit: Unit | None = None, title: str = TITLE, body: str = BODY, author: User | None = None,
        joint: Sequence[Unit] = (), genre: str = "work_news", **draft: Any,
    ) -> Submission:  # fmt: skip
        unit = unit or request.getfixturevalue("unit")
        writer = actor_of(author) if author else staff("informant", unit)
        blocks, others = body_text.from_plain(body), [u.id for u in joint]
        item = services.create(writer, Draft(unit.id, genre, title, blocks, joint_unit_ids=others, **draft))
        for name in WAYS[state]:
            _step(name, item, writer, unit, staff)
        return item

    return make


def _step(
    name: str, item: Submission, writer: Actor, unit: Unit, staff: Callable[[str, Unit], Actor]
) -> None:
    rule = workflow.MOVES[name]
    reason = "按程序办理" if rule.needs_reason else ""
    if name == "send":
        services.send(writer, item.id, item.version)
    elif name == "sign":
        services.sign(staff("signing_leader", unit), item.id, item.version)
    elif name in workflow.BY_COMPILING:
        with transaction():
            services.compile_move(staff("editor", unit), item, name, reason)
    else:
        role = {"submission.write": "informant", "submission.sign": "signing_leader"}.get(
            rule.permission, "editor"
        )
        services.move(writer if role == "informant" else staff(role, unit), item.id, name, reason)


@pytest.fixture
def make_pack(app: Flask, tmp_path: Path) -> Callable[..., PackVersion]:
    """Install a pack made of the sections' own samples (keyword arguments replace them by name).

    With `office` it is activated there from 2024 on.
    """

    def make(
        office: Office | None = None, pack: str = "sample", version: str = "1.0.0", **sections: str
    ) -> PackVersion:
        folder = tmp_path / "packs" / f"{pack}-{version}"
        folder.mkdir(parents=True)
        manifest = f"id: {pack}\nversion: {version}\ntitle: 示例规则\nissuer: 示例市人民政府办公室\n"
        needed = {s.name: s.sample for s in packs.registry().sections if s.required}
        for name, content in {"pack": manifest, **needed, **sections}.items():
            (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
        found, _ = packs.install(None, folder)
        if office:
            packs.activate(None, office.id, found.id, date(2024, 1, 1))
        return found

    return make


@pytest.fixture
def make_document(
    app: Flask, request: pytest.FixtureRequest, make_user: Callable[..., User]
) -> Callable[..., IssuedDocument]:
    """Put a document on record without rendering anything; of one page unless another number is to be told of it."""

    def make(
        office: Office | None = None, pdf: bytes = BLANK_PDF, page: str = "<p></p>", word: bytes = b"", pages: int = 1,
        **values: Any,
    ) -> IssuedDocument:  # fmt: skip
        office = office or request.getfixturevalue("office")
        number = db.session.query(IssuedDocument).count() + 1
        known = {"kind": "notice", "kind_title": "通报", "source": f"test:{number}", "title": "关于信息工作的通报",
                 "number": f"〔2026〕{number}号", "dated": date(2026, 3, 1), "pack_ref": "sample@1.0.0", **values}  # fmt: skip
        html = files().put(page.encode())
        rendered = Rendered(html, files().put(pdf), pages, len(pdf), files().put(word) if word else "")
        return store.issue(actor_of(make_user(office=office)), NewDocument(office.id, **known), rendered)

    return make


BLANK_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
