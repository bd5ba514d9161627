"""The register of posts: an instruction takes the class of its day, corrections move nothing silently."""

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core import facts
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.scoring import runs
from core.testing import actor_of, login
from plugins.instructions import post_queries, posts, services
from plugins.instructions.holding import NewPost
from plugins.instructions.models import Instruction
from plugins.instructions.services import NewInstruction
from tests.plugins.instructions.test_services import TODAY, scores


@pytest.fixture
def vice(desk):
    new = NewPost("", "副市长", "市其他领导", date(2023, 1, 1), date(2026, 3, 9), desk.leader.id)
    return posts.add(desk.editor, desk.office_id, new)


@pytest.fixture
def mayor(desk, vice):
    new = NewPost("", "市长", "市主要领导", date(2026, 3, 10), None, desk.leader.id)
    return posts.add(desk.editor, desk.office_id, new)


@pytest.fixture
def word(desk) -> NewInstruction:
    """Without a class: it is the one of the post."""
    return NewInstruction(desk.item.id, "", "note", TODAY, "请研究。", leader_id=desk.leader.id)


def standing() -> list[dict]:
    gone = select(facts.Fact.reverses_id).where(facts.Fact.reverses_id.is_not(None))
    query = select(facts.Fact).where(facts.Fact.kind == "instructed", facts.Fact.id.not_in(gone))
    return [fact.attrs for fact in db.session.scalars(query)]


@pytest.mark.postgres
def test_the_class_is_the_one_of_the_post_on_that_day(desk, mayor, vice, word, make_submission, watch):
    services.record(desk.leader, word)
    watch.move(days=-10)
    old = make_submission("received", title="早些时候的信息")
    watch.move(days=10)
    early = replace(word, submission_id=old.id, on=date(2026, 3, 9), post_id=mayor.id)
    found = services.record(desk.leader, early)

    assert (found.leader_post, found.class_title, found.post_id) == ("副市长", "市其他领导", vice.id)
    assert [attrs["leader"] for attrs in standing()] == ["市主要领导", "市其他领导"]
    assert scores(desk)["甲县"] == "15"


def test_a_class_that_the_post_does_not_have_is_refused(desk, mayor, word):
    with pytest.raises(InvalidInput, match="与任职登记不一致"):
        services.record(desk.editor, replace(word, leader_class="市其他领导"))


def test_of_several_posts_at_once_one_is_chosen(desk, mayor, word):
    second = posts.add(
        desk.editor,
        desk.office_id,
        NewPost("", "开发区工委书记", "市其他领导", date(2026, 1, 1), None, desk.leader.id),
    )
    with pytest.raises(InvalidInput, match="有几个职务"):
        services.record(desk.leader, word)

    assert services.record(desk.leader, replace(word, post_id=second.id)).leader_post == "开发区工委书记"
    again = replace(word, leader_class="市主要领导", text="再研究。")
    assert services.record(desk.leader, again).leader_post == "市长"


def test_a_day_before_any_post_is_refused_with_the_post_named(desk, vice, word, watch, make_submission):
    with pytest.raises(InvalidInput) as found:
        services.record(desk.editor, replace(word, post_id=vice.id, leader_id=None))
    assert "任职没有登记" in str(found.value) and "副市长" in str(found.value)


def test_a_leader_cannot_take_another_leaders_post(desk, word, make_user):
    other = make_user("leader", unit=desk.unit, name="赵书记")
    post = posts.add(
        desk.editor, desk.office_id, NewPost("", "书记", "市主要领导", date(2024, 1, 1), None, other.id)
    )

    with pytest.raises(InvalidInput, match="不是这位领导的"):
        services.record(desk.leader, replace(word, post_id=post.id))
    with pytest.raises(PermissionDenied):
        services.record(desk.leader, replace(word, post_id=post.id, leader_id=None))


