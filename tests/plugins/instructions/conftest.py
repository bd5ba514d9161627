"""An office under a real pack, a leader, an editor and an item of two units."""

import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.accounts.models import User
from core.config import PROJECT
from core.db import db
from core.packs import services as packs
from core.testing import actor_of

LUAN = PROJECT / "rulepacks" / "luan-2013"


@pytest.fixture
def settings() -> dict:
    """Without other plugins, so that these tests do not depend on them."""
    return {"PLUGINS_OFF": ("journal", "circulars")}


@pytest.fixture
def pack_folder(tmp_path: Path) -> Path:
    """The bundled pack without what belongs to other plugins."""
    folder = tmp_path / "luan"
    shutil.copytree(LUAN, folder)
    for name in ("journals.yaml", "circulars.yaml"):
        (folder / name).unlink(missing_ok=True)
    manifest = folder / "pack.yaml"
    manifest.write_text(
        manifest.read_text("utf-8").replace("[journal, instructions, circulars]", "[instructions]")
    )
    return folder


@pytest.fixture
def pack(app, office, pack_folder):
    """The pack, in force in the office."""
    found, _ = packs.install(None, pack_folder)
    packs.activate(None, office.id, found.id, date(2024, 1, 1))
    return found


@pytest.fixture
def desk(pack, unit, make_unit, make_user, make_submission, watch) -> SimpleNamespace:
    """People for every part, and a received item of two units."""
    joint = make_unit("市财政局", kind="bureau", group="市直部门和直属机构")
    leader = make_user("leader", unit=unit, name="李市长")
    leader.post = "市长"
    db.session.commit()
    found = SimpleNamespace(unit=unit, joint=joint, office_id=unit.office_id, leader=actor_of(leader))
    for role in ("editor", "issuer", "informant"):
        setattr(found, role, actor_of(make_user(role, unit=unit)))
    found.item = make_submission("received", joint=[joint])
    found.draft = make_submission("draft")
    return found


@pytest.fixture
def user_of():
    """The stored user of an actor, for signing in."""
    return lambda actor: db.session.get_one(User, actor.id)
