"""Rights as data: who holds what, and how far it reaches."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from core.accounts.models import Unit, User
from core.db import db
from core.errors import PermissionDenied, SetupError
from core.hookspecs import Permission
from core.permissions import Grant, Place, Reach, Rights, reach, require
from core.testing import actor_of

RIGHTS = Rights(
    [
        Permission("item.view", "查看", {"informant": "unit", "editor": "office", "leader": "own"}),
        Permission("item.edit", "编辑", {"editor": "office"}),
    ]
)


@dataclass
class Person:
    grants: tuple[Grant, ...]
    id: int = 7


HERE, THERE = Place(1, frozenset({10}), owner_id=3), Place(2, frozenset({20}), owner_id=7)


def test_nobody_and_somebody_without_a_role_reach_nothing():
    assert not RIGHTS.reach(None, "item.view")
    assert not RIGHTS.reach(Person(()), "item.view")
    assert not RIGHTS.reach(Person((Grant("issuer", 1),)), "item.view")


@pytest.mark.parametrize(
    ("grant", "here", "there"),
    [
        (Grant("editor", 1), True, False),
        (Grant("editor", 2), False, True),
        (Grant("informant", 1, 10), True, False),
        (Grant("informant", 1, 11), False, False),
        (Grant("informant", 2, 20), False, True),
        (Grant("leader", 1), False, True),
    ],
)
def test_a_right_reaches_as_far_as_its_role_says(grant, here, there):
    found = RIGHTS.reach(Person((grant,)), "item.view")

    assert (found.covers(HERE), found.covers(THERE)) == (here, there)


def test_a_unit_role_without_a_unit_reaches_nothing():
    assert not RIGHTS.reach(Person((Grant("informant", 1, None),)), "item.view")


def test_a_thing_without_units_is_not_within_a_unit():
    assert not RIGHTS.reach(Person((Grant("informant", 1, 10),)), "item.view").covers(Place(1))


def test_a_joint_thing_is_within_reach_of_each_of_its_units():
    joint = Place(1, frozenset({10, 11, 12}))

    assert RIGHTS.reach(Person((Grant("informant", 1, 11),)), "item.view").covers(joint)


def test_several_roles_add_up():
    found = RIGHTS.reach(Person((Grant("informant", 1, 10), Grant("editor", 2))), "item.view")

    assert found == Reach(frozenset({2}), frozenset({10}), False, 7)


def test_a_thing_of_nobody_is_not_my_own():
    assert not Reach(frozenset(), frozenset(), True, 0).covers(Place(1, owner_id=None))


@pytest.mark.parametrize(
    "wrong",
    [
        Permission("item.view", "重复", {}),
        Permission("new", "未知角色", {"emperor": "office"}),
        Permission("new", "未知范围", {"editor": "everywhere"}),
    ],
)
def test_a_wrong_permission_stops_the_start_and_is_named(wrong):
    with pytest.raises(SetupError, match=wrong.name):
        Rights([*RIGHTS.by_name.values(), wrong])


@pytest.mark.parametrize("role", ["informant", "editor", "system_admin", "leader"])
def test_the_condition_in_sql_agrees_with_the_check_in_python(
    role, make_unit, make_user, make_office, office, unit
):
    other = make_unit(office=make_office())
    make_unit()
    found = reach(actor_of(make_user(role, unit=unit)), "unit.view")

    by_sql = set(db.session.scalars(select(Unit.id).where(found.where(Unit.office_id, Unit.id))))

    assert by_sql == {u.id for u in db.session.scalars(select(Unit)) if found.covers(u.place())}
    assert other.id not in by_sql


def test_without_a_column_to_go_by_nothing_is_found(app):
    only_units, only_own = (
        Reach(frozenset(), frozenset({1}), False, 1),
        Reach(frozenset(), frozenset(), True, 1),
    )

    for found in (only_units, only_own, Reach(frozenset(), frozenset(), False, 1)):
        assert list(db.session.scalars(select(User).where(found.where(User.office_id)))) == []


def test_a_refusal_says_which_right_is_missing(make_user):
    with pytest.raises(PermissionDenied, match="您没有“维护单位”的权限"):
        require(actor_of(make_user("editor")), "unit.edit")
