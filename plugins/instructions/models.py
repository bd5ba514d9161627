"""Tables of instructions: dated posts of leaders, who instructed what on which items, scans, and own phrases."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.actors import Actor
from core.db import Base, UtcDateTime
from core.documents.models import STANDINGS, IssuedDocument
from core.permissions import Place
from core.submissions import known
from core.submissions.models import Submission
from plugins.instructions import reading


def in_marks(title: str) -> str:
    """A title in book marks; the name of an issue bears its own."""
    return title if title.startswith("《") else f"《{title}》"


class LeaderPost(Base):
    """A post a leader holds or held (任职), from a day to a day; the class is the pack's."""

    __tablename__ = "instructions_post"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
        Index(None, "office_id", "sort_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    post: Mapped[str] = mapped_column(String(60), default="")
    leader_class: Mapped[str] = mapped_column(String(60))
    since: Mapped[date]
    until: Mapped[date | None]
    sort_no: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    user: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def place(self) -> Place:
        return Place(self.office_id, owner_id=self.user_id)

    def __str__(self) -> str:
        return f"{self.name}（{self.post}）" if self.post else self.name


class Instruction(Base):
    """A leader's instruction (批示) on an item, or on an issued document and some of its items.

    Name, post, class and level are kept as they were on the day: leaders change posts and packs change words.
    """

    __tablename__ = "instructions_instruction"
    __table_args__ = (
        CheckConstraint("(submission_id IS NULL) <> (document_id IS NULL)", name="thing"),
        Index(None, "office_id", "on"),
        Index(None, "submission_id"),
        Index(None, "document_id"),
        Index(None, "leader_id"),
        Index(None, "follows_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    # What it was written on: one item, or a whole document.
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))
    # The number in the register, counted by year; instructions from before there was one have none.
    year: Mapped[int | None]
    number: Mapped[int | None]
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("instructions_post.id"))
    leader_name: Mapped[str] = mapped_column(String(40))
    leader_post: Mapped[str] = mapped_column(String(60), default="")
    leader_class: Mapped[str] = mapped_column(String(60))
    class_title: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(60))
    level_title: Mapped[str] = mapped_column(String(200))
    carrier: Mapped[str] = mapped_column(String(60), default="")
    carrier_title: Mapped[str] = mapped_column(String(400), default="")
    kind: Mapped[str] = mapped_column(String(60))
    kind_title: Mapped[str] = mapped_column(String(200))
    # Whether this kind counted under the pack of that day.
    counts: Mapped[bool] = mapped_column(default=True)
    # Somebody has said that it is meant for the whole document and counts for no item of it.
    for_whole: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text, default="")
    on: Mapped[date]
    # Units the leader wants to handle it; the desk then passes it on.
    asked_unit_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    # A further instruction (续批) on what became of an earlier one.
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("instructions_instruction.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    submission: Mapped[Submission | None] = relationship()
    document: Mapped[IssuedDocument | None] = relationship()
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id])
    items: Mapped[list["InstructionItem"]] = relationship(
        back_populates="instruction", order_by="InstructionItem.id", cascade="all, delete-orphan"
    )
    files: Mapped[list["InstructionFile"]] = relationship(order_by="InstructionFile.id")

    def place(self) -> Place:
        """Where it belongs: the office, the units of the items, and the leader whose word it is."""
        units = frozenset(unit for item in self.items for unit in item.submission.place().unit_ids)
        return Place(self.office_id, units, self.leader_id)

    @property
    def counted(self) -> bool:
        """Whether a fact stands for any of its items."""
        return any(item.fact_id for item in self.items)

    @property
    def subject(self) -> str:
        """The title of what it was written on."""
        return self.submission.title if self.submission else str(self.document)

    def subject_for(self, actor: Actor) -> str:
        """The same as somebody may read it: units know an unpublished item by the title it was reported with.

        A document that no longer stands says so.
        """
        return self._title_for(actor) + self._became

    @property
    def document_standing(self) -> str:
        """What has become of the document it was written on: one of STANDINGS; an item always stands."""
        return self.document.standing if self.document else "valid"

    @property
    def stands_on(self) -> bool:
        """Whether what it was written on still stands."""
        return self.document_standing == "valid"

    @property
    def subject_for_all(self) -> str:
        """The same in words that everybody who takes part may read."""
        return known.title(self.submission) if self.submission else self.subject

    def named_for(self, actor: Actor) -> str:
        """The same in book marks."""
        return in_marks(self._title_for(actor)) + self._became

    def _title_for(self, actor: Actor) -> str:
        return reading.item_for(actor, self.submission)[0] if self.submission else self.subject

    @property
    def _became(self) -> str:
        return "" if self.stands_on else f"（{STANDINGS[self.document_standing]}）"

    @property
    def named_for_all(self) -> str:
        """In book marks, in words that everybody who takes part may read."""
        return in_marks(self.subject_for_all)

    @property
    def cited(self) -> str:
        """Whose it is and on what, as notices to everybody who takes part call it."""
        return f"{self.leader_name}对{self.named_for_all}的批示"

    @property
    def named(self) -> str:
        """The title of what it was written on, in book marks."""
        return in_marks(self.subject)

    @property
    def mark(self) -> str:
        """Its number in the register."""
        return f"批〔{self.year}〕{self.number}号" if self.number else f"批（编号{self.id}）"

    def __str__(self) -> str:
        return f"{self.leader_name}{self.kind_title}{self.named}（{self.id}）"


class InstructionItem(Base):
    """An item an instruction counts for, and the fact that says so; `times` it has been counted."""

    __tablename__ = "instructions_item"
    __table_args__ = (UniqueConstraint("instruction_id", "submission_id"), Index(None, "submission_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    instruction_id: Mapped[int] = mapped_column(ForeignKey("instructions_instruction.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    # None when this kind of instruction does not count, or it was withdrawn.
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"))
    times: Mapped[int] = mapped_column(default=0)

    instruction: Mapped[Instruction] = relationship(back_populates="items")
    submission: Mapped[Submission] = relationship()


class InstructionFile(Base):
    """A scan of what the leader wrote; the bytes lie in the file store under their digest."""

    __tablename__ = "instructions_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    instruction_id: Mapped[int] = mapped_column(ForeignKey("instructions_instruction.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Phrase(Base):
    """Words a person often writes (常用语)."""

    __tablename__ = "instructions_phrase"
    __table_args__ = (UniqueConstraint("user_id", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(String(200))
