"""Entries and lines of choices by the titles their reader may know."""

from collections.abc import Iterable
from dataclasses import replace

from core.facts.naming import Names
from core.scoring.results.choices import Choice
from core.scoring.values.fact import Entry


def renamed(entries: Iterable[Entry], names: Names) -> list[Entry]:
    """Entries as the reader of these names may read them."""
    found = list(entries)
    told = names.of_items(entry.item for entry in found)
    return [replace(e, title=told[e.item]) if e.item in told else e for e in found] if told else found


def chosen_as(choice: Choice, names: Names) -> Choice:
    """A choice of items as the reader may read it."""
    if choice.what != "items":
        return choice
    told = names.of_items(line.key for line in (*choice.chosen, *choice.barred))
    chosen, barred = (
        tuple(replace(line, name=told.get(line.key, line.name)) for line in lines)
        for lines in (choice.chosen, choice.barred)
    )
    return replace(choice, chosen=chosen, barred=barred)