def test_posts_of_one_person_stand_together_and_only_a_past_end_is_called_left(client, desk, mayor, user_of):
    first = NewPost("赵主任", "主任", "市其他领导", date(2024, 1, 1), date(2026, 3, 17))
    posts.add(desk.editor, desk.office_id, first)
    soon = NewPost("", "市委书记", "市主要领导", date(2026, 3, 11), date(2026, 3, 25), desk.leader.id)
    posts.add(desk.editor, desk.office_id, soon)
    login(client, user_of(desk.editor))

    page = client.get(f"/instructions/new/{desk.item.id}").text

    named = [post.post for post in post_queries.listing(desk.office_id)]
    assert named == ["副市长", "市长", "市委书记", "主任"]
    shown = re.findall(r'<option value="post:\d+">(\S+)</option>', page)
    assert [name.endswith("（已离任）") for name in shown] == [True, False, False, True]


def test_correcting_a_post_changes_no_instruction_and_says_which_it_touches(desk, mayor, vice, word):
    found = services.record(desk.leader, word)
    wrong = NewPost("", "市长", "市其他领导", mayor.since, None, desk.leader.id)

    touched = posts.effects(mayor, desk.office_id, wrong)
    posts.correct(desk.editor, mayor.id, mayor.version, wrong)

    assert [(each.id, each.was[1], each.now[1]) for each in touched] == [
        (found.id, "市主要领导", "市其他领导")
    ]
    assert (found.class_title, scores(desk)["甲县"]) == ("市主要领导", "15")
    assert [each.id for each in posts.at_odds(desk.office_id)] == [found.id]


@pytest.mark.postgres
def test_bringing_an_instruction_into_line_books_the_points_anew(desk, mayor, word):
    found = services.record(desk.leader, word)
    posts.correct(
        desk.editor,
        mayor.id,
        mayor.version,
        NewPost("", "市长", "市其他领导", mayor.since, None, desk.leader.id),
    )
    posts.reclassify(desk.editor, found.id, "任职登记更正")

    assert found.class_title == "市其他领导"
    assert [attrs["leader"] for attrs in standing()] == ["市其他领导"]
    assert scores(desk)["甲县"] == "0"
    assert posts.at_odds(desk.office_id) == []


def test_a_closed_period_keeps_its_result_when_an_instruction_is_brought_into_line(desk, mayor, word, watch):
    found = services.record(desk.leader, word)
    watch.move(days=20)
    runs.close(desk.issuer, desk.office_id, "2026-03")
    new = NewPost("", "市长", "市其他领导", mayor.since, None, desk.leader.id)
    posts.correct(desk.editor, mayor.id, mayor.version, new)
    posts.reclassify(desk.editor, found.id, "任职登记更正")

    frozen = {row.name: row.score for row in runs.scored(desk.office_id, "2026-03").rows}
    assert frozen["甲县"] > 0


@pytest.mark.parametrize(("change", "said"), [
    ({"post": " "}, "请填写职务"),
    ({"leader_class": "市主要领"}, "是否应为“市主要领导”"),
    ({"since": date(1907, 1, 1)}, "任职日期不对"),
    ({"until": date(2020, 1, 1)}, "止日早于起日"),
    ({"user_id": 999}, "不在本机构"),
    ({"user_id": None}, "请填写姓名"),
])  # fmt: skip
def test_a_bad_post_is_explained(desk, change, said):
    new = replace(NewPost("", "市长", "市主要领导", date(2024, 1, 1), None, desk.leader.id), **change)
    with pytest.raises(InvalidInput) as found:
        posts.add(desk.editor, desk.office_id, new)

    assert said in str(found.value)


def test_the_same_post_at_the_same_time_is_refused(desk, mayor):
    with pytest.raises(Conflict, match="重叠"):
        posts.add(
            desk.editor,
            desk.office_id,
            NewPost("", "市长", "市主要领导", date(2026, 5, 1), None, desk.leader.id),
        )


