"""Who gets a published issue, who may read it, and who has."""

import io
import json
import re
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select

from core.audit.trail import AuditRecord
from core.db import db, transaction
from core.documents import store
from core.errors import Conflict, Findings, InvalidInput, NotFound, PermissionDenied
from core.notices.services import notices_of, unread
from core.packs import services as packs
from core.search import finding
from core.testing import actor_of, login
from plugins.journal import deliveries, publishing, queries
from plugins.journal.delivery_models import JournalDelivery, JournalReading
from plugins.journal.readers import Readers
from plugins.journal.search import ISSUES
from tests.plugins.journal.conftest import JOURNALS

pytestmark = pytest.mark.postgres

TO_COUNTIES = """\
    distribution:
      - {label: 报, to: "{place}领导。", readers: {roles: [leader]}}
      - {label: 发, to: 各县。, readers: {unit_kinds: [county]}}
"""


@pytest.fixture
def town(make_unit, make_user, unit):
    """A leader, a county with an informant, a bureau with an informant."""
    bureau = make_unit("某局", kind="bureau", group="市直单位")
    return {
        "leader": make_user("leader", name="赵市长"),
        "county": make_user("informant", unit=unit, name="钱信息员"),
        "bureau": make_user("informant", unit=bureau, name="孙信息员"),
    }


@pytest.fixture
def adopt(pack_folder, office, pack):
    """Put a changed journals.yaml in force: the imprint names readers, and perhaps nobody else may read."""

    def change(*, open_to_office=True):
        text = JOURNALS.replace('    distribution:\n      - {label: 报, to: "{place}领导。"}\n', TO_COUNTIES)
        text = text.replace(
            "    copies: 120\n", f"    copies: 120\n    open_to_office: {str(open_to_office).lower()}\n"
        )
        found, _ = packs.install(None, pack_folder(text, "1.1.0"))
        packs.activate(None, office.id, found.id, date(2024, 2, 1))

    return change


@pytest.fixture
def publish(issuer, awaiting, quick_pages):
    return lambda *titles: publishing.publish(issuer, awaiting(*titles).id)


def recipients(issue):
    return {(one.label, one.recipient) for one in db.session.scalars(deliveries.listing(issue.id))}


def told(user):
    return [notice.text for notice in db.session.scalars(notices_of(actor_of(user)))]


def test_readers_are_kinds_and_groups_of_units():
    some = Readers(unit_kinds=("county",), unit_groups=("市直单位",))

    assert some.takes("county", "县区") and some.takes("bureau", "市直单位")
    assert not some.takes("bureau", "县区")
    assert Readers(every_unit=True).takes("bureau", "")
    assert not Readers(roles=("leader",)).takes("county", "县区")


def test_an_imprint_that_names_nobody_goes_to_leaders_and_every_unit(town, publish):
    issue = publish()

    assert recipients(issue) == {("发", "赵市长"), ("发", "甲县人民政府"), ("发", "某局")}
    assert all(f"{issue.label}已刊发，请阅读" in told(user) for user in town.values())


def test_lines_of_the_imprint_name_their_readers(town, adopt, publish):
    adopt()
    issue = publish()

    assert recipients(issue) == {("报", "赵市长"), ("发", "甲县人民政府")}
    assert told(town["bureau"]) == []
    assert queries.issue(actor_of(town["bureau"]), issue.id) == issue


def test_what_is_not_open_to_the_office_is_for_its_recipients_only(town, adopt, publish, editor):
    adopt(open_to_office=False)
    issue = publish()
    outsider = actor_of(town["bureau"])

    for user in (town["leader"], town["county"]):
        assert queries.issue(actor_of(user), issue.id) == issue
    with pytest.raises(NotFound):
        queries.issue(outsider, issue.id)
    assert queries.issue(editor, issue.id) == issue


def test_the_pdf_of_a_restricted_issue_is_kept_from_others(town, adopt, publish):
    adopt(open_to_office=False)
    issue = publish()
    outsider, reader = actor_of(town["bureau"]), actor_of(town["county"])

    with pytest.raises(NotFound):
        store.document(outsider, issue.document_id)
    assert db.session.scalars(store.issued(outsider)).all() == []
    assert store.document(reader, issue.document_id) == issue.document
    assert db.session.scalars(store.issued(reader)).all() == [issue.document]


def test_the_search_finds_a_restricted_issue_for_its_readers_only(town, adopt, publish):
    adopt(open_to_office=False)
    issue = publish("仅供领导参阅的事项")

    def found(user):
        shown = finding.search(actor_of(user), finding.Wanted("领导参阅", kind="issue"))
        return [result.title for result in shown.page.rows]

    assert found(town["bureau"]) == []
    assert len(found(town["county"])) == 1 and issue.label in str(found(town["county"]))


