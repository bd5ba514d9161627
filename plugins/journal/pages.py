"""What the pages of journals share: the blueprint, one step of work, the version a person was looking at."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from core.errors import Conflict, Crowded, InvalidInput, RenderError
from core.web import whole_or_zero

bp = Blueprint("journal", __name__, url_prefix="/journals", template_folder="templates")


def attempt(
    service: Callable[[], Any], done: str | Callable[[Any], str], target: str, refused: str = ""
) -> Any:
    """Do one step and go on; what a person can mend is said on the next page (`refused`, if another) instead of an error page.

    done: what is told, or made of what the step gives back.
    """
    try:
        result = service()
    except Crowded:
        raise  # its answer sends the form again by itself
    except (Conflict, InvalidInput, RenderError) as error:
        flash(str(error), "error")
        return redirect(refused or target)
    if told := done if isinstance(done, str) else done(result):
        flash(told, "success")
    return redirect(target)


def seen_version() -> int:
    """The version of the issue the person was looking at; without one nothing is done."""
    return whole_or_zero(request.form.get("version"))


def issue_page(issue_id: int) -> str:
    return url_for("journal.issue", issue_id=issue_id)
