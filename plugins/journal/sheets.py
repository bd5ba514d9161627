"""The pages of a draft as the board shows them: the real layout, and a picture of each page.

A page is told from its earlier self by a digest of what is on it, so that the board exchanges only the pages that
changed and turns to the first of them.
"""

import hashlib
import re
from dataclasses import dataclass

from flask import current_app

from core.actors import Actor
from core.documents.rendering.cache import MB, Cache
from core.documents.rendering.preview import headlines, page_looks, page_png
from core.errors import NotFound
from plugins.journal import contents, publishing, queries
from plugins.journal.checks import Laid, Remark
from plugins.journal.models import JournalIssue
from plugins.journal.schema import Journal

KEPT = 64 * MB
DIGEST = re.compile(r"[0-9a-f]{32}")
WIDE = 920


@dataclass(frozen=True)
class Sheets:
    """A laid-out draft: its name, a digest for each page, and the page each headline stands on, in order."""

    name: str
    pages: tuple[str, ...]
    headlines: tuple[tuple[str, int], ...]


def sheets(actor: Actor, issue_id: int) -> Sheets:
    """Lay out a draft as it is now. Never call it in a transaction: it takes a while."""
    html = publishing.proof_html(actor, issue_id)
    pdf = publishing.proof_pdf(html)
    name = hashlib.sha256(pdf).hexdigest()[:32]
    _cache().put(f"{issue_id}-{name}", pdf)
    return Sheets(name, tuple(page_looks(pdf)), tuple(headlines(pdf)))


def picture(actor: Actor, issue_id: int, name: str, page: int) -> bytes:
    """A page of a draft laid out a moment ago."""
    queries.issue(actor, issue_id)
    pdf = _cache().get(f"{issue_id}-{name}") if DIGEST.fullmatch(name) else None
    if pdf is None:
        raise NotFound("这一版校样已不再保留", advice="请刷新页面")
    return page_png(pdf, page, WIDE)


def laid(order: list[tuple[str, str, int]], found: Sheets) -> tuple[Laid, dict[int, int]]:
    """How much paper the columns take, and the page of every item. `order`: column, printed title, id of each item."""
    pages: dict[int, int] = {}
    waiting = list(found.headlines)
    for _, title, item_id in order:
        wanted = _bare(title)
        for n, (headline, page) in enumerate(waiting):
            if _bare(headline) == wanted:
                pages[item_id] = page
                del waiting[: n + 1]
                break
    starts = [(column, pages[item_id]) for column, _, item_id in order if item_id in pages]
    columns: dict[str, int] = {}
    for column in dict.fromkeys(column for column, _ in starts):
        own = [page for name, page in starts if name == column]
        later = [page for name, page in starts[starts.index((column, own[-1])) + 1 :] if name != column]
        columns[column] = max(own[-1], later[0] if later else len(found.pages)) - own[0] + 1
    return Laid(len(found.pages), columns), pages


def remarks(issue: JournalIssue, journal: Journal, found: Sheets | None) -> list[Remark]:
    """The remarks on an issue, those about paper too when it could be laid out."""
    paper = laid(contents.order(issue, journal), found)[0] if found else None
    return contents.remarks(issue, journal, paper)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _cache() -> Cache:
    return Cache(current_app.config["YAOQING"]["DATA"] / "cache" / "sheets", KEPT)
