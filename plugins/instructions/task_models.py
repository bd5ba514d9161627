"""Tables of handling: which unit has to answer an instruction by when, what it answered, who chased, what happened."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import Unit, User
from core.db import Base, UtcDateTime
from core.permissions import Place
from plugins.instructions.handling import FEEDBACK_STATES, OUTCOMES, STATES
from plugins.instructions.models import Instruction


def _among(column: str, words: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(map(repr, words))})"


class Task(Base):
    """A unit's part in carrying out an instruction: main or assisting, with a due day."""

    __tablename__ = "instructions_task"
    __table_args__ = (
        CheckConstraint(_among("state", STATES), name="state"),
        CheckConstraint(_among("outcome", ["", *OUTCOMES]), name="outcome"),
        UniqueConstraint("instruction_id", "unit_id"),
        Index(None, "office_id", "state", "due_on"),
        Index(None, "unit_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    instruction_id: Mapped[int] = mapped_column(ForeignKey("instructions_instruction.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    main: Mapped[bool] = mapped_column(default=True)
    urgency: Mapped[str] = mapped_column(String(60))
    urgency_title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500), default="")
    sent_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(12), default="sent")
    # When the first final feedback left the unit: on time or not is judged by this day.
    reported_on: Mapped[date | None]
    # By when more is due, while more is asked for.
    more_on: Mapped[date | None]
    # Since when it is established that nothing came in time.
    missed_on: Mapped[date | None]
    # Why it does not count against the unit; empty when it does.
    excused: Mapped[str] = mapped_column(String(500), default="")
    # What the standing fact says, and how many facts there have been.
    outcome: Mapped[str] = mapped_column(String(12), default="")
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"))
    times: Mapped[int] = mapped_column(default=0)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    instruction: Mapped[Instruction] = relationship()
    unit: Mapped[Unit] = relationship()
    feedback: Mapped[list["Feedback"]] = relationship(back_populates="task", order_by="Feedback.id")
    chases: Mapped[list["Chase"]] = relationship(order_by="Chase.id")
    events: Mapped[list["TaskEvent"]] = relationship(order_by="TaskEvent.id")

    __mapper_args__ = {"version_id_col": version}

    def place(self) -> Place:
        return Place(self.office_id, frozenset({self.unit_id}))

    @property
    def part(self) -> str:
        return "主办" if self.main else "协办"

    def __str__(self) -> str:
        return f"{self.instruction.mark}，{self.unit.short}"


class Feedback(Base):
    """What a unit says it has done; it leaves the unit once the unit's head has signed it."""

    __tablename__ = "instructions_feedback"
    __table_args__ = (CheckConstraint(_among("state", FEEDBACK_STATES), name="state"), Index(None, "task_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("instructions_task.id"))
    final: Mapped[bool] = mapped_column(default=True)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="awaiting")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    task: Mapped[Task] = relationship(back_populates="feedback")
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    files: Mapped[list["FeedbackFile"]] = relationship(order_by="FeedbackFile.id")

    __mapper_args__ = {"version_id_col": version}


class FeedbackFile(Base):
    """A file beside a feedback; the bytes lie in the file store."""

    __tablename__ = "instructions_feedback_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("instructions_feedback.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Chase(Base):
    """A unit was reminded before the due day (提醒) or chased after it (催办), at most once for each working day.

    Nobody's: the program did it.
    """

    __tablename__ = "instructions_chase"
    __table_args__ = (UniqueConstraint("task_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("instructions_task.id"))
    on: Mapped[date]
    late: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    by: Mapped[User | None] = relationship()


class TaskEvent(Base):
    """One line of a task's history: what, who, when, why."""

    __tablename__ = "instructions_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("instructions_task.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    title: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500), default="")

    by: Mapped[User | None] = relationship()
