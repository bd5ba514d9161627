"""Two items side by side, with the passages they share marked."""

from typing import Any

from flask import Blueprint, render_template

from core.permissions import require
from core.search.passages import in_common
from core.search.similar import likeness
from core.submissions import queries, revisions
from core.submissions.models import Submission
from core.submissions.text import Block, lines_of, plain
from core.web import actor, highlight, permit

bp = Blueprint("duplicates", __name__, url_prefix="/duplicates", template_folder="templates")
Text = tuple[str, list[Block]]


@bp.get("/<int:submission_id>/<int:other_id>")
@permit("duplicates.view")
def compare(submission_id: int, other_id: int) -> Any:
    """Both texts as they stand, each with what stands in the other, for those who decide about them."""
    items = [_item(submission_id, "duplicates.view"), _item(other_id, "duplicates.view")]
    highlight("submissions.queue")
    return _page(items, [(item.title, item.body) for item in items])


@bp.get("/own/<int:submission_id>/<int:other_id>")
@permit("duplicates.own")
def own(submission_id: int, other_id: int) -> Any:
    """The same for two items of a unit, as it wrote them."""
    items = [_item(submission_id, "duplicates.own"), _item(other_id, "duplicates.own")]
    highlight("submissions.mine")
    return _page(items, [revisions.units_text(item) for item in items])


def _item(submission_id: int, permission: str) -> Submission:
    found = queries.one(actor(), submission_id)
    require(actor(), permission, found.main_place() if permission == "duplicates.own" else found)
    return found


def _page(items: list[Submission], texts: list[Text]) -> Any:
    alike = likeness(*(plain(body) for _, body in texts))
    marked = in_common(
        *([line for block in body for line in lines_of(block) if line.strip()] for _, body in texts)
    )
    sides = [
        {"item": item, "title": title or "（无标题）", "lines": lines, "percent": int(share * 100)}
        for item, (title, _), lines, share in zip(items, texts, marked, (alike.share, alike.back), strict=True)
    ]  # fmt: skip
    return render_template(
        "duplicates/compare.html", sides=sides, numbers_differ=alike.common and alike.numbers < 0.5
    )
