"""The register as a workbook against its page, statistics counted by hand, and what stands on the pages of items."""

import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from openpyxl import load_workbook

from core import clock
from core.db import transaction
from core.testing import login
from plugins.instructions import answering, services, statistics, tasks
from plugins.instructions.queries import Filter
from plugins.instructions.services import NewInstruction
from plugins.instructions.tasks import Routing
from tests.plugins.instructions.test_services import TODAY
from tests.plugins.instructions.test_tasks import DUE, answered, seen

NEXT_MONTH = TODAY.replace(month=4)


@pytest.fixture
def written(desk, make_submission, watch):
    """Four by two leaders in two months, one of them withdrawn; the last two on an item of 市财政局 alone."""
    own = make_submission("received", unit=desk.joint, title="财政收入平稳增长")
    watch.set(clock.moment(NEXT_MONTH + timedelta(days=10), 9))

    def write(item, kind, on, text="", **leader):
        new = NewInstruction(item.id, kind=kind, on=on, text=text, **leader)
        return services.record(desk.editor, new)

    mayor = {"leader_class": "市主要领导", "leader_id": desk.leader.id}
    governor = {"leader_class": "上级领导", "leader_name": "赵省长", "leader_post": "省长"}
    made = [
        write(desk.item, "note", TODAY, "=1+1，请财政局研究。", **mayor),
        write(desk.item, "note", TODAY, "登记两次。", **mayor),
        write(own, "circulated", NEXT_MONTH, **mayor),
        write(own, "forward", NEXT_MONTH, "转各地参阅。", **governor),
    ]
    services.withdraw(desk.editor, made[1].id, "重复登记")
    return made


@pytest.mark.postgres
@pytest.mark.usefixtures("written")
def test_instructions_are_counted_as_by_hand(desk):
    leaders, months, units, _ = statistics.tables(desk.editor, Filter())

    assert leaders.head == ("领导", "领导类别", "圈阅", "批示", "批转", "合计")
    assert leaders.lines == (("李市长", "市主要领导", 1, 1, 0, 2), ("赵省长", "上级领导", 0, 0, 1, 1))
    assert months.lines == (("2026年3月", 0, 1, 0, 1), ("2026年4月", 1, 0, 1, 2))
    # The item of the two units stands in both lines.
    assert units.lines == (("市财政局", 1, 1, 1, 3), ("甲县人民政府", 0, 1, 0, 1))


@pytest.mark.usefixtures("written")
def test_a_unit_counts_its_own_and_a_filter_narrows(desk):
    assert statistics.tables(desk.informant, Filter())[0].lines == (("李市长", "市主要领导", 1, 1),)
    assert statistics.tables(desk.editor, Filter(since=NEXT_MONTH))[1].lines == (("2026年4月", 1, 1, 2),)


@pytest.mark.postgres
def test_answers_are_counted_as_by_hand(desk, found, traffic, task, make_unit, watch):
    fire, water = (
        make_unit(name, kind="bureau", group="市直部门和直属机构") for name in ("市应急局", "市水利局")
    )
    silent, taken_back, waiting = tasks.route(
        desk.editor, found.id, Routing([fire.id, water.id, desk.joint.id])
    )
    tasks.cancel(desk.editor, taken_back.id, seen(taken_back.id), "转错单位")
    made = answered(desk, traffic, task)
    answering.accept(desk.editor, task.id, made.id, seen(task.id))
    watch.set(clock.moment(DUE + timedelta(days=1), 9))
    tasks.confirm_missed(desk.editor, silent.id)
    tasks.extend(desk.editor, waiting.id, seen(waiting.id), DUE + timedelta(days=20), "另有任务")

    lines = {line[0]: line[1:] for line in statistics.tables(desk.editor, Filter())[3].lines}
    #                       转办 按时 逾期 未按时 办理中 其中逾期 按时率
    assert lines == {
        "市交通局": (1, 1, 0, 0, 0, 0, "100%"),
        "市应急局": (1, 0, 0, 1, 1, 1, "0%"),
        "市财政局": (1, 0, 0, 0, 1, 0, "—"),
    }


def rows_of_page(text: str) -> list[dict[str, str]]:
    """The lines of the register's page: subject, and the cells by their labels."""
    found = []
    for row in re.findall(r"<tr data-href.*?</tr>", text, re.S):
        cells = re.findall(r'data-label="([^"]+)">(.*?)</td>', row, re.S)
        plain = {label: unescape(re.sub(r"<[^>]+>", "|", cell)).strip("| \n") for label, cell in cells}
        found.append({**plain, "信息": unescape(re.search(r'class="main[^"]*"><a[^>]*>(.*?)</a>', row)[1])})
    return found