def test_the_search_narrows_to_a_journal_and_names_it_to_its_readers_only(town, adopt, publish):
    adopt(open_to_office=False)
    issue = publish("仅供领导参阅的事项")
    outsider, reader = actor_of(town["bureau"]), actor_of(town["county"])

    def found(journal):
        wanted = finding.Wanted("领导参阅", kind="issue", genre=journal)
        return finding.search(reader, wanted).page.total

    assert ISSUES.genres_for(reader) == {issue.journal: issue.title}
    assert ISSUES.genres_for(outsider) == {}
    assert (found(issue.journal), found("another")) == (1, 0)


def test_reading_is_the_receipt_of_person_and_unit(town, publish, watch):
    issue, reader = publish(), actor_of(town["county"])
    watch.move(minutes=5)
    deliveries.read(reader, issue.id)

    receipt = deliveries.receipts([issue.id])[issue.id]
    unit = db.session.scalars(
        select(JournalDelivery).where(JournalDelivery.unit_id.in_(reader.unit_ids))
    ).one()
    assert (receipt.read, receipt.total) == (1, 3)
    assert (unit.read_by_id, unit.read_at) == (reader.id, watch.instant)
    assert deliveries.count_unread(reader) == 0
    assert deliveries.count_unread(actor_of(town["bureau"])) == 1


def test_an_issue_read_is_no_longer_told_as_news(town, publish, editor):
    issue, reader = publish(), actor_of(town["county"])
    deliveries.chase(editor, issue.id)
    deliveries.read(reader, issue.id)

    assert unread(reader) == 0
    assert unread(actor_of(town["bureau"])) == 2


def test_the_first_receipt_stays_and_later_readings_are_counted(town, publish, watch, make_user, unit):
    issue, second = publish(), actor_of(make_user("signing_leader", unit=unit))
    first = actor_of(town["county"])
    deliveries.read(first, issue.id)
    watch.move(minutes=1)
    deliveries.read(first, issue.id)
    watch.move(hours=1)
    deliveries.read(first, issue.id)
    deliveries.read(second, issue.id)

    unit_row = db.session.scalars(select(JournalDelivery).where(JournalDelivery.unit_id == unit.id)).one()
    assert unit_row.read_by_id == first.id
    assert deliveries.reading_of(first, issue.id).times == 2


def test_readers_beyond_the_list_are_counted_by_themselves(town, adopt, publish):
    adopt()
    issue = publish()
    deliveries.read(actor_of(town["bureau"]), issue.id)

    assert deliveries.receipts([issue.id])[issue.id].read == 0
    assert deliveries.other_readers(issue.id) == 1


def test_who_gave_the_receipt_of_a_unit_stays_on_the_list_when_they_move_on(town, publish):
    issue, reader = publish(), town["county"]
    deliveries.read(actor_of(reader), issue.id)
    with transaction():
        reader.roles.clear()

    assert deliveries.other_readers(issue.id) == 0
    assert [(one.user.name, bool(listed)) for one, listed in db.session.execute(deliveries.readings(issue.id))] == [
        ("钱信息员", True)
    ]  # fmt: skip


def test_the_desk_sees_by_name_who_has_read_beyond_the_list(client, town, adopt, publish, make_user, watch):
    adopt()
    issue = publish()
    deliveries.read(actor_of(town["leader"]), issue.id)
    watch.move(hours=1)
    deliveries.read(actor_of(town["bureau"]), issue.id)
    login(client, make_user("editor"))

    assert "名单以外另有 1 人阅读" in client.get(f"/journals/{issue.id}/deliveries").text
    rows = client.get(f"/journals/{issue.id}/deliveries?show=readers").text.split("<tbody>")[1]
    assert (
        rows.index("孙信息员（某局）")
        < rows.index("名单以外")
        < rows.index("赵市长")
        < rows.index("名单以内")
    )
    table = client.get(f"/journals/{issue.id}/deliveries.xlsx").data
    written = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(table)).active]
    assert [line[0] for line in written if line[1] == "名单以外"] == ["孙信息员"]


def test_old_issues_do_not_wait_to_be_read_for_ever(town, publish, watch):
    publish()
    watch.move(days=61)

    assert deliveries.count_unread(actor_of(town["county"])) == 0


def test_those_who_have_not_read_are_reminded_once_a_day(town, publish, editor, watch):
    issue = publish()
    deliveries.read(actor_of(town["leader"]), issue.id)

    assert deliveries.chase(editor, issue.id) == 2
    assert f"请阅读{issue.label}" in told(town["county"])
    assert f"请阅读{issue.label}" not in told(town["leader"])
    with pytest.raises(Conflict, match="今天已经催过"):
        deliveries.chase(editor, issue.id)
    watch.move(days=1)
    assert deliveries.chase(editor, issue.id) == 2


