"""The forms of submissions."""

from wtforms import (
    HiddenField,
    MultipleFileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from core.accounts.models import Unit
from core.submissions import text
from core.submissions.services import MAX_TITLE, Draft
from core.submissions.vocabulary import GENRES, URGENCIES
from core.web import Form, choices, whole


class DraftForm(Form):
    """Writing an item. A draft may be incomplete, so nothing but sizes is checked here."""

    unit_id = SelectField("报送单位", coerce=whole)
    genre = SelectField("信息类型", choices=choices(GENRES.items()), default="work_news")
    urgency = SelectField("紧急程度", choices=choices(URGENCIES.items()), default="normal")
    title = StringField("标题", [Length(max=MAX_TITLE * 2)])
    body = TextAreaField(
        "正文", [Length(max=text.MAX_CHARACTERS * 2, message="正文过长，请控制在 50000 字以内")]
    )
    body_html = HiddenField()
    joint_unit_ids = SelectMultipleField("合报单位", coerce=whole)
    authors = StringField("作者", [Length(max=200)])
    files = MultipleFileField("附件")
    version = HiddenField()
    submission_id = HiddenField()

    def offer(self, own: list[Unit], others: list[Unit]) -> "DraftForm":
        """Fill the choices: the person's own units, and the units an item may be reported with."""
        self.unit_id.choices = choices((u.id, u.name) for u in own)
        self.joint_unit_ids.choices = choices((u.id, u.name) for u in others)
        return self

    def blocks(self) -> list[text.Block]:
        """The body as blocks: from the rich editor when it ran, else from the plain text."""
        return (
            text.from_html(self.body_html.data)
            if self.body_html.data
            else text.from_plain(self.body.data or "")
        )

    def draft(self) -> Draft:
        """Values for the services."""
        names = (
            (self.authors.data or "").replace("，", "、").replace(",", "、").replace(" ", "、").split("、")
        )
        return Draft(
            unit_id=self.unit_id.data, genre=self.genre.data, urgency=self.urgency.data, title=self.title.data or "",
            body=self.blocks(), joint_unit_ids=self.joint_unit_ids.data or (), authors=[n for n in names if n],
        )  # fmt: skip


class RevisionForm(Form):
    """An editor's revision."""

    title = StringField("标题", [Length(max=MAX_TITLE * 2)])
    body = TextAreaField("正文", [Length(max=text.MAX_CHARACTERS * 2)])
    body_html = HiddenField()
    note = StringField("修改说明", [Length(max=200)])
    version = HiddenField()

    blocks = DraftForm.blocks


class ReasonForm(Form):
    """A step that may need a reason: a phrase that was picked, something typed, or both."""

    name = HiddenField()
    phrase = StringField("常用语", [Length(max=200)])
    reason = TextAreaField("理由", [Length(max=500)])

    def told(self) -> str:
        """The phrase and what was typed, as one reason; a phrase the script has put into the text counts once."""
        phrase, typed = (self.phrase.data or "").strip(), (self.reason.data or "").strip()
        if not phrase or phrase in typed:
            return typed
        joint = "" if not typed or phrase[-1] in "。；！" else "。"
        return f"{phrase}{joint}{typed}"


class TransferForm(Form):
    """Handing an item to another editor."""

    to = HiddenField()
    reason = StringField("附言", [Length(max=200)])
