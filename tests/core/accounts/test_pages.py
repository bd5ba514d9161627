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


def test_roles_in_a_unit_that_has_ended_are_given_up_or_on_in_one_step(client, make_user, unit, make_unit):
    gone, goes_on = make_unit("撤销局", valid_to=date(2020, 1, 1)), make_unit("接续局")
    left = [
        make_user("informant", unit=gone, name="张三"),
        make_user("signing_leader", unit=gone, name="李四"),
    ]
    make_user("informant", unit=unit, name="王五")
    login(client, make_user("security_admin"))
    page = f"/units/{gone.id}"

    home, list_of_them = client.get("/").text, client.get("/users?state=ended").text
    theirs = client.get(f"/users/{left[0].id}").text
    wrong = client.submit(f"{page}/hand-over", {"to": gone.id})
    given_on = client.submit(f"{page}/hand-over", {"to": goes_on.id}, follow_redirects=True).text

    assert "待清理的授权" in home and 'href="/users?state=ended"' in home
    assert "张三" in list_of_them and "李四" in list_of_them and "王五" not in list_of_them
    assert f'<a class="in-text" href="{page}">' in list_of_them and f'<a href="{page}">' in theirs, (
        "the way to the one step"
    )
    assert wrong.status_code == 422 and "现有的另一个单位" in wrong.text
    assert "已把 2 人的角色改授到新单位" in given_on and "担任角色" not in given_on
    assert [[(r.role, r.unit_id) for r in each.roles] for each in left] == [
        [("informant", goes_on.id)], [("signing_leader", goes_on.id)]
    ]  # fmt: skip
    home = client.get("/").text
    assert "待清理的授权" not in home and "请联系安全管理员" not in home
    assert client.submit(f"{page}/hand-over", {}).status_code == 422


def test_whoever_lost_the_last_role_with_their_unit_reads_nothing_any_more(client, make_user, make_unit):
    gone = make_unit("撤销局", valid_to=date(2020, 1, 1))
    left = make_user("informant", unit=gone)
    login(client, left)
    before = client.get("/submissions/mine").status_code
    login(client, make_user("security_admin"))
    client.submit(f"/units/{gone.id}/hand-over", {})
    login(client, left)

    assert (before, client.get("/submissions/mine").status_code) == (200, 403)


def test_only_the_security_administrator_ends_the_roles_left_in_a_unit(client, make_user, make_unit):
    gone = make_unit("撤销局", valid_to=date(2020, 1, 1))
    make_user("informant", unit=gone)
    login(client, make_user("system_admin"))

    page = client.get(f"/units/{gone.id}").text

    assert "请由安全管理员在这一页取消授权" in page and "一并办理" not in page
    assert client.submit(f"/units/{gone.id}/hand-over", {}).status_code == 403


def test_ones_own_roles_are_told_with_the_units_they_are_held_for(client, make_user, unit):
    login(client, make_user("informant", "signing_leader", unit=unit))
    unitwise = client.get("/me").text
    login(client, make_user("editor"))

    assert f"信息员（{unit.short}）、单位审签人（{unit.short}）" in unitwise
    assert "<dd>编辑</dd>" in client.get("/me").text
