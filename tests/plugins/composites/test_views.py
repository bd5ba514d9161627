"""Pages of composites and of splitting, as editors and units see them."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from core import facts
from core.db import db, transaction
from core.notices.models import Notice
from core.submissions import leases
from core.submissions import services as submissions
from core.submissions.models import Submission
from core.testing import login
from plugins.composites import services
from plugins.composites.services import MOST


@pytest.fixture
def page(client, user_of):
    """A page's text as somebody sees it."""

    def read(who, path, status=200):
        login(client, user_of(who))
        answer = client.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)[-800:]
        return answer.get_data(as_text=True)

    return read


def composing(page, desk, items=None):
    ids = "&".join(f"submission_id={item.id}" for item in items or desk.items)
    return page(desk.editor, f"/composites/new?{ids}")


def form_of(html):
    """What the composing page would send as it stands."""
    found: dict = {"submission_id": re.findall(r'name="submission_id" value="(\d+)"', html)}
    for tag in re.findall(r"<input[^>]*>", html):
        if name := re.search(r'name="((?:version|order|share)(?:-\d+)?)"', tag):
            found[name[1]] = (re.search(r'value="([^"]*)"', tag) or ["", ""])[1]
    for name, options in re.findall(r'<select name="(role-\d+)".*?>(.*?)</select>', html, re.DOTALL):
        found[name] = re.search(r'value="(\w+)" selected', options)[1]
    return {
        **found,
        "title": "各地推进春耕",
        "body": "各地抓春耕。",
        "genre": "work_news",
        "urgency": "normal",
    }


def test_sources_stand_beside_the_new_text(page, desk):
    html = composing(page, desk)

    for item, unit in zip(desk.items, desk.units, strict=True):
        assert f'href="#source-{item.id}">{item.title}</a>' in html and unit.short in html
    assert html.count('data-insert="body"') == sum(len(item.body) for item in desk.items)
    assert f'value="{desk.items[0].title}"' in html


def test_the_form_as_it_stands_makes_a_composite(client, page, desk):
    answer = client.submit("/composites/new", form_of(composing(page, desk)))
    made = db.session.query(Submission).filter_by(composed=True).one()

    assert answer.location == f"/submissions/{made.id}"
    shown = page(desk.editor, f"/submissions/{made.id}")
    assert "采编人" in shown and "信息员</dt>" not in shown
    assert "由 3 条来稿合编" in shown and "约 33.33%" in shown and "甲县（主报，权重 1）" in shown


def test_a_refused_form_keeps_everything_typed(client, page, desk):
    form = form_of(composing(page, desk)) | {f"share-{desk.items[0].id}": "-5", "title": "打好的标题"}
    answer = client.submit("/composites/new", form)
    text = answer.get_data(as_text=True)

    assert answer.status_code == 422 and "份额须是大于 0" in text
    assert 'value="-5"' in text and 'value="打好的标题"' in text and "各地抓春耕。" in text
    assert desk.items[0].state == "received"


