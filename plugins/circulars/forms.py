"""Forms of circulars."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from core.web import Form
from plugins.circulars.compose import Texts
from plugins.circulars.models import CircularDraft
from plugins.circulars.services import MAX_PARAGRAPH, MAX_PARAGRAPHS

LONGEST = MAX_PARAGRAPH * MAX_PARAGRAPHS


class TextsForm(Form):
    """The paragraphs of a draft that are free to change; one line is one paragraph."""

    opening = TextAreaField("开头", [Length(max=LONGEST)])
    requirements = TextAreaField("工作要求", [Length(max=LONGEST)])
    version = HiddenField()

    @classmethod
    def of(cls, found: CircularDraft) -> "TextsForm":
        """The form filled from a draft."""
        texts = {name: "\n".join(found.texts.get(name, ())) for name in ("opening", "requirements")}
        return cls(data={**texts, "version": found.version})

    def texts(self) -> Texts:
        """Values for the service."""
        return Texts(
            tuple((self.opening.data or "").splitlines()), tuple((self.requirements.data or "").splitlines())
        )
