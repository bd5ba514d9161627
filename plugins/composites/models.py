"""One table: which item went into which, in what part and share, and what is needed to put it back."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime
from core.submissions.models import Submission

KINDS = {"merge": "综合", "split": "拆分"}
# How a link ended: one source taken out, or everything put back.
OUT, ALL = "out", "all"


class Link(Base):
    """An item went into another: one of several sources of a composite, or the item that was split into parts.

    `was` and `was_editor_id` are its state and editor before; a link that has ended stays for the record.
    """

    __tablename__ = "composites_link"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", name="kind"),
        Index(None, "source_id", "ended_at"),
        Index(None, "target_id", "ended_at", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    source_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(12), default="part")
    # As the editor wrote it; empty: equal shares.
    share: Mapped[str] = mapped_column(String(20), default="")
    was: Mapped[str] = mapped_column(String(12))
    was_editor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_why: Mapped[str] = mapped_column(String(500), default="")
    ended_as: Mapped[str] = mapped_column(String(4), default="")

    source: Mapped[Submission] = relationship(foreign_keys=[source_id])
    target: Mapped[Submission] = relationship(foreign_keys=[target_id])
    by: Mapped[User] = relationship(foreign_keys=[by_id])
