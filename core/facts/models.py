"""Tables of the register: facts with their units and authors, and the same facts as records of fixed size."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UtcDateTime


class Fact(Base):
    """Something countable that happened on a day. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "fact"
    __table_args__ = (
        UniqueConstraint("office_id", "key"),
        # A fact can be withdrawn once.
        UniqueConstraint("reverses_id"),
        Index(None, "office_id", "on"),
        Index(None, "office_id", "id"),
        Index(None, "office_id", "item"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    on: Mapped[date]
    item: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200), default="")
    attrs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(100))

    units: Mapped[list["FactUnit"]] = relationship(order_by="FactUnit.position")
    persons: Mapped[list["FactPerson"]] = relationship(order_by="FactPerson.position")


class FactUnit(Base):
    """A unit a fact is credited to, in the order in which they share it; the part it played, its agreed weight."""

    __tablename__ = "fact_unit"
    __table_args__ = (Index(None, "unit_id", "fact_id"),)

    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(40), default="")
    weight: Mapped[str | None] = mapped_column(String(20))


class FactPerson(Base):
    """An author of a fact, in order: the name, the unit, the part played, the agreed weight."""

    __tablename__ = "fact_person"

    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str] = mapped_column(String(40), default="")
    weight: Mapped[str | None] = mapped_column(String(20))


class FactShape(Base):
    """What facts say in words (core/columns.py), by its text; records point here."""

    __tablename__ = "fact_shape"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[str] = mapped_column(Text)


class FactRole(Base):
    """A part contributors play, by its name; records point here."""

    __tablename__ = "fact_role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class FactRecord(Base):
    """A fact and one of its units as a record (core/columns.py), lying in the order in which scoring reads.

    Derived from the tables above and kept by the same transaction; `records.rebuild` makes all of them anew.
    """

    __tablename__ = "fact_record"
    __table_args__ = {"sqlite_with_rowid": False}

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id"), primary_key=True)
    record: Mapped[bytes] = mapped_column(LargeBinary)
