"""Tables of the composing board: every change in order, who is there, saved frames, items kept for the next issue."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime
from core.submissions.models import Submission


class JournalStep(Base):
    """One change of a draft: what it was in words, and the state before and after it, so that it can be undone."""

    __tablename__ = "journal_step"
    __table_args__ = (UniqueConstraint("issue_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("journal_issue.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    words: Mapped[str] = mapped_column(String(300))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[User] = relationship()


class JournalPresence(Base):
    """Somebody who has an issue's board open, as last heard of."""

    __tablename__ = "journal_presence"
    __table_args__ = (UniqueConstraint("issue_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("journal_issue.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class JournalFrame(Base):
    """A frame saved by name: what a recurring issue of a journal prints otherwise than the pack says."""

    __tablename__ = "journal_frame"
    __table_args__ = (UniqueConstraint("office_id", "journal", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    journal: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[User] = relationship()


class JournalCarried(Base):
    """An item an editor kept for the next issue of a journal, with the column it stood in."""

    __tablename__ = "journal_carried"
    __table_args__ = (
        UniqueConstraint("journal", "submission_id"),
        Index(None, "office_id", "journal"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    journal: Mapped[str] = mapped_column(String(60))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    column: Mapped[str] = mapped_column("column_id", String(60))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    submission: Mapped[Submission] = relationship()
