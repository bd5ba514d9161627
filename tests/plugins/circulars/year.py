"""A year under the pack with all four documents: two good units, two that lag, authors, a joint item."""

from datetime import date
from itertools import count
from types import SimpleNamespace

from core import facts
from core.config import PROJECT
from core.db import transaction
from core.facts import Author
from core.packs import services as packs
from core.scoring import runs
from core.testing import actor_of
from plugins.circulars import queries

STANDARD = PROJECT / "rulepacks" / "standard"
QUARTER, HALF, YEAR = "2025-Q1", "2025-H1", "2025"


def year_of(office, make_unit, make_user, pack=STANDARD) -> SimpleNamespace:
    """The office's people and units, and what happened in 2025."""
    version, _ = packs.install(None, pack)
    packs.activate(None, office.id, version.id, date(2024, 1, 1))
    counties, bureaus = "县区和开发区", "市直部门"
    units = SimpleNamespace(
        jia=make_unit("甲县人民政府", short_name="甲县", group=counties),
        yi=make_unit("乙县人民政府", short_name="乙县", group=counties),
        cai=make_unit("市财政局", kind="bureau", group=bureaus),
        jiao=make_unit("市教育局", kind="bureau", group=bureaus),
    )
    roles = ("editor", "issuer", "leader", "informant")
    people = {role: actor_of(make_user(role, unit=units.jia)) for role in roles}
    found = SimpleNamespace(
        units=units, office_id=office.id, behind=actor_of(make_user("informant", unit=units.jiao)), **people
    )
    numbers = count(1)

    def fact(kind, *who, month=2, item="", title="", authors=(), **attrs):
        number = next(numbers)
        ids = tuple(unit.id for unit in who)
        new = facts.NewFact(
            office.id, kind, date(2025, month, 10), ids, f"test:{number}", item or f"item:{number}",
            title or f"信息{number}", attrs, authors=authors,
        )  # fmt: skip
        with transaction():
            return facts.record(found.editor, new)

    found.fact = fact
    for n in range(1, 7):
        fact("submitted", units.jia, month=n, item=f"A{n}")
    wang = (Author(name="王建国", unit_id=units.jia.id),)
    fact("adopted", units.jia, item="A1", outlet="zwyq", title="甲县建立企业用工帮办机制", authors=wang)
    fact(
        "adopted",
        units.jia,
        units.cai,
        item="A2",
        outlet="zbxx",
        title="财政资金直达基层的做法",
        authors=wang,
    )
    fact("submitted", units.cai, item="B1")
    fact("instructed", units.jia, item="A1", leader="市主要领导", level="city")
    return found


def closed(desk, key, kind):
    """A period closed, and the draft the plugin prepared then."""
    if not runs.frozen_run(desk.office_id, key):
        runs.close(desk.issuer, desk.office_id, key)
    return queries.of_period(desk.office_id, kind, key)
