"""circulars.yaml as it is written: kinds of circular, their numbers, sentences, tables and annexes."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.packs.fields import Id, Many, PackModel, Text, Title, refusal
from core.packs.sections import Named, PeriodKind
from plugins.circulars.wording import words_in

Zero = Literal["zero", "blank", "dash"]
Part = Literal["opening", "praise", "silent", "requirements"]
Level = Annotated[int, Field(ge=1, le=50)]


class NumberRule(PackModel):
    """A number the sentences may use: a total over units, or a share of one total in another.

    `counts: items` counts a joint item once; `credits` adds up what the units' rows show.
    """

    id: Id
    title: Title | None = None
    measure: Id | None = None
    share_of: Many[Id] = ()
    counts: Literal["items", "credits"] = "items"
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
    """A table of rows, one for each group unless `together`."""

    id: Id
    title: Title = "{group}"
    groups: Many[Id] = ()
    columns: Annotated[Many[TableColumn], Field(min_length=1)]
    order: Literal["place", "official"] = "place"
    total: Literal["none", "items", "credits"] = "none"


class AnnexRule(PackModel):
    """An annex holding tables; a wide one lies sideways."""

    title: Title
    tables: Annotated[Many[Id], Field(min_length=1)]
    wide: bool = False


class SectionRule(PackModel):
    """A part of the body; one with a title is numbered 一、二、三 among those that have something to say."""

    part: Part
    title: Title | None = None


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


class CircularKind(Named):
    """One kind of circular over a closed period.

    `correction` opens a corrected circular and says which one it replaces.
    """

    periods: Annotated[Many[PeriodKind], Field(min_length=1)] = ("month",)
    document: Id = "ranking"
    heading: Title
    mark: Title = "{office}文件"
    number: NumberPattern
    salutation: Title
    numbers: Many[NumberRule] = ()
    sections: Annotated[Many[SectionRule], Field(min_length=1)] = (
        SectionRule(part="opening"),
        SectionRule(part="requirements"),
    )
    opening: Annotated[Many[Sentence], Field(min_length=1)]
    requirements: Many[Text] = ()
    praise: Praise | None = None
    silent: Silence | None = None
    tables: Annotated[Many[TableRule], Field(min_length=1)]
    annexes: Many[AnnexRule] = ()
    correction: Text = (
        "《{old_title}》（{old_number}，{old_date}）有误，现予更正，以本通报为准，原通报停止使用。"
    )
    joint_note: Text = "联合报送的信息，各报送单位均计条数：{differences}。"
    office: Title = "{office}"
    date_style: Literal["arabic", "chinese"] = "arabic"
    seal: bool = True
    closing_note: Title | None = None
    copy_to: Title | None = None
    printed_by: Title | None = "{office}"

    @model_validator(mode="after")
    def names_what_it_replaces(self) -> "CircularKind":
        """A corrected circular gives number and date of the one it replaces."""
        if missing := [word for word in ("old_number", "old_date") if word not in words_in(self.correction)]:
            words = "、".join("{" + word + "}" for word in missing)
            raise refusal("更正的说明不完整", f"correction 缺少{words}", "须写明被更正通报的发文字号和日期")
        return self


class Circulars(PackModel):
    """circulars.yaml as a whole."""

    kinds: Annotated[Many[CircularKind], Field(min_length=1)]

    def kind(self, wanted: str) -> CircularKind | None:
        """The kind of an id."""
        return next((kind for kind in self.kinds if kind.id == wanted), None)