def test_order_parts_and_shares_are_taken_from_the_form(client, page, desk):
    first, second, third = desk.items
    form = form_of(composing(page, desk)) | {
        f"order-{third.id}": "1", f"order-{first.id}": "2", f"order-{second.id}": "3", f"role-{first.id}": "joint",
        f"role-{third.id}": "main", f"share-{first.id}": "25%", f"share-{second.id}": "25%", f"share-{third.id}": "50%",
    }  # fmt: skip
    client.submit("/composites/new", form)
    made = db.session.query(Submission).filter_by(composed=True).one()

    assert [(c.unit_id, c.role, c.weight) for c in made.contributors] == [
        (third.unit_id, "main", "2"), (first.unit_id, "joint", "1"), (second.unit_id, "part", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize("ids", [[], [1], ["x", "999999", "1"], list(range(1, MOST + 5))])
def test_without_two_good_items_the_page_asks_to_choose(client, page, desk, ids):
    page(desk.editor, "/composites/choose")
    answer = client.get("/composites/new", query_string={"submission_id": ids})

    assert answer.status_code == 302 and answer.location.startswith("/composites/choose") or len(ids) > 3


def test_choosing_searches_by_title_and_unit_and_keeps_what_is_chosen(page, desk):
    first, second, third = desk.items
    found = page(desk.editor, f"/composites/choose?submission_id={first.id}&text=丙县")

    assert f'value="{first.id}" checked' in found and f'value="{third.id}">' in found
    assert f'value="{second.id}"' not in found


def test_an_item_offers_merging_and_splitting_to_editors_only(page, desk):
    item = f"/submissions/{desk.items[0].id}"

    assert "与其他信息合编" in page(desk.editor, item) and "拆分成几条" in page(desk.editor, item)
    assert "综合与拆分" not in page(desk.informants[0], item)


def test_a_unit_sees_where_its_item_went_but_not_the_text_before_it_is_adopted(page, desk, merge):
    made = merge(shares=["50%", "30%", "20%"], title="还在编辑的综合稿")
    own = page(desk.informants[1], f"/submissions/{desk.items[1].id}")

    assert (
        "已并入综合稿" in own
        and "登记的份额为30%" in own
        and "按份额计" not in own
        and "另有 2 条来稿" in own
    )
    assert "还在编辑的综合稿" not in own
    page(desk.informants[1], f"/submissions/{made.id}", 404)
    page(desk.informants[1], f"/composites/{made.id}/compare/{desk.items[1].id}", 404)


def test_after_the_adoption_the_unit_compares_its_own_original(page, desk, merge):
    made = merge()
    adopted(desk, made)
    path = f"/composites/{made.id}/compare/{desk.items[1].id}"
    own = page(desk.informants[1], f"/submissions/{desk.items[1].id}")

    assert path in own and "已采用" in own and made.title in own
    compared = page(desk.informants[1], path)
    assert "单位原稿" in compared and desk.items[1].title in compared and made.title in compared
    page(desk.informants[1], f"/composites/{made.id}/compare/{desk.items[0].id}", 404)
    assert desk.items[0].title not in page(desk.informants[1], f"/submissions/{made.id}")


def test_the_title_of_a_source_is_followed_to_the_heading_it_became(page, desk, merge):
    source = desk.items[1]
    made = merge(title="三地简讯", body=f"一、{source.title}\n\n{source.body[0]['runs'][0]['text']}")

    compared = page(desk.editor, f"/composites/{made.id}/compare/{source.id}")

    assert re.sub("<[^>]+>|（新增完?）", "", compared).count(f"一、{source.title}") >= 2
    assert f"（删去）</span>{source.title}" not in compared


def test_the_composites_page_changes_shares_and_takes_out(client, page, desk, merge):
    made = merge()
    html = page(desk.editor, f"/composites/{made.id}/edit")
    form = form_of(html) | {f"share-{item.id}": str(n) for n, item in enumerate(desk.items, 1)}
    client.submit(f"/composites/{made.id}/edit", form)
    assert [c.weight for c in made.contributors] == ["1", "2", "3"]

    answer = client.submit(
        f"/composites/{made.id}/take-out/{desk.items[2].id}", {"version": made.version, "reason": "不宜合编"}
    )
    assert answer.status_code == 302 and desk.items[2].state == "received"


def test_sources_are_added_through_the_choosing_page(client, page, desk, merge):
    made = merge(desk.items[:2])
    choosing = page(desk.editor, f"/composites/choose?into={made.id}")
    assert f'formaction="/composites/{made.id}/edit"' in choosing and desk.items[2].title in choosing

    html = page(desk.editor, f"/composites/{made.id}/edit?submission_id={desk.items[2].id}")
    client.submit(f"/composites/{made.id}/edit", form_of(html))
    assert desk.items[2].state == "merged"


def test_a_placed_composite_shows_its_sources_fixed(page, desk, merge):
    made = merge()
    with transaction():
        submissions.compile_move(desk.editor, made, "select")
    html = page(desk.editor, f"/composites/{made.id}/edit")

    assert "来源和份额暂不能调整" in html and '<select name="role-' not in html


def test_nothing_is_offered_for_saving_that_would_be_refused(client, page, desk, merge):
    made = merge()
    address = f"/composites/{made.id}/edit"
    assert "保存综合稿</button>" in page(desk.editor, address)
    submissions.move(desk.editor, made.id, "decline", "时效已过")
    html = page(desk.editor, address)
    assert "重新考虑" in html and "撤销综合" in html and "保存综合稿</button>" not in html

    with transaction():
        made.state = "adopted"
    answer = client.get(address, follow_redirects=True)
    assert answer.request.path == f"/submissions/{made.id}"
    assert "请先由签发人撤销采用" in answer.get_data(as_text=True)


def test_dissolving_and_bringing_back(client, page, desk, merge):
    made = merge()
    page(desk.editor, f"/composites/{made.id}/edit")
    client.submit(f"/composites/{made.id}/dissolve", {"version": made.version, "reason": "分别刊发"})
    assert (made.state, desk.items[0].state) == ("void", "received")
    assert "恢复综合稿" in page(desk.editor, f"/submissions/{made.id}")

    client.submit(f"/composites/{made.id}/revive", {"version": made.version})
    assert (made.state, desk.items[0].state) == ("editing", "merged")


def test_a_merge_can_be_undone_where_its_result_is_seen(client, page, desk, merge):
    made = merge()
    html = page(desk.editor, f"/submissions/{made.id}")
    form = html.split(f'action="/composites/{made.id}/dissolve"')[1].split("</form>")[0]

    assert f'name="version" value="{made.version}"' in form and "撤销综合</button>" in form
    client.submit(f"/composites/{made.id}/dissolve", {"version": made.version, "reason": "分别刊发"})
    assert "/dissolve" not in page(desk.editor, f"/submissions/{made.id}")


def test_a_refusal_is_told_on_the_page(client, page, desk, merge):
    made = merge()
    page(desk.editor, f"/composites/{made.id}/edit")
    answer = client.submit(
        f"/composites/{made.id}/dissolve", {"version": 1, "reason": ""}, follow_redirects=True
    )

    assert "已有改动" in answer.get_data(as_text=True) and made.state == "editing"


def test_the_list_shows_composites_with_their_sources(page, desk, merge):
    made = merge()
    services.dissolve(desk.editor, made.id, made.version, "分别刊发")
    again = merge(title="第二条综合稿")

    assert f"/submissions/{again.id}" in page(desk.editor, "/composites/?state=editing")
    assert f"/submissions/{made.id}" not in page(desk.editor, "/composites/?state=editing")
    assert f"/submissions/{made.id}" in page(desk.editor, "/composites/")


def test_splitting_starts_from_the_headings(client, page, desk, make_submission):
    body = "一、春耕备耕\n\n全县备足化肥。\n\n二、防汛准备\n\n组织巡堤。"
    item = make_submission("received", unit=desk.units[0], title="近期两项工作", body=body)
    html = page(desk.editor, f"/composites/split/{item.id}")

    assert 'name="title-1" value="春耕备耕"' in html and 'name="title-2" value="防汛准备"' in html


def test_splitting_keeps_what_was_typed_and_adds_fields(client, page, desk):
    item = desk.items[0]
    html = page(desk.editor, f"/composites/split/{item.id}")
    version = re.search(r'name="version" value="(\d+)"', html)[1]
    form = {
        "version": version,
        "count": 2,
        "title-1": "第一件",
        "body-1": "正文一。",
        "title-2": "第二件",
        "body-2": "",
    }
    more = client.submit(f"/composites/split/{item.id}", {**form, "step": "more"}).get_data(as_text=True)
    refused = client.submit(f"/composites/split/{item.id}", {**form, "step": "split"})

    assert 'name="title-3"' in more and 'value="第一件"' in more
    assert (
        refused.status_code == 422
        and "第 2 条" in refused.get_data(as_text=True)
        and "第一件" in refused.get_data(as_text=True)
    )
    done = client.submit(f"/composites/split/{item.id}", {**form, "body-2": "正文二。", "step": "split"})
    assert done.location == f"/submissions/{item.id}" and item.state == "split"
    shown = page(desk.editor, f"/submissions/{item.id}")
    assert "已拆分为 2 条" in shown and "第二件" in shown

    client.submit(f"/composites/unsplit/{item.id}", {"version": item.version, "reason": "仍作一条"})
    assert item.state == "received"


def test_a_unit_sees_the_parts_of_its_item_once_they_are_adopted(client, page, desk):
    from plugins.composites import splitting  # noqa: PLC0415
    from tests.plugins.composites.test_splitting import pieces  # noqa: PLC0415

    parts = splitting.split(desk.editor, desk.items[0].id, desk.items[0].version, pieces("春耕", "防汛"))
    adopted(desk, parts[0])
    own = page(desk.informants[0], f"/submissions/{desk.items[0].id}")

    assert f"/submissions/{parts[0].id}" in own and f"/submissions/{parts[1].id}" not in own
    assert "报送数仍计 1 条" in own


def adopted(desk, item):
    with transaction():
        submissions.compile_move(desk.editor, item, "select")
        submissions.compile_move(desk.editor, item, "adopt")


def test_units_read_facts_of_a_composite_by_their_own_title_until_it_is_published(
    client, desk, merge, user_of
):
    found = merge(title="编辑拟的综合标题")
    with transaction():
        fact = facts.record(desk.editor, facts.NewFact(
            desk.office.id, "adopted", date(2026, 3, 5), tuple(unit.id for unit in desk.units), "up", found.item_key,
            "编辑拟的综合标题", {"outlet": "szxx"},
        ))  # fmt: skip
    url = f"/facts/{fact.id}"

    login(client, user_of(desk.editor))
    assert "编辑拟的综合标题" in client.get(url).text
    for number, informant in enumerate(desk.informants):
        login(client, user_of(informant))
        page = client.get(url).text
        assert "编辑拟的综合标题" not in page and desk.items[number].title in page
        assert not any(item.title in page for item in desk.items if item is not desk.items[number])


def test_a_unit_is_told_where_the_points_of_its_item_stand_once_it_may_look_there(page, desk, merge):
    found, hint = merge(), "得分列在综合稿的页面"
    with transaction():
        facts.record(desk.editor, facts.NewFact(
            desk.office.id, "adopted", date(2026, 3, 5), tuple(unit.id for unit in desk.units), "up", found.item_key,
            found.title, {"outlet": "szxx"},
        ))  # fmt: skip
    own = f"/submissions/{desk.items[1].id}"

    assert "已登记：" in page(desk.informants[1], own) and hint not in page(desk.informants[1], own)
    adopted(desk, found)
    assert hint in page(desk.informants[1], own)


@pytest.fixture
def held(desk):
    """An item that somebody else is editing."""
    leases.hold(desk.other, desk.items[1].id)
    return desk.items[1]


def test_whoever_begins_to_split_or_merge_is_told_who_edits_the_item(page, desk, held):
    told = f"{desk.other.name}正在编辑《{held.title}》，至"

    assert told in page(desk.editor, f"/composites/split/{held.id}")
    assert told in composing(page, desk)
    assert told not in page(desk.other, f"/composites/split/{held.id}")
    assert "正在编辑《" not in page(desk.editor, f"/composites/split/{desk.items[0].id}")


def test_nobody_reads_a_bare_number_in_the_history_or_in_notices(page, desk, merge):
    made = merge()

    history = page(desk.editor, f"/submissions/{desk.items[0].id}")
    assert "与另外 2 条来稿合编" in history and f"（{made.id}）" not in history
    told = [notice.text for notice in db.session.scalars(select(Notice))]
    assert told and not any(f"（{item.id}）" in text for item in [made, *desk.items] for text in told)


def test_what_became_void_is_no_news(page, desk, merge):
    made = merge()
    assert f'/submissions/{made.id}"' in page(desk.editor, "/")
    services.dissolve(desk.editor, made.id, made.version, "不合编了")

    assert f'/submissions/{made.id}"' not in page(desk.editor, "/")
