"""The table of closed periods: a frozen result with everything it was computed from."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UtcDateTime
from core.permissions import Place


class FrozenRun(Base):
    """The result of a closed period (结账): inputs, entries and rows as JSON under a digest.

    Only one run of a period is in force; reopening keeps the old one with the time and the reason.
    """

    __tablename__ = "frozen_run"
    __table_args__ = (
        Index(
            "uq_frozen_run_in_force",
            "office_id",
            "period_key",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    period_key: Mapped[str] = mapped_column(String(40))
    period_title: Mapped[str] = mapped_column(String(60))
    pack_ref: Mapped[str] = mapped_column(String(90))
    pack_digest: Mapped[str] = mapped_column(String(64))
    # Large; loaded only when the result itself is wanted.
    content: Mapped[str] = mapped_column(Text, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    # The last register number there was, and the period's days as numbers: what came later is late.
    last_fact: Mapped[int] = mapped_column(default=0)
    starts: Mapped[int] = mapped_column(default=0)
    ends: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[str] = mapped_column(String(100))
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened_by: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(500), default="")

    def place(self) -> Place:
        return Place(self.office_id)

    def __str__(self) -> str:
        return self.period_title
