"""Writing: a leader on an item and on a document, phrases, scans by content, follow-ups, restoring."""

import io
import re
from dataclasses import replace
from datetime import date
from types import ModuleType

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core import facts
from core.db import db
from core.documents.models import IssuedDocument
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.hookspecs import hookimpl
from core.search import finding
from core.testing import BLANK_PDF, actor_of, login
from plugins.instructions import files, papers, phrases, queries, services, tasks
from plugins.instructions.search import INSTRUCTIONS
from plugins.instructions.services import NewInstruction
from plugins.instructions.tasks import Routing
from tests.plugins.instructions.test_services import TODAY, scores
from tests.plugins.instructions.test_views import FORM

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 64 + b"\xff\xd9"
PRINTED: dict[int, list[str]] = {}
# Documents meant for some people only: who they are.
KEPT: dict[int, set[int]] = {}


def _kept_back(actor):
    return [IssuedDocument.id.not_in([n for n, people in KEPT.items() if actor.id not in people])]


@pytest.fixture
def app(make_app, settings):
    """With a plugin that says what is printed in a document, as journals do."""
    paper = ModuleType("paper")
    paper.document_items = hookimpl(lambda document_id: PRINTED.get(document_id, []))
    paper.document_pages = hookimpl(lambda document_id: ["/read-here"] if document_id in PRINTED else [])
    paper.document_secrecy = hookimpl(lambda document_id: ["秘密★1年"] if document_id in PRINTED else [])
    paper.document_outlets = hookimpl(
        lambda document_id: ["unknown", "zwkx"] if document_id in PRINTED else []
    )
    paper.document_circles = hookimpl(_kept_back)
    for name in ("document_items", "document_pages", "document_secrecy", "document_outlets"):
        getattr(paper, name).__name__ = name
    PRINTED.clear()
    KEPT.clear()
    made = make_app(extra=[paper], **settings)
    with made.app_context():
        yield made


@pytest.fixture
def issue(desk, make_document, make_submission):
    """A document with two items in it, and a third item that is not."""
    desk.second = make_submission("received", unit=desk.joint, title="财政收入平稳增长")
    desk.third = make_submission("received", title="不在刊物中的信息")
    found = make_document(title="政务要情第1期", dated=date(2026, 3, 17))
    PRINTED[found.id] = [desk.second.item_key, desk.item.item_key]
    return found


@pytest.fixture
def on_issue(desk, issue) -> NewInstruction:
    return NewInstruction(
        0, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id, document_id=issue.id
    )


def standing() -> list[str]:
    gone = select(facts.Fact.reverses_id).where(facts.Fact.reverses_id.is_not(None))
    query = select(facts.Fact.item).where(facts.Fact.kind == "instructed", facts.Fact.id.not_in(gone))
    return sorted(db.session.scalars(query))


@pytest.mark.postgres
def test_an_instruction_on_an_issue_counts_for_the_items_chosen(desk, on_issue):
    found = services.record(desk.leader, replace(on_issue, item_ids=(desk.second.id,)))

    assert standing() == [desk.second.item_key]
    assert scores(desk) == {"甲县": "0", "市财政局": "30"}
    assert found.subject.startswith("政务要情第1期")


def test_its_paper_bears_the_secrecy_mark_of_the_issue_and_names_the_items(desk, on_issue):
    found = services.record(desk.leader, replace(on_issue, item_ids=(desk.second.id,)))

    values = papers.remark(desk.leader, found.id).values
    assert values["classification"] == "秘密★1年"
    assert values["items"] == ["财政收入平稳增长"] and values["body"] == []


def test_the_pages_of_an_instruction_bear_the_secrecy_mark_of_the_issue(
    client, desk, on_issue, issue, user_of
):
    found = services.record(desk.leader, replace(on_issue, asked_unit_ids=(desk.joint.id,)))
    (task,) = tasks.route(desk.editor, found.id, Routing((desk.unit.id,)))
    own, handled = f"/instructions/{found.id}", f"/instructions/tasks/{task.id}"
    mark, named = '<span class="badge danger">秘密★1年</span>', "<dt>指定承办单位</dt>"

    login(client, user_of(desk.leader))
    assert mark in client.get(f"/instructions/on-document/{issue.id}").text
    assert named in client.get(own).text
    login(client, user_of(desk.editor))
    assert mark in client.get(f"{own}/route").text
    login(client, user_of(desk.informant))
    assert mark in client.get(handled).text
    # Whom else the leader named is not the unit's affair, and no empty place says that it was nobody.
    page = client.get(own).text
    assert mark in page and named not in page


