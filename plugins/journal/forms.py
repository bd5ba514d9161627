"""The forms of journals."""

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from core.web import Form


class NewIssueForm(Form):
    """Start an issue: choose the journal."""

    journal = RadioField("刊物", [DataRequired(message="请选择刊物")])


class ReasonForm(Form):
    """A step that needs a reason."""

    reason = TextAreaField("理由", [DataRequired(message="请填写理由"), Length(max=500, message="理由请控制在 500 字以内")])
    version = HiddenField()


class PlaceForm(Form):
    """Place an item from its own page: `issue:column`."""

    target = SelectField("期次与栏目", validate_choice=False)
