"""What an item's page says about merging and splitting: where it went, what it is made of, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from markupsafe import Markup

from core.actors import Actor
from core.errors import InvalidInput
from core.facts.register import kind_title
from core.hookspecs import Panel
from core.permissions import allowed
from core.submissions import known
from core.submissions.credit import ROLES, part_of
from core.submissions.models import Submission
from core.submissions.workflow import STATES
from plugins.composites import queries, shares
from plugins.composites.models import Link


@dataclass(frozen=True)
class Row:
    """A linked item as a panel shows it; without an address it may not be opened."""

    title: str
    unit: str
    state: str
    state_title: str
    role: str = ""
    share: str = ""
    url: str = ""
    compare: str = ""


def of(actor: Actor, submission: Submission) -> list[Panel]:
    """One panel, or none when there is nothing to say and nothing to do."""
    may = allowed(actor, "submission.edit", submission)
    values = {
        **_as_composite(submission, may),
        **_as_source(actor, submission, may),
        **_as_original(actor, submission, may),
        "item": submission,
        "may": may,
        "offer": may and submission.state in queries.FREE and not submission.composed,
    }
    shown = ("rows", "into", "parts", "origin", "offer", "void")
    if not any(values.get(name) for name in shown):
        return []
    return [Panel("综合与拆分", Markup(render_template("composites/_panel.html", **values)), 25)]


def _as_composite(submission: Submission, may: bool) -> dict:
    """Its sources, for editors; for units only their own, which the page of that item shows."""
    if not submission.composed or not may:
        return {}
    if submission.state == "void":
        return {"void": bool(queries.last_sources(submission.id))}
    links = queries.sources(submission.id)
    titles = share_titles([link.share for link in links])
    rows = [
        _row(link.source, role=ROLES[link.role], share=share, compare=_compare(link), url=_item(link.source))
        for link, share in zip(links, titles, strict=True)
    ]
    return {"rows": rows, "credits": _credits(submission) if rows else []}


def _as_source(actor: Actor, submission: Submission, may: bool) -> dict:
    link = queries.went_into(submission.id)
    if not link:
        return {}
    composite, open_to = link.target, queries.may_read(actor, link.target)
    links = queries.sources(composite.id)
    share = dict(zip((each.id for each in links), share_titles([each.share for each in links]), strict=True))
    facts = queries.standing_facts(composite)
    return {
        "into": _row(
            composite, role=ROLES[link.role], share=share[link.id], title="" if open_to else "综合稿",
            url=_item(composite) if open_to else "", compare=_compare(link) if open_to else "",
        ),
        "counted": [(kind_title(fact.kind), fact.on) for fact in facts],
        "others": len(links) - 1,
    }  # fmt: skip


def _as_original(actor: Actor, submission: Submission, may: bool) -> dict:
    found: dict = {}
    if submission.state == "split":
        found["parts"] = [
            _row(link.target, url=_item(link.target))
            if queries.may_read(actor, link.target)
            else _row(link.target, title=f"第 {number} 条")
            for number, link in enumerate(queries.parts(submission.id), 1)
        ]
    if submission.composed and (link := queries.came_from(submission.id)):
        found["origin"] = _row(
            link.source, title=known.read_by(actor, link.source)[0], url=_item(link.source)
        )
    return found


def share_titles(written: Sequence[str]) -> list[str]:
    """The shares of sources as people read them; empty while what was typed makes no sense."""
    try:
        values = shares.read(written)
    except InvalidInput:
        return [""] * len(written)
    return [shares.percent(value / sum(values)) for value in values]


def _credits(composite: Submission) -> list[tuple[str, str, str]]:
    """Unit, part and weight as the register will have them."""
    return [
        (each.unit.short, ROLES.get(each.role, each.role), format(part_of(each).weight or 1, "f"))
        for each in composite.contributors
    ]


def _row(item: Submission, *, title: str = "", **more: str) -> Row:
    return Row(
        title or item.title or "（无标题）", item.unit.short, item.state, STATES[item.state].title, **more
    )


def _item(item: Submission) -> str:
    return url_for("submissions.item", submission_id=item.id)


def _compare(link: Link) -> str:
    return url_for("composites.compare", composite_id=link.target_id, source_id=link.source_id)
