"""Pages of escalation: recording on an item, withdrawing, the register, importing a list."""

import io
import re

import pytest

from core.scoring import runs
from core.testing import login
from plugins.escalation import services
from plugins.escalation.services import Step
from plugins.escalation.words import ADOPTED
from tests.plugins.escalation.test_services import TAKEN, TODAY, UP, standing
from tests.shape.page_rules import forms_of

UP_FORM = {"sent_up-place": "province", "sent_up-on": "2026-03-18"}
TAKEN_FORM = {"adopted-place": "szxx", "adopted-on": "2026-03-18", "adopted-manner": "whole"}


@pytest.fixture
def as_(client, user_of):
    """Sign an actor in."""
    return lambda actor: login(client, user_of(actor))


@pytest.mark.postgres
def test_an_editor_records_both_from_the_items_page_and_the_unit_reads_it(client, desk, as_):
    as_(desk.editor)
    page = f"/submissions/{desk.item.id}"
    shown = client.get(page).text
    assert "登记上报" in shown and "登记上级采用" in shown
    assert "《省政信息》（专报）" in shown and "每日信息" not in shown.partition("上报采用")[2]

    done = client.submit(f"/escalation/{desk.item.id}/sent-up", UP_FORM, follow_redirects=True)
    assert done.request.path == page and "已登记上报" in done.text
    done = client.submit(f"/escalation/{desk.item.id}/adopted", TAKEN_FORM, follow_redirects=True)
    assert "已登记上级采用" in done.text and "《省政信息》，单篇，2026年3月18日" in done.text
    assert "某editor于 2026年3月18日 12:00 登记" in done.text

    as_(desk.informant)
    shown = client.get(page).text
    assert "《省政信息》" in shown and "某editor" in shown
    assert "撤销登记" not in shown and "登记上级采用</summary>" not in shown
    assert "省级" in client.get("/escalation/").text


def test_a_refused_form_keeps_what_was_typed(client, desk, as_):
    as_(desk.editor)
    services.record(desk.editor, desk.item.id, TAKEN)
    response = client.submit(f"/escalation/{desk.item.id}/adopted", TAKEN_FORM)

    assert response.status_code == 422 and "已经登记过" in response.text
    assert '<option selected value="szxx">' in response.text
    for bad in (
        {"adopted-on": "三月"},
        {"adopted-on": "2027-01-01"},
        {"adopted-place": "bulletin"},
        {"adopted-place": ""},
        {"adopted-manner": "x"},
    ):
        response = client.submit(f"/escalation/{desk.item.id}/adopted", {**TAKEN_FORM, **bad})
        assert response.status_code == 422 and "处需要修改" in response.text
    assert len(standing()) == 1


def test_withdrawing_by_the_page(client, desk, as_):
    fact = services.record(desk.editor, desk.item.id, TAKEN)
    as_(desk.editor)
    url = f"/escalation/facts/{fact.id}/withdraw"

    assert "须说明理由" in client.submit(url, follow_redirects=True).text
    shown = client.submit(url, {"reason": "渠道<有误>"}, follow_redirects=True).text
    assert "登记已撤销" in shown and "理由：渠道&lt;有误&gt;" in shown
    assert "已撤销" in client.get("/escalation/").text
    assert "已经撤销" in client.submit(url, {"reason": "再撤"}, follow_redirects=True).text


def test_units_and_readers_do_not_record(client, desk, as_):
    fact = services.record(desk.editor, desk.item.id, UP)
    for who in (desk.informant, desk.leader, desk.issuer):
        as_(who)
        assert client.get("/escalation/").status_code == 200
        assert "导入采用名单" not in client.get("/escalation/").text
        assert client.get("/escalation/import").status_code == 403
        assert client.submit(f"/escalation/{desk.item.id}/sent-up", UP_FORM).status_code == 403
        assert client.submit(f"/escalation/facts/{fact.id}/withdraw", {"reason": "误"}).status_code == 403


def test_another_office_finds_nothing(client, desk, make_office, make_user):
    fact = services.record(desk.editor, desk.item.id, UP)
    login(client, make_user("editor", office=make_office("qita")))

    assert client.get(f"/escalation/{desk.item.id}/sent-up").status_code == 404
    assert client.submit(f"/escalation/{desk.item.id}/adopted", TAKEN_FORM).status_code == 404
    assert client.submit(f"/escalation/facts/{fact.id}/withdraw", {"reason": "误"}).status_code == 404
    assert desk.item.title not in client.get("/escalation/").text


def test_the_register_is_filtered(client, desk, as_):
    services.record(desk.editor, desk.item.id, UP)
    services.record(desk.editor, desk.item.id, TAKEN)
    as_(desk.issuer)

    assert client.get("/escalation/").text.count("data-href") == 2
    assert (
        client.get("/escalation/?kind=adopted&text=春耕&since=2026-03-01&until=2026-03-31").text.count(
            "data-href"
        )
        == 1
    )
    assert "没有符合条件的登记" in client.get("/escalation/?until=2026-03-01&since=nonsense&kind=x").text


