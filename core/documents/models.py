"""Tables of issued documents: what was issued stays issued, under its number and digest."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UtcDateTime
from core.permissions import Place


class IssuedDocument(Base):
    """A document that left the office: number, PDF, the HTML it was made from, digest, pack version."""

    __tablename__ = "issued_document"
    __table_args__ = (Index(None, "office_id", "id"), UniqueConstraint("office_id", "kind", "source"))

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[str] = mapped_column(String(40))
    kind_title: Mapped[str] = mapped_column(String(40))
    # What it was made from, e.g. "period:2026-10"; one standing document for each.
    source: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(80))
    dated: Mapped[date]
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    html_sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    size: Mapped[int]
    pack_ref: Mapped[str] = mapped_column(String(90))
    # The right a reader needs besides document.view; some documents have a narrower circle.
    read_permission: Mapped[str] = mapped_column(String(60))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(String(100))

    def place(self) -> Place:
        return Place(self.office_id)

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()


class NumberSeries(Base):
    """The last number used in a series of an office, e.g. documents of a year."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("office_id", "series"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    series: Mapped[str] = mapped_column(String(80))
    last: Mapped[int]
