"""校对：检查信息的标点、日期、数字、层次序号、错别字和用语，结果列在信息旁边；本地的词表和名单写在规则包里。"""

from flask import Blueprint

from core.actors import Actor
from core.hookspecs import CheckedText, MenuItem, Permission, Remark, TrailWord, hookimpl
from core.packs.content.format import Section
from plugins.proofreading import remarks, rights, section, views

TITLE = "校对"


@hookimpl
def pack_sections() -> list[Section]:
    """proofreading.yaml: word lists, names, styles and limits of an office."""
    return [section.SECTION]


@hookimpl
def content_checks(actor: Actor, text: CheckedText) -> list[Remark]:
    """What the checks find in a text."""
    return remarks.remarks(actor, text)


@hookimpl
def permissions() -> list[Permission]:
    """Who may decide not to be told of something again."""
    return list(rights.PERMISSIONS)


@hookimpl
def menu_items() -> list[MenuItem]:
    """The phrases of which the office wants to hear no more."""
    return [MenuItem("不再提示的用语", "proofreading.phrases", "信息编辑", "proofreading.phrases", 40)]


@hookimpl
def blueprints() -> list[Blueprint]:
    """Pages under /proofreading."""
    return [views.bp]


@hookimpl
def trail_words() -> list[TrailWord]:
    """How often a finding stands in a text."""
    return [TrailWord("places", "处数")]
