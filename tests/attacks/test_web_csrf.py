"""Forms from elsewhere: nothing is done without the token of the very session, and nothing typed is lost."""

import pytest

from core.testing import login
from core.web import csrf
from tests.shape.page_rules import forms_of

VALUES = {"period_key": "2026-01", "filename": "x"}


@pytest.fixture
def editor(client, make_user, unit):
    """Somebody with every right that can be held together, signed in."""
    roles = ("informant", "signing_leader", "editor", "issuer", "leader", "system_admin")
    return login(client, make_user(*roles, unit=unit))


def posts(app):
    """The address of every route that accepts a form."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for method in sorted(set(rule.methods) - {"GET", "HEAD", "OPTIONS"}):
            values = {name: VALUES.get(name, 1) for name in rule.arguments}
            yield method, adapter.build(rule.endpoint, values, method)


@pytest.mark.parametrize("token", [None, "", "wrong", "IjEyMzQi.aaaa.bbbb"])
def test_no_form_is_accepted_without_its_token(app, client, editor, token):
    data = {"name": "take"} if token is None else {"name": "take", "csrf_token": token}

    answers = {url: client.open(url, method=method, data=data).status_code for method, url in posts(app)}

    assert len(answers) >= 20
    assert answers.pop("/login") == 302  # whoever is signed in already is just led on
    assert {url: code for url, code in answers.items() if code != 400} == {}


def test_no_route_is_exempt(app):
    assert not csrf._exempt_views and not csrf._exempt_blueprints


def test_a_visitor_without_token_is_sent_to_sign_in(app, client):
    for method, url in posts(app):
        answer = client.open(url, method=method)
        assert answer.status_code == 401 or answer.headers.get("Location", "").startswith("/login"), url


def test_the_token_of_another_session_is_worth_nothing(app, client, editor, make_user):
    other = app.test_client()
    login(other, make_user("editor"))

    assert client.post("/logout", data={"csrf_token": other.token()}).status_code == 400
    assert client.post(f"/logout?csrf_token={client.token()}").status_code == 400
    assert client.submit("/logout").status_code == 302


def test_a_token_from_before_signing_in_is_worth_nothing_after(app, client, make_user):
    before = client.token()
    login(client, make_user("editor"))

    assert client.post("/logout", data={"csrf_token": before}).status_code == 400


def test_what_was_typed_into_a_stale_form_can_be_sent_again(client, make_user, unit):
    login(client, make_user("informant", unit=unit))
    typed = {
        "unit_id": unit.id,
        "genre": "brief",
        "urgency": "normal",
        "title": "春耕<进展>",
        "body": "第一行\n\n“第二行”&amp;",
    }

    refused = client.post("/submissions/new", data={**typed, "csrf_token": "stale"})
    (form,) = forms_of(refused)
    accepted = client.post(form.pop("")[0], data={k: v for k, v in form.items() if k != "method"})

    assert refused.status_code == 400 and "核对后继续提交" in refused.text
    assert accepted.status_code == 302
    page = client.get(accepted.location).text
    assert "春耕&lt;进展&gt;" in page and "“第二行”&amp;amp;" in page


def test_a_stale_autosave_is_told_in_a_way_its_script_understands(client, make_user):
    login(client, make_user("informant"))

    answer = client.post(
        "/submissions/autosave", data={"csrf_token": "stale"}, headers={"X-Requested-With": "autosave"}
    )

    assert answer.status_code == 401 and "保存在本机浏览器" in answer.json["message"]


def test_a_stale_sign_in_form_starts_afresh(client):
    answer = client.post(
        "/login", data={"login": "zhang.san", "password": "x", "csrf_token": "stale"}, follow_redirects=True
    )

    assert answer.status_code == 200 and "请重新输入密码登录" in answer.text


ELSEWHERE = [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_what_another_site_typed_is_never_offered_as_ones_own(app, client, editor, headers):
    text = app.test_client().post("/submissions/new", data={"title": "冒名的标题"}, headers=headers).text
    assert "登录名" in text and "冒名的标题" not in text

    answer = client.post("/submissions/new", data={"title": "冒名的标题"}, headers=headers)
    assert answer.status_code == 400
    assert "不是从本系统的页面发出" in answer.text and "冒名的标题" not in answer.text


def test_what_was_typed_here_is_offered_behind_a_proxy_with_a_port_of_its_own(client):
    headers = {"Origin": "http://localhost:8443"}
    assert "自己的标题" in client.post("/submissions/new", data={"title": "自己的标题"}, headers=headers).text
