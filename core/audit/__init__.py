"""The audit trail: an append-only record of who did what, chained by hashes."""

from core.audit.trail import AuditRecord, from_place, in_turn, note, verify

__all__ = ["AuditRecord", "from_place", "in_turn", "note", "verify"]