def test_without_a_pack_the_pages_still_open(client, make_submission, make_user, unit):
    item = make_submission("received")
    login(client, make_user("editor"))

    assert client.get(f"/submissions/{item.id}").status_code == 200
    assert client.get("/escalation/").status_code == 200
    assert client.get("/escalation/import").status_code == 404
    assert client.get(f"/escalation/{item.id}/adopted").status_code == 404


def test_a_closed_period_is_pointed_out(client, desk, as_, watch):
    watch.move(days=20)
    runs.close(desk.issuer, desk.office_id, "2026-03")
    as_(desk.editor)
    shown = client.submit(f"/escalation/{desk.item.id}/adopted", TAKEN_FORM, follow_redirects=True).text

    assert "已登记上级采用" in shown and "已经结账" in shown


# ---- lists ----------------------------------------------------------------------------------------------------------


def compared(client, text="", **more):
    form = {"place": "szxx", "on": "2026-03-18", "manner": "", "text": text, **more}
    return client.submit("/escalation/import", form, content_type="multipart/form-data")


@pytest.mark.postgres
def test_a_list_is_shown_for_confirmation_and_then_recorded_once(client, desk, as_, make_submission):
    make_submission("editing", title="乙县办好养老食堂")
    as_(desk.editor)
    assert "每行一个标题" in client.get("/escalation/import").text

    page = compared(client, f"1. {desk.item.title}\n2. 甲乙县办好养老食堂\n3. 谁也没报过的信息")
    assert page.status_code == 200 and "共 3 行，1 行标题相同" in page.text
    assert "标题相近，请核对后选择" in page.text and "没有找到标题相同或相近的信息" in page.text
    assert standing() == []

    value = re.search(r'<option value="([^"]+)" selected>', page.text)[1]
    form = next(f for f in forms_of(page) if f.get("step") == ["record"])
    data = {
        "step": "record",
        "place": "szxx",
        "on": "2026-03-18",
        "text": form["text"][0],
        "pick": ["", value, value],
    }
    done = client.submit("/escalation/import", data, follow_redirects=True)
    assert "已登记上级采用 1 条；另有 1 条已登记过，没有重复计入" in done.text
    again = client.submit("/escalation/import", data, follow_redirects=True)
    assert "已登记上级采用 0 条；另有 2 条已登记过" in again.text
    assert [f.item for f in standing()] == [desk.item.item_key]
    assert "已登记过" in compared(client, desk.item.title).text


def test_a_file_is_taken_as_well(client, desk, as_):
    as_(desk.editor)
    content = f"标题,采用日期\n{desk.item.title},2026-03-18\n".encode("gb18030")

    assert "1 行标题相同" in compared(client, file=(io.BytesIO(content), "名单.csv")).text
    assert "文件不是文本" in compared(client, file=(io.BytesIO(b"PK\x00\x00\xff"), "名单.xlsx")).text


def test_an_empty_list_and_nothing_chosen_are_explained(client, desk, as_):
    as_(desk.editor)
    empty = compared(client)
    assert empty.status_code == 422 and "名单中没有条目" in empty.text
    assert compared(client, "某条", place="").status_code == 422

    none = compared(client, desk.item.title, step="record", pick=["", "nonsense"])
    assert none.status_code == 422 and "没有选定任何一条" in none.text and desk.item.title in none.text


def test_a_wrong_line_brings_the_page_back_with_what_was_chosen(client, desk, as_):
    as_(desk.editor)
    forged = f"{desk.item.id}|bulletin||2026-03-18"
    page = compared(client, desk.item.title, step="record", pick=[forged])

    assert page.status_code == 422 and "请选择采用渠道" in page.text
    assert standing() == []


def test_the_confirmed_list_travels_through_a_new_sign_in(client, desk, as_, watch):
    as_(desk.editor)
    value = f"{desk.item.id}|szxx||2026-03-18"
    watch.move(hours=1)
    refused = compared(client, desk.item.title, step="record", pick=["", value])

    assert refused.status_code == 401
    (form,) = forms_of(refused)
    assert value in str(form)


def test_hostile_titles_stay_text(client, desk, as_, make_submission):
    make_submission("received", title="<script>alert(1)</script>甲县做法")
    as_(desk.editor)
    page = compared(client, "<script>alert(1)</script>甲县做法\t<b>甲县</b>\n")

    assert "<script>alert" not in page.text and "<b>甲县" not in page.text
    assert services.record(desk.editor, desk.item.id, Step(ADOPTED, "state", TODAY)).id
