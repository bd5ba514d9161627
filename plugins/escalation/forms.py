"""Forms of escalation: what happened to one item, and a list of what was adopted."""

from datetime import date

from wtforms import DateField, FileField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from core.tabular import decode
from core.web import Form, choices
from plugins.escalation.reading import MAX_TEXT
from plugins.escalation.services import LABELS, Step
from plugins.escalation.words import ADOPTED, SENT_UP, Words


class StepForm(Form):
    """One step of one item. Subclasses say which."""

    kind = ""
    on = DateField("日期", [DataRequired("请填写日期")])
    manner = SelectField("采用形式", [Optional()], default="")

    def offer(self, words: Words) -> "StepForm":
        """Fill the choices from the pack; without forms of adoption the field goes."""
        places, forms = words.places[self.kind], words.forms[self.kind]
        self.place.choices = choices([("", "请选择"), *places.items()] if len(places) > 1 else places.items())
        if forms:
            self.manner.choices = choices([("", "（未注明）"), *forms.items()])
        else:
            del self.manner
        return self

    def step(self) -> Step:
        """Values for the service."""
        form = self.manner.data if self.manner else ""
        return Step(self.kind, self.place.data, self.on.data or date.min, form or "")


class SentUpForm(StepForm):
    """An item went up."""

    kind = SENT_UP
    place = SelectField(LABELS[SENT_UP], [DataRequired("请选择上报层级")])


class AdoptedForm(StepForm):
    """An item was adopted above."""

    kind = ADOPTED
    place = SelectField(LABELS[ADOPTED], [DataRequired("请选择采用渠道")])


class ImportForm(AdoptedForm):
    """An adoption list: pasted, or a file; outlet, day and form hold for lines that do not name their own."""

    text = TextAreaField("名单", [Length(max=MAX_TEXT, message="名单过长，请分几次办理")])
    file = FileField("文件")

    def list_text(self) -> str:
        """The list: what was typed, else the content of the file. Raises InvalidInput."""
        upload = self.file.data
        if (self.text.data or "").strip() or not getattr(upload, "filename", ""):
            return self.text.data or ""
        return decode(upload.read())


FORMS: dict[str, type[StepForm]] = {SENT_UP: SentUpForm, ADOPTED: AdoptedForm}
