"""proofreading.yaml as typed values: an office's word lists, names, styles and limits, with examples. Pure."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.packs.content.fields import Day, Id, Many, PackModel, Title, refusal

Level = Literal["error", "warning", "info"]
Short = Annotated[Title, Field(max_length=60)]
Count = Annotated[int, Field(ge=1, le=100_000)]


class WordLine(PackModel):
    """A word to look for. `use` says what to write instead, `but` names longer words in which it is right."""

    word: Short
    use: Annotated[str, Field(max_length=60)] = ""
    but: Many[Short] = ()
    note: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def contained(self) -> "WordLine":
        """Every exception contains the word."""
        for longer in self.but:
            if self.word not in longer:
                raise refusal(
                    f"“{longer}”中没有“{self.word}”", "例外应是含有这个词的更长的词", "请改正或删去这个例外"
                )
        return self


class WordList(PackModel):
    """A list of words of one kind, such as 禁用词 or 规范表述, with the paper it is taken from."""

    id: Id
    title: Short
    level: Level = "warning"
    basis: Title | None = None
    words: Many[WordLine] = ()


class LeaderPost(PackModel):
    """What somebody is, from a day and, when it has ended, up to and including another."""

    title: Short
    start: Day | None = None
    end: Day | None = None


class LeaderName(PackModel):
    """A leader, with posts over the years. The order of the list is the order in which they are named."""

    name: Annotated[Title, Field(min_length=2, max_length=20)]
    posts: Annotated[Many[LeaderPost], Field(min_length=1)]


class BodyName(PackModel):
    """A body by its full name, its accepted short ones, and forms that are wrong."""

    full: Short
    short: Many[Short] = ()
    wrong: Many[Short] = ()
    # A short name may be used only after the full one.
    full_first: bool = False


class DateStyle(PackModel):
    """How dates are written."""

    written_out: bool = True
    full_year: bool = True
    padded: bool = False


class TitleLimit(PackModel):
    """How long a title may be."""

    max: Count | None = None


class LengthLimit(PackModel):
    """How long an item of these genres should be; without genres, any item."""

    genres: Many[Id] = ()
    min: Count | None = None
    max: Count | None = None

    @model_validator(mode="after")
    def in_order(self) -> "LengthLimit":
        """The least is not more than the most."""
        if self.min and self.max and self.min > self.max:
            raise refusal("最少字数大于最多字数", f"现为 {self.min} 和 {self.max}", "请对调或改正")
        return self


class ProofExample(PackModel):
    """A text made up for checking, and what must be said about it (words of each remark); nothing else may be said."""

    name: Title
    title: Annotated[str, Field(max_length=200)] = "示例标题"
    text: Annotated[str, Field(max_length=8000)]
    genre: Id = "work_news"
    units: Many[Title] = ()
    day: Day | None = None
    remarks: Many[Title] = ()


# Marks of a classified paper; what merely speaks of secrets is not among them.
SECRECY = (
    "绝密★",
    "机密★",
    "秘密★",
    "绝密级",
    "机密级",
    "秘密级",
    "内部资料注意保存",
    "涉密文件",
    "严禁外传",
)


class Proofreading(PackModel):
    """proofreading.yaml as a whole. Everything may be left out: the general checks need nothing of it."""

    off: Many[Id] = ()
    confusions: bool = True
    lists: Many[WordList] = ()
    leaders: Many[LeaderName] = ()
    bodies: Many[BodyName] = ()
    registered: bool = False
    dates: DateStyle = DateStyle()
    strict_levels: bool = False
    title_limit: TitleLimit = TitleLimit()
    lengths: Many[LengthLimit] = ()
    secrecy: Many[Short] = SECRECY
    examples: Many[ProofExample] = ()