def test_a_post_with_instructions_is_ended_and_not_deleted(desk, mayor, vice, word):
    services.record(desk.leader, word)

    with pytest.raises(Conflict, match="不能删除"):
        posts.remove(desk.editor, mayor.id)
    posts.remove(desk.editor, vice.id)
    assert [post.post for post in post_queries.listing(desk.office_id)] == ["市长"]


def test_two_corrections_of_one_version_do_not_overwrite_each_other(desk, mayor):
    new = NewPost("", "市长", "市主要领导", date(2026, 3, 11), None, desk.leader.id)
    version = mayor.version
    posts.correct(desk.editor, mayor.id, version, new)

    with pytest.raises(Conflict, match="刚刚被别人改过"):
        posts.correct(desk.editor, mayor.id, version, replace(new, since=date(2026, 3, 12)))


def test_only_the_desk_of_the_office_keeps_posts(desk, mayor, make_user, make_office):
    stranger = actor_of(make_user("editor", office=make_office("qita")))
    new = NewPost("某某", "市长", "市主要领导", date(2024, 1, 1))

    for who in (desk.leader, desk.informant, desk.issuer, stranger):
        with pytest.raises(PermissionDenied):
            posts.add(who, desk.office_id, new)
        with pytest.raises(NotFound):
            posts.remove(who, mayor.id)


def test_the_page_shows_what_a_correction_touches_before_it_saves(client, desk, mayor, word, user_of):
    found = services.record(desk.leader, word)
    login(client, user_of(desk.editor))
    url = f"/instructions/posts/{mayor.id}"
    form = {
        "post-user_id": str(desk.leader.id), "post-post": "市长", "post-leader_class": "市其他领导",
        "post-since": "2026-03-10", "post-version": str(mayor.version),
    }  # fmt: skip

    shown = client.submit(url, form)
    assert shown.status_code == 422 and "保存后，有 1 条已登记的批示" in shown.text
    seal = shown.text.partition('name="seen" value="')[2].partition('"')[0].replace("&#39;", "'")
    assert db.session.get_one(type(mayor), mayor.id).leader_class == "市主要领导"

    saved = client.submit(url, {**form, "seen": seal}, follow_redirects=True)
    assert "已登记的批示保持原样" in saved.text and "按任职更正" in saved.text
    done = client.submit(f"/instructions/{found.id}/reclassify", {"reason": "更正"}, follow_redirects=True)
    assert "已改按“市其他领导”计" in done.text
    assert db.session.get_one(Instruction, found.id).class_title == "市其他领导"


def test_a_list_is_imported_whole_or_not_at_all(client, desk, user_of):
    login(client, user_of(desk.editor))
    login_name = user_of(desk.leader).login
    good = f"姓名\t职务\t领导类别\t任职起\t任职止\t登录名\n\t\t\n李市长\t市长\t市主要领导\t2024年1月5日\t\t{login_name}\n赵省长\t副省长\t上级领导\t2023-1-1\t2025-12-31"

    bad = client.submit(
        "/instructions/posts/import", {"text": good + "\n钱某\t市长\t市主要领道\t昨天\t\tnobody"}
    )
    assert bad.status_code == 422
    for said in ("没有“市主要领道”", "是否应为“市主要领导”", "任职起看不懂", "没有登录名“nobody”", "赵省长"):
        assert said in bad.text
    assert post_queries.listing(desk.office_id) == []

    done = client.submit("/instructions/posts/import", {"text": good}, follow_redirects=True)
    assert "已登记 2 条任职" in done.text
    assert [(p.name, p.user_id) for p in post_queries.listing(desk.office_id)] == [
        ("李市长", desk.leader.id),
        ("赵省长", None),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "姓名\t职务", "甲\t市长\t市主要领导\t2024-01-01\n" * 301])
def test_an_empty_or_endless_list_is_refused(client, desk, user_of, text):
    login(client, user_of(desk.editor))

    assert client.submit("/instructions/posts/import", {"text": text}).status_code == 422
