"""Tables of delivery: who gets a published issue, and who has read it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Unit, User
from core.db import Base, UtcDateTime


class JournalDelivery(Base):
    """A recipient of an issue: a unit, whose people read for it, or a person. Kept as proof; the receipt is the first one."""

    __tablename__ = "journal_delivery"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (user_id IS NULL)", name="one_recipient"),
        UniqueConstraint("issue_id", "unit_id"),
        UniqueConstraint("issue_id", "user_id"),
        Index(None, "unit_id", "issue_id"),
        Index(None, "user_id", "issue_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("journal_issue.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # 报、送、发, as in the imprint; 补发 for those added later.
    label: Mapped[str] = mapped_column(String(8))
    delivered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    chased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    unit: Mapped[Unit | None] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    delivered_by: Mapped[User] = relationship(foreign_keys=[delivered_by_id])
    read_by: Mapped[User | None] = relationship(foreign_keys=[read_by_id])

    @property
    def recipient(self) -> str:
        """The name of the unit, or the person with their post."""
        if self.unit:
            return self.unit.name
        assert self.user  # the table has one or the other
        return f"{self.user.name}（{self.user.post}）" if self.user.post else self.user.name


class JournalReading(Base):
    """A person who has read an issue: when first, when last, how often."""

    __tablename__ = "journal_reading"
    __table_args__ = (UniqueConstraint("issue_id", "user_id"), Index(None, "user_id", "issue_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("journal_issue.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    times: Mapped[int] = mapped_column(default=1)

    user: Mapped[User] = relationship()
