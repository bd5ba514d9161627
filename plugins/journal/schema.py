"""journals.yaml as typed values: journals, their columns, numbers and imprint. Pure."""

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from core.errors import near
from core.packs.content.fields import Id, Many, PackModel, Title, refusal
from plugins.journal.readers import Readers
from plugins.journal.signing_schema import SignOff, Urgency

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
# From the lowest to the highest.
Secrecy = Literal["内部", "秘密", "机密", "绝密"]
WhenEmpty = Literal["omit", "line", "refuse"]
CarryOver = Literal["none", "offer", "place"]
# What an editor may change of one issue; everything else stays as the pack says.
Change = Literal[
    "copies", "distribution", "note", "date", "secrecy", "urgency", "contents", "columns", "captions"
]
CHANGES: tuple[Change, ...] = get_args(Change)


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


class Budget(PackModel):
    """How long something may become; more is a warning, not a refusal."""

    words: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    pages: Annotated[int, Field(ge=1, le=1000)] | None = None


class Span(PackModel):
    """The length one item should have, in characters."""

    min: Annotated[int, Field(ge=1, le=100_000)] | None = None
    max: Annotated[int, Field(ge=1, le=100_000)] | None = None

    @model_validator(mode="after")
    def in_order(self) -> "Span":
        """The least is not more than the most."""
        if self.min and self.max and self.min > self.max:
            raise refusal("最少字数大于最多字数", f"现为 {self.min} 和 {self.max}", "请对调或改正")
        return self


class Reprint(PackModel):
    """A column that takes items adopted before; `fact` says whether printing them here is recorded once more."""

    fact: bool = False


class SecrecyMark(PackModel):
    """The secrecy marks an issue may carry, and the one it starts with; `years` for marks that state a term."""

    choices: Annotated[Many[Secrecy], Field(min_length=1)]
    default: Secrecy | None = None
    years: Annotated[int, Field(ge=1, le=30)] | None = None


class UrgencyMark(PackModel):
    """The urgency marks an issue may carry, and the one it starts with."""

    choices: Annotated[Many[Urgency], Field(min_length=1)]
    default: Urgency | None = None


class Marks(PackModel):
    """Marks at the top left of the first page."""

    secrecy: SecrecyMark | None = None
    urgency: UrgencyMark | None = None


class EditorNote(PackModel):
    """The editor's own words, before the whole issue and before an item."""

    label: Annotated[Title, Field(max_length=10)] = "编者按"
    issue: bool = True
    items: bool = True

    def bare(self, note: str) -> str:
        """The words without the label, which is printed before them anyway."""
        return re.sub(rf"^\s*【?{re.escape(self.label)}】?\s*[：:]\s*", "", note)


class JournalColumn(PackModel):
    """A column of a journal; in print the columns follow the order of the file."""

    id: Id
    title: Short
    outlet: Id | None = None
    limit: Annotated[int, Field(ge=1, le=200)] | None = None
    min: Annotated[int, Field(ge=1, le=200)] | None = None
    genres: Many[Id] = ()
    unit_kinds: Many[Id] = ()
    taken_by: Many[Id] = ()
    reprint: Reprint | None = None
    when_empty: WhenEmpty = "omit"
    empty_line: Annotated[Title, Field(max_length=100)] = "本期暂缺"
    caption: Annotated[str, Field(max_length=200)] = ""
    budget: Budget | None = None
    item_words: Span | None = None
    note: Annotated[str, Field(max_length=500)] = ""

    def takes(self, genre: str, unit_kind: str) -> bool:
        """Whether an item of this genre from a unit of this kind may stand here."""
        return (not self.genres or genre in self.genres) and (
            not self.unit_kinds or unit_kind in self.unit_kinds
        )


class JournalEdition(PackModel):
    """An edition beside the main one, such as a supplement: its own name, numbers and imprint."""

    id: Id
    title: Short
    edition: Short | None = None
    numbers: Literal["own", "shared"] = "own"
    number: Annotated[Short, _blanks("number", "year", needs="number")] | None = None
    total: RunningTotal | None = None
    document: Id | None = None
    columns: Many[Id] = ()
    distribution: Many[DistributionLine] = ()
    copies: Annotated[int, Field(ge=1, le=100_000)] | None = None


