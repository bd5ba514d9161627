"""What keeps words from being printed, told before anything is laid out: characters without a font, tables without room,
a title or a text that is not there."""

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from core.documents.fonts.font_set import FontSet
from core.documents.typesetting.text import blocks_to_html, lacking_in
from core.errors import RenderError, Unprintable

MOST_NAMED = 5


def hindrances(lines: Iterable[str], body: Iterable[Mapping[str, Any]], fonts: FontSet) -> list[str]:
    """Why these lines and this body cannot be printed, each reason in a few words; nothing when they can."""
    found, html = [], Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)
    try:
        html += blocks_to_html(body)
    except RenderError as error:
        found.append(_told(error))
    try:
        lacking = lacking_in(html, fonts)
    except Unprintable as error:
        return [*found, _told(error)]
    if lacking:
        more = f"等 {len(lacking)} 个字" if len(lacking) > MOST_NAMED else ""
        found.append(f"所有字体都没有{'、'.join(map(str, lacking[:MOST_NAMED]))}{more}，请改用别的字")
    return found


def refuse_empty(values: Mapping[str, Any]) -> None:
    """Refuse to put on record a document whose title, or whose whole text, is empty. Raises Unprintable."""
    if "title" in values and not str(values["title"] or "").strip():
        raise Unprintable("标题空着，不能印发", where="标题", advice="请写上标题")
    if "body" in values and not any(_says(values.get(name)) for name in ("body", "tables", "annexes")):
        raise Unprintable("正文空着，不能印发", where="正文", advice="请写上正文，或放入表格、附件")


def _says(value: object) -> bool:
    """Whether there is any word in a value."""
    if isinstance(value, Mapping):
        return any(_says(part) for name, part in value.items() if name != "type")
    if isinstance(value, (list, tuple)):
        return any(map(_says, value))
    return isinstance(value, str) and bool(value.strip())


def _told(error: RenderError) -> str:
    return "，".join(
        filter(None, (f"{error.where}：{error.message}" if error.where else error.message, error.reason))
    )
