"""The demo city as a fixture: built once for all tests that want it, also when several workers run them."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core.accounts import passwords
from core.accounts.models import RoleAssignment, User
from core.app import create_app
from core.config import PROJECT
from core.db import db, transaction
from core.errors import SetupError

PASSWORD = "Demo-City-2026"
ROLES = (
    "informant",
    "signing_leader",
    "editor",
    "issuer",
    "leader",
    "system_admin",
    "security_admin",
    "audit_admin",
)


def fonts_or_skip() -> None:
    """The demo prints documents: without their fonts it cannot be built. In CI that is a failure."""
    if any((PROJECT / "var" / "fonts").glob("Fandol*.otf")) or os.environ.get("YAOQING_FONTS"):
        return
    if os.environ.get("YAOQING_REQUIRE_ALL"):
        pytest.fail("公文字体没有安装：请运行 ./yaoqing setup")
    pytest.skip("公文字体没有安装，跳过（运行 ./yaoqing setup 可安装）")


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the demo command as a person would; the data lie in folder/demo, the papers in folder/out."""
    command = [sys.executable, str(PROJECT / "manage.py"), "demo", "--no-serve", "--out", str(folder / "out")]
    environment = {**os.environ, "YAOQING_DATA": str(folder), "YAOQING_FONTS": str(fonts())}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)


def fonts() -> Path:
    return Path(os.environ.get("YAOQING_FONTS", PROJECT / "var" / "fonts"))


@pytest.fixture(scope="session")
def built_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished demo run; shared by all workers, never changed."""
    fonts_or_skip()
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "city"
    shared.mkdir(exist_ok=True)
    with open(shared / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "log").exists():
            done = build(shared)
            if done.returncode:
                raise SetupError("演示数据没有建成", reason=done.stdout[-2000:] + done.stderr[-2000:])
            (shared / "log").write_text(done.stdout, encoding="utf-8")
    return shared


@pytest.fixture(scope="session")
def city(built_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app on a copy of the demo city; one account of each role has the password PASSWORD."""
    home = tmp_path_factory.mktemp("city") / "demo"
    shutil.copytree(built_city / "demo", home)
    app = create_app({"DATA": home, "FONTS": fonts(), "IDLE_MINUTES": 600})
    with app.app_context():
        give_passwords(app)
    yield app


def give_passwords(app: Flask) -> None:
    """One account of each role gets the password PASSWORD."""
    fresh = passwords.hashed(PASSWORD)
    with transaction():
        for login in logins(app).values():
            user = db.session.scalars(select(User).where(User.login == login)).one()
            user.password_hash, user.must_change = fresh, False


def logins(app: Flask) -> dict[str, str]:
    """Role → login name of its first account."""
    with app.app_context():
        query = select(RoleAssignment.role, User.login).join(User).order_by(User.id.desc())
        return dict(db.session.execute(query).tuples().all())
