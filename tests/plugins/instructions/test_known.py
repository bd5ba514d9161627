"""What a unit reads of an instruction on its own item before publication: its own words, not the editors'."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.db import db, transaction
from core.facts import Fact
from core.notices.models import Notice
from core.submissions import services as submissions
from core.submissions.text import from_plain
from core.testing import actor_of, login
from plugins.instructions import papers, services, tasks
from plugins.instructions.services import NewInstruction
from plugins.instructions.tasks import Routing
from tests.plugins.instructions.test_services import TODAY

OWN, EDITED = "原题春耕情况", "改题春耕全面铺开"


@pytest.fixture
def item(desk, make_submission):
    """An item of the unit whose title and text the editors have changed; it is not published."""
    found = make_submission("editing", title=OWN, body="单位的原文。")
    submissions.revise(desk.editor, found.id, found.version, EDITED, from_plain("编辑的改文。"))
    return found


@pytest.fixture
def found(desk, item):
    new = NewInstruction(item.id, "市主要领导", "note", TODAY, "请研究。", leader_id=desk.leader.id)
    return services.record(desk.editor, new)


@pytest.fixture
def task(desk, found, item):
    """The unit itself is asked to answer."""
    return tasks.route(desk.editor, found.id, Routing([item.unit_id]))[0]


def shown(client, user, *pages):
    login(client, user)
    return "".join(client.get(page).text for page in pages)


def test_the_pages_of_an_instruction_give_a_unit_its_own_words(client, desk, found, item, user_of):
    pages = (f"/instructions/{found.id}", "/instructions/", f"/instructions/?text={OWN}")

    told = shown(client, user_of(desk.informant), *pages)

    assert EDITED not in told and "编辑的改文" not in told
    assert told.count(OWN) >= 3 and "单位的原文" in told
    assert EDITED in shown(client, user_of(desk.editor), *pages[:2])
    assert OWN not in shown(client, user_of(desk.informant), f"/instructions/?text={EDITED}")


def test_after_publication_everybody_reads_what_was_published(client, desk, found, item, user_of):
    with transaction():
        for move in ("select", "adopt"):
            submissions.compile_move(desk.editor, item, move)

    told = shown(client, user_of(desk.informant), f"/instructions/{found.id}", "/instructions/")

    assert EDITED in told and "编辑的改文" in told and OWN not in told


def test_notice_fact_and_workbook_name_the_item_as_its_unit_knows_it(client, desk, found, user_of):
    notices = " ".join(db.session.scalars(select(Notice.text).where(Notice.user_id == desk.informant.id)))
    fact = db.session.scalars(select(Fact).where(Fact.kind == "instructed")).one()

    login(client, user_of(desk.informant))
    book = load_workbook(io.BytesIO(client.get("/instructions/register.xlsx").data))
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}

    assert EDITED not in notices and fact.title == OWN
    assert OWN in cells and EDITED not in cells


def test_printed_papers_give_a_unit_its_own_words(desk, task, found):
    slip, remark = papers.routing(desk.informant, task.id), papers.remark(desk.editor, found.id)

    assert EDITED not in str(slip.values) and OWN in str(slip.values) and "单位的原文" in str(slip.values)
    assert EDITED in str(remark.values)


@pytest.fixture
def handler(desk, make_user):
    """Who answers in another unit, which has no part in the item."""
    return make_user("informant", unit=desk.outsider)


@pytest.fixture
def handed(desk, found, make_unit):
    """The instruction is passed on to a unit that has no part in the item."""
    desk.outsider = make_unit("市交通局", kind="bureau", group="市直部门和直属机构")
    return tasks.route(desk.editor, found.id, Routing([desk.outsider.id]))[0]


def test_a_unit_that_handles_it_reads_what_was_reported_until_it_is_published(
    client, desk, item, found, handed, handler
):
    pages = (
        f"/instructions/{found.id}",
        f"/instructions/tasks/{handed.id}",
        "/instructions/",
        "/instructions/tasks",
    )

    told = shown(client, handler, *pages)

    assert EDITED not in told and "编辑的改文" not in told
    assert told.count(OWN) >= 4 and "单位的原文" in told
    slip = papers.routing(actor_of(handler), handed.id).values
    assert (slip["body_title"], slip["subject"]) == (OWN, f"《{OWN}》")
    assert "编辑的改文" not in str(slip["body"]) and "单位的原文" in str(slip["body"])

    with transaction():
        for move in ("select", "adopt"):
            submissions.compile_move(desk.editor, item, move)
    told = shown(client, handler, *pages)
    assert told.count(EDITED) >= 4 and "编辑的改文" in told and OWN not in told
