"""Whom a countable fact about an item is credited to: its units with the part each played, and its authors in order.

facts.NewFact(kind="adopted", …, **credited(submission))
"""

from decimal import Decimal
from typing import Any

from core.errors import Conflict
from core.facts import Author, Part
from core.submissions.models import Contributor, Submission
from core.submissions.workflow import ABSORBED, STATES

# What rules call the parts of a joint item (`role` 角色).
ROLES = {"main": "主报", "joint": "协报", "part": "参与"}


def credited(submission: Submission) -> dict[str, Any]:
    """Values for `NewFact`. Parts are told only of joint items; authors belong to the unit that wrote the item, or to
    the unit they are recorded with. Raises Conflict for an item that is no longer counted as itself.
    """
    if submission.state in ABSORBED:
        raise Conflict(
            f"不能登记：这条信息{STATES[submission.state].title}",
            where=str(submission),
            reason="批示、上报和采用都记在它并入或拆成的信息上，记在这里会重复计分",
            advice="请打开这条信息，从“去向”找到现在的信息再登记",
        )
    units = submission.contributors
    return {
        "unit_ids": tuple(each.unit_id for each in units),
        "parts": {each.unit_id: part_of(each) for each in units} if len(units) > 1 else {},
        "authors": tuple(_authors(submission)),
    }


def part_of(each: Contributor) -> Part:
    """The part a unit played, and the share agreed for it."""
    return Part(ROLES.get(each.role, each.role), _weight(each.weight))


def _authors(submission: Submission) -> list[Author]:
    units = submission.contributors
    if not any(each.authors for each in units):
        return [Author(name, submission.unit_id) for name in dict.fromkeys(submission.authors or ())]
    return [
        Author(told["name"], each.unit_id, Part(ROLES.get(each.role, each.role), _weight(told.get("weight"))))
        for each in units
        for told in each.authors or ()
    ]


def _weight(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
