"""The table of circulars: from the draft over a closed period to the document on record."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime
from core.documents.models import IssuedDocument
from core.permissions import Place

OF_PERIOD = ("office_id", "kind", "period_key")
UNISSUED = "state <> 'issued'"
IN_FORCE = "state = 'issued' AND replaced_at IS NULL"
STATES = {"draft": "拟稿", "submitted": "待签发", "issued": "已印发"}
FORMS = ("document", "letters", "messages")


class CircularDraft(Base):
    """One circular of a kind over a period. Numbers are never typed: they come from the frozen run `run_id`.

    `content` keeps what was printed once it is issued, whatever happens to the period later. A circular that turned
    out wrong is replaced by a corrected one (`replaces`); from then on only the corrected one is in force.
    """

    __tablename__ = "circulars_draft"
    __table_args__ = (
        # One in force and one in hand, at most, for a kind and a period; a circular is replaced once.
        Index(
            "uq_circulars_draft_in_force", *OF_PERIOD, unique=True,
            sqlite_where=text(IN_FORCE), postgresql_where=text(IN_FORCE),
        ),
        Index(
            "uq_circulars_draft_unissued", *OF_PERIOD, unique=True,
            sqlite_where=text(UNISSUED), postgresql_where=text(UNISSUED),
        ),
        UniqueConstraint("replaces_id"),
        CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),
        CheckConstraint(f"form IN ({', '.join(map(repr, FORMS))})", name="form"),
        CheckConstraint(
            "(state = 'issued' AND form <> 'letters') = (document_id IS NOT NULL)", name="issued"
        ),
        Index(None, "office_id", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[str] = mapped_column(String(60))
    kind_title: Mapped[str] = mapped_column(String(200))
    form: Mapped[str] = mapped_column(String(12), default="document")
    # Read only by those who draft, issue and lead, and by the units it goes to.
    restricted: Mapped[bool] = mapped_column(default=False)
    period_key: Mapped[str] = mapped_column(String(40))
    period_title: Mapped[str] = mapped_column(String(60))
    run_id: Mapped[int] = mapped_column(ForeignKey("frozen_run.id"))
    title: Mapped[str] = mapped_column(String(200))
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    version: Mapped[int] = mapped_column(default=1)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # None: prepared by the system when the period was closed.
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    remark: Mapped[str] = mapped_column(String(500), default="")
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("circulars_draft.id"))
    # When the circular that replaces this one was issued.
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    drafted_by: Mapped[User | None] = relationship(foreign_keys=[drafted_by_id])
    updated_by: Mapped[User | None] = relationship(foreign_keys=[updated_by_id])
    submitted_by: Mapped[User | None] = relationship(foreign_keys=[submitted_by_id])
    issued_by: Mapped[User | None] = relationship(foreign_keys=[issued_by_id])
    document: Mapped[IssuedDocument | None] = relationship()
    letters: Mapped[list["CircularLetter"]] = relationship(
        back_populates="draft", order_by="CircularLetter.id", cascade="all, delete-orphan"
    )
    replaces: Mapped["CircularDraft | None"] = relationship(
        remote_side=[id], foreign_keys=[replaces_id], viewonly=True
    )
    replacement: Mapped["CircularDraft | None"] = relationship(foreign_keys=[replaces_id], viewonly=True)

    __mapper_args__ = {"version_id_col": version}

    def place(self) -> Place:
        return Place(self.office_id)

    @property
    def hands(self) -> set[int]:
        """Whoever wrote or handed in the draft: somebody else has to issue it."""
        return {by for by in (self.drafted_by_id, self.updated_by_id, self.submitted_by_id) if by}

    @property
    def state_title(self) -> str:
        """The state in Chinese."""
        return "已更正" if self.replaced_at else STATES[self.state]

    def __str__(self) -> str:
        return self.title


class CircularLetter(Base):
    """What one unit gets of a circular: a letter of its own, its message, or its copy of a letter to several.

    `printed` keeps a rendering until all letters of the batch are ready; `sent_at` is set when all are issued.
    """

    __tablename__ = "circulars_letter"
    __table_args__ = (UniqueConstraint("draft_id", "unit_id"), Index(None, "unit_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("circulars_draft.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    unit_name: Mapped[str] = mapped_column(String(200))
    paragraphs: Mapped[list[str]] = mapped_column(JSON)
    printed: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    draft: Mapped[CircularDraft] = relationship(back_populates="letters")
    document: Mapped[IssuedDocument | None] = relationship()

    def place(self) -> Place:
        return Place(self.draft.office_id, frozenset({self.unit_id}))

    def __str__(self) -> str:
        return f"{self.draft.title}（{self.unit_name}）"
