"""How an unissued circular will look: rendered when asked for, kept in memory, never put on record."""

import hashlib
import json

from flask import current_app

from core.documents.store import TEMPLATE, fonts, renderer
from core.documents.templating.sandbox import render_html
from core.scoring.values.fact import Row
from plugins.circulars.models import CircularDraft
from plugins.circulars.signing import addressees, paper
from plugins.circulars.sources import circular, current_run, pack_by_ref

KEPT = 4


def pdf(found: CircularDraft, unit: str = "") -> bytes:
    """The PDF of a draft with the number it would get today; of letters the one to a unit, or the first.

    Raises RenderError, or Conflict when it is outdated.
    """
    run = current_run(found)
    to, nth = _letter(found, unit) if found.form == "letters" else (None, 0)
    made = paper(found, run, to, nth, proof=True)
    files = pack_by_ref(run.pack_ref).document(made.made.kind.document).files
    kept: dict[str, bytes] = current_app.extensions.setdefault("circulars_previews", {})
    told = json.dumps([run.pack_digest, made.values], ensure_ascii=False, sort_keys=True, default=str)
    stamp = hashlib.sha256(told.encode()).hexdigest()
    if stamp not in kept:
        rendered = renderer().pdf(render_html(TEMPLATE, files, made.values, fonts()))
        while len(kept) >= KEPT:
            kept.pop(next(iter(kept)), None)
        kept[stamp] = rendered
    return kept[stamp]


def _letter(found: CircularDraft, unit: str) -> tuple[Row | None, int]:
    rows = addressees(found, circular(current_run(found), found.kind))
    nth = next((n for n, row in enumerate(rows) if row.unit == unit), 0)
    return (rows[nth], nth) if rows else (None, 0)
