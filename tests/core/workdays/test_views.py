"""The page of the working-day calendar."""

from core.testing import login


def test_the_year_is_shown_and_a_list_is_entered(client, make_user):
    login(client, make_user("editor"))
    assert "国庆节调休上班" in client.get("/workdays/?year=2026").text
    assert "尚未登记" in client.get("/workdays/?year=2031").text

    done = client.submit("/workdays/", {"year": "2031", "days": "1月1日 休 元旦"}, follow_redirects=True)
    assert "已登记 1 天" in done.text and "本机构登记" in done.text
    done = client.submit("/workdays/remove", {"day": "2031-01-01"}, follow_redirects=True)
    assert "已删除" in done.text


def test_a_refused_list_keeps_what_was_typed(client, make_user):
    login(client, make_user("editor"))
    answer = client.submit("/workdays/", {"year": "2031", "days": "<b>元旦"})

    assert answer.status_code == 422
    assert "&lt;b&gt;元旦" in answer.text and "看不懂" in answer.text


def test_a_leader_looks_but_does_not_enter(client, make_user):
    login(client, make_user("leader"))

    assert "登记放假安排" not in client.get("/workdays/?year=nonsense").text
    assert client.submit("/workdays/", {"year": "2031", "days": "1月1日 休"}).status_code == 403
