"""Sessions: cookies, fixation, redirects elsewhere, rights withdrawn in the middle, guessing at the door."""

import re

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from core.accounts import people
from core.accounts.models import LoginSession
from core.audit import AuditRecord
from core.db import db, transaction
from core.permissions import Grant
from core.testing import PASSWORD, actor_of, login

WRONG = "Wrong-2026-pass"


@pytest.fixture
def zhang(make_user):
    return make_user("editor", login="zhang.san", name="张三")


def sign_in(client, login="zhang.san", password=PASSWORD, **more):
    return client.submit("/login", {"login": login, "password": password, **more})


def cookie_header(response):
    return next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("yaoqing="))


# ---- cookies --------------------------------------------------------------------------------------------------------


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, zhang):
    cookie = cookie_header(sign_in(client))

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Domain" not in cookie and "Expires" not in cookie


def test_behind_https_the_cookie_never_travels_in_the_clear(make_app, tmp_path):
    app = make_app(HTTPS=True)
    answer = app.test_client().get("/login", base_url="https://localhost")

    assert "Secure" in cookie_header(answer)
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "damage",
    [
        # Not the last character: two of its bits mean nothing.
        lambda c: c[:-2] + ("A" if c[-2] != "A" else "B") + c[-1],
        lambda c: c.split(".")[0],
        lambda c: "",
        lambda c: "x" * 3000,
    ],
)
def test_a_changed_cookie_is_nobody(client, zhang, damage):
    login(client, zhang)
    client.set_cookie("yaoqing", damage(client.get_cookie("yaoqing").value))

    assert client.get("/me").status_code == 302


def test_a_cookie_signed_by_another_installation_is_nobody(app, client, zhang):
    token = login(client, zhang).token
    forged = URLSafeTimedSerializer("another key", salt="cookie-session").dumps({"_user_id": token})
    client.set_cookie("yaoqing", forged)

    assert client.get("/me").status_code == 302


def test_signing_in_changes_the_session(client, zhang):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    before = client.get_cookie("yaoqing").value

    sign_in(client)

    assert client.get_cookie("yaoqing").value != before
    with client.session_transaction() as session:
        assert "planted" not in session


def test_signing_out_ends_the_session_on_the_server_too(app, client, zhang):
    login(client, zhang)
    stolen = client.get_cookie("yaoqing").value
    answer = client.submit("/logout")
    thief = app.test_client()
    thief.set_cookie("yaoqing", stolen)

    assert thief.get("/me").status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert db.session.scalar(select(LoginSession.ended_at)) is not None


# ---- where signing in leads -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "https://example.com/", "//example.com", "///example.com", "////example.com", "/\\example.com", "\\\\example.com",
        "/\t/example.com", "/\n/example.com", "http:example.com", "javascript:alert(1)", "//[", "https:///example.com",
        "/%0d%0aSet-Cookie:x=1\r\nX: y", " //example.com", "/ /example.com", "example.com", "", "//example.com/%2e%2e",
    ],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(client, zhang, target):
    answer = sign_in(client, next=target)

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "target", ["/me", "/submissions/?state=received&page=2", "/users?text=%E5%BC%A0", "/audit?who=a+b"]
)
def test_signing_in_leads_to_the_page_that_was_asked_for(client, zhang, target):
    asked = client.get(target)
    page = client.get(asked.location)

    assert "/login?next=" in asked.location and page.status_code == 200
    assert sign_in(client, next=target).headers["Location"] == target


def test_a_button_pressed_after_the_session_ended_leads_home_with_a_word(client, zhang, make_submission):
    item = make_submission("received")
    pressed = client.submit(f"/submissions/{item.id}/move")
    assert pressed.status_code == 401

    answer = sign_in(client, next=f"/submissions/{item.id}/send")

    assert answer.headers["Location"] == "/"
    assert "请重新办理" in client.get("/").text


# ---- at the door ----------------------------------------------------------------------------------------------------


def test_a_known_and_an_unknown_name_get_the_same_page(client, zhang):
    def shown(name):
        answer = sign_in(client, name, WRONG)
        # A token says the second it was made in, so it is not the same in the next.
        text = re.sub(r'"[\w-]{40,}\.[\w-]+\.[\w-]+"', "", answer.text)
        return answer.status_code, text.replace(name, "NAME")

    known, unknown = shown("zhang.san"), shown("li.si.not")

    assert known[0] == unknown[0] == 422
    assert known[1] == unknown[1] and WRONG not in known[1]


