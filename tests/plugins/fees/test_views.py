"""Pages of fees: the list, the lines behind a sum, the file for the accountant, the steps."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import select

from core import facts
from core.db import db, transaction
from core.facts import Author
from core.packs import services as packs
from core.submissions import services as submissions
from core.submissions.text import from_plain
from core.testing import login
from plugins.fees import services
from plugins.fees.views import table_of

H2, H1 = "2025-H2", "2026-H1"


@pytest.fixture
def page(client):
    return lambda path: client.get(path).get_data(as_text=True)


def test_a_list_goes_from_the_editor_to_the_issuer(client, desk, user_of, page):
    desk.fact("张三")
    login(client, user_of(desk.editor))
    assert "编制清单" in page(f"/fees/{H2}")

    client.submit(f"/fees/{H2}/prepare")
    login(client, user_of(desk.issuer))
    shown = page(f"/fees/{H2}")
    assert "待核准" in shown and "40.00" in shown
    digest = services.queries.draft(desk.office_id, H2).digest
    client.submit(f"/fees/{H2}/approve", {"digest": digest})

    assert "已核准" in page(f"/fees/{H2}") and "40.00" in page("/fees/?year=2025")
    assert "重算一致" in _proof(client, desk, user_of)


def _proof(client, desk, user_of):
    login(client, user_of(desk.editor))
    return client.get(f"/fees/{H2}/proof", follow_redirects=True).get_data(as_text=True)


def test_a_refused_step_is_explained_on_the_lists_page(client, desk, user_of):
    login(client, user_of(desk.editor))

    answer = client.submit(f"/fees/{H1}/prepare", follow_redirects=True)

    assert "还没有结束" in answer.get_data(as_text=True)


def test_a_list_sent_back_shows_the_reason(client, desk, user_of, page):
    services.prepare(desk.editor, desk.office_id, H2)
    login(client, user_of(desk.issuer))
    client.submit(f"/fees/{H2}/send-back", {"reason": "漏了一条"})
    login(client, user_of(desk.editor))

    assert "漏了一条" in page(f"/fees/{H2}") and "退回的稿酬" in page("/")
    login(client, user_of(desk.signing_leader))
    assert "漏了一条" not in page(f"/fees/{H2}"), "between issuer and editor"


def test_the_lines_behind_a_sum_say_why(client, desk, user_of, page):
    desk.fact("张三", "李四")
    login(client, user_of(desk.editor))

    first = page(f"/fees/{H2}/{desk.jia.id}/张三")
    second = page(f"/fees/{H2}/{desk.jia.id}/李四")

    assert "计40元" in first and "信息工作规定" in first
    assert "共同署名只计第一人" in second and "不计" in second


def test_corrections_of_a_paid_period_are_shown_with_what_was_paid(client, desk, user_of, page):
    wrong = desk.fact("张三")
    services.prepare(desk.editor, desk.office_id, H2)
    services.approve(desk.issuer, desk.office_id, H2)
    desk.withdraw(wrong)
    login(client, user_of(desk.editor))

    assert "-40.00" in page(f"/fees/{H1}") and "应扣回" in page(f"/fees/{H1}")
    assert "更正2025年下半年" in page(f"/fees/{H1}/{desk.jia.id}/张三")
    assert "40.00" in page(f"/fees/{H2}")


def test_a_person_opens_only_their_own_line(client, desk, user_of, page):
    desk.fact("张三")
    desk.fact("李四", on=date(2025, 8, 1))
    login(client, user_of(desk.zhang))

    assert "张三" in page(f"/fees/{H2}") and "李四" not in page(f"/fees/{H2}")
    assert client.get(f"/fees/{H2}/{desk.jia.id}/李四").status_code == 404
    assert client.get(f"/fees/{H2}/list.csv").status_code == 403


def test_the_file_is_for_spreadsheets_and_runs_nothing(client, desk, user_of):
    desk.fact(Author('=HYPERLINK("x")'))
    login(client, user_of(desk.editor))

    answer = client.get(f"/fees/{H2}/list.csv")

    assert answer.data.startswith(b"\xef\xbb\xbf") and "no-store" in answer.headers["Cache-Control"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[1] == ["1", "甲镇", '\'=HYPERLINK("x")', "40.00", "0.00", "40.00"]
    assert rows[-1] == ["", "合计", "", "40.00", "0.00", "40.00"]


def test_an_empty_list_has_a_sum():
    assert table_of([], {}).splitlines()[-1] == ",合计,,0.00,0.00,0.00"


def test_without_rules_for_fees_the_page_says_so(client, make_pack, office, make_user):
    found = make_pack()
    packs.activate(None, office.id, found.id, date(2020, 1, 1))
    login(client, make_user("editor"))

    page = client.get("/fees/").get_data(as_text=True)
    assert "现行计分办法没有规定稿酬" in page and "请系统管理员在规则包中补上 fees.yaml" in page
    assert ">稿酬</" in client.get("/").get_data(as_text=True)
    assert client.get(f"/fees/{H2}").status_code == 400


def test_units_see_nothing_of_fees_where_the_rules_know_none(client, make_pack, office, make_unit, make_user):
    found = make_pack()
    packs.activate(None, office.id, found.id, date(2020, 1, 1))
    login(client, make_user("informant", unit=make_unit("甲县", office=office)))

    assert "/fees/" not in client.get("/").get_data(as_text=True)
    assert "fees.yaml" not in client.get("/fees/").get_data(as_text=True)


def test_units_find_fees_in_the_menu_where_they_are_paid(client, desk, office, make_unit, make_user):
    login(client, make_user("informant", unit=make_unit("甲县", office=office)))

    assert '"/fees/"' in client.get("/").get_data(as_text=True)


def test_odd_periods_are_answered_kindly(client, desk, user_of):
    login(client, user_of(desk.editor))

    assert [client.get(f"/fees/{key}").status_code for key in ("2025", "x", "2025-Q1", "9999-H1")] == [
        400
    ] * 4
    assert client.get("/fees/?year=x").status_code == 404


def test_a_unit_reads_unpublished_items_by_its_own_title(
    client, desk, user_of, page, make_submission, make_user
):
    item = make_submission("editing", unit=desk.jia, title="本镇职工之家建成")
    submissions.revise(desk.editor, item.id, item.version, "编辑另拟的题目", from_plain("编辑另写的正文。"))
    for key, on in (("paid", date(2025, 9, 10)), ("due", date(2026, 2, 10))):
        new = facts.NewFact(
            desk.office_id, "adopted", on, (desk.jia.id,), key, item.item_key, "编辑另拟的题目", {"outlet": "own"},
            authors=(Author("张三"),),
        )  # fmt: skip
        with transaction():
            facts.record(desk.editor, new)
    services.prepare(desk.editor, desk.office_id, H2)
    services.approve(desk.issuer, desk.office_id, H2)
    desk.withdraw(db.session.scalars(select(facts.Fact).where(facts.Fact.key == "paid")).one())
    here = f"/fees/{H1}/{desk.jia.id}/张三"

    login(client, user_of(desk.editor))
    assert "编辑另拟的题目" in page(here) and "本镇职工之家建成" not in page(here)
    for reader in (user_of(desk.zhang), user_of(desk.signing_leader)):
        login(client, reader)
        shown = page(here)
        assert "编辑另拟的题目" not in shown and "更正2025年下半年" in shown
        assert shown.count("本镇职工之家建成") == 2, "a line of now, and one that corrects what was paid"
