"""A composite through the real engine: shares to points, per-item rules, persons, and back to nothing."""

from datetime import date
from fractions import Fraction

import pytest

from core import facts
from core.db import transaction
from core.facts import NewFact
from core.scoring import runs
from core.scoring.values import points
from core.submissions import services as submissions
from core.submissions.credit import credited
from plugins.composites import services
from tests.plugins.composites.conftest import OUTLETS, SCORING

pytestmark = pytest.mark.postgres
MARCH, DAY = "2026-03", date(2026, 3, 18)


@pytest.fixture
def scored(desk, make_pack):
    """Points of March by unit, as plain numbers."""
    make_pack(desk.office, outlets=OUTLETS, scoring=SCORING)
    return lambda: {row.name: exact(row.score) for row in runs.live(desk.office.id, MARCH).rows}


def test_points_follow_the_shares(desk, merge, scored):
    assert scored() == {"甲县": 1, "乙县": 1, "丙县": 1}

    adopt(desk, merge(shares=["50%", "30%", "20%"]), "bulletin")

    assert scored() == {"甲县": 1 + 5, "乙县": 1 + 3, "丙县": 1 + 2}


def test_equal_shares_of_three_are_exact_thirds(desk, merge, scored):
    adopt(desk, merge(), "bulletin")

    assert set(scored().values()) == {1 + Fraction(10, 3)}


def test_the_composite_is_the_item_of_per_item_rules(desk, merge, scored):
    made = merge(shares=["2", "1", "1"])
    adopt(desk, made, "bulletin")
    adopt(desk, made, "szxx")

    # Only the higher of the two adoptions counts, and it is shared: 20 × 2/4, 20 × 1/4.
    assert scored() == {"甲县": 1 + 10, "乙县": 1 + 5, "丙县": 1 + 5}


def test_authors_get_their_part(desk, merge, scored):
    adopt(desk, merge(shares=["50%", "30%", "20%"]), "bulletin")

    persons = {row.name: exact(row.score) for row in runs.proposals(runs.live(desk.office.id, MARCH)).persons}
    assert persons == {"甲县作者": 5, "乙县作者": 3, "丙县作者": 2}


def test_withdrawn_and_dissolved_leave_the_points_of_before(desk, merge, scored):
    before = scored()
    made = merge()
    fact = adopt(desk, made, "bulletin")
    with transaction():
        facts.withdraw(desk.issuer, fact, "失实")
        submissions.compile_move(desk.issuer, made, "cancel_adoption", "失实")
    services.dissolve(desk.editor, made.id, made.version, "失实")

    assert scored() == before


def test_a_million_to_one_adds_up_to_the_whole(desk, merge, scored):
    adopt(desk, merge(shares=["1000000", "1", "1/3"]), "bulletin")

    found = scored()
    assert sum(found.values()) == 3 + 10
    assert found["丙县"] - 1 == Fraction(10) * Fraction(1, 3) / (1_000_000 + 1 + Fraction(1, 3))


def adopt(desk, item, outlet):
    with transaction():
        if item.state == "editing":
            submissions.compile_move(desk.editor, item, "select")
            submissions.compile_move(desk.editor, item, "adopt")
        new = NewFact(
            item.office_id, "adopted", DAY, key=f"t:{outlet}:{item.id}", item=item.item_key, title=item.title,
            attrs={"outlet": outlet}, **credited(item),
        )  # fmt: skip
        return facts.record(desk.editor, new)


def exact(value) -> Fraction:
    """Points behind the engine's grains."""
    return Fraction(value) / points.GRAINS
