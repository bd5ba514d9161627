"""Tables of submissions: the item, its units, every revision, attachments and history."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Unit, User
from core.db import Base, UtcDateTime
from core.permissions import Place
from core.submissions.text import Block
from core.submissions.vocabulary import GENRES, URGENCIES
from core.submissions.workflow import STATES

LISTED = ("state", "genre", "urgency", "editor_id", "title", "characters")


def _but(column: str) -> list[str]:
    return [listed for listed in LISTED if listed != column]


# How countable facts name an item: this and its number.
ITEM = "submission:"


class Submission(Base):
    """One item sent in by a unit. Title and body are the newest text; every saved text is a Revision.

    A `composed` one was made by the office out of what units sent in: units see it once it has been adopted.
    """

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),
        CheckConstraint(f"genre IN ({', '.join(map(repr, GENRES))})", name="genre"),
        CheckConstraint(f"urgency IN ({', '.join(map(repr, URGENCIES))})", name="urgency"),
        # Whatever the lists show, filter and sort by, in their usual order, for an office and for one unit: a list
        # never has to read the rows themselves, which are long because of their texts.
        Index("ix_submission_list", "office_id", "sort_at", "id", *LISTED, "unit_id"),
        Index("ix_submission_unit", "office_id", "unit_id", "sort_at", "id", *LISTED),
        # The same for the unit's own people, and in the other orders a list may have.
        Index("ix_submission_own", "unit_id", "sort_at", "id", *LISTED),
        Index("ix_submission_title", "office_id", "title", "id", *_but("title"), "sort_at", "unit_id"),
        Index(
            "ix_submission_characters",
            "office_id",
            "characters",
            "id",
            *_but("characters"),
            "sort_at",
            "unit_id",
        ),
        # For counting what other filters leave.
        Index("ix_submission_state", "office_id", "state", "sort_at"),
        Index("ix_submission_genre", "office_id", "genre", "sort_at", "id", "state"),
        Index("ix_submission_editor", "office_id", "editor_id", "state", "sort_at"),
        Index(None, "unit_id", "state"),
        # The few items composed by the office that units do not see yet.
        Index(None, "composed", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    genre: Mapped[str] = mapped_column(String(16))
    urgency: Mapped[str] = mapped_column(String(16), default="normal")
    title: Mapped[str] = mapped_column(String(120), default="")
    body: Mapped[list[Block]] = mapped_column(JSON, default=list)
    characters: Mapped[int] = mapped_column(default=0)
    # The length of the unit's own last text, once the editors have changed it.
    own_characters: Mapped[int | None]
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    composed: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What lists are ordered by: the time of receipt, before that the time of the last change.
    sort_at: Mapped[datetime] = mapped_column(UtcDateTime)

    unit: Mapped[Unit] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    editor: Mapped[User | None] = relationship(foreign_keys=[editor_id])
    contributors: Mapped[list["Contributor"]] = relationship(
        back_populates="submission", order_by="Contributor.position", cascade="all, delete-orphan"
    )
    revisions: Mapped[list["Revision"]] = relationship(
        order_by="Revision.number", back_populates="submission"
    )
    attachments: Mapped[list["Attachment"]] = relationship(
        order_by="Attachment.id", back_populates="submission"
    )
    events: Mapped[list["SubmissionEvent"]] = relationship(order_by="SubmissionEvent.id.desc()")

    __mapper_args__ = {"version_id_col": version}

    def place(self) -> Place:
        units = frozenset(c.unit_id for c in self.contributors) | {self.unit_id}
        return Place(self.office_id, units, self.author_id)

    def main_place(self) -> Place:
        """Where it belongs for writing and signing: the main unit only."""
        return Place(self.office_id, frozenset({self.unit_id}), self.author_id)

    @property
    def item_key(self) -> str:
        """How countable facts name this item."""
        return f"{ITEM}{self.id}"

    @property
    def called(self) -> str:
        """What people call it; the number of `str()` is for the audit trail, where titles repeat."""
        return f"《{self.title or '无标题'}》"

    def __str__(self) -> str:
        return f"{self.called}（{self.id}）"


class Contributor(Base):
    """A unit that takes part in an item, in order; position 0 is the main unit.

    `weight` is the agreed share as a decimal (none: not agreed), `authors` are the unit's own, where the item has
    authors of several units: [{"name": …, "weight": …}, …].
    """

    __tablename__ = "contributor"
    __table_args__ = (
        UniqueConstraint("submission_id", "unit_id"),
        Index(None, "unit_id", "position", "submission_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(12))
    weight: Mapped[str | None] = mapped_column(String(20))
    authors: Mapped[list[dict[str, str]] | None] = mapped_column(JSON(none_as_null=True))

    submission: Mapped[Submission] = relationship(back_populates="contributors")
    unit: Mapped[Unit] = relationship()


class Revision(Base):
    """A saved text (修改稿); number 1 is the unit's original and is never overwritten."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[list[Block]] = mapped_column(JSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_office: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(200), default="")

    submission: Mapped[Submission] = relationship(back_populates="revisions")
    by: Mapped[User] = relationship()


class Attachment(Base):
    """A file beside an item; the bytes lie in the file store under their digest.

    One `by_office` was added by the editors: the unit sees it once the item is published.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    by_office: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    submission: Mapped[Submission] = relationship(back_populates="attachments")
    by: Mapped[User] = relationship()


class SubmissionEvent(Base):
    """One line of an item's history: who moved it, when, why."""

    __tablename__ = "submission_event"
    # What came back is a small part of what happened; a unit's record asks for it.
    __table_args__ = (Index(None, "title", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    title: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    by: Mapped[User] = relationship()


class SubmissionLease(Base):
    """Who is working on an item, and until when. A lease in the past counts as none: nobody has to clear it away."""

    __tablename__ = "submission_lease"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    # The last one who asked the holder to let go.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    holder: Mapped[User] = relationship(foreign_keys=[holder_id])
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
