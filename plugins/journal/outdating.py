"""Volumes that no longer hold what they should, because issues were withdrawn, corrected or published since."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select

from core.actors import Actor
from core.db import db
from core.notices.services import take_back, tell
from plugins.journal.models import JournalIssue, JournalItem
from plugins.journal.spans import Span
from plugins.journal.volume_models import JournalVolume


def wanted(journal: str, year: int) -> tuple[ColumnElement[bool], ...]:
    """The issues that belong into a volume of a year."""
    return (
        JournalIssue.journal == journal, JournalIssue.year == year, JournalIssue.state == "published",
        JournalIssue.standing == "valid",
    )  # fmt: skip


def belongs(issue: JournalIssue, span: Span) -> bool:
    """Whether an issue of the year lies in a span: a correction where the issue does that it corrects."""
    while issue.corrects:
        issue = issue.corrects
    return span.holds(issue.dated)


def outdated(volumes: Collection[JournalVolume]) -> dict[int, str]:
    """By volume: why it no longer holds what it should; those that do are left out."""
    return {each.id: why for each in volumes if (why := _why(each))}


def tell_binders(actor: Actor, issue: JournalIssue) -> None:
    """An issue was withdrawn, replaced or stands again: whoever bound it hears how it is with their volumes now."""
    query = select(JournalVolume).where(
        JournalVolume.office_id == issue.office_id, JournalVolume.journal == issue.journal,
        JournalVolume.year == issue.year,
    )  # fmt: skip
    for volume in db.session.scalars(query.order_by(JournalVolume.id)):
        if issue.id not in volume.issues:
            continue
        about = f"volume:{volume.id}:outdated"
        take_back(about, "汇编内容已有变化")
        if volume.made_by_id != actor.id and (why := _why(volume)):
            tell(
                [volume.made_by_id],
                f"{volume.label}内容有变化：{why}。请重新编印",
                "/journals/volumes",
                about,
            )


def _why(volume: JournalVolume) -> str:
    query = select(JournalIssue).where(
        JournalIssue.office_id == volume.office_id, *wanted(volume.journal, volume.year)
    )
    standing = {each.id for each in db.session.scalars(query) if belongs(each, volume.span)}
    gone, more = set(volume.issues) - standing, standing - set(volume.issues)
    taken_back = db.session.scalar(
        select(func.count()).where(
            JournalItem.issue_id.in_(volume.issues), JournalItem.withdrawn_at > volume.made_at
        )
    )
    told = []
    if gone:
        told.append(f"其中 {len(gone)} 期已撤回或更正")
    if more:
        told.append(f"另有 {len(more)} 期没有编入")
    if taken_back and not gone:
        told.append(f"其中 {taken_back} 条已撤销采用")
    return "，".join(told)
