"""The table of instructions: who instructed what on which item, and whether it still stands."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime
from core.permissions import Place
from core.submissions.models import Submission


class Instruction(Base):
    """A leader's instruction on an item (批示). Titles are kept as they were on the day it was recorded,
    because leaders change posts and packs change words."""

    __tablename__ = "instructions_instruction"
    __table_args__ = (Index(None, "office_id", "on"), Index(None, "submission_id"), Index(None, "leader_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    leader_name: Mapped[str] = mapped_column(String(40))
    leader_post: Mapped[str] = mapped_column(String(60), default="")
    leader_class: Mapped[str] = mapped_column(String(60))
    class_title: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(60))
    level_title: Mapped[str] = mapped_column(String(200))
    carrier: Mapped[str] = mapped_column(String(60), default="")
    carrier_title: Mapped[str] = mapped_column(String(400), default="")
    kind: Mapped[str] = mapped_column(String(60))
    kind_title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # None when this kind of instruction does not count.
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    submission: Mapped[Submission] = relationship()
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])

    def place(self) -> Place:
        """Where it belongs: the office, the units of the item, and the leader whose word it is."""
        return Place(self.office_id, self.submission.place().unit_ids, self.leader_id)

    def __str__(self) -> str:
        return f"{self.leader_name}{self.kind_title}{self.submission}"