def test_the_register_and_its_workbook_name_the_secrecy_mark(client, desk, on_issue, user_of):
    services.record(desk.leader, on_issue)
    services.record(desk.leader, replace(on_issue, document_id=0, submission_id=desk.item.id))
    login(client, user_of(desk.editor))

    cells = re.findall(r'class="main brief">(.*?)<a', client.get("/instructions/").text)
    book = load_workbook(io.BytesIO(client.get("/instructions/register.xlsx").data))
    head, *lines = book["批示登记簿"].iter_rows(values_only=True)

    assert sorted(cells) == ["", '<span class="badge danger">秘密★1年</span> ']
    marks = {line[head.index("批示对象")][:4]: line[head.index("密级")] for line in lines}
    assert len(marks) == 2 and marks["政务要情"] == "秘密★1年" and set(marks.values()) == {"秘密★1年", None}


def test_the_desk_is_told_of_instructions_whose_items_nobody_has_chosen(
    client, desk, on_issue, make_document, user_of
):
    found = services.record(desk.leader, on_issue)
    services.record(desk.leader, replace(on_issue, document_id=make_document(title="没有条目").id))
    card, listed = "批示待选计分条目", "/instructions/?progress=unscored"

    login(client, user_of(desk.editor))
    assert card in client.get("/").text
    page = client.get(listed).text
    assert re.findall(r'class="main brief">.*?<a href="/instructions/(\d+)"', page) == [str(found.id)]
    login(client, user_of(desk.leader))
    assert card not in client.get("/").text and "尚未选定计分条目" not in client.get("/instructions/").text

    services.choose_items(desk.editor, found.id, [desk.second.id])
    login(client, user_of(desk.editor))
    assert card not in client.get("/").text and "brief" not in client.get(listed).text

    services.choose_items(desk.editor, found.id, [])
    shown = client.get(f"/instructions/{found.id}").text
    assert "针对整期，不计入条目" in shown and "尚未选定计分条目" not in shown
    assert card not in client.get("/").text and "brief" not in client.get(listed).text
    services.choose_items(desk.editor, found.id, [desk.second.id])
    assert "针对整期，不计入条目" not in client.get(f"/instructions/{found.id}").text


def test_the_block_on_an_issue_offers_what_its_reader_may_do(client, desk, on_issue, issue, user_of):
    found = services.record(desk.leader, on_issue)
    shown = {}
    for name in ("leader", "editor", "issuer"):
        login(client, user_of(getattr(desk, name)))
        page = client.get(f"/documents/{issue.id}").text
        assert f"/instructions/{found.id}" in page, name
        shown[name] = next((word for word in ("写批示", "登记批示") if f">{word}</a>" in page), "")

    assert shown == {"leader": "写批示", "editor": "登记批示", "issuer": ""}
    # Nothing of it counts for this unit's items yet.
    login(client, user_of(desk.informant))
    assert f"/instructions/{found.id}" not in client.get(f"/documents/{issue.id}").text


@pytest.mark.postgres
def test_an_instruction_on_a_restricted_issue_stays_with_its_readers_and_the_desk(
    desk, on_issue, issue, make_user
):
    found = services.record(desk.leader, on_issue)
    other, invited = (actor_of(make_user("leader", unit=desk.unit)) for _ in range(2))
    KEPT[issue.id] = {invited.id}

    for reader in (desk.leader, desk.editor, invited):
        assert queries.one(reader, found.id) == found
        assert queries.count_since(reader, TODAY) == 1
        assert finding.search(reader, finding.Wanted("政务要情", kind="instruction")).page.total == 1
        assert list(INSTRUCTIONS.genres_for(reader)) == [found.leader_name]
        by_leader = finding.Wanted("政务要情", kind="instruction", genre=found.leader_name)
        assert finding.search(reader, by_leader).page.total == 1
    for stranger in (other, desk.issuer):
        with pytest.raises(NotFound):
            queries.one(stranger, found.id)
        assert queries.count_since(stranger, TODAY) == 0
        assert finding.search(stranger, finding.Wanted("政务要情", kind="instruction")).page.total == 0
        assert not INSTRUCTIONS.genres_for(stranger)


