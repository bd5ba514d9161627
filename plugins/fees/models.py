"""Tables of fees: lists being drawn up, and lists approved, which stay as they are."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime
from core.permissions import Place

STATES = {"prepared": "待核准", "returned": "已退回"}


class FeesDraft(Base):
    """A list an editor has drawn up (编制) and an issuer has yet to approve. Drawing it up again replaces its numbers."""

    __tablename__ = "fees_draft"
    __table_args__ = (
        UniqueConstraint("office_id", "period_key"),
        CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    period_key: Mapped[str] = mapped_column(String(40))
    period_title: Mapped[str] = mapped_column(String(60))
    content: Mapped[str] = mapped_column(Text, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="prepared")
    remark: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    prepared_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def place(self) -> Place:
        return Place(self.office_id)

    def __str__(self) -> str:
        return f"{self.period_title}稿酬"


class FeesList(Base):
    """An approved list (付酬清单) with the facts it was worked out from. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "fees_list"
    __table_args__ = (UniqueConstraint("office_id", "period_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    period_key: Mapped[str] = mapped_column(String(40))
    period_title: Mapped[str] = mapped_column(String(60))
    pack_ref: Mapped[str] = mapped_column(String(90))
    # Large; loaded only when the list itself is wanted.
    inputs: Mapped[str] = mapped_column(Text, deferred=True)
    content: Mapped[str] = mapped_column(Text, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    payees: Mapped[int]
    total: Mapped[int]
    prepared_by: Mapped[str] = mapped_column(String(100))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[str] = mapped_column(String(100))

    def place(self) -> Place:
        return Place(self.office_id)

    def __str__(self) -> str:
        return f"{self.period_title}稿酬"
