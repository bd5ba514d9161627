"""Facts keep the title an item had in the editors' hands; units read their own until the item is published."""

import io
import zipfile
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest

from core import facts
from core.db import db, transaction
from core.facts import Author, NewFact
from core.register import queries
from core.submissions import known, services
from core.submissions.text import from_plain
from core.testing import actor_of
from tests.core.runs.test_result_pages import SCORING

OWN, EDITED, ELSE = "我县春耕备耕进展顺利", "编辑另拟的题目", "另一条信息"
MARCH, APRIL, NAME = "2026-03", "2026-04", "张三"


@pytest.fixture
def desk(make_pack, office, unit, make_user, watch):
    make_pack(office, scoring=SCORING)
    return actor_of(make_user("editor"))


@pytest.fixture
def item(desk, make_submission):
    """Sent by the unit, rewritten by an editor, not published."""
    found = make_submission("editing", title=OWN)
    services.revise(desk, found.id, found.version, EDITED, from_plain("编辑另写的正文。"))
    return found


@pytest.fixture
def fact(desk, office, unit, item):
    """Counted while it had the editor's title, and for nothing else; another one beside it that is no item's."""
    with transaction():
        facts.withdraw_all(desk, office.id, item.item_key, "submitted", "只留下这一件")
        for key, about, title in (("other", None, ELSE), ("item", item.item_key, EDITED)):
            new = NewFact(
                office.id, "adopted", date(2026, 3, 5), (unit.id,), f"test:{key}", about, title,
                {"outlet": "bulletin"}, authors=(Author(NAME),),
            )  # fmt: skip
            found = facts.record(desk, new)
    return found


def pages(unit, fact, period=MARCH) -> list[str]:
    """Every page and file that shows titles of facts to the people of a unit."""
    return [
        "/facts/", f"/facts/?text={quote('题目')}", f"/facts/{fact.id}", f"/ranking/{period}/{unit.id}",
        f"/ranking/{period}/{unit.id}?of=score", f"/ranking/{period}/persons/{unit.id}/{quote(NAME)}",
        *(f"/ranking/prizes{form}?period={period}" for form in ("", ".csv", ".xlsx")),
    ]  # fmt: skip


def words_of(answer) -> str:
    """The text of a page or a file; a workbook is unpacked."""
    assert answer.status_code == 200
    if answer.data[:2] != b"PK":
        return answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        return "".join(packed.read(name).decode("utf-8", "ignore") for name in packed.namelist())


def read(person, address) -> str:
    return words_of(person.browser.get(address))


@pytest.mark.postgres
@pytest.mark.parametrize("role", ["informant", "signing_leader"])
def test_units_read_their_own_title_until_publication_and_the_office_the_recorded_one(
    role, unit, fact, item, make_user, person
):
    somebody, editor = person(make_user(role, unit=unit)), person(make_user("editor"))
    addresses = pages(unit, fact)

    assert {address: EDITED in read(somebody, address) for address in addresses} == dict.fromkeys(
        addresses, False
    )
    own = {address for address in addresses if OWN in read(somebody, address)}
    assert own == {address for address in addresses if "text=" not in address}
    assert {address: EDITED in read(editor, address) for address in addresses} == dict.fromkeys(
        addresses, True
    )
    # What is about no item is read as recorded.
    assert {a for a in addresses if ELSE in read(somebody, a)} == {addresses[0], *addresses[3:6]}


def test_what_is_not_shown_is_not_found_either(unit, fact, make_user):
    clerk, editor = actor_of(make_user("informant", unit=unit)), actor_of(make_user("editor"))

    def found(actor, text):
        return [each.title for each in facts_of(actor, text)]

    assert found(clerk, "编辑另拟") == [] and found(editor, "编辑另拟") == [EDITED]
    assert found(clerk, "春耕备耕") == [EDITED], "found by the words it is shown with"
    assert found(clerk, "另一条") == [ELSE] == found(editor, "另一条")


def facts_of(actor, text):
    query = queries.listing(actor, queries.Filter(text=text, kind="adopted"))
    return list(db.session.scalars(query))


def test_closed_periods_and_what_changed_since_are_read_so_too(
    unit, fact, item, desk, office, make_user, person, watch
):
    watch.set(datetime(2026, 4, 2, 4, tzinfo=UTC))
    issuer = person(make_user("issuer"))
    assert issuer.send("/periods", form_at=f"/periods/{MARCH}/close").status_code == 302
    with transaction():
        facts.withdraw(desk, fact, "登记有误")
    clerk, editor = person(make_user("informant", unit=unit)), person(make_user("editor"))
    # Closed in March; in April among what became of closed periods.
    addresses = [*pages(unit, fact)[3:], f"/ranking/{APRIL}/{unit.id}"]

    assert {address: EDITED in read(clerk, address) for address in addresses} == dict.fromkeys(
        addresses, False
    )
    assert {address: EDITED in read(editor, address) for address in addresses} == dict.fromkeys(
        addresses, True
    )
    assert OWN in read(clerk, addresses[-1])


def test_after_publication_the_unit_reads_what_was_recorded(unit, fact, item, desk, make_user, person):
    with transaction():
        for move in ("select", "adopt"):
            services.compile_move(desk, item, move)
    clerk = person(make_user("informant", unit=unit))

    assert all(EDITED in read(clerk, address) for address in pages(unit, fact))


@pytest.mark.parametrize("state", ["received", "editing", "unused", "merged", "split"])
def test_every_state_before_publication_withholds(office, unit, make_submission, state):
    found = make_submission(state, title=OWN)

    assert known.withheld(
        office.id, {unit.id}, {found.item_key, "item:1", "submission:x", "submission:99"}
    ) == {found.item_key: OWN}
