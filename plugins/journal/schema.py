"""journals.yaml as typed values: journals, their columns, numbers and imprint. Pure."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from core.errors import near
from core.packs.fields import Id, Many, PackModel, Title, refusal
from plugins.journal.readers import Readers

_BLANK = re.compile(r"\{([^{}]*)\}")


def fill(line: str, values: dict[str, Any]) -> str:
    """Put values into the {names} of a line; a name without a value stays as it was written."""
    return _BLANK.sub(lambda found: str(values.get(found[1], found[0])), line)


def _blanks(*allowed: str, needs: str = "") -> AfterValidator:
    """A validator: the line's {names} are among `allowed`, and `needs` is one of them."""

    def check(line: str) -> str:
        names = _BLANK.findall(line)
        for name in names:
            if name not in allowed:
                known = "、".join("{" + one + "}" for one in allowed)
                raise refusal(f"没有“{{{name}}}”这个填空", advice=near(name, allowed) or f"可用：{known}")
        if "{" in _BLANK.sub("", line) or "}" in _BLANK.sub("", line):
            raise refusal("花括号不成对", f"现为“{line}”", "填空请写成 {number} 的形式")
        if needs and needs not in names:
            raise refusal(f"缺少“{{{needs}}}”", f"现为“{line}”", "请写出编号的位置，如 第{number}期")
        return line

    return AfterValidator(check)


# What is printed in one line and kept in columns of limited width.
Short = Annotated[Title, Field(max_length=40)]
OfficeLine = Annotated[Title, _blanks("office", "place")]


class RunningTotal(PackModel):
    """The number that runs on through the years: how it is written, and where this system takes over."""

    style: Annotated[Short, _blanks("total", "year", needs="total")] = "总第{total}期"
    start: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class DistributionLine(PackModel):
    """A line of the imprint: 报、送、发."""

    label: Annotated[Title, Field(max_length=8)]
    to: OfficeLine
    # Who gets it in this system; a journal whose lines name nobody goes to the leaders and to every unit.
    readers: Readers | None = None


class JournalColumn(PackModel):
    """A column of a journal; in print the columns follow the order of the file."""

    id: Id
    title: Short
    outlet: Id | None = None
    limit: Annotated[int, Field(ge=1, le=200)] | None = None
    genres: Many[Id] = ()
    unit_kinds: Many[Id] = ()
    note: Annotated[str, Field(max_length=500)] = ""

    def takes(self, genre: str, unit_kind: str) -> bool:
        """Whether an item of this genre from a unit of this kind may stand here."""
        return (not self.genres or genre in self.genres) and (
            not self.unit_kinds or unit_kind in self.unit_kinds
        )


class Journal(PackModel):
    """A journal an office compiles and publishes in numbered issues."""

    id: Id
    title: Short
    outlet: Id
    document: Id
    columns: Annotated[Many[JournalColumn], Field(min_length=1)]
    masthead: Short | None = None
    edition: Short | None = None
    office_line: OfficeLine = "{office}"
    number: Annotated[Short, _blanks("number", "year", needs="number")] = "第{number}期"
    total: RunningTotal | None = None
    contents: bool = False
    distribution: Many[DistributionLine] = ()
    # Others of the office may read it too, unless an issue bears a secrecy mark.
    open_to_office: bool = True
    copies: Annotated[int, Field(ge=1, le=100_000)] | None = None
    editor_line: Annotated[Title, _blanks("editor", "office", "place")] = "{editor}"
    same_unit_warning: Annotated[int, Field(ge=2, le=100)] = 3

    def column(self, column_id: str) -> JournalColumn | None:
        """A column by its id."""
        return next((column for column in self.columns if column.id == column_id), None)

    @property
    def printed_name(self) -> str:
        """The big red name: the title without its brackets unless the pack says otherwise."""
        return self.masthead or self.title.strip("《》")

    def number_text(self, number: int, year: int) -> str:
        """第12期"""
        return fill(self.number, {"number": number, "year": year})

    def total_text(self, total: int, year: int) -> str:
        """总第36期, or nothing for a journal without a running total."""
        return fill(self.total.style, {"total": total, "year": year}) if self.total else ""


class Journals(PackModel):
    """journals.yaml: every journal of the office."""

    journals: Annotated[Many[Journal], Field(min_length=1)]

    def journal(self, journal_id: str) -> Journal | None:
        """A journal by its id."""
        return next((journal for journal in self.journals if journal.id == journal_id), None)
