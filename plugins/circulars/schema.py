"""circulars.yaml as it is written: kinds of circular, each put together from pieces (pieces.py)."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from core.packs.content.fields import Id, Many, PackModel, Text, Title, refusal
from core.packs.content.sections import Named, PeriodKind
from plugins.circulars.pieces import (
    AnnexRule,
    NumberPattern,
    NumberRule,
    Praise,
    Recipients,
    RollRule,
    SectionRule,
    Sentence,
    Silence,
    TableRule,
)  # fmt: skip
from plugins.circulars.wording import words_in

Form = Literal["document", "letters", "messages"]
FREE_PARTS = ("opening", "requirements")


class CircularKind(Named):
    """One kind of document over a closed period: one for all, a letter or a short message for each recipient.

    `correction` opens a corrected one and says which it replaces. `most`: how many characters a message may have.
    """

    periods: Annotated[Many[PeriodKind], Field(min_length=1)] = ("month",)
    form: Form = "document"
    recipients: Recipients | None = None
    document: Id = "ranking"
    heading: Title
    mark: Title = "{office}文件"
    number: NumberPattern
    salutation: Title | None = None
    numbers: Many[NumberRule] = ()
    sections: Annotated[Many[SectionRule], Field(min_length=1)] = (
        SectionRule(part="opening"),
        SectionRule(part="requirements"),
    )
    opening: Annotated[Many[Sentence], Field(min_length=1)]
    requirements: Many[Text] = ()
    praise: Praise | None = None
    silent: Silence | None = None
    rolls: Many[RollRule] = ()
    tables: Many[TableRule] = ()
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
    most: Annotated[int, Field(ge=10, le=500)] = 140

    @model_validator(mode="after")
    def knows_its_recipients(self) -> "CircularKind":
        """Letters and messages go to somebody; numbers of a recipient need one."""
        if self.form != "document" and not self.recipients:
            raise refusal(
                "没有写明发给哪些单位",
                f"form 为 {self.form}",
                "请写 recipients，例如 recipients: {list: 名单标识}",
            )
        if self.form == "document" and any(number.whose == "recipient" for number in self.numbers):
            raise refusal(
                "没有收件单位，不能用收件单位的数字",
                "whose: recipient 只用于 letters 和 messages",
                "请改写 form",
            )
        return self

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
