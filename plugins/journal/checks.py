"""What stands in the way of an issue and what deserves a second look, from plain values. Pure.

The board, the signature and the examples of a pack all ask here.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plugins.journal.schema import Journal, JournalColumn

# A column the pack no longer has keeps its items visible, so that an editor can move them.
GONE = "（现行规则包已无此栏目）"
# What such a column is called where nobody has noted its title.
FORMER = "原栏目"


@dataclass(frozen=True)
class Remark:
    """Something an editor should see; a blocking one keeps the issue from being sent and published.

    `column` and `item` say what it is about, for the page.
    """

    text: str
    blocking: bool = False
    column: str = ""
    item: int = 0


@dataclass(frozen=True)
class Placed:
    """An item in a column, as far as the checks look at it."""

    column: str
    title: str
    genre: str
    units: Sequence[str]
    unit_kind: str
    words: int
    taken: Collection[str] = ()
    ready: bool = True
    signed: bool = True
    used: Sequence[str] = ()
    id: int = 0
    unprintable: Sequence[str] = ()
    column_title: str = ""

    @property
    def named(self) -> str:
        return f"《{self.title or '无标题'}》"


@dataclass(frozen=True)
class Laid:
    """How much paper things take, where it is known: the whole issue, and each column by its id."""

    pages: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)


def unfit(column: JournalColumn, genre: str, unit_kind: str, taken: Collection[str]) -> str:
    """Why an item may not stand in a column; empty when it may."""
    if column.genres and genre not in column.genres:
        return "信息类型不符"
    if column.unit_kinds and unit_kind not in column.unit_kinds:
        return "报送单位的类别不符"
    if column.taken_by and not set(column.taken_by) & set(taken):
        return "还没有登记上级采用"
    return ""


def remarks(
    journal: Journal, items: Sequence[Placed], laid: Laid | None = None, note: Sequence[str] = ()
) -> list[Remark]:
    """Everything to be said about an issue: what blocks it first, in the order of the pages. `note`: why the issue's
    own note cannot be printed."""
    if not items:
        return [Remark("还没有放入信息", blocking=True)]
    laid = laid or Laid()
    found = [
        *_strangers(journal, items),
        *(remark for column in journal.columns for remark in _of_column(column, items, laid)),
        *(remark for one in items for remark in _of_item(one)),
        *(Remark(f"卷首的{journal.editor_note.label}不能印发：{why}", True) for why in note),
        *_of_units(journal, items),
        *_of_length(journal, items, laid),
    ]
    return sorted(found, key=lambda remark: not remark.blocking)


def _strangers(journal: Journal, items: Sequence[Placed]) -> Iterator[Remark]:
    strange = [one for one in items if not journal.column(one.column)]
    titles = {one.column: one.column_title or FORMER for one in strange}
    for column, number in Counter(one.column for one in strange).items():
        yield Remark(f"“{titles[column]}{GONE}”中有 {number} 条，请移到其他栏目", True, column)


def _of_column(column: JournalColumn, items: Sequence[Placed], laid: Laid) -> Iterator[Remark]:
    own = [one for one in items if one.column == column.id]
    name, number = column.title, len(own)
    if column.limit and number > column.limit:
        yield Remark(f"“{name}”最多 {column.limit} 条，现有 {number} 条", True, column.id)
    if not own and column.when_empty == "refuse":
        yield Remark(f"“{name}”不能空缺，请放入信息", True, column.id)
    elif column.min and number < column.min and (own or column.when_empty == "refuse"):
        yield Remark(f"“{name}”至少 {column.min} 条，现有 {number} 条", True, column.id)
    for one in own:
        if why := unfit(column, one.genre, one.unit_kind, one.taken):
            yield Remark(f"{one.named}不合“{name}”的收录条件：{why}", True, column.id, one.id)
        yield from _of_words(column, one)
    if column.budget:
        yield from _over(f"“{name}”", column.budget.words, sum(one.words for one in own), "字", column.id)
        yield from _over(f"“{name}”", column.budget.pages, laid.columns.get(column.id, 0), "页", column.id)


def _of_words(column: JournalColumn, one: Placed) -> Iterator[Remark]:
    span = column.item_words
    if span and span.max and one.words > span.max:
        yield Remark(
            f"{one.named}{one.words} 字，超过“{column.title}”每条 {span.max} 字", False, column.id, one.id
        )
    if span and span.min and one.words < span.min:
        yield Remark(
            f"{one.named}{one.words} 字，不足“{column.title}”每条 {span.min} 字", False, column.id, one.id
        )


def _of_item(one: Placed) -> Iterator[Remark]:
    if not one.ready:
        yield Remark(f"{one.named}现为非入选状态，请移出后重新放入", True, one.column, one.id)
    for why in one.unprintable:
        yield Remark(f"{one.named}不能印发：{why}", True, one.column, one.id)
    if not one.signed:
        yield Remark(f"{one.named}没有单位审签记录", False, one.column, one.id)
    if one.used:
        yield Remark(f"{one.named}已刊于{'、'.join(one.used)}", False, one.column, one.id)


def _of_units(journal: Journal, items: Sequence[Placed]) -> Iterator[Remark]:
    units = Counter(unit for one in items for unit in one.units)
    if journal.one_unit and len({one.units[0] for one in items if one.units}) > 1:
        yield Remark("这一刊物一期只刊一家单位的信息，现有多家", True)
    for unit, times in units.items():
        if times >= journal.same_unit_warning:
            yield Remark(f"{unit}在本期有 {times} 条")


def _of_length(journal: Journal, items: Sequence[Placed], laid: Laid) -> Iterator[Remark]:
    if journal.budget:
        yield from _over("全期", journal.budget.words, sum(one.words for one in items), "字")
        yield from _over("全期", journal.budget.pages, laid.pages, "页")


def _over(what: str, most: int | None, now: int, unit: str, column: str = "") -> Iterator[Remark]:
    if most and now > most:
        yield Remark(f"{what}计划 {most} {unit}，现有 {now} {unit}", False, column)
