"""Whom a countable fact about an item is credited to: its units with the part each played, and its authors in order.

facts.NewFact(kind="adopted", …, **credited(submission))
"""

from typing import Any

from core.facts import Author, Part
from core.submissions.models import Submission

# What rules call the parts of a joint item (`role` 角色).
ROLES = {"main": "主报", "joint": "协报"}


def credited(submission: Submission) -> dict[str, Any]:
    """Values for `NewFact`. Parts are told only of joint items; authors belong to the unit that wrote the item."""
    units = submission.contributors
    return {
        "unit_ids": tuple(each.unit_id for each in units),
        "parts": {each.unit_id: Part(ROLES.get(each.role, each.role)) for each in units}
        if len(units) > 1
        else {},
        "authors": tuple(
            Author(name, submission.unit_id) for name in dict.fromkeys(submission.authors or ())
        ),
    }
