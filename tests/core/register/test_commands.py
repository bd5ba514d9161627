"""`yaoqing fact` and `yaoqing period` say and take the same words as the pages."""

import pytest

from core.accounts.models import Unit
from core.cli import scoring
from core.db import db
from core.errors import Conflict, YaoqingError
from core.facts import Fact
from core.scoring.values.points import GRAINS


@pytest.fixture
def run(app, desk):
    """Run a command and hand back what it printed."""

    def done(command, *words):
        answer = app.test_cli_runner().invoke(command, list(words))
        db.session.rollback()
        if answer.exception and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        assert answer.exit_code == 0, answer.output
        return answer.output

    return done


def rows(output):
    """The lines of a printed table, cell by cell."""
    return [line.split() for line in output.splitlines()]


def record(run, *words, kind="手工加减分", on="2026-03-05", unit="甲县"):
    return run(scoring.fact, "record", "--kind", kind, "--on", on, "--unit", unit, *words)


def test_a_fact_is_recorded_in_the_words_of_the_page(run, totals):
    said = record(run, "--set", "分值=1.5", "--set", "事由=承办培训")

    fact = db.session.get(Fact, 1)
    assert said == "已登记，编号 1。\n" and totals()["甲县"] == 1.5 * GRAINS
    assert (fact.kind, fact.title, fact.attrs) == (
        "manual",
        "承办培训",
        {"points": "1.5", "reason": "承办培训"},
    )


def test_kinds_and_values_of_the_pack_go_by_title_and_id(run):
    record(run, "--set", "会议层级=省级", kind="汇报会发言")
    record(run, "--set", "rank=city", "--set", "首次=是", kind="briefing", unit="甲县人民政府")

    assert db.session.get(Fact, 1).attrs == {"rank": "province"}
    assert db.session.get(Fact, 2).attrs == {"rank": "city", "first": True}


def test_what_other_pages_register_can_be_made_up_for(run, totals):
    record(run, "--set", "采用渠道=bulletin", kind="采用")

    assert totals()["甲县"] == 5 * GRAINS


def test_an_item_is_named_by_its_number(run, desk, make_submission):
    item = make_submission("received", unit=db.session.get(Unit, desk.jia))

    record(run, "--item", str(item.id), "--set", "分值=1", kind="检查评分")

    fact = db.session.query(Fact).order_by(Fact.id.desc()).first()
    assert (fact.item, fact.title) == (item.item_key, item.title)


@pytest.mark.parametrize(
    ("words", "slip"),
    [
        ({"kind": "手工加减"}, "没有“手工加减”这种事项。是否应为“手工加减分”"),
        ({"unit": "甲现"}, "没有名为“甲现”的单位。是否应为“甲县”"),
        ({"on": "2026-03-19"}, "日期：日期不能晚于今天"),
        ({"on": "1999-01-01"}, "日期：这一天还没有启用规则包"),
        ({"pairs": ("分值=两分", "事由=承办")}, "分值：“两分”不是数字"),
        ({"pairs": ("分值=2",)}, "事由：请填写"),
        ({"pairs": ("分植=2",)}, "“手工加减分”没有“分植”。是否应为“分值”"),
        ({"pairs": ("分值",)}, "“分值”的写法不对。请写成 名称=值"),
    ],
)
def test_a_slip_is_told_as_on_the_page(run, words, slip):
    pairs = words.pop("pairs", ("分值=2", "事由=承办"))

    with pytest.raises(YaoqingError) as told:
        record(run, *(part for pair in pairs for part in ("--set", pair)), **words)

    assert slip in str(told.value) and db.session.query(Fact).count() == 0


def test_the_list_tells_what_stands_and_what_is_withdrawn(run, desk):
    desk.record(title="承办培训")
    desk.record(desk.yi, kind="commissioned", title="未完成约稿")
    desk.record(kind="briefing", title="发言", rank="city")

    said = run(scoring.fact, "withdraw", "2", "--reason", "登记有误")
    printed = rows(run(scoring.fact, "list"))

    assert said == "已撤销，相应得分已冲正，原登记保留。\n"
    assert printed == [
        ["编号", "日期", "种类", "单位", "状态", "事项"],
        ["3", "2026-03-05", "汇报会发言", "甲县", "有效", "发言"],
        ["2", "2026-03-05", "约稿", "乙县", "已撤销", "未完成约稿"],
        ["1", "2026-03-05", "手工加减分", "甲县", "有效", "承办培训"],
    ]


def test_what_another_page_registered_is_taken_back_there(run, desk):
    desk.adopt()

    with pytest.raises(Conflict, match="不在这里撤销"):
        run(scoring.fact, "withdraw", "1", "--reason", "登记有误")


def test_the_ranking_has_the_columns_of_the_page(run, desk):
    desk.record()

    assert rows(run(scoring.period, "ranking", "2026-03")) == [
        ["分组", "名次", "单位", "本期得分", "累计得分"],
        ["县区", "1", "甲县", "2", "2"],
        ["县区", "2", "乙县", "0", "0"],
    ]
