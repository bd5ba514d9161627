"""Issues in every state, for the walk over all routes."""

from sqlalchemy import select

from core import clock
from core.accounts.models import RoleAssignment, User
from core.db import db, transaction
from core.documents import making
from core.documents.word.file import docx
from core.files import store
from core.submissions.models import Submission
from core.testing import BLANK_PDF, actor_of
from plugins.journal import (
    correcting,
    deliveries,
    eyes,
    frames,
    publishing,
    queries,
    services,
    sheets,
    signing,
    withdrawing,
)
from plugins.journal.models import JournalIssue
from plugins.journal.rights import CHECKERS
from plugins.journal.signing import Signature
from plugins.journal.volume_models import JournalVolume
from tests.shape.things import Thing, in_a_format


def register(things):
    """Add the addresses of journals."""

    @things.at("journal.new")
    def new(world, spot):
        return Thing({}, form={"journal": _journal(spot).id})

    @things.at("journal.bind")
    def year(world, spot):
        issue = world.once(_published, spot)
        return Thing({}, form={"journal": issue.journal, "year": issue.year})

    @things.named("volume_id")
    def bound(world, spot):
        made = JournalVolume(
            office_id=spot.office.id, journal="zwyq", title="《要情》", year=2026, issues=[], items=0, pages=making.SHORT + 1, size=1,
            pdf_sha256=store().put(BLANK_PDF), docx_sha256=store().put(docx("<body><p>汇编</p></body>", clock.today())), made_by_id=world.staff("editor", spot.unit).id, made_at=clock.now(),
        )  # fmt: skip
        with transaction():
            db.session.add(made)
        return Thing({"volume_id": made.id}, spot.office.place())

    @things.named("volume_id", "name")
    def bound_in_a_format(world, spot):
        return in_a_format(bound(world, spot))

    @things.named("issue_id")
    def draft(world, spot):
        issue, _ = world.once(_draft, spot)
        free = world.make_submission("editing", unit=spot.unit)
        form = {"version": issue.version, "submission_id": free.id, "column": _column(spot)}
        return Thing({"issue_id": issue.id}, spot.office.place(), form)

    @things.at("journal.recall", "journal.send_back", "journal.approve", "journal.force")
    def awaiting(world, spot):
        issue = world.once(_awaiting, spot)
        form = {"version": issue.version, "reason": "再核实"}
        # The step is for some of those who may take steps at all.
        away = tuple(set(CHECKERS) - set(eyes.plan_of(issue).holders(issue.step)))
        return Thing({"issue_id": issue.id}, spot.office.place(), form, not_for=away)

    @things.at("journal.retract")
    def taken_by_another(world, spot):
        issue = world.once(_approved, spot)
        # Only who took the step takes it back: none of those who walk here.
        return Thing(
            {"issue_id": issue.id}, spot.office.place(), {"version": issue.version}, not_for=CHECKERS
        )

    @things.at("journal.publish")
    def approved(world, spot):
        issue = world.once(_approved, spot)
        return Thing({"issue_id": issue.id}, spot.office.place(), {"version": issue.version})

    @things.at("journal.withdraw_issue", "journal.correct")
    def stands(world, spot):
        issue = world.once(_published, spot)
        return Thing(
            {"issue_id": issue.id}, spot.office.place(), {"version": issue.version, "reason": "有误"}
        )

    @things.at("journal.restore")
    def withdrawn(world, spot):
        issue = _published(world, spot)
        withdrawing.withdraw(world.staff("issuer", spot.unit), issue.id, "有误")
        return Thing(
            {"issue_id": issue.id}, spot.office.place(), {"version": issue.version, "reason": "无误"}
        )

    @things.at("journal.approve_later")
    def forced(world, spot):
        both = actor_of(world.make_user("editor", "issuer", office=spot.office))
        issue = services.create_issue(both, _journal(spot).id)
        item = world.make_submission("editing", unit=spot.unit)
        services.add_item(both, issue.id, item.id, _column(spot))
        signing.send_for_signature(both, issue.id)
        publishing.publish(both, issue.id, None, Signature(forced="会议急用"))
        form = {"version": issue.version, "decision": "agree"}
        return Thing({"issue_id": issue.id}, spot.office.place(), form)

    @things.at("journal.put_right")
    def correction(world, spot):
        draft = correcting.start(world.staff("editor", spot.unit), _published(world, spot).id, "有误")
        form = {"title": "改后的标题", "body": "改后的正文。", "seen": draft.edits}
        return Thing({"issue_id": draft.id, "item_id": draft.items[0].id}, spot.office.place(), form)

    @things.at("journal.issue")
    def published(world, spot):
        return Thing({"issue_id": world.once(_published, spot).id}, spot.office.place())

    @things.at("journal.read", "journal.delivered", "journal.delivered_table", "journal.chase")
    def delivered(world, spot):
        return Thing({"issue_id": world.once(_published, spot).id}, spot.office.place())

    @things.at("journal.deliver_later")
    def later(world, spot):
        issue = world.once(_published, spot)
        newcomer = world.make_unit(f"新设单位{spot.unit.id}", office=spot.office)
        # Only an editor sends an issue that anybody may read to more units.
        return Thing({"issue_id": issue.id}, spot.office.place(), {"unit": newcomer.id}, not_for=("issuer",))

    @things.at("journal.take_back_later")
    def delivered_later(world, spot):
        issue, far = _published(world, spot), world.make_user("leader", office=spot.office)
        deliveries.add(world.staff("editor", spot.unit), issue.id, [], [far.id])
        last = db.session.scalars(deliveries.listing(issue.id)).all()[-1]
        return Thing({"issue_id": issue.id, "delivery_id": last.id}, spot.office.place(), not_for=("issuer",))

    @things.at("journal.undo")
    def changed(world, spot):
        """A draft with a change by every editor of the office: one turns back one's own changes only."""
        issue, _ = _draft(world, spot)
        held = RoleAssignment.office_id == spot.office.id, RoleAssignment.role == "editor"
        for user in db.session.scalars(select(User).join(RoleAssignment).where(*held)).all():
            item = world.make_submission("editing", unit=spot.unit)
            services.add_item(actor_of(user), issue.id, item.id, _column(spot))
        return Thing({"issue_id": issue.id}, spot.office.place())

    @things.at("journal.options", "journal.reframe")
    def framed(world, spot):
        issue, first = world.once(_draft, spot)
        form = {"note": "按语", "copies": "77", "template": "专题"}
        return Thing({"issue_id": issue.id, "item_id": first.id}, spot.office.place(), form)

    @things.named("issue_id", "name", "page")
    def sheet(world, spot):
        issue, _ = world.once(_draft, spot)
        name = sheets.sheets(world.staff("editor", spot.unit), issue.id).name
        return Thing({"issue_id": issue.id, "name": name, "page": 1}, spot.office.place())

    @things.at("journal.drop_frame", "journal.rename_frame")
    def saved_frame(world, spot):
        issue, _ = world.once(_draft, spot)
        saved = frames.save_frame(world.staff("editor", spot.unit), issue.id, f"模板{issue.id}")
        return Thing({"frame_id": saved.id}, spot.office.place(), {"name": f"改名{issue.id}"})

    @things.named("issue_id", "page")
    def page(world, spot):
        return Thing({"issue_id": world.once(_draft, spot)[0].id, "page": 1}, spot.office.place())

    @things.named("issue_id", "item_id")
    def item(world, spot):
        issue, first = world.once(_draft, spot)
        form = {"version": issue.version, "direction": "down"}
        return Thing({"issue_id": issue.id, "item_id": first.id}, spot.office.place(), form)

    @things.at("journal.withdraw")
    def published_item(world, spot):
        issue = world.once(_published, spot)
        values = {"issue_id": issue.id, "item_id": issue.items[0].id}
        return Thing(values, spot.office.place(), {"reason": "重复刊发"})

    @things.at("journal.restore_item")
    def withdrawn_item(world, spot):
        issue = _published(world, spot)
        publishing.withdraw_adoption(world.staff("issuer", spot.unit), issue.items[0].id, "重复刊发")
        values = {"issue_id": issue.id, "item_id": issue.items[0].id}
        return Thing(values, spot.office.place(), {"reason": "误撤"})

    @things.at("journal.place")
    def place(world, spot):
        free = world.make_submission("editing", unit=spot.unit)
        target = f"{world.once(_draft, spot)[0].id}:{_column(spot)}"
        return Thing({"submission_id": free.id}, spot.office.place(), {"target": target})


