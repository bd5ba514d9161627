"""综合采编：把几个单位的信息合并成一条综合稿，登记各来源的作用和份额；把一条信息拆成几条；都可以撤销。"""

from flask import Blueprint

from core.actors import Actor
from core.hookspecs import MenuItem, Panel, TrailWord, hookimpl
from core.submissions.credit import ROLES
from core.submissions.models import Submission
from plugins.composites import pages, panels, queries, split_views, views

# Importing the views registers them.
VIEWS = (views, split_views)
TITLE = "综合采编"


@hookimpl
def blueprints() -> list[Blueprint]:
    """Pages under /composites."""
    return [pages.bp]


@hookimpl
def menu_items() -> list[MenuItem]:
    """The composites of the office."""
    return [MenuItem(TITLE, "composites.index", "信息编辑", "submission.edit", 30)]


@hookimpl
def submission_panels(actor: Actor, submission: Submission) -> list[Panel]:
    """Where an item went or came from, and the ways into merging and splitting."""
    return panels.of(actor, submission)


@hookimpl
def reported_items(submission: Submission) -> list[Submission]:
    """The sources of a composite, the item a part comes from."""
    return queries.reported(submission)


@hookimpl
def counted_items(submission: Submission) -> list[Submission]:
    """The composite a source went into, the parts of an item."""
    return queries.counted(submission)


@hookimpl
def trail_words() -> list[TrailWord]:
    """Sources and parts."""
    return [
        TrailWord("sources", "来源"),
        TrailWord("role", "作用", ROLES),
        TrailWord("share", "份额"),
        TrailWord("parts", "拆成的各条编号"),
    ]
