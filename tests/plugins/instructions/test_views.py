"""Pages of instructions: recording as a leader and as an editor, the register, the panel on an item."""

import pytest

from core.db import db
from core.plugins import current
from core.submissions import services as submission_services
from core.testing import login
from plugins.instructions import services
from plugins.instructions.services import NewInstruction
from tests.plugins.instructions.test_services import TODAY

FORM = {
    "instruction-leader_class": "市主要领导", "instruction-kind": "note", "instruction-on": "2026-03-18",
    "instruction-text": "请认真<研究>，𠮷",
}  # fmt: skip


@pytest.fixture
def as_(client, user_of):
    """Sign an actor in."""
    return lambda actor: login(client, user_of(actor))


@pytest.fixture
def recorded(desk):
    new = NewInstruction(
        desk.item.id, "市主要领导", "note", TODAY, "请财政局研究。", leader_id=desk.leader.id
    )
    return services.record(desk.editor, new)


def test_a_leader_records_in_their_own_name(client, desk, as_):
    as_(desk.leader)
    text = client.get(f"/instructions/new/{desk.item.id}").text
    assert "领导姓名" not in text
    assert desk.item.title in text

    response = client.submit(f"/instructions/new/{desk.item.id}", FORM, follow_redirects=True)
    assert "已登记李市长的批示" in response.text
    assert "请认真&lt;研究&gt;，𠮷" in response.text


@pytest.mark.postgres
def test_an_editor_records_for_a_leader_by_choice_or_by_name(client, desk, as_):
    as_(desk.editor)
    chosen = {**FORM, "instruction-leader_id": str(desk.leader.id)}
    assert (
        "已登记李市长的批示"
        in client.submit(f"/instructions/new/{desk.item.id}", chosen, follow_redirects=True).text
    )

    named = {**FORM, "instruction-leader_name": "赵省长", "instruction-leader_class": "上级领导"}
    assert (
        "已登记赵省长的批示"
        in client.submit(f"/instructions/new/{desk.item.id}", named, follow_redirects=True).text
    )


def test_a_leader_cannot_slip_in_another_name(client, desk, as_, make_user):
    other = make_user("leader", unit=desk.unit, name="别的领导")
    as_(desk.leader)
    forged = {**FORM, "instruction-leader_id": str(other.id), "instruction-leader_name": "别人"}

    assert (
        "已登记李市长的批示"
        not in client.submit(f"/instructions/new/{desk.item.id}", forged, follow_redirects=True).text
    )
    assert client.get("/instructions/").text.count("别的领导") == 0


def test_a_refused_form_keeps_what_was_typed(client, desk, as_):
    as_(desk.editor)
    response = client.submit(f"/instructions/new/{desk.item.id}", {**FORM, "instruction-on": "2027-01-01"})

    assert response.status_code == 422
    assert "请认真&lt;研究&gt;，𠮷" in response.text


@pytest.mark.parametrize("bad", [
    {"instruction-on": "三月"}, {"instruction-leader_class": "县领导"}, {"instruction-kind": ""},
    {"instruction-leader_name": "甲\x00乙"}, {"instruction-text": "长" * 5000}, {"instruction-leader_id": "x"},
])  # fmt: skip
def test_nonsense_is_refused_in_chinese(client, desk, as_, bad):
    as_(desk.editor)
    response = client.submit(
        f"/instructions/new/{desk.item.id}", {**FORM, "instruction-leader_name": "王市长", **bad}
    )

    assert response.status_code == 422
    assert "处需要修改" in response.text


def test_the_register_is_filtered(client, desk, recorded, as_):
    as_(desk.issuer)
    assert "李市长" in client.get("/instructions/").text
    assert (
        "请财政局研究"
        in client.get("/instructions/?leader=李市长&kind=批示&since=2026-03-01&until=2026-03-31").text
    )
    assert "没有符合条件的批示" in client.get("/instructions/?kind=圈阅").text
    assert "没有符合条件的批示" in client.get("/instructions/?until=2026-03-01&since=nonsense").text


def test_items_are_chosen_by_title(client, desk, as_):
    as_(desk.leader)

    assert f"/instructions/new/{desk.item.id}" in client.get("/instructions/new?text=春季").text
    assert f"/instructions/new/{desk.draft.id}" not in client.get("/instructions/new").text
    assert "没有符合条件的信息" in client.get("/instructions/new?text=没有的词").text