def test_the_desk_chooses_later_and_facts_follow_to_and_fro(desk, on_issue):
    found = services.record(desk.leader, on_issue)
    assert standing() == [] and not found.counted

    services.choose_items(desk.editor, found.id, [desk.item.id, desk.second.id])
    assert standing() == sorted([desk.item.item_key, desk.second.item_key])
    services.choose_items(desk.editor, found.id, [desk.second.id])
    assert standing() == [desk.second.item_key]
    services.choose_items(desk.editor, found.id, [desk.item.id])
    services.choose_items(desk.editor, found.id, [desk.second.id, desk.item.id])
    assert standing() == sorted([desk.item.item_key, desk.second.item_key])


def test_only_items_of_the_issue_count_and_only_the_desk_chooses(desk, on_issue):
    with pytest.raises(InvalidInput, match="不在这份文件中"):
        services.record(desk.leader, replace(on_issue, item_ids=(desk.third.id,)))
    found = services.record(desk.leader, on_issue)
    services.choose_items(desk.editor, found.id, [desk.third.id])
    assert standing() == []
    for who in (desk.leader, desk.issuer):
        with pytest.raises(PermissionDenied):
            services.choose_items(who, found.id, [desk.item.id])


def test_units_of_chosen_items_read_it_and_other_units_do_not(desk, on_issue, make_user, make_unit):
    found = services.record(desk.leader, replace(on_issue, item_ids=(desk.second.id,)))
    joint = actor_of(make_user("informant", unit=desk.joint))
    stranger = actor_of(make_user("informant", unit=make_unit("丁县")))

    assert queries.one(joint, found.id) is found
    for who in (stranger, desk.informant):
        with pytest.raises(NotFound):
            queries.one(who, found.id)


def test_withdrawing_takes_all_items_back_and_restoring_counts_them_again(desk, on_issue):
    found = services.record(desk.leader, replace(on_issue, item_ids=(desk.second.id, desk.item.id)))
    services.withdraw(desk.leader, found.id, "写错了")
    assert standing() == []
    with pytest.raises(Conflict, match="先恢复"):
        services.choose_items(desk.editor, found.id, [desk.item.id])

    services.restore(desk.leader, found.id, "没有写错")
    assert len(standing()) == 2
    with pytest.raises(Conflict, match="没有撤销"):
        services.restore(desk.leader, found.id, "再恢复")
    with pytest.raises(InvalidInput, match="须说明理由"):
        services.withdraw(desk.leader, found.id, "")


def test_restoring_what_was_recorded_again_meanwhile_is_refused(desk, on_issue):
    found = services.record(desk.leader, on_issue)
    services.withdraw(desk.leader, found.id, "误")
    services.record(desk.leader, on_issue)

    with pytest.raises(Conflict, match="已经登记过"):
        services.restore(desk.leader, found.id, "恢复")


def test_an_instruction_before_the_issue_is_refused_and_a_foreign_issue_is_not_found(
    desk, on_issue, make_office, make_user
):
    with pytest.raises(InvalidInput, match="早于这份文件"):
        services.record(desk.leader, replace(on_issue, on=date(2026, 3, 16)))
    stranger = actor_of(make_user("leader", office=make_office("qita")))
    with pytest.raises(NotFound):
        services.record(stranger, replace(on_issue, leader_id=stranger.id))


def test_several_leaders_instruct_on_one_item_and_numbers_have_no_gap(desk, make_user):
    new = NewInstruction(desk.item.id, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id)
    first = services.record(desk.leader, new)
    with pytest.raises(InvalidInput):
        services.record(desk.leader, replace(new, text=""))
    second = services.record(
        desk.editor, replace(new, leader_id=None, leader_name="王省长", leader_class="上级领导")
    )

    assert (first.mark, second.mark) == ("批〔2026〕1号", "批〔2026〕2号")
    assert len(queries.of_submission(desk.editor, desk.item.id)) == 2


def test_a_further_instruction_hangs_on_the_first(desk, make_office, make_user):
    new = NewInstruction(desk.item.id, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id)
    first = services.record(desk.leader, new)
    second = services.record(desk.leader, replace(new, text="继续跟进。", follows_id=first.id))

    assert queries.followed_by(desk.leader, first) == [second]
    with pytest.raises(NotFound):
        services.record(desk.leader, replace(new, text="乱。", follows_id=9999))


