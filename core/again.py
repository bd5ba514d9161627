"""A form refused only because others are being served: the page sends it again by itself, for so long.

What the form held travels along unseen. Every attempt is checked as if somebody had pressed the button anew, so nothing
is done twice and nothing that has changed meanwhile is overlooked.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import render_template, request

from core import clock, kept
from core.errors import YaoqingError
from core.typed import typed

LONGEST = 120
SINCE, BACK = "waiting_since", "waiting_back"


def possible() -> bool:
    """Whether the form can be sent once more: not without a file or a secret, nor what another site filled in."""
    return request.method == "POST" and kept.is_whole() and not kept.from_elsewhere()


def waiting(error: YaoqingError) -> Any:
    """The page that waits. Without script it is the message and a button."""
    now = int(clock.now().timestamp())
    since = _since(now)
    fields = [each for each in kept.held() if each[0] not in (SINCE, BACK)]
    page = render_template(
        "errors/again.html",
        **error.as_dict(),
        action=request.path,
        kept=typed(fields),
        since=since,
        left=max(LONGEST - (now - since), 0),
        longest=LONGEST,
        back=kept.local_path(request.form.get(BACK) or urlsplit(request.referrer or "").path),
    )
    return page, error.status


def _since(now: int) -> int:
    """When the form was refused first; an odd answer counts as now."""
    given = request.form.get(SINCE, "")
    since = int(given) if given.isascii() and given.isdecimal() and len(given) < 12 else now
    return since if since <= now else now
