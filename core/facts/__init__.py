"""The register of countable facts: append-only; points are computed from it, never stored in it."""

from core.facts.register import Fact, NewFact, of_office, record, withdraw, withdraw_all

__all__ = ["Fact", "NewFact", "of_office", "record", "withdraw", "withdraw_all"]
