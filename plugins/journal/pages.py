"""What the pages of journals share: the blueprint, one step of work, the version a person was looking at."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from core.errors import Conflict, InvalidInput, RenderError
from core.web import whole_or_zero

bp = Blueprint("journal", __name__, url_prefix="/journals", template_folder="templates")


def attempt(service: Callable[[], Any], done: str, target: str, refused: str = "") -> Any:
    """Do one step and go on; what a person can mend is said on the next page (`refused`, if another) instead of an error page."""
    try:
        service()
    except (Conflict, InvalidInput, RenderError) as error:
        flash(str(error), "error")
        return redirect(refused or target)
    if done:
        flash(done, "success")
    return redirect(target)


def seen_version() -> int:
    """The version of the issue the person was looking at; without one nothing is done."""
    return whole_or_zero(request.form.get("version"))


def issue_page(issue_id: int) -> str:
    return url_for("journal.issue", issue_id=issue_id)
