"""Forms of handling: passing on, and what a unit answers."""

from collections.abc import Iterable
from datetime import date

from wtforms import DateField, MultipleFileField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional

from core.accounts.models import Unit
from core.web import Form, choices
from plugins.instructions.answering import MAX_TEXT, Draft
from plugins.instructions.section import Urgency
from plugins.instructions.tasks import Routing


class RouteForm(Form):
    """To whom an instruction is passed on."""

    main_ids = SelectMultipleField("主办单位", coerce=int)
    assisting_ids = SelectMultipleField("协办单位", coerce=int)
    urgency = RadioField("紧急程度", [Optional()])
    due_on = DateField("反馈期限", [Optional()])
    note = TextAreaField("拟办意见", [Length(max=500)])

    def offer(self, units: Iterable[Unit], kinds: Iterable[tuple[Urgency, date]]) -> "RouteForm":
        """Fill the choices: units, and the kinds of urgency with the day each leads to."""
        listed = [(unit.id, unit.short) for unit in units]
        self.main_ids.choices, self.assisting_ids.choices = choices(listed), choices(listed)
        self.urgency.choices = choices(
            (each.id, f"{each.title}：{each.days}个工作日，{due.year}年{due.month}月{due.day}日前反馈")
            for each, due in kinds
        )
        if not self.urgency.data or self.urgency.data == "None":
            self.urgency.data = self.urgency.choices[0].value
        return self

    def routing(self) -> Routing:
        """Values for the service."""
        return Routing(
            tuple(self.main_ids.data or ()), tuple(self.assisting_ids.data or ()), self.urgency.data or "",
            self.due_on.data, self.note.data or "",
        )  # fmt: skip


class AnswerForm(Form):
    """What a unit answers."""

    final = RadioField(
        "反馈种类", choices=choices([("yes", "办结反馈"), ("no", "阶段反馈（继续办理）")]), default="yes"
    )
    text = TextAreaField("办理情况", [Length(max=MAX_TEXT * 2)])
    files = MultipleFileField("附件")

    def draft(self) -> Draft:
        """Values for the service."""
        return Draft(self.text.data or "", self.final.data != "no")