def test_an_issue_can_be_sent_to_more_units_later(town, adopt, publish, editor):
    adopt()
    issue = publish()
    bureau = next(iter(actor_of(town["bureau"]).unit_ids))

    assert deliveries.add(editor, issue.id, [bureau], []) == 1
    assert ("补发", "某局") in recipients(issue)
    assert told(town["bureau"]) == [f"{issue.label}已刊发，请阅读"]
    with pytest.raises(InvalidInput):
        deliveries.add(editor, issue.id, [bureau], [])


def test_what_was_sent_later_by_mistake_is_taken_back(town, adopt, publish, editor, issuer):
    adopt(open_to_office=False)
    issue, reader = publish(), actor_of(town["bureau"])
    deliveries.add(issuer, issue.id, reader.unit_ids, [town["county"].id])
    by_name = {one.recipient: one.id for one in db.session.scalars(deliveries.listing(issue.id))}
    deliveries.read(reader, issue.id)

    with pytest.raises(PermissionDenied):
        deliveries.take_back_later(editor, issue.id, by_name["某局"])
    with pytest.raises(Conflict, match="只有补发的"):
        deliveries.take_back_later(issuer, issue.id, by_name["甲县人民政府"])
    with pytest.raises(NotFound):
        deliveries.take_back_later(issuer, publish().id, by_name["某局"])
    for name in ("某局", "钱信息员"):
        assert deliveries.take_back_later(issuer, issue.id, by_name[name]) == name
    told_on_trail = db.session.scalars(select(AuditRecord.detail).where(AuditRecord.action.like("%补发刊物")))
    named = [json.loads(detail)["recipients"] for detail in told_on_trail]
    assert named == [["某局", "钱信息员"], ["某局"], ["钱信息员"]], (
        "the trail names whom, the list no longer does"
    )

    assert recipients(issue) == {("报", "赵市长"), ("发", "甲县人民政府")}
    with pytest.raises(NotFound):
        queries.issue(reader, issue.id)
    assert [one.taken_back_why for one in db.session.scalars(notices_of(reader))] == ["补发已收回"]
    assert told(town["county"])[-1:] == [f"{issue.label}已刊发，请阅读"], "their unit has it all the same"
    assert deliveries.other_readers(issue.id) == 1, "that it was read remains known"
    assert deliveries.add(issuer, issue.id, reader.unit_ids, []) == 1


def test_the_page_offers_to_take_back_what_was_sent_later_only(
    client, town, adopt, publish, editor, make_user
):
    adopt()
    issue = publish()
    deliveries.add(editor, issue.id, actor_of(town["bureau"]).unit_ids, [])
    login(client, make_user("editor"))

    page = client.get(f"/journals/{issue.id}/deliveries").text
    assert page.count("收回补发：") == 1
    address = re.search(r"/journals/\d+/deliveries/\d+/take-back", page).group()
    assert "已收回对某局的补发" in client.submit(address, follow_redirects=True).text


def test_only_a_signer_opens_a_restricted_issue_to_others(town, adopt, publish, editor, issuer):
    adopt(open_to_office=False)
    issue = publish()
    bureau = next(iter(actor_of(town["bureau"]).unit_ids))

    with pytest.raises(PermissionDenied):
        deliveries.add(editor, issue.id, [bureau], [])
    assert deliveries.add(issuer, issue.id, [bureau], []) == 1
    assert queries.issue(actor_of(town["bureau"]), issue.id) == issue


def test_units_and_people_of_another_office_are_never_added(
    town, publish, editor, make_office, make_unit, make_user
):
    issue, elsewhere = publish(), make_office("yi")
    foreign = make_unit("外县", office=elsewhere)
    stranger = make_user("leader", office=elsewhere)

    with pytest.raises(InvalidInput):
        deliveries.add(editor, issue.id, [foreign.id], [stranger.id])


def test_only_those_who_may_read_are_offered_and_each_by_their_unit(
    client, town, publish, editor, make_user, unit
):
    issue = publish()
    administrator = make_user("security_admin", name="卫管理员")
    login(client, make_user("editor", unit=unit, name="章编辑"))

    assert administrator not in deliveries.candidates(issue)[1]
    with pytest.raises(InvalidInput):
        deliveries.add(editor, issue.id, [], [administrator.id])
    offered = client.get(f"/journals/{issue.id}/deliveries").text.split("补发给其他单位和人员")[1]
    assert "孙信息员（某局）" in offered and "卫管理员" not in offered


