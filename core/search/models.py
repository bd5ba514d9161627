"""Tables of the search index: one entry for each thing that can be found, its folded text, what is indexed at all.

The index proper, `search_index`, is made by the migration: a virtual table on SQLite, a tsvector on PostgreSQL.
"""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base

# SQLite: an alias of the row id, so that the newest entries come first when the index is read backwards.
Key = BigInteger().with_variant(Integer, "sqlite")


class SearchEntry(Base):
    """A thing that can be found. Narrow, because a search looks at many of them."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "thing_id"), Index(None, "day"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    thing_id: Mapped[int]
    office_id: Mapped[int]
    day: Mapped[date]
    # Ids of units, as one text: needed to take the entry out of the index again.
    units: Mapped[str] = mapped_column(String(400), default="")
    genre: Mapped[str] = mapped_column(String(24), default="")
    state: Mapped[str] = mapped_column(String(24), default="")


class SearchText(Base):
    """The folded title and text of an entry."""

    __tablename__ = "search_text"

    entry_id: Mapped[int] = mapped_column(
        Key, ForeignKey("search_entry.id"), primary_key=True, autoincrement=False
    )
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


class SearchState(Base):
    """Which kinds of things are indexed completely, and by which version of the tokens."""

    __tablename__ = "search_state"

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    version: Mapped[int]
