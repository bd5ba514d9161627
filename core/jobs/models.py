"""Tables of background jobs: the ledger, the schedules, the processes that work."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, UtcDateTime
from core.permissions import Place

STATES = {
    "queued": "等待中",
    "running": "进行中",
    "done": "已完成",
    "failed": "未完成",
    "cancelled": "已取消",
}
OPEN = ("queued", "running")


class Job(Base):
    """One piece of work: who asked for it, how far it is, what came of it."""

    __tablename__ = "job"
    __table_args__ = (
        Index(None, "state", "due_at", "id"),
        Index(None, "actor_id", "id"),
        Index(None, "office_id", "id"),
        Index(None, "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    # Nobody for what the schedule starts.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(40), default="")
    # Held while the job is open, so that there is one open job under a key.
    open_key: Mapped[str | None] = mapped_column(String(240), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="queued")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    # Whoever works on it holds the token, and the lease while it is renewed.
    token: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worker: Mapped[str] = mapped_column(String(120), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(200), default="")
    error: Mapped[str] = mapped_column(String(1000), default="")
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    result_url: Mapped[str] = mapped_column(String(300), default="")
    result_sha256: Mapped[str] = mapped_column(String(64), default="")
    result_name: Mapped[str] = mapped_column(String(200), default="")
    result_type: Mapped[str] = mapped_column(String(120), default="")
    result_size: Mapped[int] = mapped_column(default=0)
    keep_until: Mapped[date | None]

    def place(self) -> Place:
        return Place(self.office_id or 0, owner_id=self.actor_id)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def state_title(self) -> str:
        if self.state == "running" and self.cancel_asked:
            return "正在取消"
        return STATES[self.state]

    @property
    def has_file(self) -> bool:
        return self.state == "done" and bool(self.result_sha256)

    def __str__(self) -> str:
        return f"{self.title}（任务 {self.id}）"


class JobSchedule(Base):
    """How far a schedule is: the last due time that was handed out, to one worker only."""

    __tablename__ = "job_schedule"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_due: Mapped[datetime] = mapped_column(UtcDateTime)


class JobWorker(Base):
    """A process that works on jobs, and when it was last heard of."""

    __tablename__ = "job_worker"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
