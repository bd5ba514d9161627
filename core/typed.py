"""What a person wrote into a form, told from everything else the form carried: shown again when it was not taken."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

LABELS = {
    "title": "标题", "body": "正文", "note": "说明", "reason": "理由或附言", "remark": "意见", "text": "内容", "phrase": "常用语",
    "name": "名称", "authors": "作者", "opening": "开头", "requirements": "工作要求", "print_title": "印出的标题",
    "print_source": "印出的来源",
}  # fmt: skip
OTHER = "填写的内容"
# These hold nothing but what somebody wrote, in whatever letters.
LONG = frozenset({"title", "body", "note", "reason", "remark", "text"})
# The editor's own copy of a text, and what a field held before: the person did not write these.
BOOKKEEPING = re.compile(r"_html$|^was_|^kept_")
CHINESE = re.compile(r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Typed:
    """A field with something in it. `label` is empty for what nobody typed: ids, versions, chosen values."""

    name: str
    value: str
    label: str


def typed(fields: Iterable[tuple[str, str]]) -> list[Typed]:
    """The fields of a form in their order; those with a label are the ones to show."""
    return [Typed(name, value, _label(name, value)) for name, value in fields]


def _label(name: str, value: str) -> str:
    own = name.rpartition("-")[2]  # a form with a prefix
    if not value.strip() or BOOKKEEPING.search(own):
        return ""
    # A step may be called `name` and a choice anything: without one Chinese word it was hardly written.
    written = own in LONG or CHINESE.search(value)
    return LABELS.get(own, OTHER) if written else ""