def _journal(spot):
    return queries.journals_of(spot.office.id, clock.today())[0]


def _column(spot):
    return next(column.id for column in _journal(spot).columns if column.takes("work_news", spot.unit.kind))


def _draft(world, spot) -> tuple[JournalIssue, object]:
    editor = world.staff("editor", spot.unit)
    issue = services.create_issue(editor, _journal(spot).id)
    items = [_placed(world, spot, issue) for _ in range(2)]
    return issue, items[0]


def _placed(world, spot, issue):
    item: Submission = world.make_submission("editing", unit=spot.unit)
    return services.add_item(world.staff("editor", spot.unit), issue.id, item.id, _column(spot))


def _awaiting(world, spot) -> JournalIssue:
    issue, _ = _draft(world, spot)
    return signing.send_for_signature(world.staff("editor", spot.unit), issue.id)


def _approved(world, spot) -> JournalIssue:
    """An issue that waits for its last step."""
    issue = _awaiting(world, spot)
    plan = eyes.plan_of(issue)
    for number, step in enumerate(plan.steps[:-1]):
        user = world.make_user(plan.holders(number)[0], office=spot.office, post=(*step.posts, "")[0])
        signing.approve(actor_of(user), issue.id)
    return issue


def _published(world, spot) -> JournalIssue:
    return publishing.publish(world.staff("issuer", spot.unit), _approved(world, spot).id)
