"""The table of notices."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UtcDateTime


class Notice(Base):
    """One sentence to one person about one decision. A decision undone takes its notices back."""

    __tablename__ = "notice"
    __table_args__ = (
        Index(None, "user_id", "id"),
        Index(None, "user_id", "read_at"),
        Index(None, "about"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(300))
    # Names the decision, so that undoing it finds its notices: submission:12:return:3.
    about: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_why: Mapped[str] = mapped_column(String(200), default="")
