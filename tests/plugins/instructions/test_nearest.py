"""The units behind what is instructed on stand first where somebody chooses who is to handle it."""

import re

import pytest

from core.testing import login
from plugins.instructions import services
from plugins.instructions.services import NewInstruction
from tests.plugins.instructions.test_services import TODAY


@pytest.fixture
def far(make_unit):
    """A unit that has nothing to do with the item but leads the official list."""
    return make_unit("市发展和改革委员会", kind="bureau", sort_no=-1)


def offered(page, field):
    """The ids of the units of a field, in the order of the page."""
    return [int(n) for n in re.findall(rf'name="{field}"[^>]*value="(\d+)"', page)]


def test_a_leader_finds_the_reporting_units_first(client, desk, far, user_of):
    login(client, user_of(desk.leader))

    page = client.get(f"/instructions/new/{desk.item.id}").text

    assert offered(page, "instruction-asked_unit_ids") == [desk.unit.id, desk.joint.id, far.id]


def test_the_desk_finds_who_was_named_first_and_the_reporting_units_next(
    client, desk, far, user_of, make_unit
):
    named = make_unit("市审计局", kind="bureau", sort_no=99)
    new = NewInstruction(
        desk.item.id, "市主要领导", "note", TODAY, "请审计局阅处。", leader_id=desk.leader.id,
        asked_unit_ids=(named.id,),
    )  # fmt: skip
    found = services.record(desk.leader, new)
    login(client, user_of(desk.editor))

    page = client.get(f"/instructions/{found.id}/route").text

    first = [named.id, desk.unit.id, desk.joint.id, far.id]
    assert offered(page, "route-main_ids") == offered(page, "route-assisting_ids") == first
