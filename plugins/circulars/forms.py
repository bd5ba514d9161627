"""Forms of circulars."""

from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from core.web import Form
from plugins.circulars.models import CircularDraft
from plugins.circulars.services import MAX_PARAGRAPH, MAX_PARAGRAPHS
from plugins.circulars.texts import Texts, texts_of

LONGEST = MAX_PARAGRAPH * MAX_PARAGRAPHS
LETTER, STRUCK = "letter-", "struck-"


class TextsForm(Form):
    """What of a draft is free to change; one line is one paragraph.

    Beside its fields the page has a text for every unit (`letter-12`) and marks against names (`struck-roll`).
    """

    opening = TextAreaField("开头", [Length(max=LONGEST)])
    requirements = TextAreaField("工作要求", [Length(max=LONGEST)])
    version = HiddenField()

    letters: Mapping[str, str] = {}
    struck: Mapping[str, list[str]] = {}

    @classmethod
    def of(cls, found: CircularDraft) -> "TextsForm":
        """The form filled from a draft."""
        told = texts_of(found.texts)
        texts = {"opening": "\n".join(told.opening), "requirements": "\n".join(told.requirements)}
        form = cls(data={**texts, "version": found.version})
        form.letters = {unit: "\n".join(lines) for unit, lines in told.letters.items()}
        form.struck = {name: list(keys) for name, keys in told.struck.items()}
        return form

    @classmethod
    def sent(cls) -> "TextsForm":
        """The form as the browser sent it."""
        form, values = cls(), request.form
        form.letters = _named(values.to_dict(), LETTER)
        form.struck = _named(values.to_dict(flat=False), STRUCK)
        return form

    def texts(self) -> Texts:
        """Values for the service."""
        letters = {unit: tuple(text[:LONGEST].splitlines()) for unit, text in self.letters.items()}
        struck = {name: tuple(keys) for name, keys in self.struck.items()}
        opening, requirements = (
            tuple((each.data or "").splitlines()) for each in (self.opening, self.requirements)
        )
        return Texts(opening, requirements, letters, struck)


def _named(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
