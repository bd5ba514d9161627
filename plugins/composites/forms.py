"""The forms of composites and of splitting; rows of sources and of parts are read beside them."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from core.submissions import text
from core.submissions.services import MAX_TITLE
from core.submissions.vocabulary import GENRES, URGENCIES
from core.web import Form, choices, whole_or_zero
from plugins.composites.services import Chosen, Wanted
from plugins.composites.splitting import MOST, Piece

ROLE_CHOICES = (("main", "主报（主要来源）"), ("joint", "协报"), ("part", "参与"))


class CompositeForm(Form):
    """The new text and what kind of item it is."""

    genre = SelectField("信息类型", choices=choices(GENRES.items()), default="work_news")
    urgency = SelectField("紧急程度", choices=choices(URGENCIES.items()), default="normal")
    title = StringField("标题", [Length(max=MAX_TITLE * 2)])
    body = TextAreaField(
        "正文", [Length(max=text.MAX_CHARACTERS * 2, message="正文过长，请控制在 50000 字以内")]
    )
    body_html = HiddenField()
    note = StringField("修改说明", [Length(max=200)])
    version = HiddenField()

    def blocks(self) -> list[text.Block]:
        """The body as blocks: from the rich editor when it ran, else from the plain text."""
        if self.body_html.data:
            return text.from_html(self.body_html.data)
        return text.from_plain(self.body.data or "")

    def wanted(self, rows: Iterable[Chosen]) -> Wanted:
        """Values for the services."""
        return Wanted(
            tuple(rows), text.clean_line(self.title.data or ""), self.blocks(), self.genre.data, self.urgency.data,
            self.note.data or "",
        )  # fmt: skip


def ids_in(values: MultiDict[str, str]) -> list[int]:
    """The items a page or a form names, each once, nonsense left out."""
    return list(dict.fromkeys(filter(None, map(whole_or_zero, values.getlist("submission_id")))))


def rows_in(values: MultiDict[str, str]) -> list[Chosen]:
    """The sources of a form in the order their numbers give; without numbers as they stand."""
    ids = ids_in(values)
    placed = sorted(ids, key=lambda one: (whole_or_zero(values.get(f"order-{one}")) or 999, ids.index(one)))
    return [
        Chosen(
            one, whole_or_zero(values.get(f"version-{one}")), values.get(f"role-{one}", "part"),
            text.clean_line(values.get(f"share-{one}", ""))[:20],
        )
        for one in placed
    ]  # fmt: skip


def pieces_in(values: MultiDict[str, str]) -> list[Piece]:
    """The parts of a form; those with neither title nor text are left out."""
    found = []
    for number in range(1, MOST + 2):
        title, body = values.get(f"title-{number}", "").strip(), values.get(f"body-{number}", "").strip()
        if title or body:
            found.append(Piece(title, text.from_plain(body), values.get(f"genre-{number}", "")))
    return found


def typed_pieces(values: MultiDict[str, str], count: int) -> list[dict[str, Any]]:
    """What stands in the fields of the parts, as typed, so that nothing is lost."""
    names = ("title", "body", "genre")
    return [{name: values.get(f"{name}-{n}", "") for name in names} for n in range(1, count + 1)]
