"""What the pages of accounts say when something is refused: on the page itself, with what was chosen."""

from datetime import date

from core.testing import login


def test_a_role_that_cannot_be_given_is_refused_on_the_page_of_the_user(client, make_user, unit):
    login(client, make_user("security_admin"))
    user = make_user("informant", unit=unit, name="张三")

    twice = client.submit(f"/users/{user.id}/roles", {"role": "informant", "unit_id": unit.id})
    nowhere = client.submit(f"/users/{user.id}/roles", {"role": "signing_leader"})

    assert twice.status_code == nowhere.status_code == 400
    assert "该用户已有这个角色" in twice.text and f'<option value="{unit.id}" selected>' in twice.text
    assert "须指定本机构的一个单位" in nowhere.text
    assert '<option value="signing_leader" selected>' in nowhere.text
    for answer in (twice, nowhere):
        assert "<h1>张三</h1>" in answer.text and "授权</button>" in answer.text


def test_a_wrong_password_is_not_called_unsaved_content(client, make_user):
    user = make_user("editor")

    answer = client.submit("/login", {"login": user.login, "password": "wrong"})

    assert "没有登录成功：" in answer.text and "登录名或密码不正确" in answer.text
    assert "尚未保存" not in answer.text


def test_who_still_holds_a_role_in_a_unit_that_has_ended_is_named(client, make_user, unit, make_unit):
    other = make_unit("乙局", kind="bureau")
    left = make_user("informant", unit=unit, name="张三")
    make_user("informant", unit=other, name="李四")
    login(client, make_user("system_admin"))
    page = f"/units/{unit.id}"
    form = {"name": unit.name, "kind": unit.kind, "sort_no": 1, "version": unit.version}

    before = client.get(page).text
    saved = client.submit(
        page, {**form, "valid_to": date(2020, 1, 1).isoformat()}, follow_redirects=True
    ).text

    assert "担任角色" not in before
    assert "还有 1 名用户在这里担任角色" in saved and f'<a href="/users/{left.id}">张三</a>' in saved
    assert "李四" not in saved
    units = client.get("/units").text
    assert ">已撤销</span>" in units and "未设立" not in units
    login(client, make_user("security_admin"))
    assert (
        "还有 1 名用户" in client.get(page).text and ">已撤销</span>" in client.get(f"/users/{left.id}").text
    )


def test_ones_own_roles_are_told_with_the_units_they_are_held_for(client, make_user, unit):
    login(client, make_user("informant", "signing_leader", unit=unit))
    unitwise = client.get("/me").text
    login(client, make_user("editor"))

    assert f"信息员（{unit.short}）、单位审签人（{unit.short}）" in unitwise
    assert "<dd>编辑</dd>" in client.get("/me").text
