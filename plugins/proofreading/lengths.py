"""Lengths of the title and of the text, as the office wants them. Pure."""

from collections.abc import Iterator

from plugins.proofreading.findings import Finding, Manuscript
from plugins.proofreading.schema import Proofreading


def check(manuscript: Manuscript, rules: Proofreading) -> Iterator[Finding]:
    """Too long, or too short."""
    most, long = rules.title_limit.max, len(manuscript.title)
    if most and long > most:
        text = f"标题 {long} 字，宜在 {most} 字以内"
        yield Finding("title-length", "info", text, "标题", same="title")
    for limit in rules.lengths:
        if limit.genres and manuscript.genre not in limit.genres:
            continue
        now = manuscript.characters
        if limit.max and now > limit.max:
            yield Finding("length", "info", f"正文 {now} 字，宜在 {limit.max} 字以内", "正文", same="long")
        if limit.min and 0 < now < limit.min:
            yield Finding("length", "info", f"正文 {now} 字，宜在 {limit.min} 字以上", "正文", same="short")
