"""What a form held that could not be taken: it travels along through signing in, so that nothing is lost."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import request, url_for

# What a refused form held is offered again, but for these.
NEVER_KEPT = {"csrf_token", "password", "old", "new", "again"}
MOST_FIELDS = 200


def held() -> list[tuple[str, str]]:
    """The fields of a form of our own pages, but for secrets."""
    given = [] if from_elsewhere() else request.form.items(multi=True)
    return [(k, v) for k, v in given if k not in NEVER_KEPT][:MOST_FIELDS]


def is_whole() -> bool:
    """Whether all of the form is held but for its token, so that sending it anew says the same."""
    given = [name for name, _ in request.form.items(multi=True) if name != "csrf_token"]
    return len(held()) == len(given) and not request.files


def held_values() -> dict[str, Any]:
    """What the refused form held, for `templates/accounts/_kept.html`; of files only their names."""
    given = held()
    files = [f.filename for f in request.files.values() if f.filename] if given else []
    return {"next": request.path, "kept": given, "files": files[:MOST_FIELDS]}


def carried_values() -> dict[str, Any]:
    """What the sign-in form carries of an earlier form, for the same templates; nothing when it is not our own page's."""
    form = request.form
    if from_elsewhere():
        return {"next": "", "kept": [], "files": []}
    kept = list(zip(form.getlist("kept_name"), form.getlist("kept_value"), strict=False))
    return {"next": form.get("next", ""), "kept": kept, "files": form.getlist("kept_file")}


def from_elsewhere() -> bool:
    """Whether a page of another site sent this form: what it filled in is never offered as the person's own."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return bool(origin) and urlsplit(origin).hostname != urlsplit(f"//{request.host}").hostname


def local_path(target: str | None) -> str:
    """The target when it is a path on this site, else the home page."""
    # One slash and then something else: browsers read "//", "/\" and "///" as the address of another site.
    local = target and re.fullmatch(r"/(?![/\\])[^\s\\\x00-\x1f]*", target)
    return target if target and local else url_for("home.index")
