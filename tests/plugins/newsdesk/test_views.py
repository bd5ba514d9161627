"""The desk's pages: what they show, what they remember, what they refuse."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, facts
from core.accounts.models import Unit
from core.db import db, transaction
from core.facts import NewFact
from core.submissions import decisions, leases, services
from core.submissions.models import Submission
from core.submissions.text import from_plain
from core.testing import login
from plugins.newsdesk import filters, marks, phrases, record

REASON = "请补充数据来源"


def listed(page):
    return re.findall(r'id="item-(\d+)"', page.text)


def flashed(page):
    return re.sub("<[^>]+>", "", page.text.split("data-messages>", 1)[1].split('<div class="desk"', 1)[0])


def test_the_desk_takes_the_place_of_the_plain_list(browser, make_submission):
    make_submission("received")
    menu = browser.get("/desk/").text.split('aria-label="主菜单"')[1].split("</nav>")[0]

    assert "编辑台" in menu and "编辑处理" not in menu
    answer = browser.get("/submissions/queue?state=editing&editor=me")
    assert answer.status_code == 302 and answer.headers["Location"] == "/desk/?state=editing&editor=me"


def test_the_queue_shows_marks_editors_and_who_is_editing(browser, make_submission, li, zhang, watch):
    new, seen = make_submission("received", title="新来的"), make_submission("editing", title="看过的")
    marks.see(zhang, [seen.id])
    leases.hold(li, new.id)

    page = browser.get("/desk/")

    line = page.text.split(f'id="item-{new.id}"')[1].split("</li>")[0]
    assert "新</span>" in line and "李四正在编辑，至 12:20" in line
    assert "新</span>" not in page.text.split(f'id="item-{seen.id}"')[1].split("</li>")[0]


def test_whoever_edits_an_item_stands_on_the_desk(browser, make_submission, li, zhang):
    mine, held = make_submission("editing"), make_submission("editing", title="别人的")
    held.editor_id = li.id
    leases.hold(li, held.id)
    browser.submit(f"/submissions/{mine.id}/lease", {})

    for address in (f"/submissions/{mine.id}", f"/submissions/{mine.id}/revise"):
        crumbs = browser.get(address).text.split('class="crumbs"')[1].split("</nav>")[0]
        assert "编辑台</a>" in crumbs and "编辑处理" not in crumbs
    line = browser.get("/desk/").text.split(f'id="item-{held.id}"')[1].split("</li>")[0]
    assert line.count("李四") == 1, "who edits it is said once"


def test_an_editor_without_phrases_is_told_where_to_keep_them(browser, make_submission):
    item = make_submission("editing")
    address = f"/desk/items/{item.id}?fragment=1"

    assert "/desk/phrases" in browser.get(address).text
    browser.submit("/desk/phrases", {"text": "请补充数据来源", "use": "both"})

    assert "请补充数据来源</option>" in browser.get(address).text
    assert "/desk/phrases" not in browser.get(address).text


def test_filters_by_reading_and_by_editor(browser, make_submission, zhang):
    mine, free = make_submission("received", title="甲"), make_submission("received", title="乙")
    services.move(zhang, mine.id, "take")
    marks.see(zhang, [mine.id])

    assert listed(browser.get("/desk/?mark=new")) == [str(free.id)]
    assert listed(browser.get("/desk/?editor=me")) == [str(mine.id)]
    assert listed(browser.get("/desk/?editor=none")) == [str(free.id)]
    assert listed(browser.get("/desk/?state=withdrawn&sort=%00&unit=abc&page=x"))


def test_a_kept_filter_opens_the_desk(browser, make_submission, zhang):
    brief, news = (
        make_submission("received", genre="brief", title="甲"),
        make_submission("received", title="乙"),
    )
    answer = browser.submit("/desk/filters", {"name": "只看简讯", "genre": "brief", "default": "1"})
    number = filters.tabs(zhang)[0].id

    assert answer.headers["Location"] == f"/desk/?view={number}"
    assert listed(browser.get("/desk/")) == [str(brief.id)]
    assert set(listed(browser.get("/desk/?view=0"))) == {str(brief.id), str(news.id)}


def test_a_forged_filter_is_not_found(browser, li, wang):
    own, foreign = filters.keep(li, "李四的", {}), filters.keep(wang, "外机构的", {}, shared=True)

    for number in (own.id, foreign.id, 999_999, "abc"):
        answer = browser.get(f"/desk/?view={number}")
        assert answer.status_code == (200 if number == "abc" else 404)
        if number != "abc":
            assert browser.submit(f"/desk/filters/{number}/delete").status_code == 404


def test_a_deleted_filter_leaves_the_queue_with_a_word_about_it(browser, make_submission, zhang):
    item, gone = make_submission("received"), filters.keep(zhang, "用过的", {"genre": ["brief"]}).id
    browser.submit(f"/desk/filters/{gone}/delete")

    page = browser.get(f"/desk/?view={gone}")

    assert "打开的筛选已删除，或不再共用" in page.text and listed(page) == [str(item.id)]
    assert "已删除" not in browser.get("/desk/").text


def test_one_item_is_returned_with_a_phrase_and_the_list_comes_back(browser, make_submission):
    item = make_submission("received")

    answer = browser.submit(
        "/desk/act",
        {
            "id": item.id,
            "action": "return",
            "phrase": REASON,
            "reason": "第二段",
            "back": "/desk/?genre=brief",
        },
    )

    assert answer.headers["Location"] == "/desk/?genre=brief"
    db.session.expire_all()
    assert db.session.get(Submission, item.id).events[0].reason == f"{REASON}。第二段"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/desk/", "/desk/\\evil", "/logout", ""]
)
def test_going_back_never_leads_out_of_the_desk(browser, make_submission, back):
    item = make_submission("received")

    answer = browser.submit("/desk/act", {"id": item.id, "action": "take", "back": back})

    assert answer.headers["Location"] == "/desk/"


def test_a_batch_is_answered_line_by_line(browser, make_submission, li):
    free, held = (
        make_submission("received", title="没人编的"),
        make_submission("received", title="李四在编的"),
    )
    leases.hold(li, held.id)

    page = browser.submit("/desk/act", {"id": [free.id, held.id], "action": "decline", "reason": "重复"})

    assert "共 2 条，办理 1 条，没有办理 1 条" in page.text
    assert "李四正在编辑这条信息" in page.text
    assert page.text.count('value="undo"') == 1


def test_without_a_reason_nothing_is_returned(browser, make_submission):
    item = make_submission("received")

    browser.submit("/desk/act", {"id": item.id, "action": "return"})

    assert "须说明理由" in flashed(browser.get("/desk/"))
    assert db.session.get(Submission, item.id).state == "received"


def test_the_pane_is_a_part_of_a_page_and_without_script_the_items_own(browser, make_submission):
    item = make_submission("received", title="春耕备耕")

    part = browser.get(f"/desk/items/{item.id}?fragment=1&back=/desk/")
    assert "<html" not in part.text and "春耕备耕" in part.text and 'data-key="c"' in part.text
    assert browser.get(f"/desk/items/{item.id}").headers["Location"] == f"/submissions/{item.id}"


def test_nothing_of_another_office_opens(browser, make_submission, office_staff, wang):
    item = make_submission("received", unit=office_staff.elsewhere)
    phrase = phrases.add(wang, "外机构的", "both", shared=True)

    assert browser.get(f"/desk/items/{item.id}?fragment=1").status_code == 404
    assert browser.submit(f"/desk/seen/{item.id}").status_code == 404
    assert browser.get(f"/desk/units/{office_staff.elsewhere.id}").status_code == 404
    assert browser.submit(f"/desk/phrases/{phrase.id}", {"text": "改掉", "use": "both"}).status_code == 404
    assert browser.submit(f"/submissions/{item.id}/undo", {"event": 1}).status_code == 404
    assert browser.submit(f"/submissions/{item.id}/lease/beat", {"used": "1"}).status_code == 404


def test_the_page_of_a_unit_lists_what_it_sent_this_year(browser, make_submission, make_unit, unit):
    make_submission("received", title="本单位的")
    make_submission("received", unit=make_unit("丙局"), title="别的单位的")
    make_submission("draft", title="还没有报送的")

    page = browser.get(f"/desk/units/{unit.id}").text

    assert "本单位的" in page and "别的单位的" not in page and "还没有报送的" not in page


def test_the_record_tells_counts_and_why_items_came_back(app, make_submission, make_pack, zhang, unit, watch):
    make_pack(unit.office)
    first, second = make_submission("received", title="甲"), make_submission("received", title="乙")
    with transaction():
        facts.record(
            zhang,
            NewFact(unit.office_id, "adopted", watch.instant.date(), (unit.id,), "x:1", first.item_key, "甲"),
        )
    services.move(zhang, first.id, "return", REASON)
    services.move(zhang, second.id, "return", "点错了")
    event = db.session.get(Submission, second.id).events[0].id
    decisions.undo(zhang, second.id, event)

    found = record.of_unit(db.session.get(Unit, unit.id))

    assert dict(found.counts) == {"报送": 1, "采用": 1}
    assert [(r.title, r.reason) for r in found.returned] == [("甲", REASON)]


def test_the_record_needs_no_rules(unit):
    found = record.of_unit(unit)

    assert found.score is None and dict(found.counts) == {"报送": 0, "采用": 0}


def test_phrases_stand_in_the_form_of_the_items_own_page(browser, make_submission, zhang):
    phrases.add(zhang, REASON, "return")
    item = make_submission("received")

    page = browser.get(f"/submissions/{item.id}").text
    assert f"<option>{REASON}</option>" in page.split('id="phrase-return"')[1].split("</select>")[0]
    assert 'id="phrase-decline"' not in page

    browser.submit(f"/submissions/{item.id}/move", {"name": "return", "phrase": REASON, "reason": ""})
    db.session.expire_all()
    assert db.session.get(Submission, item.id).events[0].reason == REASON


def test_the_log_shows_decisions_and_undoes_the_last(browser, make_submission, zhang, li):
    mine, theirs = make_submission("received", title="我退的"), make_submission("received", title="李四退的")
    services.move(zhang, mine.id, "return", REASON)
    services.move(li, theirs.id, "decline", "重复")

    page = browser.get("/desk/decisions").text
    assert "我退的" in page and "李四退的" not in page and REASON in page
    assert "李四退的" in browser.get("/desk/decisions?who=all").text

    event = re.search(r'name="event" value="(\d+)"', page).group(1)
    browser.submit("/desk/act", {"id": mine.id, "action": "undo", "event": event, "back": "/desk/decisions"})
    db.session.expire_all()
    assert db.session.get(Submission, mine.id).state == "received"


def test_an_editor_sees_what_was_returned_without_its_text(browser, make_submission, zhang):
    item = make_submission("received")
    services.move(zhang, item.id, "return", REASON)

    page = browser.get(f"/submissions/{item.id}").text

    assert REASON in page and "撤销" in page and "抓农资供应" not in page


def test_the_units_own_people_see_the_comparison_only_after_adoption(
    app, make_submission, zhang, make_user, unit
):
    item = make_submission("received")
    services.revise(zhang, item.id, item.version, "编辑改的题目", from_plain("编辑改的正文。"), "内部的说明")
    client = app.test_client()
    login(client, make_user("informant", unit=unit))

    def opened():
        return "".join(client.get(f"/submissions/{item.id}{more}").text for more in ("", "?from=1&to=2"))

    before = opened()
    assert "编辑改的" not in before and "内部的说明" not in before and "修改对照" not in before
    for move in ("select", "adopt"):
        with transaction():
            services.compile_move(zhang, db.session.get(Submission, item.id), move)
    after = opened()
    assert "编辑改的题目" in after and "修改对照" in after


def test_a_title_written_anew_is_compared_with_the_old_one(browser, make_submission, zhang):
    item = make_submission("received")
    services.revise(zhang, item.id, item.version, "省外用工对接", item.body)

    page = browser.get(f"/submissions/{item.id}").text

    assert "修改对照" in page and "省外用工对接" in page
    assert "（已删去此段）" not in page and "（无此段）" not in page


def test_the_heartbeat_tells_and_renews(browser, make_submission, li, watch):
    item = make_submission("received")
    beat = f"/submissions/{item.id}/lease/beat"
    head = {"X-Requested-With": "poll"}

    assert browser.submit(beat, {"used": "1"}, headers=head).json == {
        "mine": True, "holder": "张三", "until": "12:20", "seconds": 1200, "asked": "",
    }  # fmt: skip
    leases.ask(li, item.id)
    assert browser.submit(beat, {"used": ""}, headers=head).json["asked"] == "李四"
    watch.move(minutes=25)
    assert browser.submit(beat, {"used": ""}, headers=head).json["mine"] is False
    leases.hold(li, item.id)
    refused = browser.submit(beat, {"used": "1"}, headers=head)
    assert refused.status_code == 409 and "李四正在编辑" in refused.json["message"]


def test_a_revision_written_when_the_session_has_ended_is_kept(app, browser, make_submission, zhang):
    item = make_submission("editing")
    browser.delete_cookie("yaoqing")

    answer = browser.post(
        f"/submissions/{item.id}/revise", data={"title": "写了一半的题目", "body": "写了一半的正文。"}
    )

    assert answer.status_code == 401
    assert "写了一半的题目" in answer.text and "写了一半的正文" in answer.text


def test_a_refused_revision_loses_nothing(browser, make_submission, li):
    item = make_submission("editing")
    leases.hold(li, item.id)

    answer = browser.submit(
        f"/submissions/{item.id}/revise", {"title": "我的题目", "body": "我的正文。", "version": item.version}
    )

    assert answer.status_code == 422
    assert "李四正在编辑" in answer.text and "我的题目" in answer.text and "我的正文。" in answer.text
    assert db.session.scalar(select(Submission.title).where(Submission.id == item.id)) != "我的题目"


def test_an_item_of_several_units_names_them_and_has_one_date(
    browser, make_submission, make_unit, zhang, watch
):
    item = make_submission("editing", joint=[make_unit("乙局"), make_unit("丙局")])
    item.received_at -= timedelta(days=30)
    db.session.commit()
    alone = make_submission("editing")

    lines = browser.get("/desk/").text
    line = lines.split(f'id="item-{item.id}"')[1].split("</li>")[0]
    assert f"{item.unit.short}等 3 个单位 · " in line
    assert "个单位" not in lines.split(f'id="item-{alone.id}"')[1].split("</li>")[0]
    pane = browser.get(f"/desk/items/{item.id}?fragment=1").text
    assert f"{item.unit.short}、乙局、丙局 · " in pane
    when = f"{clock.local(item.sort_at):%m-%d %H:%M}"
    assert when in line and when in pane.split("</p>")[0]


def test_an_editor_who_left_is_named_and_can_still_be_asked_for(browser, make_submission, office_staff):
    item, other = make_submission("editing", title="离任者的"), make_submission("editing", title="别人的")
    with transaction():
        item.editor_id = office_staff.li.id
        office_staff.li_user.disabled = True
    theirs = f"/desk/?editor={office_staff.li.id}"

    line = browser.get("/desk/").text.split(f'id="item-{item.id}"')[1].split("</li>")[0]
    assert "李四（已不任编辑）" in line
    for address in (theirs, f"{theirs}&text=没有这样的"):
        assert (
            f'<option value="{office_staff.li.id}" selected>李四（已不任编辑）' in browser.get(address).text
        )
    assert listed(browser.get(theirs)) == [str(item.id)]
    assert listed(browser.get("/desk/?editor=none")) == [str(item.id)]
    # Who edits elsewhere is nobody's business here.
    assert "王五" not in browser.get(f"/desk/?editor={office_staff.wang.id}").text
    answer = browser.submit(
        "/desk/act", {"id": other.id, "action": "transfer", "to": office_staff.li.id, "back": "/desk/"}
    )
    assert "账号已停用，或已不任本机构编辑" in browser.get(answer.headers["Location"]).text


def test_a_filter_is_renamed_on_its_page_and_replacing_one_is_told(browser, zhang):
    told = [
        browser.submit("/desk/filters", {"name": "只看简讯", "genre": "brief"}, follow_redirects=True).text
    ]
    told += [
        browser.submit("/desk/filters", {"name": "只看简讯", "genre": "research"}, follow_redirects=True).text
    ]
    assert "已保存筛选“只看简讯”" in told[0] and "已按现在的条件更新筛选“只看简讯”" in told[1]

    number = filters.tabs(zhang)[0].id
    assert f'action="/desk/filters/{number}/name"' in browser.get("/desk/filters").text
    page = browser.submit(f"/desk/filters/{number}/name", {"name": "只看调研"}, follow_redirects=True).text
    assert "筛选已改名" in page and ">只看调研</a>" in page


def test_undoing_one_of_many_leads_to_where_the_others_can_be_undone(browser, make_submission, zhang):
    items = [make_submission("received", title=title) for title in "甲乙"]
    ids = [item.id for item in items]
    given = {"id": ids, "action": "return", "reason": REASON, "back": "/desk/?state=received"}
    page = browser.submit("/desk/act", given).text
    assert page.count('name="back" value="/desk/decisions"') == 2

    event = decisions.last_decision(items[0]).id
    undo = {"id": ids[0], "action": "undo", "event": event, "back": "/desk/decisions"}
    page = browser.submit("/desk/act", undo, follow_redirects=True).text
    assert (
        "《甲》已撤销上一步办理" in page
        and f'name="event" value="{decisions.last_decision(items[1]).id}"' in page
    )