@pytest.mark.postgres
def test_withdrawing_by_the_page(client, desk, recorded, as_):
    as_(desk.editor)
    url = f"/instructions/{recorded.id}/withdraw"
    assert "须说明理由" in client.submit(url, follow_redirects=True).text
    assert "批示已撤销" in client.submit(url, {"reason": "重复"}, follow_redirects=True).text


def test_the_item_page_shows_instructions_and_the_form(client, desk, recorded, as_):
    as_(desk.editor)
    text = client.get(f"/submissions/{desk.item.id}").text
    assert "请财政局研究" in text
    assert f'href="/instructions/new/{desk.item.id}"' in text

    as_(desk.informant)
    text = client.get(f"/submissions/{desk.item.id}").text
    assert "请财政局研究" in text
    assert "/instructions/new/" not in text


def test_without_a_pack_the_item_page_still_opens(client, make_submission, make_user, unit):
    item = make_submission("received")
    login(client, make_user("editor"))

    assert client.get(f"/submissions/{item.id}").status_code == 200
    assert client.get(f"/instructions/new/{item.id}").status_code == 404


def test_units_read_but_do_not_record(client, desk, recorded, as_):
    as_(desk.informant)

    assert client.get(f"/instructions/{recorded.id}").status_code == 200
    assert client.get("/instructions/new").status_code == 403
    assert client.submit(f"/instructions/new/{desk.item.id}", FORM).status_code == 403
    assert client.submit(f"/instructions/{recorded.id}/withdraw", {"reason": "误"}).status_code == 403


def test_another_office_finds_nothing(client, desk, recorded, make_office, make_user):
    login(client, make_user("editor", "leader", office=make_office("qita")))

    assert client.get(f"/instructions/{recorded.id}").status_code == 404
    assert client.get(f"/instructions/new/{desk.item.id}").status_code == 404
    assert client.submit(f"/instructions/{recorded.id}/withdraw", {"reason": "误"}).status_code == 404


def test_the_home_page_counts_this_month(client, desk, recorded, as_):
    as_(desk.leader)
    assert "本月领导批示" in client.get("/").text


def test_the_text_of_a_returned_item_is_its_units_again(client, desk, recorded, as_):
    as_(desk.leader)
    assert "春季" in client.get(f"/instructions/{recorded.id}").text.partition("信息原文")[2]
    submission_services.move(desk.editor, desk.item.id, "return", "请核实数据")

    text = client.get(f"/instructions/{recorded.id}").text
    assert "暂不显示原文" in text and "一是抓农资供应" not in text


@pytest.fixture
def part(desk, make_submission):
    """The item has been split; one part counts in its place."""
    found = make_submission("received", title="拆出的一条")
    desk.item.state = "split"
    db.session.commit()
    current().contribute("counted_items", lambda submission: [found] if submission.id == desk.item.id else [])
    return found


def test_on_an_item_that_was_split_the_panel_names_what_may_be_written_on(client, desk, as_, part):
    as_(desk.editor)

    page = client.get(f"/submissions/{desk.item.id}").text
    assert f'批示请登记在<a href="/instructions/new/{part.id}">《拆出的一条》</a>上' in page
    assert f"/instructions/new/{desk.item.id}" not in page
    assert f"/instructions/new/{desk.item.id}" not in client.get("/instructions/new").text


def test_the_form_for_a_split_item_is_not_even_opened(client, desk, as_, part):
    as_(desk.editor)

    answer = client.get(f"/instructions/new/{desk.item.id}")
    assert answer.status_code == 302 and answer.location.endswith(f"/submissions/{desk.item.id}")
    page = client.get(answer.location).text
    assert "请在《拆出的一条》上登记" in page and f"》（{desk.item.id}）" not in page

    as_(desk.leader)  # who does not open the pages of items
    page = client.get(f"/instructions/new/{desk.item.id}", follow_redirects=True)
    assert page.status_code == 200 and f'href="/instructions/new/{part.id}"' in page.text
    assert "请在《拆出的一条》上登记" in page.text


def test_what_was_written_while_the_item_was_split_comes_back_with_a_refusal_by_title(
    client, desk, as_, part
):
    as_(desk.editor)
    chosen = {**FORM, "instruction-leader_id": str(desk.leader.id)}

    answer = client.submit(f"/instructions/new/{desk.item.id}", chosen)
    assert answer.status_code == 422
    assert "请在《拆出的一条》上登记" in answer.text and "请认真&lt;研究&gt;" in answer.text
    assert f"（{desk.item.id}）" not in answer.text and "去向" not in answer.text
