"""The form of one fact: fields made from what the pack says about its kind, and what was typed read as a draft."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.errors import InvalidInput, near
from core.facts import Author, Part
from core.register import words
from core.register.services import MOST_AUTHORS, MOST_UNITS, Draft, weight_of
from core.register.words import Attribute, HandKind
from core.scoring.rules.rule_book import Rules
from core.submissions.text import clean_line
from core.web import Form, no_control_characters, whole_or_zero

PREFIX = "a_"
ROWS, MORE_ROWS = 2, 5
TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class UnitRow:
    """A row of the form: a unit, the part it played, its weight, as typed."""

    unit: int
    role: str = ""
    weight: str = ""


class FactForm(Form):
    """What every kind of fact has; `form_for` adds the attributes of one kind."""

    on = DateField("日期", [InputRequired("请填写日期")])
    title = StringField("事项", [Length(max=200, message="请控制在 200 字以内"), no_control_characters])
    authors = TextAreaField("作者", [Length(max=1000, message="作者过多")])
    item = StringField("查找信息", [Length(max=120, message="请控制在 120 字以内")])
    item_id = HiddenField("关联信息")
    token = HiddenField("")
    seen = HiddenField("")

    def typed(self, kind: HandKind) -> dict[str, str]:
        """The attributes as text."""
        return {each.name: self._text(getattr(self, PREFIX + each.name)) for each in kind.attributes}

    @staticmethod
    def _text(field: Field) -> str:
        if isinstance(field, BooleanField):
            return "是" if field.data else ""
        return field.data.isoformat() if isinstance(field.data, date) else clean_line(field.data or "")

    def token_of(self) -> str:
        """The name of this form, so that sending it twice records once."""
        return self.token.data if TOKEN.fullmatch(self.token.data or "") else fresh_token()


def fresh_token() -> str:
    """A new name for a form."""
    return uuid.uuid4().hex


def form_for(kind: HandKind, **given: Any) -> FactForm:
    """The form of a kind of fact."""
    fields: dict[str, Any] = {PREFIX + each.name: _field(each) for each in kind.attributes}
    made: FactForm = type("KindForm", (FactForm,), fields)(**given)
    return made


def _field(attribute: Attribute) -> Any:
    needed = [DataRequired(f"请填写{attribute.title}")] if attribute.required else [Optional()]
    label, about = attribute.title, attribute.help
    match attribute.type:
        case "outlet" | "level" | "choice":
            empty = SelectChoice("", "请选择" if attribute.required else "（未注明）")
            options = [
                SelectChoice(value, title, optgroup=group or None)
                for value, title, group in attribute.options
            ]
            return SelectField(label, needed, choices=[empty, *options], default="", description=about)
        case "flag":
            return BooleanField(label, description=about)
        case "date":
            return DateField(label, needed, description=about)
        case "text" if attribute.name == words.REASON:
            return TextAreaField(
                label, [*needed, Length(max=words.MAX_TEXT, message="文字过长")], description=about
            )
    limit = Length(max=words.MAX_TEXT, message="请控制在 200 字以内")
    return StringField(label, [*needed, limit], description=about)


def rows_from(units: Sequence[str], roles: Sequence[str], weights: Sequence[str]) -> list[UnitRow]:
    """The rows of units as they were sent."""

    def at(values: Sequence[str], n: int) -> str:
        return clean_line(values[n])[:40] if n < len(values) else ""

    return [
        UnitRow(whole_or_zero(unit), at(roles, n), at(weights, n))
        for n, unit in enumerate(units[: MOST_UNITS + 1])
    ]


def draft_of(
    kind: HandKind, form: FactForm, rows: Sequence[UnitRow], names: Mapping[str, int], rules: Rules
) -> tuple[Draft, list[InvalidInput]]:
    """What was typed as a draft, with everything that cannot be read."""
    attrs, errors = words.read(kind, form.typed(kind), rules)
    parts: dict[int, Part] = {}
    for row in rows:
        try:
            if row.unit and (row.role or row.weight):
                parts[row.unit] = Part(row.role, weight_of(row.weight))
        except InvalidInput as error:
            errors.append(error)
    authors, strange = authors_of(form.authors.data or "", names)
    units = tuple(row.unit for row in rows if row.unit)
    title = clean_line(form.title.data or "")
    return Draft(kind.name, form.on.data or date.min, title, units, attrs, parts, authors), [
        *errors,
        *strange,
    ]


def authors_of(text: str, names: Mapping[str, int]) -> tuple[tuple[Author, ...], list[InvalidInput]]:
    """Authors one a line, or with 、 between them: a name, after a blank or in brackets the unit."""
    found, errors = [], []
    for line in re.split(r"[\n、；;]", text):
        name, unit = _name_and_unit(clean_line(line))
        if not name:
            continue
        if unit and unit not in names:
            advice = near(unit, names) or "请写单位的全称或简称"
            errors.append(InvalidInput(f"作者“{name}”的单位“{unit}”不在名录中", where="作者", advice=advice))
        found.append(Author(name[:60], names.get(unit)))
    if len(found) > MOST_AUTHORS:
        errors.append(InvalidInput(f"作者不能超过 {MOST_AUTHORS} 人", where="作者"))
    return tuple(found), errors


def _name_and_unit(line: str) -> tuple[str, str]:
    if bracketed := re.fullmatch(r"(.+?)\s*[（(](.+)[）)]", line):
        return bracketed[1], bracketed[2].strip()
    name, _, unit = line.partition(" ")
    return name, unit.strip()
