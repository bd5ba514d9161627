"""What stands in the details of a record, in Chinese: a heading and a value for each. Pure.

The trail keeps short keys; plugins add theirs by the hook `trail_words`. A key nobody has a word for is shown as it is.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from core.hookspecs import TrailWord
from core.permissions import ROLES

# In the order in which they are shown.
WORDS = (
    TrailWord("before", "改前"),
    TrailWord("after", "改后"),
    TrailWord("reason", "理由"),
    TrailWord("note", "说明"),
    TrailWord("remark", "意见"),
    TrailWord("name", "名称"),
    TrailWord("names", "名称"),
    TrailWord("holder", "持有人"),
    TrailWord("role", "角色", {role.name: role.title for role in ROLES.values()}),
    TrailWord("issue", "刊期编号"),
    TrailWord("issues", "期数"),
    TrailWord("column", "栏目"),
    TrailWord("items", "条目"),
    TrailWord("item", "信息"),
    TrailWord("fields", "改动的内容"),
    TrailWord("print_title", "印发标题"),
    TrailWord("print_source", "印发来源"),
    TrailWord("step", "步骤"),
    TrailWord("skipped", "略过的步骤"),
    TrailWord("missing", "欠缺的审批"),
    TrailWord("approve_by", "补审批期限"),
    TrailWord("corrects", "所更正的"),
    TrailWord("by", "由何件代替"),
    TrailWord("recipients", "发送对象"),
    TrailWord("unit_id", "单位编号"),
    TrailWord("user_id", "人员编号"),
    TrailWord("label", "类别"),
    TrailWord("pages", "页数"),
    TrailWord("copies", "份数"),
    TrailWord("standing", "公文状态"),
    TrailWord("replaced_by", "代替的公文编号"),
    TrailWord("replaces", "代替的编号"),
    TrailWord("document", "文件"),
    TrailWord("number", "文号"),
    TrailWord("on", "日期"),
    TrailWord("starts_on", "启用日期"),
    TrailWord("instead_of", "代替的版本"),
    TrailWord("derived_from", "所依据的规则包"),
    TrailWord("pack", "规则包"),
    TrailWord("period", "考核周期代号"),
    TrailWord("beside", "对照的版本"),
    TrailWord("moved", "名次变动的单位数"),
    TrailWord("entries", "得分不同的事项数"),
    TrailWord("fact", "计分事项编号"),
    TrailWord("key", "登记代号"),
    TrailWord("event", "办理记录编号"),
    TrailWord("revision", "稿次"),
    TrailWord("count", "数量"),
    TrailWord("days", "天数"),
    TrailWord("file", "文件"),
    TrailWord("algorithm", "签名算法"),
    TrailWord("sha256", "文件校验值"),
    TrailWord("digest", "内容校验值"),
)
PLAIN = {"True": "是", "False": "否", "None": "无"}


class Trail:
    """Reads details with the words of core and those of plugins."""

    def __init__(self, words: Iterable[TrailWord]):
        self.titles: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}
        for word in words:
            self.titles.setdefault(word.key, word.title)
            self.values.setdefault(word.key, {}).update(word.values)

    def told(self, detail: str) -> list[tuple[str, str]]:
        """Headings and values of a record's details; what is empty is left out."""
        found = json.loads(detail)
        order = {key: place for place, key in enumerate(self.titles)}
        keys = sorted(_changed(found), key=lambda key: order.get(key, len(order)))
        lines = [(self.titles.get(key, key), self._text(key, found[key])) for key in keys]
        return [(title, text) for title, text in lines if text]

    def value(self, key: str, value: str) -> str:
        """What a value under a key is called."""
        return self._text(key, value)

    def _text(self, key: str, value: Any) -> str:
        if isinstance(value, Mapping):
            parts = [(self.titles.get(name, name), self._text(name, each)) for name, each in value.items()]
            return "，".join(f"{title}：{text}" for title, text in parts if text)
        if isinstance(value, list):
            between = "；" if any(isinstance(each, Mapping) for each in value) else "、"
            return between.join(filter(None, (self._text(key, each) for each in value)))
        return self.values.get(key, {}).get(str(value)) or PLAIN.get(str(value), str(value))


def _changed(found: dict[str, Any]) -> dict[str, Any]:
    """Of what was before and after only the parts that differ."""
    before, after = found.get("before"), found.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        differ = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        found["before"] = {key: before.get(key) for key in differ}
        found["after"] = {key: after.get(key) for key in differ}
    return found