def test_units_asked_for_are_the_offices_own(desk, make_office, make_unit):
    new = NewInstruction(
        desk.item.id, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id,
        asked_unit_ids=(desk.joint.id,),
    )  # fmt: skip
    assert services.record(desk.leader, new).asked_unit_ids == [desk.joint.id]
    foreign = make_unit("外地局", office=make_office("qita"))
    with pytest.raises(InvalidInput, match="不在本机构名录"):
        services.record(desk.leader, replace(new, text="再。", asked_unit_ids=(foreign.id,)))


@pytest.mark.parametrize(("name", "content", "said"), [
    ("批示.pdf", b"MZ\x90\x00" + b"\x00" * 200, "内容与扩展名不符"),
    ("批示.pdf", b"<html><script>alert(1)</script></html>", "内容与扩展名不符"),
    ("批示.png", JPEG, "内容与扩展名不符"),
    ("批示.jpg", PNG, "内容与扩展名不符"),
    ("批示.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "内容与扩展名不符"),
    ("批示.svg", b"<svg/>", "不支持"),
    ("批示.html", b"<html></html>", "不支持"),
    ("批示.docx", b"PK\x03\x04", "不支持"),
    ("批示.pdf.exe", BLANK_PDF, "不支持"),
    ("批示", BLANK_PDF, "不支持"),
    ("批示.pdf", b"", "空文件"),
])  # fmt: skip
def test_a_hostile_scan_is_refused_and_nothing_is_recorded(desk, name, content, said):
    new = NewInstruction(desk.item.id, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id)
    with pytest.raises(InvalidInput) as found:
        services.record(desk.leader, new, [("好.png", PNG), (name, content)])

    assert said in str(found.value)
    assert standing() == [] and queries.of_submission(desk.editor, desk.item.id) == []


def test_scans_are_shown_or_saved_and_never_run(client, desk, user_of, make_user, make_unit):
    new = NewInstruction(desk.item.id, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id)
    found = services.record(desk.leader, new, [("../../扫描<b>.PNG", PNG), ("原件.pdf", BLANK_PDF)])
    picture, paper = found.files
    assert "/" not in picture.name and "<" not in picture.name

    login(client, user_of(desk.informant))
    shown = client.get(f"/instructions/{found.id}/scans/{picture.id}")
    saved = client.get(f"/instructions/{found.id}/scans/{paper.id}")
    assert (shown.mimetype, shown.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert saved.mimetype == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in shown.headers["Cache-Control"]

    login(client, make_user("informant", unit=make_unit("丁县")))
    assert client.get(f"/instructions/{found.id}/scans/{picture.id}").status_code == 404


def test_a_scan_of_another_instruction_is_not_reached_through_ones_own(
    client, desk, user_of, make_submission, make_unit
):
    other = make_submission("received", unit=make_unit("丁县"), title="丁县的信息")
    new = NewInstruction(desk.item.id, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id)
    own = services.record(desk.leader, new)
    foreign = services.record(desk.leader, replace(new, submission_id=other.id), [("原件.png", PNG)])

    login(client, user_of(desk.informant))
    file_id = foreign.files[0].id
    assert client.get(f"/instructions/{own.id}/scans/{file_id}").status_code == 404
    assert client.get(f"/instructions/{foreign.id}/scans/{file_id}").status_code == 404
    assert client.get(f"/instructions/{foreign.id}").status_code == 404


def test_too_many_scans_are_refused(desk, app):
    new = NewInstruction(desk.item.id, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id)
    app.config["YAOQING"]["UPLOAD_FILES"] = 2
    found = services.record(desk.leader, new, [("1.png", PNG), ("2.png", PNG)])

    with pytest.raises(InvalidInput, match="上限"):
        files.attach(desk.editor, found.id, [("3.png", PNG)])
    with pytest.raises(InvalidInput, match="最多上传"):
        files.attach(desk.editor, found.id, [("3.png", PNG)] * 3)
    with pytest.raises(PermissionDenied):
        files.detach(desk.informant, found.id, found.files[0].id)
    files.detach(desk.editor, found.id, found.files[0].id)
    assert len(found.files) == 1


def test_a_leader_writes_on_an_issue_with_a_photo_of_the_paper(client, desk, issue, user_of):
    login(client, user_of(desk.leader))
    url = f"/instructions/on-document/{issue.id}"
    page = client.get(url).text
    assert "财政收入平稳增长" in page and "签批" in page and "领导姓名" not in page

    form = {
        **FORM, "instruction-item_ids": str(desk.second.id), "instruction-asked_unit_ids": str(desk.joint.id),
        "instruction-scans": (io.BytesIO(JPEG), "手写.jpg"),
    }  # fmt: skip
    done = client.submit(url, form, content_type="multipart/form-data", follow_redirects=True)

    assert "已登记李市长的批示" in done.text
    assert "手写.jpg" in done.text and 'href="/read-here"' in done.text
    assert "市财政局" in done.text
    assert standing() == [desk.second.item_key]
    assert "请认真&lt;研究&gt;" in client.get(f"/documents/{issue.id}").text


def test_the_carrier_offered_is_where_the_document_came_out(client, desk, issue, make_document, user_of):
    other = make_document(title="通报", dated=date(2026, 3, 17))
    login(client, user_of(desk.leader))

    def carrier(page):
        found = client.get(page).text.partition('name="instruction-carrier"')[2].partition("</select>")[0]
        return re.findall(r'selected value="(\w+)"', found)

    assert carrier(f"/instructions/on-document/{issue.id}") == ["zwkx"]
    assert carrier(f"/instructions/on-document/{other.id}") == ["zwyq"]
    assert carrier(f"/instructions/new/{desk.item.id}") == ["zwyq"]


def test_a_hostile_scan_comes_back_with_the_text_kept(client, desk, user_of):
    login(client, user_of(desk.leader))
    form = {**FORM, "instruction-scans": (io.BytesIO(b"MZ"), "手写.jpg")}
    answer = client.submit(f"/instructions/new/{desk.item.id}", form, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "内容与扩展名不符" in answer.text and "请认真&lt;研究&gt;" in answer.text


def test_a_phrase_is_added_without_script_and_nothing_is_recorded(client, desk, user_of):
    login(client, user_of(desk.leader))
    answer = client.submit(f"/instructions/new/{desk.item.id}", {**FORM, "phrase": "-0"})

    assert answer.status_code == 200
    assert "请认真&lt;研究&gt;，𠮷请阅。" in answer.text
    assert queries.of_submission(desk.leader, desk.item.id) == []


def test_phrases_are_ones_own(client, desk, user_of):
    login(client, user_of(desk.leader))
    assert (
        "常用语已添加"
        in client.submit("/instructions/phrases", {"text": " 请<督查室>跟踪。 "}, follow_redirects=True).text
    )
    assert client.submit("/instructions/phrases", {"text": "请<督查室>跟踪。"}).status_code == 422
    assert client.submit("/instructions/phrases", {"text": ""}).status_code == 422
    assert "请&lt;督查室&gt;跟踪。" in client.get(f"/instructions/new/{desk.item.id}").text
    mine = phrases.own(desk.leader)[0]

    login(client, user_of(desk.editor))
    assert "督查室" not in client.get("/instructions/phrases").text
    assert client.submit(f"/instructions/phrases/{mine.id}/delete").status_code == 404
    login(client, user_of(desk.leader))
    assert "已删除" in client.submit(f"/instructions/phrases/{mine.id}/delete", follow_redirects=True).text


def test_the_desk_chooses_items_and_restores_by_the_page(client, desk, on_issue, user_of):
    found = services.record(desk.leader, on_issue)
    login(client, user_of(desk.editor))
    assert "尚未选定计分条目" in client.get(f"/instructions/{found.id}").text
    done = client.submit(
        f"/instructions/{found.id}/items", {"item": [desk.item.id, "x"]}, follow_redirects=True
    )
    assert "计分条目已选定" in done.text and standing() == [desk.item.item_key]

    client.submit(f"/instructions/{found.id}/withdraw", {"reason": "误"})
    page = client.get("/instructions/").text
    assert 'class="withdrawn"' in page and "政务要情第1期" in page
    assert (
        "批示已恢复"
        in client.submit(
            f"/instructions/{found.id}/restore", {"reason": "核实无误"}, follow_redirects=True
        ).text
    )
