"""Whom a countable fact about an item is credited to: its units with the part each played, and its authors in order.

facts.NewFact(kind="adopted", …, **credited(submission))
"""

from decimal import Decimal
from typing import Any

from core.errors import Conflict
from core.facts import Author, Part
from core.submissions import known
from core.submissions.models import Contributor, Submission
from core.submissions.workflow import ABSORBED, STATES

# What rules call the parts of a joint item (`role` 角色).
ROLES = {"main": "主报", "joint": "协报", "part": "参与"}


def not_counted(submission: Submission) -> Conflict:
    """Why nothing is recorded for an absorbed item, and for which items it is."""
    titles = "、".join(f"《{each.title}》" for each in known.counted(submission))
    return Conflict(
        f"《{submission.title or '无标题'}》{STATES[submission.state].title}，不能在这一条上登记",
        reason="批示、上报和采用记在现在的信息上，两处都记会重复计分",
        advice=f"请在{titles}上登记" if titles else "请在仍在使用的信息上登记",
    )


def credited(submission: Submission) -> dict[str, Any]:
    """Values for `NewFact`. Parts are told only of joint items; authors belong to the unit that wrote the item, or to
    the unit they are recorded with. Raises Conflict for an item that is no longer counted as itself.
    """
    if submission.state in ABSORBED:
        raise not_counted(submission)
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