@pytest.mark.parametrize("asked", ["", "?leader=李市长", "?kind=批转", "?since=2026-04-01"])
def test_the_workbook_has_the_rows_of_the_page(client, desk, written, found, task, user_of, asked):
    login(client, user_of(desk.editor))
    page = rows_of_page(client.get(f"/instructions/{asked}").text)

    book = load_workbook(io.BytesIO(client.get(f"/instructions/register.xlsx{asked}").data))
    lines = list(book["批示登记簿"].iter_rows(values_only=True))
    head = next(n for n, line in enumerate(lines) if line[0] == "登记号")
    sheet = [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]
    assert len(sheet) == len(page) > 0
    for row, shown in zip(sheet, page, strict=True):
        number, on = shown["登记号"].split("||")
        year, month, day = map(int, re.findall(r"\d+", on))
        assert row["登记号"] == number
        assert row["批示日期"] == f"{year}-{month:02}-{day:02}"
        assert row["领导"] == shown["领导"].split("|")[0]
        assert (row["批示对象"], row["种类"], row["状态"]) == (shown["信息"], shown["种类"], shown["状态"])
        assert (row["批示内容"] or "—") == shown["批示内容"] and row["报送单位"] == shown["报送单位"]
    if not asked:
        told = f"市交通局（主办，{task.due_on.month}月{task.due_on.day}日前）：待签收"
        assert told in {row["承办单位及办理情况"] for row in sheet}
        assert {cell.data_type for row in book["批示登记簿"].iter_rows() for cell in row} <= {"s", "n"}
    assert book.sheetnames == ["批示登记簿", "按领导", "按月份", "按报送单位", "承办单位反馈"]


def test_the_page_says_how_far_each_has_come(client, desk, written, found, task, user_of, watch):
    def told(who):
        login(client, user_of(who))
        rows = rows_of_page(client.get("/instructions/").text)
        return {row["登记号"].split("||")[0]: row["办理情况"] for row in rows}

    others = {each.mark: "—" if each.withdrawn_at else "未转办" for each in written}
    watch.set(clock.moment(task.due_on, 9))
    assert told(desk.editor) == {**others, found.mark: "办理中"}
    # What the office has routed to others is not the reporting unit's affair.
    assert told(desk.informant)[found.mark] == "—"
    watch.set(clock.moment(task.due_on + timedelta(days=1), 9))
    assert told(desk.editor)[found.mark] == "办理中| |逾期 1"


def test_a_unit_exports_what_it_may_see_and_no_more(client, desk, written, user_of):
    login(client, user_of(desk.informant))

    book = load_workbook(io.BytesIO(client.get("/instructions/register.xlsx").data))
    said = [str(cell.value) for row in book["批示登记簿"].iter_rows() for cell in row if cell.value]
    assert any("请财政局研究" in each for each in said)
    assert not any("财政收入平稳增长" in each or "赵省长" in each for each in said)


def test_the_block_on_an_item_offers_what_its_reader_may_do(
    client, desk, found, user_of, make_user, make_unit
):
    address = f"/submissions/{desk.item.id}"
    other = make_user("informant", unit=make_unit("市水利局", group="市直部门和直属机构"))
    partner = make_user("informant", unit=desk.joint)
    shown = {}
    for name, user in {
        "editor": user_of(desk.editor), "issuer": user_of(desk.issuer),
        "author": user_of(desk.informant), "partner": partner,
    }.items():  # fmt: skip
        login(client, user)
        page = client.get(address).text
        assert "请交通局阅处。" in page and f"/instructions/{found.id}" in page, name
        shown[name] = next((word for word in ("写批示", "登记批示") if f">{word}</a>" in page), "")

    assert shown == {"editor": "登记批示", "issuer": "", "author": "", "partner": ""}
    login(client, other)
    assert client.get(address).status_code == 404


def test_a_unit_that_handles_it_sees_the_task_and_not_the_items_page(
    client, desk, found, traffic, task, user_of
):
    login(client, user_of(traffic.clerk))

    assert "请交通局阅处。" in client.get(f"/instructions/tasks/{task.id}").text
    assert client.get(f"/submissions/{desk.item.id}").status_code == 404
    home = client.get("/").text
    assert "待反馈批示" in home and "待审核批示反馈" not in home
    login(client, user_of(desk.informant))
    assert "待反馈批示" not in client.get("/").text


def test_cards_follow_the_task_from_unit_to_desk(client, desk, traffic, task, user_of, watch):
    answered(desk, traffic, task, final=False)
    login(client, user_of(desk.editor))
    assert "待审核批示反馈" in client.get("/").text

    watch.set(clock.moment(DUE + timedelta(days=1), 9))
    for who, words in (
        (desk.editor, "批示反馈逾期"),
        (traffic.clerk, "已逾期"),
        (desk.leader, "我的批示办理中"),
    ):
        login(client, user_of(who))
        assert words in client.get("/").text


def test_until_when_an_answer_is_due_stands_above_the_form_for_it(client, traffic, task, user_of):
    login(client, user_of(traffic.clerk))

    page = client.get(f"/instructions/tasks/{task.id}").text
    due = f"{task.due_on.year}年{task.due_on.month}月{task.due_on.day}日前反馈"
    assert due in page.split('id="answer"')[0]


def test_what_a_unit_that_has_ended_answered_can_still_be_asked_for(
    client, desk, task, traffic, user_of, watch
):
    name = f'<option value="{traffic.unit.id}"'
    with transaction():
        traffic.unit.valid_to = date(2026, 3, 31)
    watch.move(days=30)
    login(client, user_of(desk.editor))

    page = client.get(f"/instructions/?unit={traffic.unit.id}").text

    assert f"{name} selected>" in page and "共 1 条" in page
    assert name in client.get("/search?q=批示").text
