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
from plugins.instructions import services, tasks
from plugins.instructions.services import NewInstruction
from plugins.instructions.task_models import Task
from plugins.instructions.tasks import Routing

TODAY = date(2026, 3, 18)
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


@pytest.fixture
def found(desk):
    """A leader's note on the item of 甲县."""
    new = NewInstruction(
        desk.item.id, "市主要领导", "note", TODAY, "请交通局阅处。", leader_id=desk.leader.id
    )
    return services.record(desk.leader, new)


@pytest.fixture
def traffic(desk, make_unit, make_user) -> SimpleNamespace:
    """A bureau that has nothing to do with the item: informant and head."""
    unit = make_unit("市交通局", kind="bureau", group="市直部门和直属机构")
    clerk, head = (actor_of(make_user(role, unit=unit)) for role in ("informant", "signing_leader"))
    return SimpleNamespace(unit=unit, clerk=clerk, head=head)


@pytest.fixture
def task(desk, found, traffic) -> Task:
    return tasks.route(desk.editor, found.id, Routing([traffic.unit.id]))[0]
