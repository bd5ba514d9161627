"""The forms of journals."""

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from core.submissions import text
from core.submissions.services import MAX_TITLE
from core.web import Form


class NewIssueForm(Form):
    """Start an issue: choose the journal with its edition (`journal/edition`), and the frame to begin with."""

    journal = RadioField("刊物", [DataRequired(message="请选择刊物")])
    like = SelectField("版面", validate_choice=False)


class PlaceForm(Form):
    """Place an item from its own page: `issue:column`."""

    target = SelectField("期次与栏目", validate_choice=False)


class TextForm(Form):
    """The text of an item of a correction."""

    title = StringField("标题", [Length(max=MAX_TITLE * 2)])
    body = TextAreaField("正文", [Length(max=text.MAX_CHARACTERS * 2)])
    body_html = HiddenField()
    # The number of the last change when the text was opened.
    seen = HiddenField()

    def blocks(self) -> list[text.Block]:
        """The body as blocks: from the rich editor when it ran, else from the plain text."""
        if self.body_html.data:
            return text.from_html(self.body_html.data)
        return text.from_plain(self.body.data or "")
