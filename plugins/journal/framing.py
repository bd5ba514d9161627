"""The frame of an issue: what it prints otherwise than the pack says, as far as the pack lets it. Pure.

A frame is plain data kept with the issue and saved by name for the next one: `copies`, `distribution`, `contents`,
`columns` (their order), `captions` (by column).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from plugins.journal.schema import DistributionLine, Journal, JournalColumn

KEYS = ("copies", "distribution", "contents", "columns", "captions")


def framed(journal: Journal, frame: Mapping[str, Any]) -> Journal:
    """The journal as this issue prints it. What the pack no longer lets change is left out."""
    own = {key: frame[key] for key in KEYS if key in frame and key in journal.may_change}
    changes: dict[str, Any] = {key: own[key] for key in ("copies", "contents") if key in own}
    if "distribution" in own:
        # Who gets the issue on the screen stays with the pack, line by line.
        readers = {line.label: line.readers for line in journal.distribution}
        changes["distribution"] = tuple(
            DistributionLine.model_construct(
                label=line["label"], to=line["to"], readers=readers.get(line["label"])
            )
            for line in own["distribution"]
        )
    if "columns" in own or "captions" in own:
        changes["columns"] = _columns(journal.columns, own.get("columns", ()), own.get("captions", {}))
    return journal.model_copy(update=changes) if changes else journal


def _columns(
    columns: Sequence[JournalColumn], order: Sequence[str], captions: Mapping[str, str]
) -> tuple[JournalColumn, ...]:
    """The columns in their new order; columns the order does not know keep their place among their neighbours."""
    place = {name: number for number, name in enumerate(order)}
    if all(column.id in place for column in columns):
        columns = sorted(columns, key=lambda column: place[column.id])
    elif place:
        named = iter(sorted((c for c in columns if c.id in place), key=lambda column: place[column.id]))
        columns = [next(named) if column.id in place else column for column in columns]
    return tuple(
        column.model_copy(update={"caption": captions[column.id]}) if column.id in captions else column
        for column in columns
    )


def frame_of(journal: Journal) -> dict[str, Any]:
    """The frame a journal has by itself, in the same plain form."""
    return {
        "copies": journal.copies,
        "distribution": [{"label": line.label, "to": line.to} for line in journal.distribution],
        "contents": journal.contents,
        "columns": [column.id for column in journal.columns],
        "captions": {column.id: column.caption for column in journal.columns if column.caption},
    }
