"""Tables of the desk: what an editor has seen, filters kept under a name, phrases for reasons."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime
from core.permissions import Place


class DeskSeen(Base):
    """When an editor last looked at an item. No row: it is new to them."""

    __tablename__ = "newsdesk_seen"
    __table_args__ = {"sqlite_with_rowid": False}

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeskFilter(Base):
    """What a list shows, kept under a name: for its owner, or shared with the whole office."""

    __tablename__ = "newsdesk_filter"
    __table_args__ = (UniqueConstraint("owner_id", "name"), Index(None, "office_id", "shared"))

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str] = mapped_column(String(30))
    # Arguments of the list's address: name → values.
    asked: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    shared: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    owner: Mapped[User] = relationship()

    def place(self) -> Place:
        return Place(self.office_id, owner_id=self.owner_id)

    def __str__(self) -> str:
        return f"筛选“{self.name}”"


class DeskDefault(Base):
    """The filter an editor's desk opens with."""

    __tablename__ = "newsdesk_default"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    filter_id: Mapped[int] = mapped_column(ForeignKey("newsdesk_filter.id", ondelete="CASCADE"), index=True)


class DeskPhrase(Base):
    """A reason in a few words (常用语): an editor's own, or the office's."""

    __tablename__ = "newsdesk_phrase"
    __table_args__ = (Index(None, "office_id", "owner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    # None: the office's, offered to every editor.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    use: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)

    def place(self) -> Place:
        return Place(self.office_id, owner_id=self.owner_id)

    def __str__(self) -> str:
        return f"常用语“{self.text[:20]}”"
