"""Full-text search: an index of Chinese texts kept in step by the transactions that change them."""

from core.search.index import drop, put
from core.search.sources import GENRE, Entry, Shown, Source

__all__ = ["GENRE", "Entry", "Shown", "Source", "drop", "put"]
