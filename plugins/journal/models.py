"""Tables of journals: issues, who composed them, and the items placed in their columns."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime
from core.documents.models import IssuedDocument
from core.permissions import Place
from core.submissions.models import Submission

STATES = {"draft": "编辑中", "awaiting": "待签发", "published": "已签发"}
OPEN = ("draft", "awaiting")
# What has become of a published issue.
STANDINGS = {"valid": "有效", "withdrawn": "已撤回", "corrected": "已更正"}
# A forced publication: signed first, to be approved by somebody else.
FORCED = {"pending": "先签发、待补审批", "approved": "先签发、已补审批", "refused": "补审批未通过"}


class JournalIssue(Base):
    """One issue of a journal. Numbers and day are given when it is published, and never change after that."""

    __tablename__ = "journal_issue"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(map(repr, STATES))})", name="state"),
        UniqueConstraint("office_id", "journal", "year", "number"),
        UniqueConstraint("office_id", "journal", "total"),
        Index(None, "office_id", "state", "id"),
        # One issue is corrected by one other.
        Index(None, "corrects_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    journal: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(60))
    # The edition by its id, empty for the main one. `journal` then names what the numbers are counted under.
    edition: Mapped[str] = mapped_column(String(60), default="")
    # Marks at the top of the first page: 秘密 with a term of years, 加急; empty without.
    secrecy: Mapped[str] = mapped_column(String(8), default="")
    secrecy_years: Mapped[int | None]
    urgency: Mapped[str] = mapped_column(String(8), default="")
    # 编者按 of the whole issue.
    note: Mapped[str] = mapped_column(Text, default="")
    # The day to be printed when it is not the day of signature.
    planned_on: Mapped[date | None]
    # What this issue prints otherwise than the pack says: copies, distribution, contents, columns, captions.
    frame: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Counts every change on the composing board.
    edits: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    year: Mapped[int | None]
    number: Mapped[int | None]
    total: Mapped[int | None]
    # How the numbers are printed: 第12期, 总第36期.
    number_text: Mapped[str] = mapped_column(String(60), default="")
    total_text: Mapped[str] = mapped_column(String(60), default="")
    dated: Mapped[date | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))
    pack_ref: Mapped[str] = mapped_column(String(90), default="")
    # Only those it was delivered to may read it.
    restricted: Mapped[bool] = mapped_column(default=False)
    # Counts how often it was sent for signature: approvals count in their own round only.
    round: Mapped[int] = mapped_column(default=0)
    # The steps of signature as the pack named them when it was sent, and which of them it waits for.
    sign_off: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    step: Mapped[int] = mapped_column(default=0)
    # One of FORCED, empty for an ordinary publication; and until when somebody else is to approve it.
    forced: Mapped[str] = mapped_column(String(10), default="")
    approve_by: Mapped[date | None]
    # One of STANDINGS: since when, why, by whom.
    standing: Mapped[str] = mapped_column(String(10), default="valid")
    standing_reason: Mapped[str] = mapped_column(String(500), default="")
    standing_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    standing_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # The published issue this one replaces, under the same number, and what was wrong with it.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("journal_issue.id"))
    correction_reason: Mapped[str] = mapped_column(String(500), default="")
    # Why the issuer sent the issue back; empty once it is sent for signature again.
    sent_back_reason: Mapped[str] = mapped_column(String(500), default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])
    changed_by: Mapped[User] = relationship(foreign_keys=[changed_by_id])
    sent_by: Mapped[User | None] = relationship(foreign_keys=[sent_by_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])
    standing_by: Mapped[User | None] = relationship(foreign_keys=[standing_by_id])
    document: Mapped[IssuedDocument | None] = relationship()
    corrects: Mapped["JournalIssue | None"] = relationship(remote_side=[id])
    items: Mapped[list["JournalItem"]] = relationship(
        back_populates="issue",
        order_by="[JournalItem.position, JournalItem.id]",
        cascade="all, delete-orphan",
    )
    hands: Mapped[list["JournalComposer"]] = relationship(
        order_by="JournalComposer.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    def place(self) -> Place:
        return Place(self.office_id, owner_id=self.created_by_id)

    @property
    def journal_id(self) -> str:
        """The journal by the id the pack gives it, also for an edition that counts its own numbers."""
        return self.journal.partition("/")[0]

    @property
    def classification(self) -> str:
        """The secrecy mark as printed: 秘密★1年."""
        term = f"★{self.secrecy_years}年" if self.secrecy_years else ""
        return f"{self.secrecy}{term}" if self.secrecy else ""

    @property
    def composers(self) -> frozenset[int]:
        """Everybody who must not sign this issue: whoever made it, ever changed it, or sent it for signature."""
        last = {self.created_by_id, self.changed_by_id, self.sent_by_id or self.created_by_id}
        return frozenset(last | {hand.user_id for hand in self.hands})

    @property
    def awaited(self) -> str:
        """The title of the step an issue waits for: 核稿、审核、签发."""
        steps = self.sign_off.get("steps", ())
        return steps[self.step]["title"] if self.step < len(steps) else "签发"

    @property
    def state_title(self) -> str:
        """The state as people call it: 编辑中、待核稿、已签发."""
        return f"待{self.awaited}" if self.state == "awaiting" else STATES[self.state]

    @property
    def label(self) -> str:
        """《××》2026年第12期, or what a draft is called before it has a number."""
        if self.state != "published" and not self.corrects_id:
            return f"{self.title}新一期（稿号 {self.id}）"
        year = "" if str(self.year) in self.number_text else f"{self.year}年"
        return f"{self.title}{year}{self.number_text}{'' if self.state == 'published' else '稿'}"

    def __str__(self) -> str:
        return self.label


class JournalComposer(Base):
    """Somebody who had a hand in composing an issue, and since when. Stays with the issue for good."""

    __tablename__ = "journal_composer"
    __table_args__ = (UniqueConstraint("issue_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("journal_issue.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class JournalItem(Base):
    """A submission placed in a column. Publishing keeps the printed text, source, column and outlet here."""

    __tablename__ = "journal_item"
    __table_args__ = (UniqueConstraint("issue_id", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("journal_issue.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    column: Mapped[str] = mapped_column("column_id", String(60))
    position: Mapped[int]
    # What the editor lets print instead of the item's own title and source, and the 编者按 before it.
    print_title: Mapped[str] = mapped_column(String(120), default="")
    print_source: Mapped[str] = mapped_column(String(1000), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    # An item adopted before, printed again: its state does not move.
    reprint: Mapped[bool] = mapped_column(default=False)
    # The number of the change that put it where it stands: two editors may not move it two ways.
    placed: Mapped[int] = mapped_column(default=0)
    # Digest of the text that was sent for signature: what the issuer signs is what was sent.
    sealed: Mapped[str] = mapped_column(String(64), default="")
    column_title: Mapped[str] = mapped_column(String(60), default="")
    outlet: Mapped[str] = mapped_column(String(60), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(String(1000), default="")
    body: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    fact_id: Mapped[int | None] = mapped_column(ForeignKey("fact.id"))
    # In a correction: the item of the corrected issue that this one stands for. Its text is its own, in `body`.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("journal_item.id"))
    # Taken back together with its whole issue.
    went_along: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    issue: Mapped[JournalIssue] = relationship(back_populates="items")
    submission: Mapped[Submission] = relationship()
    withdrawn_by: Mapped[User | None] = relationship()
    replaces: Mapped["JournalItem | None"] = relationship(remote_side=[id])