def test_whose_unit_has_it_already_is_offered_apart(client, adopt, town, publish, editor, make_user, unit):
    adopt()
    issue = publish("县里的事")
    login(client, make_user("editor", unit=unit, name="章编辑"))

    offered = client.get(f"/journals/{issue.id}/deliveries").text.split("补发给其他单位和人员")[1]
    single, apart = offered.split("所在单位已收到这一期的人员")
    assert "孙信息员" in single and "钱信息员" not in single and "钱信息员（" in apart

    deliveries.add(editor, issue.id, [], [town["county"].id])
    offered = client.get(f"/journals/{issue.id}/deliveries").text.split("补发给其他单位和人员")[1]
    assert "钱信息员" not in offered


def test_a_draft_is_neither_read_nor_delivered(awaiting, editor):
    issue = awaiting()

    with pytest.raises(NotFound):
        deliveries.read(editor, issue.id)
    with pytest.raises(Conflict):
        deliveries.chase(editor, issue.id)
    assert db.session.scalar(select(func.count()).select_from(JournalReading)) == 0


def test_the_page_says_unread_until_it_was_read(client, town, publish):
    issue = publish("县里的事")
    login(client, town["county"])

    assert "未读" in client.get("/journals/?unread=1").text
    assert client.submit(f"/journals/{issue.id}/read").status_code == 302
    assert "没有符合条件的刊物" in client.get("/journals/?unread=1").text
    assert "已读（" in client.get(f"/journals/{issue.id}").text


def test_the_archive_finds_an_issue_by_the_title_of_an_item(client, town, publish):
    publish("春耕备耕进展顺利")
    publish("夏粮收购启动")
    login(client, town["county"])

    page = client.get("/journals/?text=夏粮").text

    assert "夏粮收购启动" in page and "春耕备耕" not in page


def test_larger_type_works_without_script(client, town, publish):
    issue = publish()
    login(client, town["leader"])

    assert "type-huge" in client.get(f"/journals/{issue.id}?type=huge").text
    assert "type-large" not in client.get(f"/journals/{issue.id}?type=%22x").text


def test_the_desk_sees_who_has_read_and_takes_the_list_along(client, town, publish, make_user):
    issue = publish()
    deliveries.read(actor_of(town["leader"]), issue.id)
    login(client, make_user("editor"))

    page = client.get(f"/journals/{issue.id}/deliveries").text
    assert "已读 1 / 3" in page and "赵市长" in page
    assert "赵市长" not in client.get(f"/journals/{issue.id}/deliveries?show=unread").text
    table = client.get(f"/journals/{issue.id}/deliveries.xlsx")
    assert table.status_code == 200 and table.data[:2] == b"PK"
    page = client.submit(f"/journals/{issue.id}/chase", follow_redirects=True).text
    assert "已催阅 2 个对象" in page
    lines = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/journals/{issue.id}/deliveries.xlsx").data)
    ).active
    chased = {row[0].value: row[5].value for row in lines}
    assert chased.pop("发送对象") == "催阅" and chased["赵市长"] is None
    assert len([at for at in chased.values() if at]) == 2, "the table says who was reminded, as the page does"
    assert f"请阅读{issue.label}" in told(town["county"])


def test_a_reader_does_not_see_who_else_reads(client, town, publish):
    issue = publish()
    login(client, town["county"])

    assert client.get(f"/journals/{issue.id}/deliveries").status_code == 403
    assert client.submit(f"/journals/{issue.id}/chase").status_code == 403


def test_names_in_the_imprint_are_checked(pack_folder, pack):
    text = JOURNALS.replace(
        '{label: 报, to: "{place}领导。"}',
        "{label: 报, to: 领导。, readers: {roles: [ledaer], unit_groups: [县去]}}",
    )
    with pytest.raises(Findings) as found:
        packs.registry().examine(pack_folder(text, "1.2.0"))

    errors = "\n".join(str(error) for error in found.value.errors)
    assert "ledaer" in errors and "县去" in errors


def test_the_home_page_names_the_newest_issues_to_those_who_may_read_them(
    client, adopt, town, make_user, publish
):
    adopt(open_to_office=False)
    issue = publish("供暖提前五天")
    with transaction():
        issue.secrecy, issue.secrecy_years = "秘密", 1

    def home(user):
        login(client, user)
        return client.get("/").text

    assert "秘密★1年</span>" in home(town["leader"])
    assert "最新刊物" in home(town["leader"]) and "供暖提前五天" in home(town["leader"])
    assert "最新刊物" in home(town["county"])
    assert "供暖提前五天" not in home(town["bureau"]) and "最新刊物" not in home(town["bureau"])
    assert "最新刊物" not in home(make_user("editor"))  # who makes journals has the desk
