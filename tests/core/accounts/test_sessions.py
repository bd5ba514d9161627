"""Signing in and out: lock-out, forced change, idle and absolute limits, revocation, rights at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core.accounts import passwords, people, sessions
from core.accounts.models import LoginFailure, LoginSession, User
from core.audit import AuditRecord
from core.db import db, transaction
from core.errors import InvalidInput, NotFound
from core.permissions import Grant
from core.testing import PASSWORD, actor_of

WRONG = "Wrong-2026-pass"
NEW = "Xinxi-2027-new"
HERE = "10.0.0.1"


def sign_in(login, password=PASSWORD, address=HERE):
    return sessions.sign_in(login, password, address, "pytest")


def fail(login, times=1, address=HERE):
    for _ in range(times):
        with pytest.raises(InvalidInput):
            sign_in(login, WRONG, address)


def message(login, password=WRONG, address=HERE):
    with pytest.raises(InvalidInput) as refused:
        sign_in(login, password, address)
    return str(refused.value)


@pytest.fixture
def zhang(make_user, watch):
    return make_user("editor", login="zhang.san", name="张三")


# ---- signing in -----------------------------------------------------------------------------------------------------


def test_whoever_signs_in_is_known_by_the_token_of_the_session(zhang):
    actor = sign_in("zhang.san")

    assert sessions.actor_for(actor.token).id == zhang.id
    assert sessions.actor_for(actor.token).has("editor")
    assert sessions.actor_for("stolen") is None


def test_the_database_keeps_no_token(zhang):
    actor = sign_in("zhang.san")

    assert db.session.scalar(select(LoginSession.token_hash)) != actor.token
    assert actor.token not in repr(actor)


@pytest.mark.parametrize("typed", ["Zhang.San", "  zhang.san ", "ZHANG.SAN"])
def test_a_login_name_may_be_typed_carelessly(zhang, typed):
    assert sign_in(typed).id == zhang.id


def test_wrong_name_wrong_password_and_closed_account_answer_alike(zhang, make_user, watch):
    make_user("editor", login="gone", disabled=True)
    make_user("editor", login="expired", expires_on=(watch.instant - timedelta(days=1)).date())

    answers = {
        message("zhang.san"),
        message("nobody.here"),
        message("gone", PASSWORD),
        message("expired", PASSWORD),
    }

    assert len(answers) == 1


def test_an_unknown_name_takes_the_same_path_as_a_known_one(zhang, monkeypatch):
    verified = []
    matches = passwords.matches
    monkeypatch.setattr(
        passwords, "matches", lambda kept, typed: (verified.append(kept), matches(kept, typed))[1]
    )

    message("nobody.here")
    message("zhang.san")

    assert [kept is None for kept in verified] == [True, False]
    assert list(db.session.scalars(select(LoginFailure.login))) == ["nobody.here", "zhang.san"]
    assert [a for a in db.session.scalars(select(AuditRecord.outcome)) if "失败" in a] == [
        "失败：登录名或密码不正确"
    ] * 2


def test_an_account_works_through_its_last_day(make_user, watch):
    make_user("editor", login="until.today", expires_on=watch.instant.date())

    watch.move(hours=11, minutes=50)
    actor = sign_in("until.today")
    watch.move(minutes=9)
    assert sessions.actor_for(actor.token)
    watch.move(minutes=1)

    assert sessions.actor_for(actor.token) is None
    assert "不正确" in message("until.today", PASSWORD)


# ---- lock-out -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["zhang.san", "nobody.here"])
def test_after_five_failures_a_name_is_locked_whether_it_exists_or_not(zhang, login):
    fail(login, 5)

    assert sessions.is_locked(login)
    assert "暂时锁定" in message(login, PASSWORD)
    assert "锁定账号" in set(db.session.scalars(select(AuditRecord.action)))


def test_four_failures_do_not_lock_and_success_forgets_them(zhang):
    fail("zhang.san", 4)
    sign_in("zhang.san")
    fail("zhang.san", 4)

    assert not sessions.is_locked("zhang.san")


def test_a_lock_ends_by_itself(zhang, watch):
    fail("zhang.san", 5)
    watch.move(minutes=14, seconds=59)
    assert sessions.is_locked("zhang.san")
    watch.move(seconds=1)

    assert sign_in("zhang.san").id == zhang.id


def test_attempts_while_locked_do_not_prolong_the_lock(zhang, watch):
    fail("zhang.san", 5)
    for _ in range(3):
        watch.move(minutes=5)
        if sessions.is_locked("zhang.san"):
            message("zhang.san", PASSWORD)

    assert not sessions.is_locked("zhang.san")


def test_one_address_cannot_try_many_names(make_app, watch):
    with make_app(ADDRESS_FAILURES=6).app_context():
        for n in range(6):
            fail(f"name{n}")

        assert "暂时锁定" in message("another")
        assert "不正确" in message("another", address="10.0.0.2")


def test_the_security_administrator_unlocks(zhang, make_user):
    fail("zhang.san", 5)

    people.unlock_user(actor_of(make_user("security_admin")), zhang.id)

    assert sign_in("zhang.san").id == zhang.id


def test_guessing_the_old_password_in_an_open_session_is_locked_too(zhang):
    actor = sign_in("zhang.san")
    for _ in range(5):
        with pytest.raises(InvalidInput, match="原密码不正确"):
            sessions.change_password(actor, WRONG, NEW)

    with pytest.raises(InvalidInput, match="暂时锁定"):
        sessions.change_password(actor, PASSWORD, NEW)


# ---- limits of a session --------------------------------------------------------------------------------------------


def test_a_session_ends_when_it_is_not_used(zhang, watch):
    actor = sign_in("zhang.san")
    watch.move(minutes=30)
    assert sessions.actor_for(actor.token)
    watch.move(minutes=30, seconds=1)

    assert sessions.actor_for(actor.token) is None


def test_a_session_ends_after_a_working_day_however_busy(zhang, watch):
    actor = sign_in("zhang.san")
    for _ in range(24):
        watch.move(minutes=30)
        assert sessions.actor_for(actor.token)
    watch.move(seconds=1)

    assert sessions.actor_for(actor.token) is None


def test_the_time_of_use_is_written_at_most_once_a_minute(zhang, watch):
    actor = sign_in("zhang.san")
    start = watch.instant

    watch.move(seconds=60)
    sessions.actor_for(actor.token)
    assert db.session.scalar(select(LoginSession.seen_at)) == start

    watch.move(seconds=1)
    sessions.actor_for(actor.token)
    assert db.session.scalar(select(LoginSession.seen_at)) == watch.instant


def test_a_page_opens_even_when_its_time_of_use_cannot_be_written(zhang, watch):
    actor = sign_in("zhang.san")
    watch.move(minutes=5)
    with db.engine.connect() as other:
        other.exec_driver_sql("ROLLBACK")
        other.exec_driver_sql("BEGIN IMMEDIATE")
        db.session.execute(text("PRAGMA busy_timeout=50"))
        assert sessions.actor_for(actor.token)


def test_the_limits_are_settings(make_app, watch):
    with make_app(IDLE_MINUTES=5).app_context():
        from_office = people.new_user(1, "zhang.san", "张三", "", passwords.hashed(PASSWORD))
        with transaction():
            db.session.execute(
                text("INSERT INTO office (id, key, name, place_name) VALUES (1, 'a', 'a', 'a')")
            )
            people.save_new(from_office)
        actor = sign_in("zhang.san")
        watch.move(minutes=6)

        assert sessions.actor_for(actor.token) is None


# ---- ending sessions ------------------------------------------------------------------------------------------------


def test_signing_out_ends_this_session_only(zhang):
    one, two = sign_in("zhang.san"), sign_in("zhang.san")

    sessions.sign_out(one)

    assert sessions.actor_for(one.token) is None
    assert sessions.actor_for(two.token)


def test_people_see_and_end_their_own_sessions_and_nobody_elses(zhang, make_user):
    make_user("editor", login="li.si")
    one, two, other = sign_in("zhang.san"), sign_in("zhang.san"), sign_in("li.si")

    assert {s.id for s in sessions.sessions_of(one)} == {one.session_id, two.session_id}
    sessions.end_own_session(one, two.session_id)

    assert sessions.actor_for(two.token) is None
    for not_mine in (other.session_id, two.session_id, 99_999):
        with pytest.raises(NotFound):
            sessions.end_own_session(one, not_mine)
    assert sessions.actor_for(other.token)


def test_a_new_password_ends_every_other_session(zhang):
    here, elsewhere = sign_in("zhang.san"), sign_in("zhang.san")

    sessions.change_password(here, PASSWORD, NEW)

    assert sessions.actor_for(here.token)
    assert sessions.actor_for(elsewhere.token) is None
    assert sign_in("zhang.san", NEW)
    assert "不正确" in message("zhang.san", PASSWORD)


@pytest.mark.parametrize("new", ["short", "zhang.san-A1", PASSWORD])
def test_a_refused_new_password_changes_nothing(zhang, new):
    actor = sign_in("zhang.san")

    with pytest.raises(InvalidInput):
        sessions.change_password(actor, PASSWORD, new)

    assert sign_in("zhang.san")


@pytest.mark.parametrize(
    ("change", "role"),
    [
        (lambda admin, user: people.change_user(admin, user.id, user.version, name="张三", post="", disabled=True,
                                                expires_on=None), "system_admin"),
        (lambda admin, user: people.reset_password(admin, user.id), "system_admin"),
        (lambda admin, user: people.end_sessions(admin, user.id), "security_admin"),
    ],
    ids=["disabled", "reset", "ended"],
)  # fmt: skip
def test_an_administrator_ends_sessions_at_once(zhang, make_user, change, role):
    actor = sign_in("zhang.san")

    change(actor_of(make_user(role)), zhang)

    assert sessions.actor_for(actor.token) is None


# ---- forced change --------------------------------------------------------------------------------------------------


def test_a_one_time_password_must_be_changed_and_then_is_gone(make_user, watch):
    admin = actor_of(make_user("system_admin"))
    user, password = people.create_user(admin, login="new.clerk", name="王五")

    actor = sign_in("new.clerk", password)
    assert actor.must_change and sessions.actor_for(actor.token).must_change
    sessions.change_password(actor, password, NEW)

    assert not sessions.actor_for(actor.token).must_change
    assert not sign_in("new.clerk", NEW).must_change


@pytest.mark.parametrize(("days", "forced"), [(180, False), (181, True)])
def test_an_old_password_must_be_changed(zhang, watch, days, forced):
    watch.move(days=days)

    assert sign_in("zhang.san").must_change is forced


def test_zero_days_means_a_password_never_grows_old(zhang, watch, app):
    app.config["YAOQING"]["PASSWORD_DAYS"] = 0
    watch.move(days=5000)

    assert not sign_in("zhang.san").must_change


# ---- rights ---------------------------------------------------------------------------------------------------------


def test_a_role_given_or_taken_counts_from_the_next_click(zhang, make_user):
    actor = sign_in("zhang.san")
    admin = actor_of(make_user("security_admin"))

    people.set_roles(admin, zhang.id, {Grant("issuer", zhang.office_id)})
    assert {g.role for g in sessions.actor_for(actor.token).grants} == {"issuer"}
    people.set_roles(admin, zhang.id, set())

    assert sessions.actor_for(actor.token).grants == ()
    assert sessions.actor_for(actor.token).roles_text == "未授权"


def test_every_sign_in_failure_and_sign_out_leaves_a_trail(zhang):
    fail("zhang.san")
    sessions.sign_out(sign_in("zhang.san"))

    trail = db.session.execute(select(AuditRecord.action, AuditRecord.actor, AuditRecord.outcome)).all()
    assert [tuple(row) for row in trail[-3:]] == [
        ("登录", "本机命令行", "失败：登录名或密码不正确"),
        ("登录", "张三（zhang.san）", "成功"),
        ("退出登录", "张三（zhang.san）", "成功"),
    ]


def test_failures_of_yesterday_are_forgotten(zhang, watch):
    fail("zhang.san", 3)
    watch.move(days=1, seconds=1)
    fail("nobody.here")

    assert list(db.session.scalars(select(LoginFailure.login))) == ["nobody.here"]
    assert db.session.scalar(select(User.last_login_at)) is None