class Journal(PackModel):
    """A journal an office compiles and publishes in numbered issues."""

    id: Id
    title: Short
    outlet: Id
    document: Id
    columns: Annotated[Many[JournalColumn], Field(min_length=1)]
    masthead: Short | None = None
    edition: Short | None = None
    editions: Many[JournalEdition] = ()
    office_line: OfficeLine = "{office}"
    number: Annotated[Short, _blanks("number", "year", needs="number")] = "第{number}期"
    total: RunningTotal | None = None
    contents: bool = False
    contents_title: Annotated[Title, Field(max_length=20)] = "本期要目"
    distribution: Many[DistributionLine] = ()
    # Others of the office may read it too, unless an issue bears a secrecy mark.
    open_to_office: bool = True
    copies: Annotated[int, Field(ge=1, le=100_000)] | None = None
    editor_line: Annotated[Title, _blanks("editor", "office", "place")] = "{editor}"
    marks: Marks = Marks()
    sign_off: SignOff = SignOff()
    editor_note: EditorNote = EditorNote()
    budget: Budget | None = None
    one_unit: bool = False
    may_change: Many[Change] = CHANGES
    carry_over: CarryOver = "offer"
    same_unit_warning: Annotated[int, Field(ge=2, le=100)] = 3

    def column(self, column_id: str) -> JournalColumn | None:
        """A column by its id."""
        return next((column for column in self.columns if column.id == column_id), None)

    def in_edition(self, edition_id: str) -> "Journal | None":
        """The journal as this edition prints it; None when there is no such edition."""
        found = next((edition for edition in self.editions if edition.id == edition_id), None)
        if not found:
            return None
        own = found.numbers == "own"
        kept = tuple(column for column in self.columns if not found.columns or column.id in found.columns)
        return self.model_copy(
            update={
                "title": f"{self.title}{found.title}",
                "masthead": self.printed_name,
                "edition": found.edition or found.title,
                "number": found.number or self.number,
                "total": found.total if own else self.total,
                "document": found.document or self.document,
                "columns": kept,
                "distribution": found.distribution or self.distribution,
                "copies": found.copies or self.copies,
            }
        )

    def series(self, edition_id: str) -> str:
        """What the numbers of an edition are counted under: its own name, or the journal's."""
        found = next((edition for edition in self.editions if edition.id == edition_id), None)
        return f"{self.id}/{edition_id}" if found and found.numbers == "own" else self.id

    @property
    def counts_pages(self) -> bool:
        """Whether there is a plan of how many pages an issue or a column takes."""
        return any(one.budget and one.budget.pages for one in (self, *self.columns))

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


class ExampleItem(PackModel):
    """An item of an example: what the checks look at."""

    column: Id
    title: Title = "示例信息"
    genre: Id = "work_news"
    unit: Title = "示例单位"
    unit_kind: Id = "department"
    words: Annotated[int, Field(ge=0, le=100_000)] = 500
    taken: Many[Id] = ()


class JournalExample(PackModel):
    """An issue made up for checking: what stands in it, and what must be said about it (words of each remark)."""

    name: Title
    journal: Id
    edition: Id | None = None
    items: Many[ExampleItem] = ()
    pages: Annotated[int, Field(ge=0, le=1000)] = 0
    refused: Many[Title] = ()
    remarks: Many[Title] = ()
    urgency: Urgency | None = None
    # The steps of signature that are left when everything is left out that may be.
    steps: Many[Title] = ()


class Journals(PackModel):
    """journals.yaml: every journal of the office, and examples of issues."""

    journals: Annotated[Many[Journal], Field(min_length=1)]
    examples: Many[JournalExample] = ()

    def journal(self, journal_id: str) -> Journal | None:
        """A journal by its id; `id/edition` for an edition that counts its own numbers."""
        name, _, edition = journal_id.partition("/")
        found = next((journal for journal in self.journals if journal.id == name), None)
        return found.in_edition(edition) if found and edition else found
