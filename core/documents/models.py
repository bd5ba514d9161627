"""Tables of issued documents: what was issued stays issued, under its number and digest."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UtcDateTime
from core.permissions import Place

STANDINGS = {"valid": "有效", "corrected": "已更正", "withdrawn": "已撤回"}


class IssuedDocument(Base):
    """A document that left the office: number, PDF, the HTML it was made from, digest, pack version."""

    __tablename__ = "issued_document"
    __table_args__ = (
        Index(None, "office_id", "id"),
        # Somebody brings a file and asks what it is.
        Index(None, "pdf_sha256"),
        Index(None, "docx_sha256"),
        Index(None, "check_code", unique=True),
        UniqueConstraint("office_id", "kind", "source"),
    )

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
    # The Word file as it was made with the PDF; empty: it is made from the HTML when somebody asks.
    docx_sha256: Mapped[str] = mapped_column(String(64), default="")
    # What the printed check code was made from, and the code itself.
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    check_code: Mapped[str | None] = mapped_column(String(12))
    pack_ref: Mapped[str] = mapped_column(String(90))
    # The right a reader needs besides document.view; some documents have a narrower circle.
    read_permission: Mapped[str] = mapped_column(String(60))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(String(100))
    # The record itself never changes; whether it still stands is said beside it, the newest word first.
    standings: Mapped[list["DocumentStanding"]] = relationship(
        order_by="DocumentStanding.id.desc()", foreign_keys="DocumentStanding.document_id"
    )

    @property
    def last_word(self) -> "DocumentStanding | None":
        """What was said last about whether it stands; nothing for one that always has."""
        return self.standings[0] if self.standings else None

    @property
    def standing(self) -> str:
        """One of STANDINGS."""
        return self.last_word.standing if self.last_word else "valid"

    @property
    def newest(self) -> "IssuedDocument | None":
        """What took its place, and the place of that in turn; nothing for one that was not replaced."""
        found = self
        while (word := found.last_word) and word.replaced_by:
            found = word.replaced_by
        return found if found is not self else None

    def place(self) -> Place:
        return Place(self.office_id)

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()


class DocumentStanding(Base):
    """A document was corrected, withdrawn, or stands again: since when, why, by whom, in favour of which other one.

    Append-only like the documents.
    """

    __tablename__ = "document_standing"
    __table_args__ = (
        CheckConstraint(f"standing IN ({', '.join(map(repr, STANDINGS))})", name="standing"),
        Index(None, "document_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("issued_document.id"))
    standing: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(100))
    # The newer printing or correction that stands in its place.
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))

    replaced_by: Mapped[IssuedDocument | None] = relationship(foreign_keys=[replaced_by_id])


class Reprint(Base):
    """Copies made of a document after it was issued: the same bytes, and who took them."""

    __tablename__ = "document_reprint"
    __table_args__ = (Index(None, "document_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("issued_document.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(100))
    copies: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))


class CheckAttempt(Base):
    """Somebody asked about a code or a file; kept for a while so that nobody can try them all."""

    __tablename__ = "check_attempt"
    __table_args__ = (Index(None, "who", "at"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class NumberSeries(Base):
    """The last number used in a series of an office, e.g. documents of a year."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("office_id", "series"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    series: Mapped[str] = mapped_column(String(80))
    last: Mapped[int]
