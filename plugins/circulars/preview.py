"""How an unissued circular will look: rendered when asked for, kept in memory, never put on record."""

import hashlib
import json

from flask import current_app

from core import clock
from core.documents import numbering
from core.documents.sandbox import render_html
from core.documents.store import TEMPLATE, fonts, renderer
from plugins.circulars.compose import texts_of
from plugins.circulars.models import CircularDraft
from plugins.circulars.services import current_run, replaced_by, series_of
from plugins.circulars.sources import circular, pack_by_ref

KEPT = 4


def pdf(found: CircularDraft) -> bytes:
    """The PDF of a draft with the number it would get today. Raises RenderError, or Conflict when it is outdated."""
    run = current_run(found)
    made, day = circular(run, found.kind), clock.today()
    number = made.number(day.year, numbering.upcoming(found.office_id, series_of(made, day.year)))
    values = made.values(texts_of(found.texts), number, day, replaced_by(found), proof=True)
    files = pack_by_ref(run.pack_ref).document(made.kind.document).files
    kept: dict[str, bytes] = current_app.extensions.setdefault("circulars_previews", {})
    told = json.dumps([run.pack_digest, values], ensure_ascii=False, sort_keys=True, default=str)
    stamp = hashlib.sha256(told.encode()).hexdigest()
    if stamp not in kept:
        rendered = renderer().pdf(render_html(TEMPLATE, files, values, fonts()))
        while len(kept) >= KEPT:
            kept.pop(next(iter(kept)), None)
        kept[stamp] = rendered
    return kept[stamp]
