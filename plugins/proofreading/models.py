"""Tables of proofreading: remarks on a text, and phrases in all texts, that somebody decided not to be told of again."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime
from core.permissions import Place


class Dismissal(Base):
    """A remark on one passage of an item that need not be shown again: to the unit, or to the office."""

    __tablename__ = "proofreading_dismissal"
    __table_args__ = (UniqueConstraint("submission_id", "by_office", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    by_office: Mapped[bool]
    # `Finding.key` and `Finding.mark` as they were.
    key: Mapped[str] = mapped_column(String(160))
    mark: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User] = relationship()


class QuietPhrase(Base):
    """A phrase on which the office wants no remark of a kind any more, in whatever text it stands."""

    __tablename__ = "proofreading_phrase"
    __table_args__ = (UniqueConstraint("office_id", "rule", "phrase"), Index(None, "office_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    rule: Mapped[str] = mapped_column(String(24))
    phrase: Mapped[str] = mapped_column(String(80))
    # What was said of it.
    text: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User] = relationship()

    def place(self) -> Place:
        return Place(self.office_id)

    def __str__(self) -> str:
        return f"用语“{self.phrase}”"
