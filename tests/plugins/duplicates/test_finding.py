"""Which items are called the same, which related, and which neither: with items as units write them."""

from datetime import date

import pytest

from core import facts
from core.db import transaction
from core.submissions import services
from core.submissions.text import from_plain
from plugins.duplicates import finding
from tests.plugins.duplicates import texts

pytestmark = pytest.mark.postgres


@pytest.fixture
def send(make_submission, make_unit):
    """Items of several units, received by the office."""
    units = {}

    def send(text, unit_name, state="received"):
        if unit_name not in units:
            units[unit_name] = make_unit(unit_name)
        return make_submission(state, unit=units[unit_name], title=text.title, body=text.body)

    return send


@pytest.fixture
def editor(staff, unit):
    return staff("editor", unit)


def found(editor, item):
    """Ids of what is the same, and of what is related."""
    each = finding.of_item(editor, item)
    return [row.item_id for row in each.same], [row.item_id for row in each.related]


def test_a_copy_with_other_figures_is_the_same_and_said_to_have_other_figures(send, editor):
    one, other = send(texts.PLOUGHING, "云岭县人民政府"), send(texts.PLOUGHING_COPIED, "安宁县人民政府")

    row = finding.of_item(editor, one).same[0]

    assert row.item_id == other.id
    assert row.percent >= 90
    assert row.numbers_differ


def test_the_same_text_from_two_units_is_the_same_with_the_same_figures(send, editor):
    one, other = send(texts.HAIL, "临江县人民政府"), send(texts.HAIL, "市应急管理局")

    row = finding.of_item(editor, one).same[0]

    assert (row.item_id, row.percent, row.numbers_differ) == (other.id, 100, False)


def test_a_note_taken_from_a_long_item_is_the_same_from_both_sides(send, editor):
    long, note = send(texts.FESTIVAL, "青河县人民政府"), send(texts.NOTE, "市商务局")

    assert found(editor, long) == ([note.id], [])
    assert found(editor, note) == ([long.id], [])


def test_the_same_event_told_by_two_units_is_related(send, editor):
    county = send(texts.FESTIVAL, "青河县人民政府")
    bureau = send(texts.FESTIVAL_BUREAU, "市文化旅游局")

    assert found(editor, county) == ([], [bureau.id])
    assert found(editor, bureau) == ([], [county.id])


def test_what_followed_a_first_report_is_related_and_no_duplicate(send, editor):
    first, after = send(texts.HAIL, "临江县人民政府"), send(texts.HAIL_AFTER, "临江县人民政府")

    assert found(editor, after) == ([], [first.id])


def test_items_that_only_begin_and_end_alike_have_nothing_in_common(send, editor):
    items = [
        send(text, name)
        for text, name in (
            (texts.LIFTS, "市住房城乡建设局"),
            (texts.TEACHERS, "市教育局"),
            (texts.FIRES, "市林业局"),
        )
    ]

    assert [found(editor, item) for item in items] == [([], [])] * 3


def test_items_on_one_subject_with_different_news_are_no_duplicates(send, editor):
    county, bureau = send(texts.PLOUGHING, "云岭县人民政府"), send(texts.PLOUGHING_BUREAU, "市农业农村局")

    assert found(editor, county)[0] == found(editor, bureau)[0] == []


def test_a_clause_that_many_items_have_counts_for_nothing(send, editor):
    clause = "严格执行项目资金县级报账制度，做到专款专用、账目清楚、手续完备。"
    for n in range(22):
        send(texts.Text(f"第{n}件", f"{'甲乙丙丁戊己庚辛壬癸'[n % 10] * 30}{n}。{clause}"), "乙县人民政府")
    item = send(texts.Text("修渠", "村东老渠清淤后可浇地八百亩。" + clause), "丙县人民政府")

    assert found(editor, item) == ([], [])


def test_what_everybody_sends_word_for_word_is_still_found(send, editor):
    items = [send(texts.HAIL, f"第{n}县人民政府") for n in range(22)]

    assert len(found(editor, items[0])[0]) == finding.SHOWN


def test_drafts_and_other_offices_are_left_out(send, editor, make_office, make_unit, make_submission):
    item = send(texts.HAIL, "临江县人民政府")
    send(texts.HAIL, "市应急管理局", "draft")
    elsewhere = make_unit("丙县人民政府", office=make_office("other", "别市人民政府办公室"))
    make_submission("received", unit=elsewhere, title=texts.HAIL.title, body=texts.HAIL.body)

    assert found(editor, item) == ([], [])


def test_where_an_item_was_used_is_told(send, editor, office):
    item, other = send(texts.HAIL, "临江县人民政府"), send(texts.HAIL, "市应急管理局", "adopted")
    for outlet in ("unheard_of", "taken_back"):
        new = facts.NewFact(
            office.id, "adopted", date(2026, 3, 18), (other.unit_id,), outlet, other.item_key, attrs={"outlet": outlet}
        )  # fmt: skip
        with transaction():
            fact = facts.record(editor, new)
    with transaction():
        facts.withdraw(editor, fact, "重复登记")

    assert finding.of_item(editor, item).same[0].used == ("unheard_of",)


def test_a_unit_is_told_of_its_own_earlier_item_only(send, staff, make_submission):
    earlier = send(texts.PLOUGHING, "云岭县人民政府")
    send(texts.PLOUGHING_COPIED, "安宁县人民政府")
    draft = send(texts.PLOUGHING, "云岭县人民政府", "draft")
    writer = staff("informant", earlier.unit)

    rows = finding.own_earlier(writer, draft)

    assert [(row.item_id, row.percent) for row in rows] == [(earlier.id, 100)]


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_was_not_sent_is_no_earlier_item(send, staff, state):
    other = send(texts.HAIL, "临江县人民政府", state)
    draft = send(texts.HAIL, "临江县人民政府", "draft")

    assert finding.own_earlier(staff("informant", other.unit), draft) == ()


def test_a_report_that_goes_on_with_an_earlier_one_needs_no_warning(send, staff):
    first = send(texts.HAIL, "临江县人民政府")
    draft = send(texts.HAIL_AFTER, "临江县人民政府", "draft")

    assert finding.own_earlier(staff("informant", first.unit), draft) == ()


def test_a_unit_learns_nothing_of_what_the_editors_wrote(send, staff, unit):
    earlier = send(texts.HAIL, "临江县人民政府")
    services.revise(
        staff("editor", unit), earlier.id, earlier.version, "编辑的题目", from_plain(texts.FIRES.body)
    )
    writer = staff("informant", earlier.unit)
    same, edited = send(texts.HAIL, "临江县人民政府", "draft"), send(texts.FIRES, "临江县人民政府", "draft")

    assert [(row.item_id, row.title) for row in finding.own_earlier(writer, same)] == [
        (earlier.id, texts.HAIL.title)
    ]
    assert finding.own_earlier(writer, edited) == ()
