"""Try a pack's document formats with their own samples before the pack comes in.

    errors = try_documents(pack)

The template runs in the same sandbox as later in earnest, as far as HTML; pages are not laid out. A plugin that
knows more about its documents checks them in its section.
"""

import re
from datetime import date
from itertools import chain
from typing import Any

from core.documents.store import TEMPLATE, fonts
from core.documents.templating.sandbox import render_html
from core.documents.templating.switches import FILE, mistakes_of
from core.errors import PackError, YaoqingError, near
from core.packs.content.format import DocumentSource, Pack
from core.packs.slips import slips_of
from core.strict_yaml.loader import Document

# `extends` names the base for the reader; the template itself says which one it extends.
KEYS = ("title", "layout", "extends")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def try_documents(pack: Pack) -> list[PackError]:
    """What goes wrong when every template of the pack is filled with its sample."""
    sources = pack.documents.values()
    described = [error for source in sources for error in _described(pack, source)]
    switched = {source.kind: _switched(source) for source in sources}
    # A look that cannot be told is not tried: it would only say the first of these once more.
    tried = [_tried(pack, source) for source in sources if not switched[source.kind]]
    return described + [*chain(*switched.values())] + [*chain(*tried)]


def _switched(source: DocumentSource) -> list[PackError]:
    """What is wrong with the switches of a format, all of it, with the place in the pack."""
    try:
        mistakes = mistakes_of(source.files)
    except PackError:  # not even YAML: told where the pack is read
        return []
    for mistake in mistakes:
        mistake.where = f"documents/{source.kind}，{mistake.where}"
    return mistakes


def _described(pack: Pack, source: DocumentSource) -> list[PackError]:
    place = f"documents/{source.kind}/{FILE}"
    document = pack.sources.get(place)
    return misdescribed(document) if document else [_nameless(place)]


def misdescribed(document: Document) -> list[PackError]:
    """What is wrong with a document.yaml beside its switches: a misspelt key would lose them without a word."""
    data = document.plain()
    if not isinstance(data, dict) or not data.get("title"):
        return [_nameless(document.file)]
    return [
        PackError(
            f"没有“{key}”这一项",
            where=document.where([key]),
            advice=near(str(key), KEYS) or f"可写：{'、'.join(KEYS)}",
        )
        for key in data
        if key not in KEYS
    ]


def _nameless(place: str) -> PackError:
    return PackError("版式没有名称", where=place, advice="请写一行“title: 名称”")


def _tried(pack: Pack, source: DocumentSource) -> list[PackError]:
    home = f"documents/{source.kind}"
    sample = pack.sources.get(f"{home}/sample.yaml")
    if sample is None:
        reason, advice = "没有数据就不能试排", "请补上试排用的数据"
        return [PackError("版式缺少 sample.yaml", where=home, reason=reason, advice=advice)]
    data = sample.plain()
    if not isinstance(data, dict):
        where, advice = f"{home}/sample.yaml", "请逐项写出试排用的数据"
        return [PackError("应为“键: 值”的形式", where=where, advice=advice)]
    # Filling would trip over some of these, and say less of them.
    if slips := slips_of(sample, source.files):
        return slips
    try:
        render_html(TEMPLATE, source.files, as_values(data), fonts())
    except YaoqingError as error:
        return [_placed(error, sample, home)]
    return []


def _placed(error: YaoqingError, sample: Document, home: str) -> PackError:
    """What went wrong, with its place in the pack: the line of the sample, or the format and its template's line."""
    in_format = "，".join(part for part in (home, error.where) if part)
    where = in_format if error.path is None else sample.where(error.path)
    return PackError(
        error.message, where=where, reason=error.reason, advice=error.advice or "请修改版式或试排数据"
    )


def as_values(data: Any) -> Any:
    """What a file says as templates get it: what is written like a day becomes one."""
    if isinstance(data, dict):
        return {key: as_values(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_values(value) for value in data]
    if isinstance(data, str) and DAY.fullmatch(data):
        try:
            return date.fromisoformat(data)
        except ValueError:
            return data
    return data
