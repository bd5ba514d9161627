"""Units of an office: kept by the system administrator, ordered, grouped, valid for a time."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.accounts import units
from core.accounts.models import Unit, UnitGroup
from core.accounts.units import create_office, create_unit, office_by_key
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.permissions import ROLES
from core.testing import actor_of


@pytest.fixture
def admin(make_user):
    return actor_of(make_user("system_admin"))


def values(**changed):
    return {"name": "乙县人民政府", "kind": "county", **changed}


def names(query):
    return [u.name for u in db.session.scalars(query)]


def test_a_unit_keeps_everything_a_rule_may_ask_for(admin, unit):
    fresh = create_unit(
        admin,
        values(short_name="乙县", group="县区", unit_class="一类", parent_id=unit.id, host_id=unit.id, sort_no=3, head="王县长",
               optional=True, valid_from=date(2020, 1, 1), valid_to=date(2030, 1, 1), attributes={"人口": "50万"}),
    )  # fmt: skip

    assert (fresh.short, str(fresh), fresh.unit_class, fresh.sort_no, fresh.head) == (
        "乙县",
        "乙县人民政府",
        "一类",
        3,
        "王县长",
    )
    assert (fresh.parent.id, fresh.host.id, fresh.group.name, fresh.optional) == (
        unit.id,
        unit.id,
        "县区",
        True,
    )
    assert fresh.attributes == {"人口": "50万"}
    assert fresh.valid_on(date(2030, 1, 1)) and not fresh.valid_on(date(2030, 1, 2))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": "  "}, "单位名称"),
        ({"name": "长" * 81}, "单位名称"),
        ({"kind": "planet"}, "单位类别"),
        ({"valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)}, "早于"),
        ({"parent_id": 99_999}, "另一个单位"),
        ({"host_id": 99_999}, "另一个单位"),
    ],
)
def test_a_unit_that_makes_no_sense_is_refused(admin, wrong, message):
    with pytest.raises(InvalidInput, match=message):
        create_unit(admin, values(**wrong))
    assert names(select(Unit)) == []


def test_a_name_is_used_once_in_an_office(admin, make_office, make_unit):
    make_unit("乙县人民政府", office=make_office())
    first = create_unit(admin, values())

    with pytest.raises(Conflict, match="已有名为“乙县人民政府”的单位"):
        create_unit(admin, values())
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Unit(office_id=first.office_id, name="乙县人民政府", kind="county"))


def test_a_unit_cannot_be_its_own_parent_nor_belong_to_one_of_another_office(
    admin, unit, make_office, make_unit
):
    stranger = make_unit(office=make_office())

    for parent in (unit.id, stranger.id):
        with pytest.raises(InvalidInput, match="另一个单位"):
            units.change_unit(admin, unit.id, unit.version, values(parent_id=parent))


def test_two_units_cannot_be_each_others_parent(admin, unit, make_unit):
    below = make_unit("乙县人民政府", parent_id=unit.id)

    with pytest.raises(InvalidInput, match="上级"):
        units.change_unit(admin, unit.id, unit.version, values(name=unit.name, parent_id=below.id))


def test_a_change_is_saved_noted_and_guarded_against_an_older_page(admin, unit):
    opened = unit.version
    units.change_unit(admin, unit.id, opened, values(name="甲县人民政府办公室", group="市直部门"))

    assert (unit.name, unit.group.name, unit.pinyin[:4]) == ("甲县人民政府办公室", "市直部门", "jia3")
    detail = db.session.scalar(select(AuditRecord.detail).where(AuditRecord.action == "修改单位"))
    assert "甲县人民政府办公室" in detail
    with pytest.raises(Conflict, match="刚刚被别人改过"):
        units.change_unit(admin, unit.id, opened, values())


@pytest.mark.parametrize("role", [r for r in ROLES if r != "system_admin"])
def test_only_the_system_administrator_keeps_units(make_user, unit, role):
    actor = actor_of(make_user(role, unit=unit))

    with pytest.raises(PermissionDenied):
        create_unit(actor, values())
    with pytest.raises(PermissionDenied):
        units.change_unit(actor, unit.id, unit.version, values())


def test_a_unit_of_another_office_is_not_there(admin, make_office, make_unit):
    stranger = make_unit(office=make_office())

    with pytest.raises(NotFound):
        units.unit(admin, stranger.id)
    with pytest.raises(NotFound):
        units.change_unit(admin, stranger.id, stranger.version, values())
    assert stranger.name not in names(units.units(admin))


def test_somebody_of_a_unit_sees_that_unit(make_user, make_unit, unit):
    make_unit("乙县人民政府")

    assert names(units.units(actor_of(make_user("informant", unit=unit)))) == ["甲县人民政府"]


def test_units_are_listed_in_official_or_pinyin_order_and_can_be_searched(admin, make_unit):
    make_unit("张庄直报点", kind="direct_report_point", group="", sort_no=1)
    make_unit("李县人民政府", sort_no=3, valid_to=date(2020, 1, 1))
    make_unit("安_局", kind="bureau", group="市直部门", sort_no=2, short_name="安局")
    group = db.session.scalar(select(UnitGroup.id).where(UnitGroup.name == "市直部门"))

    assert names(units.units(admin)) == ["张庄直报点", "安_局", "李县人民政府"]
    assert names(units.units(admin, order="pinyin")) == ["安_局", "李县人民政府", "张庄直报点"]
    assert names(units.units(admin, order="no such order")) == ["张庄直报点", "安_局", "李县人民政府"]
    assert names(units.units(admin, text="_")) == names(units.units(admin, text="安局")) == ["安_局"]
    assert names(units.units(admin, kind="bureau")) == names(units.units(admin, group_id=group)) == ["安_局"]
    assert names(units.units(admin, on=date(2026, 1, 1))) == ["张庄直报点", "安_局"]


def test_units_that_exist_on_a_day_are_those_of_that_day(unit, make_unit):
    make_unit("旧局", valid_to=date(2025, 12, 31))
    make_unit("新局", valid_from=date(2026, 1, 1))

    assert [u.name for u in units.units_of_office(unit.office_id, date(2025, 12, 31))] == [
        "甲县人民政府",
        "旧局",
    ]
    assert [u.name for u in units.units_of_office(unit.office_id, date(2026, 1, 1))] == [
        "甲县人民政府",
        "新局",
    ]
    assert len(units.units_of_office(unit.office_id)) == 3


def test_groups_keep_the_order_in_which_they_were_made(make_unit, office):
    for group in ("县区", "市直部门", "县区", "直报点"):
        make_unit(group=group)

    assert [g.name for g in units.groups(office.id)] == ["县区", "市直部门", "直报点"]


@pytest.mark.parametrize("key", ["", "a", "A-city", "示例", "1city", "a" * 41, "a city"])
def test_the_key_of_an_office_is_plain(app, key):
    with pytest.raises(InvalidInput, match="机构代号"):
        create_office(key, "示例市", "示例市")


def test_an_office_is_found_by_its_key_or_by_being_the_only_one(office, make_office):
    assert office_by_key(None).id == office_by_key("shili").id == office.id
    with pytest.raises(Conflict):
        create_office("shili", "又一个", "")
    with pytest.raises(NotFound, match="现有机构：shili"):
        office_by_key("other")

    make_office()
    with pytest.raises(NotFound, match="--office"):
        office_by_key(None)
