"""Table of bound volumes: a year of a journal in one file, made from the issues as they were printed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime


class JournalVolume(Base):
    """A volume (年度汇编). `issues` are the ids of the issues bound in it, in order; the file lies in the store."""

    __tablename__ = "journal_volume"
    __table_args__ = (Index(None, "office_id", "id"), Index(None, "job_id", unique=True))

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    journal: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    issues: Mapped[list[int]] = mapped_column(JSON)
    items: Mapped[int]
    # The highest secrecy mark of its issues as printed, and whether one of them is not for everybody.
    classification: Mapped[str] = mapped_column(String(20), default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    pages: Mapped[int]
    size: Mapped[int]
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The job that bound it, which is forgotten sooner than the volume; those bound before this was kept have none.
    job_id: Mapped[int | None]

    made_by: Mapped[User] = relationship()

    @property
    def label(self) -> str:
        """《××》2026年汇编."""
        return f"{self.title}{self.year}年汇编"

    def __str__(self) -> str:
        return self.label
