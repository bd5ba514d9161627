"""An issue with everything that hangs on it: adopted above, instructed, bound, read; then corrected twice, withdrawn, restored.

Through the services for what happens at the desk, through the pages for what everybody sees of it.
"""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from core.config import PROJECT
from core.db import db
from core.documents.store import Rendered
from core.facts import Fact
from core.facts.records import WITHDRAWN
from core.files import store
from core.notices.models import Notice
from core.packs import services as packs
from core.scoring import runs
from core.scoring.values import points
from core.submissions import services as submissions
from core.submissions.text import from_plain
from core.testing import BLANK_PDF, actor_of
from plugins.composites import services as composites
from plugins.escalation import services as escalation
from plugins.escalation.services import Step
from plugins.instructions import answering, tasks
from plugins.instructions import services as instructions
from plugins.instructions.answering import Draft
from plugins.instructions.services import NewInstruction
from plugins.instructions.tasks import Routing
from plugins.journal import correcting, deliveries, outdating, publishing, services, signing, withdrawing
from plugins.journal.volume_models import JournalVolume

TODAY = date(2026, 3, 18)
TITLE = "甲县春耕备耕进展顺利"


@pytest.fixture
def plugin_package():
    """With all plugins: they meet here."""
    return "plugins"


@pytest.fixture
def people(app, office, unit, make_unit, make_user, watch) -> SimpleNamespace:
    """A pack in force; a desk, an issuer, a leader, the unit that reported and three that have to answer."""
    version, _ = packs.install(None, PROJECT / "rulepacks" / "luan-2013")
    packs.activate(None, office.id, version.id, date(2024, 1, 1))
    found = SimpleNamespace(users={}, handlers=[], units=[])
    for role in ("editor", "issuer", "leader", "informant"):
        found.users[role] = make_user(role, unit=unit)
        setattr(found, role, actor_of(found.users[role]))
    for name in ("市财政局", "市水利局", "市交通局"):
        bureau = make_unit(name, kind="bureau", group="市直部门和直属机构")
        found.units.append(bureau)
        found.handlers.append(make_user("informant", unit=bureau))
    return found


@pytest.fixture
def quick_pages(monkeypatch):
    """Publishing without the layout engine."""

    def render(files, given, **how):
        return Rendered(
            store().put(b"<p></p>"), store().put(BLANK_PDF), 1, len(BLANK_PDF), store().put(b"word")
        )

    monkeypatch.setattr(publishing.store, "render", render)


@pytest.fixture
def issue(people, quick_pages, make_submission):
    """Issue 1: two items, the first adopted by the province."""
    made = services.create_issue(people.editor, "zwyq")
    for title in (TITLE, "甲县整治村容村貌"):
        services.add_item(people.editor, made.id, make_submission("editing", title=title).id, "progress")
    signing.send_for_signature(people.editor, made.id)
    published = publishing.publish(people.issuer, made.id)
    place = next(iter(escalation.words_of(made.office_id, TODAY).places["adopted"]))
    escalation.record(people.editor, published.items[0].submission_id, Step("adopted", place, TODAY))
    return published


@pytest.fixture
def handled(people, issue, watch):
    """A leader's note on the issue, counted for the first item: one task open, one answered, one overdue."""
    new = NewInstruction(
        0, "市主要领导", "note", TODAY, "请研究落实。", leader_name="李市长", document_id=issue.document_id,
        item_ids=(issue.items[0].submission_id,),
    )  # fmt: skip
    found = instructions.record(people.editor, new)
    given = tasks.route(people.editor, found.id, Routing([unit.id for unit in people.units]))
    answering.write(actor_of(people.handlers[1]), given[1].id, given[1].version, Draft("已办理。"))
    given[2].due_on = date(2026, 3, 17)
    db.session.commit()
    return SimpleNamespace(instruction=found, tasks=given)


