"""A journal of what others took: which items it is offered, and who took each of them, as the standard pack has it."""

from datetime import date

import pytest

from core.config import PROJECT
from core.db import db
from core.errors import InvalidInput
from core.packs import services as packs
from plugins.journal import candidates, contents, publishing, queries, services
from plugins.journal.candidates import Wanted
from tests.plugins.journal.test_check_code import taken


@pytest.fixture
def selection(office):
    """The journal of the standard pack whose columns are asked for by who took an item."""
    found, _ = packs.install(None, PROJECT / "rulepacks" / "standard")
    packs.activate(None, office.id, found.id, date(2024, 1, 1))
    journals = packs.load(found).sections["journals"].journals
    return next(each for each in journals if all(column.taken_by for column in each.columns))


@pytest.fixture
def editor(staff, unit):
    return staff("editor", unit)


def test_what_the_province_took_is_offered_and_nothing_else(selection, editor, make_submission):
    issue = services.create_issue(editor, selection.id)
    city, province = (make_submission("adopted", title=title) for title in ("只在市里采用", "省里也采用"))
    sent_up, _ = (make_submission("editing", title=title) for title in ("只有省里采用", "还没有采用"))
    taken(editor, city, "zwyq")
    for item in (province, sent_up):
        taken(editor, item, "p-general")

    rows = db.session.execute(candidates.listing(editor, issue, selection, Wanted())).all()

    assert {row.title for row in rows} == {"省里也采用", "只有省里采用"}
    with pytest.raises(InvalidInput, match="不收这条信息"):
        services.add_item(editor, issue.id, city.id, selection.columns[1].id)


def test_every_item_is_printed_with_those_in_the_province_who_took_it(selection, editor, make_submission):
    issue = services.create_issue(editor, selection.id)
    item = make_submission("adopted", title="省里采用两次")
    for outlet in ("zwyq", "p-general", "p-special"):
        taken(editor, item, outlet)
    services.add_item(editor, issue.id, item.id, selection.columns[1].id)
    issue = queries.issue(editor, issue.id)

    columns = contents.plain_columns(issue, selection)

    assert [one["taken"] for column in columns for one in column["items"]] == [["省综合刊物", "省专报"]]
    assert "采用刊物：省综合刊物、省专报" in publishing.proof_html(editor, issue.id)


def test_printing_it_again_counts_for_nothing(selection):
    assert all(column.reprint and not column.reprint.fact for column in selection.columns)
