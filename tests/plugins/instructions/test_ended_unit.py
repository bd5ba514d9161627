"""A unit that ends while it handles an instruction: the desk sees it in its lists and is told what to do."""

from datetime import date

import pytest

from core.db import db, transaction
from core.testing import login
from plugins.instructions import tasks
from tests.plugins.instructions.test_tasks import seen

MARK, ADVICE = "单位已撤销</span>", "请“取消转办”"


@pytest.fixture
def pages(client, desk, user_of, found, task):
    """The page of the task, the list of tasks and the page of the instruction, as the desk sees them."""

    def look():
        login(client, user_of(desk.editor))
        addresses = (
            f"/instructions/tasks/{task.id}",
            "/instructions/tasks?list=all",
            f"/instructions/{found.id}",
        )
        return [client.get(address).text for address in addresses]

    return look


def test_the_desk_is_told_that_a_unit_is_gone_which_has_not_answered(pages, traffic, found):
    before = pages()
    with transaction():
        traffic.unit.valid_to = date(2020, 1, 1)

    after = pages()

    assert not any(MARK in page for page in before) and all(MARK in page for page in after)
    assert ADVICE in after[0] and f'href="/instructions/{found.id}/route"' in after[0]


def test_nothing_is_asked_for_where_the_matter_is_closed_or_the_unit_reads(
    client, pages, desk, traffic, task, user_of
):
    with transaction():
        traffic.unit.valid_to = date(2020, 1, 1)
    login(client, user_of(traffic.clerk))
    theirs = client.get(f"/instructions/tasks/{task.id}").text
    tasks.cancel(desk.editor, task.id, seen(task.id), "单位已撤销，改转接续单位")
    db.session.expire_all()

    assert MARK in theirs and ADVICE not in theirs
    assert ADVICE not in pages()[0]
