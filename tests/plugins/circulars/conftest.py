"""A small office under a real pack, its February facts, and people for every part."""

import shutil
from datetime import date
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from core import facts
from core.accounts.models import User
from core.config import PROJECT
from core.db import db, transaction
from core.documents.store import Rendered
from core.files import store
from core.packs import services as packs
from core.scoring import runs
from core.testing import BLANK_PDF, actor_of
from plugins.circulars import issuing, preview, queries, services

LUAN = PROJECT / "rulepacks" / "luan-2013"
FEBRUARY = "2026-02"


@pytest.fixture
def settings() -> dict:
    """Without the plugin for journals, so that these tests do not depend on it."""
    return {"PLUGINS_OFF": ("journal",)}


@pytest.fixture
def pack_folder(tmp_path: Path) -> Path:
    """The bundled pack without what belongs to journals."""
    folder = tmp_path / "luan"
    shutil.copytree(LUAN, folder)
    (folder / "journals.yaml").unlink(missing_ok=True)
    manifest = folder / "pack.yaml"
    manifest.write_text(
        manifest.read_text("utf-8").replace("[journal, instructions, circulars]", "[instructions, circulars]")
    )
    return folder


@pytest.fixture
def pack(app, office, pack_folder):
    """The pack, in force in the office."""
    found, _ = packs.install(None, pack_folder)
    packs.activate(None, office.id, found.id, date(2024, 1, 1))
    return found


@pytest.fixture
def desk(pack, make_unit, make_user, watch) -> SimpleNamespace:
    """Two counties and two departments with people, and facts of February: a joint item among them."""
    units = SimpleNamespace(
        jia=make_unit("甲县人民政府", short_name="甲县", group="县区"),
        yi=make_unit("乙县人民政府", short_name="乙县", group="县区"),
        cai=make_unit("市财政局", kind="bureau", group="市直部门和直属机构"),
        jiao=make_unit("市教育局", kind="bureau", group="市直部门和直属机构"),
    )
    people = {
        role: actor_of(make_user(role, unit=units.jia))
        for role in ("editor", "issuer", "leader", "informant")
    }
    found = SimpleNamespace(units=units, **people)
    numbers = count(1)

    def fact(kind: str, *who, on: date = date(2026, 2, 10), item: str = "", **attrs):
        number = next(numbers)
        ids = tuple(unit.id for unit in who)
        with transaction():
            new = facts.NewFact(
                pack_office, kind, on, ids, f"test:{number}", item or f"item:{number}", f"信息{number}", attrs
            )
            return facts.record(found.editor, new)

    pack_office = units.jia.office_id
    found.fact, found.office_id = fact, pack_office
    fact("submitted", units.jia, item="A")
    fact("submitted", units.jia, units.cai, item="B")
    fact("submitted", units.yi, item="C")
    fact("adopted", units.jia, item="A", outlet="zwyq")
    fact("adopted", units.jia, units.cai, item="B", outlet="zwkx")
    fact("instructed", units.jia, item="A", leader="市主要领导", level="city")
    return found


@pytest.fixture
def closed(desk):
    """February closed; the draft the plugin prepared then."""
    runs.close(desk.issuer, desk.office_id, FEBRUARY)
    return queries.of_period(desk.office_id, "ranking", FEBRUARY)


@pytest.fixture
def submitted(desk, closed):
    """The draft, handed in by the editor."""
    return services.submit(desk.editor, closed.id, closed.version)


@pytest.fixture
def quick(monkeypatch) -> list:
    """Stand in for the renderer, as tests of numbers and steps need no PDF; holds the values it was given."""
    seen: list = []

    def render(files, values, word_dated=None) -> Rendered:
        seen.append(values)
        return Rendered(store().put(b"<p></p>"), store().put(BLANK_PDF), 1, len(BLANK_PDF))

    monkeypatch.setattr(issuing, "render", render)
    monkeypatch.setattr(preview, "pdf", lambda found, unit="": BLANK_PDF)
    return seen


@pytest.fixture
def issued(desk, submitted, quick):
    """The circular of February, issued."""
    return issuing.issue(desk.issuer, submitted.id)


@pytest.fixture
def reclosed(desk, issued):
    """The circular of February, issued; then a forgotten item was recorded and the period closed again."""
    runs.reopen(desk.issuer, desk.office_id, FEBRUARY, "漏登一条")
    desk.fact("adopted", desk.units.yi, item="C", outlet="zwyq")
    runs.close(desk.issuer, desk.office_id, FEBRUARY)
    return db.session.get_one(type(issued), issued.id)


@pytest.fixture
def user_of():
    """The stored user of an actor, for signing in."""
    return lambda actor: db.session.get_one(User, actor.id)