def test_guessing_is_stopped_by_account_and_told_alike(client, zhang):
    for name in ("zhang.san", "li.si.not"):
        answers = [sign_in(client, name, WRONG).text for _ in range(6)]
        assert "登录已被暂时锁定" not in answers[4] and "登录已被暂时锁定" in answers[5]
    assert "登录已被暂时锁定" in sign_in(client, "zhang.san", PASSWORD).text


def test_an_address_cannot_be_forged_by_a_header(client, zhang):
    client.submit(
        "/login", {"login": "zhang.san", "password": WRONG}, headers={"X-Forwarded-For": "10.9.9.9"}
    )

    assert (
        db.session.scalars(select(AuditRecord.address).order_by(AuditRecord.id.desc())).first() == "127.0.0.1"
    )


def test_behind_a_trusted_proxy_its_header_counts_and_no_more_than_that(make_app):
    app = make_app(PROXIES=1)
    client = app.test_client()
    client.submit(
        "/login", {"login": "no.body", "password": "x"}, headers={"X-Forwarded-For": "1.1.1.1, 10.0.0.7"}
    )

    with app.app_context():
        assert (
            db.session.scalars(select(AuditRecord.address).order_by(AuditRecord.id.desc())).first()
            == "10.0.0.7"
        )


# ---- in the middle of a session -------------------------------------------------------------------------------------


def test_a_right_taken_away_is_gone_with_the_next_click(client, zhang, make_user):
    login(client, zhang)
    assert client.get("/submissions/queue", follow_redirects=True).status_code == 200

    people.set_roles(actor_of(make_user("security_admin")), zhang.id, {Grant("leader", zhang.office_id)})

    assert client.get("/submissions/queue").status_code == 403
    assert "编辑处理" not in client.get("/").text


@pytest.mark.parametrize("change", ["disable", "reset", "end", "expire"])
def test_an_account_closed_in_the_middle_is_out_at_once(client, zhang, make_user, change, watch):
    login(client, zhang)
    admin, security = actor_of(make_user("system_admin")), actor_of(make_user("security_admin"))
    if change == "disable":
        values = {"name": "张三", "post": "", "disabled": True, "expires_on": None}
        people.change_user(admin, zhang.id, zhang.version, **values)
    elif change == "reset":
        people.reset_password(admin, zhang.id)
    elif change == "end":
        people.end_sessions(security, zhang.id)
    else:
        with transaction():
            zhang.expires_on = watch.instant.date().replace(day=1)

    assert client.get("/me").headers["Location"].startswith("/login")


def test_somebody_with_a_one_time_password_gets_nowhere_else(app, client, make_user):
    login(client, make_user("system_admin", must_change=True))

    for rule in app.url_map.iter_rules():
        if (
            "GET" in rule.methods
            and not rule.arguments
            and rule.endpoint not in ("health", "accounts.password", "accounts.login")
        ):
            assert client.get(rule.rule).headers.get("Location") == "/password", rule
    assert client.submit("/units/new", {"name": "新县", "kind": "county"}).headers["Location"] == "/password"
    assert "用户" not in client.get("/password").text.split("<main")[0]
    assert (
        client.submit(
            "/password", {"old": PASSWORD, "new": "Xinxi-2027-new", "again": "Xinxi-2027-new"}
        ).status_code
        == 302
    )
    assert client.get("/users").status_code == 200


def test_the_three_administrators_do_not_mix_on_the_page_either(client, make_user, office):
    login(client, make_user("security_admin"))
    user = make_user("system_admin")

    answer = client.submit(f"/users/{user.id}/roles", {"role": "audit_admin"})

    assert answer.status_code == 400 and "必须由不同的人担任" in answer.text


def test_nobody_ends_or_sees_the_sessions_of_others(app, client, zhang, make_user):
    other = app.test_client()
    theirs = login(other, make_user("editor"))
    login(client, zhang)

    assert client.submit(f"/me/sessions/{theirs.session_id}/end").status_code == 404
    assert other.get("/me").status_code == 200


def test_passwords_never_come_back_in_a_page(client, zhang):
    login(client, zhang)
    with transaction():
        db.session.query(LoginSession).update({"ended_at": zhang.password_at})
    secret = {
        "old": "Old-secret-1",
        "new": "New-secret-2",
        "again": "New-secret-2",
        "password": "Pass-secret-3",
    }

    for answer in (
        client.submit("/password", secret),
        client.post("/password", data=secret),
        sign_in(client, password="Pass-secret-3"),
    ):
        assert "secret" not in answer.text
