"""The audit trail: an append-only record of who did what, chained by hashes."""

from core.audit.trail import AuditRecord, note, verify

__all__ = ["AuditRecord", "note", "verify"]
