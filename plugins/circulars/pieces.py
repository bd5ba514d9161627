"""The pieces a kind of circular is made of: numbers, sentences, names of the chosen, tables, annexes, recipients."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.packs.content.fields import Id, Many, PackModel, Text, Title, refusal

Zero = Literal["zero", "blank", "dash"]
Level = Annotated[int, Field(ge=1, le=50)]


class NumberRule(PackModel):
    """A number the sentences may use: a total over units, or a share of one total in another.

    `counts: items` counts a joint item once; `credits` adds up what the units' rows show. `whose: recipient` reads the
    row of the unit written to, where components and places are known too. `zero: keep` prints 0 and drops no clause.
    """

    id: Id
    title: Title | None = None
    measure: Id | None = None
    share_of: Many[Id] = ()
    whose: Literal["all", "recipient"] = "all"
    counts: Literal["items", "credits"] = "items"
    zero: Literal["drop", "keep"] = "drop"
    groups: Many[Id] = ()
    places: Annotated[int, Field(ge=0, le=3)] = 1

    @model_validator(mode="after")
    def one_source(self) -> "NumberRule":
        """Either a measure, or a share of one number in another."""
        if (self.measure is None) == (not self.share_of) or len(self.share_of) not in {0, 2}:
            raise refusal(
                "数字的来源写法不对", "measure 和 share_of 须写一个", "占比写成 share_of: [分子, 分母]"
            )
        return self


class Sentence(PackModel):
    """A sentence made of clauses: a clause with a zero number drops out, `otherwise` stands in for all of them.

    `paragraph` lets it begin a paragraph of its own.
    """

    say: Annotated[Many[Text], Field(min_length=1)]
    otherwise: Text = ""
    paragraph: bool = False

    @model_validator(mode="before")
    @classmethod
    def clauses(cls, data: Any) -> Any:
        """Allow a bare list of clauses, or a single one."""
        if isinstance(data, str):
            return {"say": [data]}
        return {"say": data} if isinstance(data, list | tuple) else data


class NumberPattern(PackModel):
    """How documents are numbered. Kinds that share a series share its count; it starts again every year."""

    pattern: Title = "{code}〔{year}〕{number}号"
    code: Title
    series: Id = "circular"


class TableColumn(PackModel):
    """A column: what it shows, its heads (`under` joins neighbours below one head), how zero looks."""

    show: Id
    title: Title
    under: Title | None = None
    zero: Zero = "zero"
    width: Annotated[int, Field(ge=8, le=120)] | None = None


class TableRule(PackModel):
    """A table of units, one for each group, or one of persons; `prize` and `list` keep to those on it, `top` to places."""

    id: Id
    title: Title = "{group}"
    of: Literal["units", "persons"] = "units"
    prize: Id | None = None
    list: Id | None = None
    top: Level | None = None
    groups: Many[Id] = ()
    columns: Annotated[Many[TableColumn], Field(min_length=1)]
    order: Literal["place", "official"] = "place"
    total: Literal["none", "items", "credits"] = "none"

    @model_validator(mode="after")
    def one_choice(self) -> "TableRule":
        """A prize or a list, not both."""
        if self.prize and self.list:
            raise refusal("表格只能按一个奖项或名单列出", "prize 和 list 都写了", "请删去一个")
        return self


class SectionRule(PackModel):
    """A part of the body; one with a title is numbered 一、二、三 among those that have something to say."""

    part: Id
    title: Title | None = None


class AnnexRule(PackModel):
    """An annex holding parts (names of the chosen) and tables; a wide one lies sideways."""

    title: Title
    parts: Many[SectionRule] = ()
    tables: Many[Id] = ()
    wide: bool = False

    @model_validator(mode="after")
    def holds_something(self) -> "AnnexRule":
        """Parts, tables or both."""
        if not self.parts and not self.tables:
            raise refusal("附件没有内容", advice="请写 parts（名单）或 tables（表格）")
        return self


class RollRule(PackModel):
    """The winners of a prize or the units of a list: a paragraph, or a line for each. Empty ones are left out.

    `each: group` makes a paragraph for every group. `say` is the paragraph, or the line before the names.
    """

    id: Id
    prize: Id | None = None
    list: Id | None = None
    groups: Many[Id] = ()
    each: Literal["all", "group"] = "all"
    style: Literal["paragraph", "lines"] = "paragraph"
    say: Text = ""
    name: Text = "{name}"
    joiner: Annotated[str, Field(max_length=4)] = "、"

    @model_validator(mode="after")
    def one_source(self) -> "RollRule":
        """Either a prize or a list."""
        if (self.prize is None) == (self.list is None):
            raise refusal("名单的来源写法不对", "prize 和 list 须写一个", "奖项写 prize，名单写 list")
        return self


class Recipients(PackModel):
    """To whom it goes: the units of a list, or all competing units (of some groups). Nobody else reads it."""

    list: Id | None = None
    groups: Many[Id] = ()


class Praise(PackModel):
    """The best units of every group: places up to `top`, those sharing a place included."""

    top: Level = 3
    groups: Many[Id] = ()
    by: Id = "score"
    say: Text = "{group}：{units}。"
    unit: Text = "{unit}（{points}分）"


class Silence(PackModel):
    """Units with nothing to show under a measure; units that take part of their own free will are never named."""

    measure: Id
    groups: Many[Id] = ()
    say: Text = "{period}未报送政务信息的单位有{count}个：{units}。"
