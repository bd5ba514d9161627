"""领导批示：登记领导对信息和期刊的批示、批转、圈阅，转有关单位办理并催办反馈，计入有关单位的得分。"""

from flask import Blueprint, render_template, url_for
from markupsafe import Markup

from core import clock
from core.actors import Actor
from core.documents.models import IssuedDocument
from core.hookspecs import Card, JobKind, MenuItem, Panel, Permission, ScheduledJob, TrailWord, hookimpl
from core.packs.content.format import Section
from core.permissions import reach
from core.scoring.values.fact import FactKind
from core.search import Source
from core.submissions.models import Submission
from plugins.instructions import (
    cards,
    chasing,
    document_marks,
    handling,
    paper_views,
    post_views,
    queries,
    register,
    register_views,
    rights,
    section,
    task_views,
    views,
    writing_views,
)
from plugins.instructions.kinds import INSTRUCTED
from plugins.instructions.models import Instruction
from plugins.instructions.search import INSTRUCTIONS

TITLE = "领导批示"
# Every module of pages adds to one blueprint.
PAGES = (register_views, views, writing_views, post_views, task_views, paper_views)


@hookimpl
def fact_kinds() -> list[FactKind]:
    """A leader's instruction on an item is a countable fact."""
    return [INSTRUCTED]


@hookimpl
def permissions() -> list[Permission]:
    """Who records and who reads instructions."""
    return list(rights.PERMISSIONS)


@hookimpl
def pack_sections() -> list[Section]:
    """instructions.yaml: classes of leaders and kinds of instruction."""
    return [section.SECTION]


@hookimpl
def search_sources() -> list[Source]:
    """What leaders wrote can be found."""
    return [INSTRUCTIONS]


@hookimpl
def document_marked(document_id: int) -> None:
    """What leaders wrote on was withdrawn, corrected or stands again."""
    document_marks.marked(document_id)


@hookimpl
def menu_items() -> list[MenuItem]:
    """The register of instructions, and what units are to answer."""
    return [
        MenuItem("批示登记", "instructions.index", "批示办理", "instruction.view", 30),
        MenuItem("批示反馈", "instructions.task_index", "批示办理", "instruction.view", 31),
    ]


@hookimpl
def job_kinds() -> list[JobKind]:
    """A long register is made into a workbook in the background."""
    return [register.EXPORT.job]


@hookimpl
def scheduled_jobs() -> list[ScheduledJob]:
    """Units are reminded and chased every working day."""
    return [ScheduledJob("instruction-chasing", "批示反馈提醒和催办", chasing.sweep_all, daily="08:00")]


@hookimpl
def dashboard_cards(actor: Actor) -> list[Card]:
    """What waits for the actor, and how many instructions this month brought, for those who may see any."""
    if not reach(actor, "instruction.view"):
        return []
    waiting = cards.waiting(actor)
    first = clock.today().replace(day=1)
    number = queries.count_since(actor, first)
    url = url_for("instructions.index", since=first.isoformat())
    return [*waiting, Card("本月领导批示", number, url, "批示、批转和圈阅", 60, tone="info")]


@hookimpl
def submission_panels(actor: Actor, submission: Submission) -> list[Panel]:
    """The instructions on an item, and the way to write one."""
    if not reach(actor, "instruction.view").covers(submission.place()):
        return []
    rows = queries.of_submission(actor, submission.id)
    may = writing_views.form_for(actor, submission.office_id, submission)
    return _panel(
        actor,
        submission.office_id,
        rows,
        url_for("instructions.new", submission_id=submission.id) if may else "",
        submission=submission,
    )


@hookimpl
def document_panels(actor: Actor, document: IssuedDocument) -> list[Panel]:
    """The instructions on an issued document, and the way to write one."""
    if not reach(actor, "instruction.view"):
        return []
    rows = queries.of_document(actor, document.id)
    may = writing_views.form_for(actor, document.office_id)
    return _panel(
        actor,
        document.office_id,
        rows,
        url_for("instructions.on_document", document_id=document.id) if may else "",
        document.id,
    )


def _panel(
    actor: Actor,
    office_id: int,
    rows: list[Instruction],
    write_url: str,
    document_id: int = 0,
    submission: Submission | None = None,
) -> list[Panel]:
    instead = writing_views.instead_of(actor, submission) if submission else []
    if not rows and not write_url and not instead:
        return []
    own = writing_views.own_id(actor, office_id)
    html = render_template(
        "instructions/_panel.html", rows=rows, write_url=write_url, own=own, document_id=document_id,
        item=submission, instead=instead,
    )  # fmt: skip
    return [Panel("领导批示", Markup(html), 40)]


@hookimpl
def blueprints() -> list[Blueprint]:
    """Pages under /instructions."""
    return [PAGES[0].bp]


@hookimpl
def trail_words() -> list[TrailWord]:
    """Instructions, tasks, feedback and posts."""
    return [
        TrailWord("instruction", "批示编号"),
        TrailWord("task", "反馈任务编号"),
        TrailWord("post", "任职记录编号"),
        TrailWord("units", "承办单位"),
        TrailWord("due", "反馈期限"),
        TrailWord("final", "是否办结反馈"),
        TrailWord("timely", "是否按时", handling.OUTCOMES),
        TrailWord("outcome", "结果", handling.OUTCOMES),  # in records from before there was the key above
        TrailWord("now", "改后"),
        TrailWord("files", "附件数"),
        TrailWord("scans", "扫描件数"),
    ]
