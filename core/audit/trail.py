"""Write and verify the audit trail.

Each record carries the hash of the one before it, so that a changed, removed or inserted row is found
and named. The table refuses UPDATE and DELETE by triggers (see the first core migration).
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Index, select, text
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.actors import Actor
from core.db import Base, UtcDateTime, db

ALGORITHM = "sha256"
GENESIS = "0" * 64
NOBODY = "未登录"
CONSOLE = "本机命令行"
_place: ContextVar[str] = ContextVar("audit_place", default=CONSOLE)
# Writers of the chain queue up behind this PostgreSQL advisory lock; SQLite has one writer anyway.
CHAIN_LOCK = 7_310_431


class AuditRecord(Base):
    """One line of the trail."""

    __tablename__ = "audit_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    office_id: Mapped[int | None]
    actor_id: Mapped[int | None]
    actor: Mapped[str]
    action: Mapped[str]
    thing: Mapped[str]
    outcome: Mapped[str]
    address: Mapped[str]
    detail: Mapped[str]
    algorithm: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]

    __table_args__ = (Index(None, "office_id", "id"), Index(None, "office_id", "actor_id", "id"))


def in_turn() -> None:
    """From here to the end of the transaction nobody else writes: what gets a number now is committed in that order.

    SQLite lets one transaction write at a time anyway.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})"))


@contextmanager
def from_place(name: str) -> Iterator[None]:
    """Within the block, records outside any request say that they come from here."""
    token = _place.set(name)
    try:
        yield
    finally:
        _place.reset(token)


def note(
    actor: Actor | None,
    action: str,
    thing: Any = "",
    *,
    office_id: int | None = None,
    outcome: str = "成功",
    **detail: Any,
) -> None:
    """Add a record inside the running transaction.

    thing is shown as text; detail holds what changed (plain values). Control characters are removed,
    so that a name can never forge a second line in an export.
    """
    in_turn()
    last = db.session.execute(
        select(AuditRecord.id, AuditRecord.digest).order_by(AuditRecord.id.desc()).limit(1)
    ).first()
    here = request.remote_addr or "" if has_request_context() else _place.get()
    record = AuditRecord(
        id=last.id + 1 if last else 1,
        at=clock.now(),
        office_id=office_id if office_id is not None else getattr(actor, "office_id", None),
        actor_id=getattr(actor, "id", None) or None,
        actor=_clean(
            f"{actor.name}（{actor.login}）" if actor else NOBODY if has_request_context() else _place.get()
        ),
        action=_clean(action),
        thing=_clean(str(thing)),
        outcome=_clean(outcome),
        address=here,
        detail=_printable(json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)),
        algorithm=ALGORITHM,
        previous=last.digest if last else GENESIS,
        digest="",
    )
    record.digest = digest(record)
    db.session.add(record)
    db.session.flush()


def digest(record: AuditRecord) -> str:
    """The hash of a record: every column and the hash before it."""
    at = record.at.astimezone(UTC).isoformat()
    parts = [
        record.id, at, record.office_id, record.actor_id, record.actor, record.action, record.thing,
        record.outcome, record.address, record.detail, record.algorithm, record.previous,
    ]  # fmt: skip
    return hashlib.new(record.algorithm, json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold."""

    record_id: int
    reason: str


def verify(head: tuple[int, str] | None = None) -> Iterator[Break]:
    """Walk the whole chain and yield every break.

    head: number and digest of a last record noted down earlier; finds a trail cut off at the end.
    """
    previous, expected, seen = GENESIS, 1, {}
    rows = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id).execution_options(yield_per=1000))
    for record in rows:
        if record.id != expected:
            yield Break(expected, f"第 {expected} 至 {record.id - 1} 条缺失")
        if record.previous != previous:
            yield Break(record.id, "与上一条的衔接不符")
        if digest(record) != record.digest:
            yield Break(record.id, "内容与校验值不符，可能已被改动")
        previous, expected = record.digest, record.id + 1
        if head and record.id == head[0]:
            seen[record.id] = record.digest
    if head and seen.get(head[0]) != head[1]:
        yield Break(head[0], "与先前记下的末条校验值不符，记录可能被截去或重写")


def head() -> tuple[int, str] | None:
    """Number and digest of the last record, to be noted down outside this machine."""
    row = db.session.execute(
        select(AuditRecord.id, AuditRecord.digest).order_by(AuditRecord.id.desc()).limit(1)
    ).first()
    return (row.id, row.digest) if row else None


def _clean(value: str) -> str:
    return _printable(value)[:500]


def _printable(value: str) -> str:
    return "".join(ch if ch.isprintable() else "·" for ch in value)
