"""The register of countable facts: append-only; points are computed from it, never stored in it."""

from core.facts.models import Fact
from core.facts.register import Author, NewFact, Part, of_office, record, record_again, withdraw, withdraw_all
from core.facts.standing import standing

__all__ = [
    "Author",
    "Fact",
    "NewFact",
    "Part",
    "of_office",
    "record",
    "record_again",
    "standing",
    "withdraw",
    "withdraw_all",
]