@pytest.fixture
def volume(people, issue):
    """A volume with the issue in it, bound by the editor."""
    made = JournalVolume(
        office_id=issue.office_id, journal="zwyq", title=issue.title, year=2026, issues=[issue.id], items=2, pages=1,
        size=1, pdf_sha256=store().put(BLANK_PDF), made_by_id=people.editor.id, made_at=issue.published_at,
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def scores(issue) -> dict[str, tuple[str, str, int]]:
    """Points and places of the month, unit by unit, as the register stands."""
    rows = runs.live(issue.office_id, "2026-03").rows
    return {row.name: (points.exact(row.score), points.exact(row.cumulative), row.place) for row in rows}


def standing() -> list[tuple]:
    """What the facts that stand say, whichever of them say it."""
    found = list(db.session.scalars(select(Fact)))
    gone = {fact.reverses_id for fact in found}
    return sorted(
        (
            f.kind,
            f.on.isoformat(),
            f.item or "",
            f.title,
            str(sorted(f.attrs.items())),
            [u.unit_id for u in f.units],
        )
        for f in found
        if f.kind != WITHDRAWN and f.id not in gone
    )


def corrected(people, old, reason, text=""):
    draft = correcting.start(people.editor, old.id, reason)
    if text:
        item = draft.items[0]
        correcting.put_right(people.editor, draft.id, item.id, item.print_title, from_plain(text))
    signing.send_for_signature(people.editor, draft.id)
    return publishing.publish(people.issuer, draft.id)


def unread(user) -> list[str]:
    query = select(Notice.text).where(Notice.user_id == user.id, Notice.read_at.is_(None)).order_by(Notice.id)
    return list(db.session.scalars(query))


@pytest.mark.postgres
def test_withdrawn_and_restored_everything_counts_as_before_whatever_was_done_meanwhile(
    people, issue, handled, volume, watch
):
    deliveries.read(people.informant, issue.id)
    told, counted = scores(issue), standing()
    receipts = dict(deliveries.receipts([issue.id])[issue.id]._mapping)

    for time in range(2):
        watch.move(days=1)
        withdrawing.withdraw(people.issuer, issue.id, "数据有误")
        withdrawing.withdraw(people.issuer, issue.id, "数据有误")
        assert scores(issue) != told
        assert [one[0] for one in standing() if one[3] == TITLE and one[0] == "adopted"] == ["adopted"], (
            "above"
        )
        # The editors go on with the item; what was printed, and counted for, stays as it was.
        item = issue.items[0].submission
        submissions.revise(
            people.editor, item.id, item.version, f"另拟的标题{time}", from_plain("另拟的正文。")
        )
        withdrawing.restore(people.issuer, issue.id, "核实无误")
        withdrawing.restore(people.issuer, issue.id, "核实无误")

    assert (scores(issue), standing()) == (told, counted)
    assert (item.state, item.title) == ("adopted", TITLE), "published is what was printed"
    assert dict(deliveries.receipts([issue.id])[issue.id]._mapping) == receipts
    assert outdating.outdated([volume]) == {}


@pytest.mark.postgres
def test_open_work_on_a_withdrawn_issue_is_marked_not_lost(people, issue, handled, volume, person):
    handlers, desk = [person(user) for user in people.handlers], person(people.users["editor"])
    withdrawing.withdraw(people.issuer, issue.id, "数据有误")

    for somebody, task in zip(handlers, handled.tasks, strict=True):
        listed, page = somebody.read("/instructions/tasks"), somebody.read(f"/instructions/tasks/{task.id}")
        assert "（已撤回）" in listed and "所批示的文件已撤回" in page
        assert "数据有误" not in listed + page, "why is for readers, and the unit may not be one"
    assert "请确定承办单位是否继续办理" in "".join(unread(people.users["editor"]))
    assert "汇编" in "".join(unread(people.users["editor"]))
    assert "（已撤回）" in desk.read("/instructions/tasks?list=overdue"), "overdue ones stay on the list"
    assert "其中 1 期已撤回或更正" in desk.read("/journals/volumes")


@pytest.mark.postgres
def test_a_correction_of_a_correction_changes_no_point_and_leads_to_the_newest(
    people, issue, handled, volume, person
):
    reader, leader = person(people.users["informant"]), person(people.users["leader"])
    told, counted = scores(issue), standing()
    first = corrected(people, issue, "第一条数字有误", "共 12 个。")
    second = corrected(people, first, "第一条数字仍有误", "共 13 个。")

    assert (scores(issue), standing()) == (told, counted)
    told_of_issue = [text for text in unread(people.users["informant"]) if "《政务要情》" in text]
    assert told_of_issue == [f"{second.label}已刊发，请阅读"]
    for old in (issue, first):
        page = reader.read(f"/journals/{old.id}")
        assert page.count("请改阅") == 1 and f'/journals/{second.id}">{second.label}' in page
    # What the leader wrote on the first version is found with the one that is read today.
    assert "请研究落实。" in leader.read(f"/journals/{second.id}")
    assert "批在更正前的文件上" in leader.read(f"/journals/{second.id}")
    assert "批在更正前的文件上" not in leader.read(f"/journals/{issue.id}")
    verified = {
        one.id: reader.browser.submit("/verify", {"code": one.document.check_code}).text
        for one in (issue, first, second)
    }
    assert "已更正" in verified[issue.id] and str(second.document) in verified[issue.id]
    assert "已更正" in verified[first.id] and "现行有效" in verified[second.id]
    assert outdating.outdated([volume]) == {volume.id: "其中 1 期已撤回或更正，另有 1 期没有编入"}


@pytest.mark.postgres
def test_who_was_sent_on_to_a_correction_hears_of_its_withdrawal(people, issue, make_user):
    # Opened it without being on the list; has not opened the correction yet.
    passer_by = make_user("issuer")
    deliveries.read(actor_of(passer_by), issue.id)
    second = corrected(people, issue, "有误")
    assert any(second.label in text for text in unread(passer_by))
    before = standing()

    withdrawing.withdraw(people.issuer, second.id, "整期作废")

    assert [t for t in unread(passer_by) if "撤回" in t] == [
        f"{second.label}已撤回，请勿再传阅、引用：整期作废"
    ]
    assert [one for one in standing() if one[0] == "adopted" and one in before] == [
        one for one in before if "zwyq" not in one[4] and one[0] == "adopted"
    ]
    withdrawing.restore(people.issuer, second.id, "核实无误")
    assert standing() == before and [t for t in unread(passer_by) if "撤回" in t] == []
    assert any("已恢复" in text for text in unread(passer_by))
    deliveries.read(actor_of(passer_by), second.id)
    assert not any(second.label in text for text in unread(passer_by)), "the page says it at its head"


@pytest.mark.postgres
def test_whoever_drafts_a_correction_hears_that_the_issue_was_withdrawn(people, issue):
    correcting.start(people.editor, issue.id, "有误")

    withdrawing.withdraw(people.issuer, issue.id, "整期作废")
    assert f"{issue.label}已撤回，更正稿不能签发" in unread(people.users["editor"])

    withdrawing.restore(people.issuer, issue.id, "核实无误")
    texts = unread(people.users["editor"])
    assert (
        f"{issue.label}已恢复，更正稿可以继续办理" in texts
        and f"{issue.label}已撤回，更正稿不能签发" not in texts
    )


def test_units_behind_a_composite_find_a_correction_with_their_own_items(
    people, quick_pages, unit, make_unit, make_user, make_submission, person
):
    other = make_unit("乙县人民政府")
    sources = [make_submission("editing"), make_submission("editing", unit=other)]
    given = [
        composites.Chosen(item.id, item.version, role, "")
        for item, role in zip(sources, ("main", "part"), strict=True)
    ]
    text = from_plain("各地抓春耕，共 10 个。")
    composite = composites.merge(people.editor, composites.Wanted(given, "各地抓紧春耕", text))
    made = services.create_issue(people.editor, "zwyq")
    services.add_item(people.editor, made.id, composite.id, "progress")
    signing.send_for_signature(people.editor, made.id)

    corrected(people, publishing.publish(people.issuer, made.id), "数字有误", "各地抓春耕，共 12 个。")

    for item, own in zip(sources, (unit, other), strict=True):
        page = person(make_user("informant", unit=own)).read(f"/submissions/{item.id}")
        assert "数字有误" in page
