"""Accounts and roles: who may keep them, what is refused, and what the database itself refuses."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.accounts import people
from core.accounts.models import RoleAssignment, User
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.permissions import ADMIN_ROLES, ROLES, Grant
from core.testing import actor_of


@pytest.fixture
def system(make_user):
    return actor_of(make_user("system_admin", login="system"))


@pytest.fixture
def security(make_user):
    return actor_of(make_user("security_admin", login="security"))


def change(actor, user, version=None, **values):
    values = {"name": user.name, "post": user.post, "disabled": False, "expires_on": None, **values}
    return people.change_user(actor, user.id, user.version if version is None else version, **values)


def roles_of(user):
    return {
        r.grant() for r in db.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == user.id))
    }


# ---- accounts -------------------------------------------------------------------------------------------------------


def test_a_new_account_has_no_role_and_a_password_to_be_changed(system):
    user, password = people.create_user(
        system, login=" Zhang.San ", name=" 张三 ", post="科长", expires_on=date(2027, 1, 1)
    )

    assert (user.login, user.name, user.post, user.expires_on) == (
        "zhang.san",
        "张三",
        "科长",
        date(2027, 1, 1),
    )
    assert user.must_change and user.roles == [] and len(password) == 14
    assert user.pinyin.startswith("zhang1")


@pytest.mark.parametrize(
    "login", ["", "ab", "1abc", "张三", "zhang san", "a" * 41, "zhang.", "-abc", "a\nb1", "a@b.cn", "ｚhang"]
)
def test_a_login_name_that_cannot_be_typed_everywhere_is_refused(system, login):
    with pytest.raises(InvalidInput, match="登录名"):
        people.create_user(system, login=login, name="张三")


@pytest.mark.parametrize("name", ["", "   ", "长" * 41])
def test_a_person_has_a_name_of_reasonable_length(system, make_user, name):
    with pytest.raises(InvalidInput, match="姓名"):
        people.create_user(system, login="zhang.san", name=name)
    with pytest.raises(InvalidInput, match="姓名"):
        change(system, make_user("editor"), name=name)


@pytest.mark.postgres
def test_a_login_name_is_used_once_even_across_offices(system, make_user, make_office):
    make_user("editor", office=make_office(), login="zhang.san")

    with pytest.raises(Conflict, match="已有人使用"):
        people.create_user(system, login="ZHANG.SAN", name="张三")


def test_changed_particulars_are_saved_and_noted(system, make_user):
    user = make_user("editor", name="张三")

    change(system, user, name="张山", post="主任", expires_on=date(2027, 5, 1))

    assert (user.name, user.post, user.expires_on, user.pinyin) == (
        "张山",
        "主任",
        date(2027, 5, 1),
        "zhang1 shan1",
    )
    detail = db.session.scalar(select(AuditRecord.detail).where(AuditRecord.action == "修改用户"))
    assert "张三" in detail and "张山" in detail


@pytest.mark.postgres
def test_two_administrators_who_save_the_same_user_are_told(system, make_user):
    user = make_user("editor")
    opened = user.version
    change(system, user, post="科员")

    with pytest.raises(Conflict, match="刚刚被别人改过"):
        change(system, user, version=opened, post="科长")


@pytest.mark.parametrize("role", [r for r in ROLES if r != "system_admin"])
def test_only_the_system_administrator_keeps_accounts(make_user, role):
    actor, user = actor_of(make_user(role)), make_user("editor")

    for attempt in (
        lambda: people.create_user(actor, login="new.user", name="新人"),
        lambda: change(actor, user, post="局长"),
        lambda: people.reset_password(actor, user.id),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_users_of_another_office_are_out_of_reach(system, security, make_user, make_office):
    stranger = make_user("editor", office=make_office())

    for attempt in (
        lambda: people.user(system, stranger.id),
        lambda: change(system, stranger),
        lambda: people.reset_password(system, stranger.id),
        lambda: people.unlock_user(security, stranger.id),
        lambda: people.end_sessions(security, stranger.id),
        lambda: people.set_roles(security, stranger.id, set()),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert stranger.id not in {u.id for u in db.session.scalars(people.users(system))}


def test_nobody_locks_himself_out_or_resets_his_own_password(system):
    me = db.session.get(User, system.id)

    with pytest.raises(InvalidInput, match="自己"):
        change(system, me, disabled=True)
    with pytest.raises(InvalidInput, match="自己"):
        people.reset_password(system, me.id)


def test_users_are_listed_in_pinyin_order_and_can_be_searched(system, make_user):
    for name in ("张一", "李二", "欧阳三", "安四"):
        make_user("editor", name=name)
    make_user("leader", name="林_五", login="lin.wu", disabled=True)

    def names(**wanted):
        return [
            u.name
            for u in db.session.scalars(people.users(system, **wanted))
            if not u.name.startswith("用户")
        ]

    assert names() == ["安四", "李二", "林_五", "欧阳三", "张一"]
    assert names(text="_") == ["林_五"]
    assert names(text="LIN.WU".lower()) == ["林_五"]
    assert names(role="leader") == names(state="disabled") == ["林_五"]
    assert names(text="%") == []


# ---- roles ----------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_roles_are_given_and_taken(security, make_user, unit):
    user = make_user("editor")
    wanted = {Grant("informant", unit.office_id, unit.id), Grant("issuer", unit.office_id)}

    people.set_roles(security, user.id, wanted)

    assert roles_of(user) == wanted


def test_somebody_may_report_for_two_units_and_also_edit(security, make_user, unit, make_unit):
    user, second = make_user(), make_unit()
    office = unit.office_id
    wanted = {
        Grant("informant", office, unit.id),
        Grant("informant", office, second.id),
        Grant("editor", office),
    }

    people.set_roles(security, user.id, wanted)

    assert roles_of(user) == wanted


@pytest.mark.parametrize("role", [r for r in ROLES if r != "security_admin"])
def test_only_the_security_administrator_gives_roles(make_user, role, office):
    actor, user = actor_of(make_user(role)), make_user()

    with pytest.raises(PermissionDenied):
        people.set_roles(actor, user.id, {Grant("editor", office.id)})
    assert roles_of(user) == set()


def test_nobody_gives_himself_a_role(security, office):
    with pytest.raises(PermissionDenied, match="不能给自己授权"):
        people.set_roles(
            security, security.id, {Grant("security_admin", office.id), Grant("editor", office.id)}
        )
    with pytest.raises(PermissionDenied, match="不能给自己授权"):
        people.set_roles(security, security.id, set())


@pytest.mark.parametrize("one", ADMIN_ROLES)
@pytest.mark.parametrize("other", ADMIN_ROLES)
def test_nobody_is_two_administrators(security, make_user, office, one, other):
    user = make_user()
    wanted = {Grant(one, office.id), Grant(other, office.id)}

    if one == other:
        people.set_roles(security, user.id, wanted)
        assert roles_of(user) == wanted
    else:
        with pytest.raises(InvalidInput, match="必须由不同的人担任"):
            people.set_roles(security, user.id, wanted)
        assert roles_of(user) == set()


@pytest.mark.postgres
def test_an_administrator_may_become_another_kind(security, make_user, office):
    user = make_user("system_admin")

    people.set_roles(security, user.id, {Grant("audit_admin", office.id)})

    assert roles_of(user) == {Grant("audit_admin", office.id)}


@pytest.mark.postgres
@pytest.mark.parametrize("other", ["security_admin", "audit_admin"])
def test_the_database_itself_refuses_a_second_administrator_role(make_user, make_office, office, other):
    user = make_user("system_admin")

    for office_id in (office.id, make_office().id):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(
                text(
                    f"INSERT INTO role_assignment (user_id, role, office_id) VALUES ({user.id}, '{other}', {office_id})"
                )
            )
    with pytest.raises(IntegrityError), transaction():
        db.session.add(RoleAssignment(user_id=make_user().id, role="emperor", office_id=office.id))


def test_a_role_must_fit_where_it_is_held(security, make_user, unit, make_office, make_unit):
    user, here, stranger = make_user(), unit.office_id, make_unit(office=make_office())

    for wrong in (
        Grant("informant", here),
        Grant("informant", here, stranger.id),
        Grant("informant", stranger.office_id, stranger.id),
        Grant("editor", stranger.office_id),
        Grant("editor", here, unit.id),
        Grant("informant", here, 99_999),
        Grant("emperor", here),
    ):
        with pytest.raises(InvalidInput):
            people.set_roles(security, user.id, {wrong})
    assert roles_of(user) == set()


def test_roles_held_in_another_office_are_kept_and_do_not_stand_in_the_way(
    security, make_user, make_office, office
):
    user, elsewhere = make_user("editor"), Grant("editor", make_office().id)
    with transaction():
        people.assign(user, [elsewhere])

    people.set_roles(security, user.id, {elsewhere, Grant("issuer", office.id)})

    assert roles_of(user) == {elsewhere, Grant("issuer", office.id)}


def test_every_grant_leaves_a_trail_with_before_and_after(security, make_user, office):
    people.set_roles(security, make_user("editor").id, {Grant("issuer", office.id)})

    detail = db.session.scalar(select(AuditRecord.detail).where(AuditRecord.action == "用户授权"))
    assert '"before": "编辑"' in detail and '"after": "签发人"' in detail
