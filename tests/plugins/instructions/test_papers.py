"""The printed papers: what stands on them, who may print them, that they keep to the standard, and for Word."""

import io
from datetime import timedelta

import pdfplumber
import pytest
from docx import Document

from core.db import db
from core.errors import Conflict, NotFound
from core.packs import services as packs
from core.packs.content.format import DocumentSource
from core.submissions import services as items
from core.submissions.text import from_plain
from core.testing import actor_of, login
from plugins.instructions import papers, services, tasks
from plugins.instructions.section import Papers
from plugins.instructions.tasks import Routing
from tests.plugins.instructions.test_tasks import DUE, answered, seen
from tests.tools.measure_gb9704 import measure

BODY = "\n".join(
    ["全市1264座农村公路桥梁中限载标志缺失的有187座，存在较大安全隐患，建议逐座核定、先封后治。" * 4] * 12
)


def pages_of(pdf: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(pdf)) as file:
        return [page.extract_text().replace(" ", "").replace("\n", "") for page in file.pages]


@pytest.fixture
def long_item(desk):
    desk.item.body = from_plain(BODY)
    db.session.commit()


@pytest.mark.usefixtures("long_item")
def test_both_papers_pass_the_meter_and_say_what_is_recorded(desk, found, task, tmp_path):
    remark, routing = papers.remark(desk.leader, found.id).pdf(), papers.routing(desk.editor, task.id).pdf()

    for name, pdf in (("remark", remark), ("routing", routing)):
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
        checks = measure(str(tmp_path / f"{name}.pdf"))["checks"]
        assert {key: check for key, check in checks.items() if not check["ok"]} == {}, name
    first, second, *_ = pages_of(remark)
    for words in ("领导批示件", found.mark, "李市长", "市长", "2026年3月18日", "请交通局阅处。", desk.item.title,
                  "市交通局（主办），2026年4月1日前反馈，待签收"):  # fmt: skip
        assert words in first
    assert "1264座" in second
    first = pages_of(routing)[0]
    assert first.startswith("批〔2026〕")  # what is not urgent bears no mark of urgency
    for words in (
        "领导批示交办单",
        "市交通局：",
        "2026年4月1日",
        "一般",
        "请交通局阅处。",
        "办理情况",
        "（盖章）",
    ):
        assert words in first


def test_the_slip_prints_the_answer_that_left_the_unit(desk, traffic, task):
    answered(desk, traffic, task)

    for who in (desk.editor, traffic.clerk):
        assert papers.routing(who, task.id).values["answer"] == ["已组织排查，隐患已整改。"]
    assert papers.routing(desk.editor, task.id).values["answered_on"] < DUE


def test_the_slip_has_the_day_as_it_was_extended(desk, task, watch):
    tasks.extend(desk.editor, task.id, seen(task.id), DUE + timedelta(days=7), "涉及面广")

    assert papers.routing(desk.editor, task.id).values["due"] == DUE + timedelta(days=7)


def test_nobody_prints_what_they_may_not_read(desk, found, traffic, task, make_user, make_unit):
    stranger = actor_of(make_user("informant", unit=make_unit("市水利局", group="市直部门和直属机构")))

    with pytest.raises(NotFound):
        papers.remark(stranger, found.id)
    with pytest.raises(NotFound):
        papers.routing(stranger, task.id)
    assert papers.routing(traffic.clerk, task.id).values["others"] == []


def test_an_assisting_unit_does_not_see_the_others_on_its_papers(desk, found, traffic, make_unit, make_user):
    fire = make_unit("市应急局", kind="bureau", group="市直部门和直属机构")
    clerk = actor_of(make_user("informant", unit=fire))
    main, assisting = tasks.route(desk.editor, found.id, Routing([traffic.unit.id], [fire.id]))

    assert [each["unit"] for each in papers.remark(clerk, found.id).values["handled"]] == [fire.short]
    assert papers.routing(clerk, assisting.id).values["others"] == []
    assert papers.routing(traffic.clerk, main.id).values["others"] == [{"unit": fire.short, "part": "协办"}]


def test_what_no_longer_stands_is_not_printed(desk, found, task):
    tasks.cancel(desk.editor, task.id, seen(task.id), "转错单位")
    with pytest.raises(Conflict, match="转办已经取消"):
        papers.routing(desk.editor, task.id)
    assert papers.remark(desk.editor, found.id).values["handled"] == []
    services.withdraw(desk.editor, found.id, "登记有误")

    with pytest.raises(Conflict, match="批示已经撤销"):
        papers.remark(desk.editor, found.id)


def test_a_pack_brings_its_own_format_mark_and_contact(app, desk, found, task, monkeypatch):
    own = '{% extends "print/routing.html" %}{% block name %}督办通知单{% endblock %}'
    pack = packs.pack_of(desk.office_id, DUE)
    words = Papers(routing="slip", mark="内部", contact="信息科 123")
    monkeypatch.setattr(papers, "_words", lambda office_id: (pack, words))
    monkeypatch.setattr(
        type(pack), "document", lambda self, kind: DocumentSource(kind, {"template.html": own}, {})
    )

    text = pages_of(papers.routing(desk.editor, task.id).pdf())[0]

    assert "督办通知单" in text and "信息科123" in text and text.startswith("内部")


def test_a_returned_items_text_is_not_printed(desk, found):
    items.move(desk.editor, desk.item.id, "return", "数据有误")

    assert papers.remark(desk.editor, found.id).values["body"] == []


def test_the_papers_as_files_by_their_buttons(client, desk, found, traffic, task, user_of):
    login(client, user_of(desk.leader))
    page = client.get(f"/instructions/{found.id}").get_data(as_text=True)
    assert f"/instructions/{found.id}/remark.pdf" in page

    answer = client.get(f"/instructions/{found.id}/remark.pdf")
    assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
    word = Document(io.BytesIO(client.get(f"/instructions/{found.id}/remark.docx").data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "李市长" in cells and "请交通局阅处。" in cells

    login(client, user_of(traffic.clerk))
    page = client.get(f"/instructions/tasks/{task.id}").get_data(as_text=True)
    assert f"/instructions/tasks/{task.id}/routing.pdf" in page
    assert client.get(f"/instructions/tasks/{task.id}/routing.docx").status_code == 200
