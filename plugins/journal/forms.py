"""The forms of journals."""

from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired

from core.web import Form


class NewIssueForm(Form):
    """Start an issue: choose the journal with its edition (`journal/edition`), and the frame to begin with."""

    journal = RadioField("刊物", [DataRequired(message="请选择刊物")])
    like = SelectField("版面", validate_choice=False)


class PlaceForm(Form):
    """Place an item from its own page: `issue:column`."""

    target = SelectField("期次与栏目", validate_choice=False)
