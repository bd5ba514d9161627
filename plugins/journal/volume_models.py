"""Table of bound volumes: a year of a journal, or some months of it, in one file, made from the issues as they were printed."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import clock
from core.accounts.models import User
from core.db import Base, UtcDateTime
from plugins.journal.spans import FIRST, LAST, Span


class JournalVolume(Base):
    """A volume (年度汇编). `issues` are the ids of the issues bound in it, in order; the file lies in the store."""

    __tablename__ = "journal_volume"
    __table_args__ = (Index(None, "office_id", "id"), Index(None, "job_id", unique=True))

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    journal: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    # Its first and last month.
    since: Mapped[int] = mapped_column(default=FIRST, server_default=str(FIRST))
    until: Mapped[int] = mapped_column(default=LAST, server_default=str(LAST))
    issues: Mapped[list[int]] = mapped_column(JSON)
    items: Mapped[int]
    # The highest secrecy mark of its issues as printed, and whether one of them is not for everybody.
    classification: Mapped[str] = mapped_column(String(20), default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    pages: Mapped[int]
    size: Mapped[int]
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    # Those bound before there were Word files of volumes have none.
    docx_sha256: Mapped[str | None] = mapped_column(String(64))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The job that bound it, which is forgotten sooner than the volume; those bound before this was kept have none.
    job_id: Mapped[int | None]

    made_by: Mapped[User] = relationship()

    kind_title = "年度汇编"
    number = ""

    @property
    def dated(self) -> date:
        """The day it was bound, by the office's clock."""
        return clock.local(self.made_at).date()

    @property
    def label(self) -> str:
        """《××》2026年上半年汇编."""
        return f"{self.title}{self.span.text}汇编"

    @property
    def span(self) -> Span:
        """The months it holds."""
        return Span(self.year, self.since, self.until)

    def __str__(self) -> str:
        return self.label
