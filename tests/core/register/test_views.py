"""The pages of the register through the browser: looking, registering one and many, withdrawing."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from core.accounts.models import Unit
from core.config import PROJECT
from core.db import db
from core.facts import Fact
from core.register import services
from core.register.forms import fresh_token
from core.scoring import runs
from core.testing import login

TABLE = "日期\t种类\t单位\t事项\t分值\t事由\t完成情况\n3月5日\t手工加减分\t甲县、乙县\t合办培训\t3\t合办\t\n3月6日\t约稿\t甲县\t未完成约稿\t\t\t未报\n"


@pytest.fixture
def sign(client, desk):
    """Sign a role in and hand back the browser."""

    def done(role="editor"):
        login(client, getattr(desk.people, role))
        return client

    return done


@pytest.fixture
def form(desk):
    """The form of a fact as the page sends it; None leaves a field out."""

    def filled(**values):
        known = {"kind": "manual", "on": "2026-03-05", "title": "承办全市培训", "a_points": "2", "a_reason": "承办", "unit": desk.jia, "token": fresh_token(), "step": "preview", **values}  # fmt: skip
        return {name: value for name, value in known.items() if value is not None}

    return filled


def count():
    db.session.rollback()
    return db.session.scalar(select(func.count(Fact.id)))


def said(answer):
    """What the page says, without its tags."""
    text = re.sub(r"<(script|style).*?</\1>", "", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def value_of(answer, name):
    return re.search(rf'name="{name}" value="([^"]*)"', answer.text)[1]


def titles(answer):
    return re.findall(r'<td class="main"><a [^>]*>(.*?)</a>', answer.text)


# ---- the list -------------------------------------------------------------------------------------------------------


@pytest.fixture
def listed(desk):
    """Five facts of two units on different days, one of them withdrawn."""
    desk.record(title="一月培训", on=date(2026, 1, 8))
    desk.record(desk.yi, title="二月约稿", kind="commissioned", on=date(2026, 2, 8))
    desk.record(desk.jia, desk.yi, title="三月合办", on=date(2026, 3, 8))
    desk.adopt(title="三月采用", on=date(2026, 3, 9))
    gone = desk.record(title="三月误登", on=date(2026, 3, 10))
    services.withdraw(desk.editor, gone.id, "登记有误")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["三月误登", "三月采用", "三月合办", "二月约稿", "一月培训"]),
        ({"text": "三月"}, ["三月误登", "三月采用", "三月合办"]),
        ({"text": "%"}, []),
        ({"kind": "commissioned"}, ["二月约稿"]),
        ({"kind": "adopted"}, ["三月采用"]),
        ({"unit": "yi"}, ["三月合办", "二月约稿"]),
        ({"period": "2026-02"}, ["二月约稿"]),
        ({"since": "2026-03-09"}, ["三月误登", "三月采用"]),
        ({"until": "2026-02-08"}, ["二月约稿", "一月培训"]),
        ({"since": "2026-02-01", "until": "2026-03-08", "kind": "manual"}, ["三月合办"]),
        ({"state": "withdrawn"}, ["三月误登"]),
        ({"state": "standing", "text": "三月"}, ["三月采用", "三月合办"]),
        ({"by": "李编辑", "period": "2026-01"}, ["一月培训"]),
        ({"by": "王编辑"}, []),
        ({"since": "明天", "unit": "x", "state": "?", "period": "2026-99", "page": "-1"}, ["三月误登", "三月采用", "三月合办", "二月约稿", "一月培训"]),
    ],
)  # fmt: skip
def test_the_list_shows_what_is_asked_for(sign, desk, listed, asked, found):
    if asked.get("unit") == "yi":
        asked = {"unit": desk.yi}

    answer = sign().get(f"/facts/?{urlencode(asked)}")

    assert answer.status_code == 200 and titles(answer) == found


def test_the_list_tells_kind_origin_and_withdrawal(sign, listed):
    text = said(sign().get("/facts/"))

    for word in (
        "手工加减分 已撤销",
        "采用",
        "信息报送",
        "手工登记",
        "甲县、 乙县",
        "李编辑",
        "2026年3月8日",
    ):
        assert word in text
    assert "withdrawn" not in text


def test_an_informant_sees_the_facts_of_the_own_unit_and_no_buttons(sign, listed):
    answer = sign("informant").get("/facts/")

    assert titles(answer) == ["三月误登", "三月采用", "三月合办", "一月培训"]
    assert "/facts/new" not in answer.text and "/facts/import" not in answer.text


def test_a_leader_sees_all_facts_and_no_buttons(sign, listed):
    answer = sign("leader").get("/facts/")

    assert len(titles(answer)) == 5 and "/facts/new" not in answer.text


@pytest.mark.parametrize("role", ["informant", "leader", "issuer"])
def test_who_may_only_look_cannot_register(sign, desk, form, role):
    client = sign(role)

    answers = [
        client.get("/facts/new?kind=manual"), client.get("/facts/import"),
        client.submit("/facts/new", form()), client.submit("/facts/import", {"text": TABLE, "step": "record", "token": fresh_token()}),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [403] * 4 and count() == 0


# ---- one fact -------------------------------------------------------------------------------------------------------


def test_a_fact_says_everything_about_itself(sign, desk):
    fact = desk.record(desk.jia, desk.yi, points=3)

    text = said(sign().get(f"/facts/{fact.id}"))

    for word in ("承办全市培训", "手工加减分", "2026年3月5日", "甲县、乙县", "分值 3", "事由 承办培训", "手工登记：李编辑于", "1.5", "办法第五条", "合计 3"):  # fmt: skip
        assert word in text


def test_a_fact_of_the_own_unit_shows_the_own_points_only(sign, desk):
    mine, theirs = desk.record(desk.jia, desk.yi, points=3), desk.record(desk.yi)
    client = sign("informant")

    text = said(client.get(f"/facts/{mine.id}"))

    assert "合计 1.5" in text and "撤销理由" not in text
    assert client.get(f"/facts/{theirs.id}").status_code == 404
    assert client.submit(f"/facts/{mine.id}/withdraw", {"reason": "登记有误"}).status_code == 403


def test_a_fact_is_withdrawn_with_its_reason_on_the_page(sign, desk):
    fact, client = desk.record(), sign()

    without = client.submit(f"/facts/{fact.id}/withdraw", {"reason": ""}, follow_redirects=True)
    answer = client.submit(f"/facts/{fact.id}/withdraw", {"reason": "登记有误"}, follow_redirects=True)

    assert "撤销登记须说明理由" in said(without)
    assert (
        "已撤销，相应得分已冲正" in said(answer)
        and "理由：登记有误" in said(answer)
        and "合计 0" in said(answer)
    )
    assert "/withdraw" not in answer.text


def test_what_another_page_registered_is_not_withdrawn_here(sign, desk):
    fact, client = desk.adopt(), sign()

    page = client.get(f"/facts/{fact.id}")
    answer = client.submit(f"/facts/{fact.id}/withdraw", {"reason": "登记有误"}, follow_redirects=True)

    assert (
        "由“信息报送”登记，随信息的退回、撤回或不采用自动撤销。" in said(page)
        and "/withdraw" not in page.text
    )
    assert "不在这里撤销" in said(answer) and count() == 1


def test_no_english_names_are_shown(sign, desk, make_submission):
    item = make_submission("received", unit=db.session.get(Unit, desk.jia))
    fact = db.session.scalars(select(Fact).where(Fact.item == item.item_key)).one()

    text = said(sign().get(f"/facts/{fact.id}"))

    assert (
        "字数" in text and "信息类型 工作动态" in text and not re.search(r"characters|genre|submitted", text)
    )


# ---- registering one ------------------------------------------------------------------------------------------------


def test_the_kinds_are_offered_with_what_they_ask_and_whether_they_count(sign):
    text = said(sign().get("/facts/new"))

    assert "手工加减分 分值、事由 规则包规定了分值" in text
    assert "检查评分 分值、事由 规则包没有规定分值，登记后只列入台账" in text
    assert "汇报会发言 会议层级、首次、事由" in text


def test_a_fact_is_looked_at_and_then_registered(sign, form):
    client = sign()

    seen = client.submit("/facts/new", form())
    assert seen.status_code == 200 and count() == 0
    assert "试算结果" in said(seen) and "甲县累计得分 0 → 2" in said(seen) and "办法第五条" in said(seen)
    sent = form(step="record", seen=value_of(seen, "seen"), token=value_of(seen, "token"))
    answer = client.submit("/facts/new", sent, follow_redirects=True)
    again = client.submit("/facts/new", sent)

    assert "已登记，编号 1" in said(answer) and "合计 2" in said(answer)
    assert again.status_code == 422 and "已经计入，不能重复登记" in said(again) and count() == 1


@pytest.mark.parametrize("change", [{"a_points": "5"}, {"title": "承办全省培训"}, {"on": "2026-03-04"}, {"unit": "yi"}, {"seen": ""}])  # fmt: skip
def test_what_was_changed_after_the_preview_is_shown_again(sign, desk, form, change):
    client = sign()
    seal = value_of(client.submit("/facts/new", form()), "seen")
    if change.get("unit"):
        change = {"unit": desk.yi}

    answer = client.submit("/facts/new", form(step="record", **{"seen": seal, **change}))

    assert answer.status_code == 422 and "内容有改动，请再看一遍试算结果" in said(answer)
    assert "试算结果" in said(answer) and count() == 0


def test_all_slips_are_told_at_once_and_nothing_typed_is_lost(sign, form):
    answer = sign().submit("/facts/new", form(title="", unit="", a_points="多", a_reason="", on="2026-03-19"))

    text = said(answer)
    assert answer.status_code == 422 and count() == 0
    for slip in (
        "有 5 处需要修改",
        "日期不能晚于今天",
        "请填写事项",
        "请选择单位",
        "“多”不是数字",
        "请填写事由",
    ):
        assert slip in text
    assert 'value="多"' in answer.text and 'value="2026-03-19"' in answer.text


def test_a_day_before_any_rules_is_a_slip_and_not_a_dead_end(sign, form):
    answer = sign().submit("/facts/new", form(on="1999-01-01"))

    assert answer.status_code == 422 and "这一天还没有启用规则包" in said(answer)
    assert "承办全市培训" in answer.text


def test_more_rows_of_units_are_given_on_request(sign, form, desk):
    answer = sign().submit("/facts/new", form(step="more", title=""))

    assert answer.status_code == 200 and "第 6 个单位" in said(answer) and "需要修改" not in said(answer)
    assert f'<option value="{desk.jia}" selected>' in answer.text


def test_an_item_is_looked_up_and_linked(sign, form, desk, make_submission):
    item, client = make_submission("received", unit=db.session.get(Unit, desk.jia)), sign()

    found = client.submit("/facts/new", form(step="find", item="春季", title="", unit=""))
    assert f'name="item_id" value="{item.id}"' in found.text
    linked = form(item="春季", item_id=item.id, title="", unit="")
    seal = value_of(client.submit("/facts/new", linked), "seen")
    answer = client.submit("/facts/new", {**linked, "step": "record", "seen": seal}, follow_redirects=True)

    assert item.title in said(answer) and f"编号 {item.id}" in said(answer)
    fact = db.session.scalars(select(Fact).where(Fact.kind == "manual")).one()
    assert (fact.item, [u.unit_id for u in fact.units]) == (item.item_key, [desk.jia])


def test_what_was_typed_to_find_an_item_is_not_passed_over(sign, form, desk, make_submission):
    make_submission("received", unit=db.session.get(Unit, desk.jia))
    client = sign()

    unchosen = client.submit("/facts/new", form(item="春季"))
    unknown = client.submit("/facts/new", form(item="没有的事"))
    declined = client.submit("/facts/new", form(item="春季", item_id=""))

    assert "试算结果" not in said(unchosen) and "不关联" in said(unchosen)
    assert "没有找到这样的信息" in said(unknown)
    assert "试算结果" in said(declined)


def test_the_form_begins_with_the_item_it_was_opened_from(sign, desk, make_submission):
    item = make_submission("received", unit=db.session.get(Unit, desk.jia))

    answer = sign().get(f"/facts/new?kind=manual&item={item.id}")

    assert f'value="{item.title}"' in answer.text and f'<option value="{desk.jia}" selected>' in answer.text


def test_registering_in_a_closed_period_says_what_happens(sign, desk, form, watch):
    watch.set(datetime(2026, 4, 2, 4, tzinfo=UTC))
    runs.close(desk.issuer, desk.office.id, "2026-03")
    client = sign()

    seen = client.submit("/facts/new", form())
    sent = form(step="record", seen=value_of(seen, "seen"))
    answer = client.submit("/facts/new", sent, follow_redirects=True)

    assert "所在的周期已经结账，公布的结果不变" in said(seen)
    assert "已经结账：已公布的结果不变" in said(answer) and "2026年3月已结账" in said(answer)
    account = said(client.get(f"/ranking/2026-04/{desk.jia}"))
    assert "结账后登记 计入此前累计 0 2 2" in account


# ---- registering many -----------------------------------------------------------------------------------------------


def test_a_table_is_looked_at_and_then_registered(sign):
    client = sign()

    seen = client.submit("/facts/import", {"text": TABLE})
    assert seen.status_code == 200 and count() == 0
    assert "共 2 行，全部无误" in said(seen) and "合办培训 手工加减分 2026年3月5日 甲县、 乙县 3" in said(
        seen
    )
    sent = {"text": TABLE, "step": "record", "token": value_of(seen, "token")}
    answer = client.submit("/facts/import", sent, follow_redirects=True)
    again = client.submit("/facts/import", sent)

    assert "已登记 2 件计分事项" in said(answer) and titles(answer) == ["未完成约稿", "合办培训"]
    assert again.status_code == 422 and "已经计入" in said(again) and count() == 2


def test_one_bad_line_keeps_the_whole_table_out(sign):
    bad = TABLE + "3月7日\t手工加减分\t甲现\t迟交\t-1\t迟交\n"

    answer = sign().submit("/facts/import", {"text": bad, "step": "record", "token": fresh_token()})

    text = said(answer)
    assert answer.status_code == 422 and count() == 0
    assert "共 3 行，1 行有错" in text and "没有名为“甲现”的单位。是否应为“甲县”" in text
    assert "登记全部" not in text and "甲现" in answer.text


def test_services_slips_are_told_with_their_line_too(sign):
    table = "日期\t单位\t完成情况\n2026-03-19\t甲县\t未报\n2023-01-01\t甲县\t未报\n3-1\t\t未报\n3-1\t甲县、甲县\t未报"

    text = said(sign().submit("/facts/import", {"text": table, "kind": "commissioned"}))

    for slip in ("日期不能晚于今天", "这一天还没有启用规则包", "请选择单位", "同一单位选了两次"):
        assert slip in text
    assert "4 行有错" in text


def test_a_line_about_an_item_takes_its_title_and_units(sign, desk, make_submission):
    item = make_submission("received", unit=db.session.get(Unit, desk.jia))
    table = f"日期\t单位\t分值\t信息\n3-1\t\t1\t{item.id}\n3-1\t\t1\t999\n"

    text = said(sign().submit("/facts/import", {"text": table, "kind": "checked"}))

    assert f"1 {item.title} 检查评分 2026年3月1日 甲县" in text
    assert "1 行有错" in text and "信息：" in text


def test_the_table_of_the_how_to_is_taken(sign):
    told = (PROJECT / "docs" / "howto" / "register-facts.md").read_text(encoding="utf-8")
    table = re.search(r"```text\n(.*?)```", told, re.DOTALL)[1]

    answer = sign().submit("/facts/import", {"text": table})

    assert answer.status_code == 200 and "共 2 行，全部无误" in said(answer)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_serves_as_well(sign, encoding):
    file = BytesIO("日期,种类,单位,事项,分值,事由\n2026-3-5,手工加减分,甲县,培训,2,承办\n".encode(encoding))

    answer = sign().submit("/facts/import", {"file": (file, "事项.csv"), "text": ""})

    assert answer.status_code == 200 and "共 1 行，全部无误" in said(answer)


@pytest.mark.parametrize(
    ("sent", "slip"),
    [
        ({"text": ""}, "请粘贴表格，或选择文件"),
        ({"text": "日期\t单位名\n1\t2"}, "看不懂列名“单位名”"),
        ({"text": TABLE, "step": "record", "token": "x"}, "页面已经过期"),
        ({"text": "", "file": (BytesIO(b"\x00\xff\x00"), "a.xls")}, "文件不是文本"),
    ],
)
def test_a_table_that_cannot_be_read_is_explained_above_the_form(sign, sent, slip):
    answer = sign().submit("/facts/import", sent)

    assert answer.status_code == 422 and slip in said(answer) and count() == 0
