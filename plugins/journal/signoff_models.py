"""The table of decisions on an issue: who sent, approved, sent back, signed, withdrew it, when, with what remark."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db import Base, UtcDateTime

# What people read; {} is the title of the step.
KINDS = {
    "sent": "送签", "skipped": "省去{}", "approved": "{}同意", "back": "{}退回编辑", "previous": "{}退回上一步",
    "retracted": "收回{}意见", "recalled": "撤回送签", "left": "条目被收回，自动退回编辑", "signed": "{}",
    "forced": "先签发、后补审批", "agreed": "补审批同意", "refused": "补审批不同意", "withdrawn": "撤回刊物",
    "restored": "恢复刊物", "corrected": "更正",
}  # fmt: skip


class JournalDecision(Base):
    """One decision on an issue. Rows are only added; a draft that is deleted takes its own along."""

    __tablename__ = "journal_decision"
    __table_args__ = (Index(None, "issue_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("journal_issue.id"))
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    # The step by its id, and as it was called.
    step: Mapped[str] = mapped_column(String(60), default="")
    title: Mapped[str] = mapped_column(String(60), default="")
    # Nobody: it came by itself.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    remark: Mapped[str] = mapped_column(String(500), default="")

    by: Mapped[User | None] = relationship()

    @property
    def words(self) -> str:
        """核稿同意、签发、撤回刊物."""
        return KINDS[self.kind].format(self.title)
