"""A period's circulars as a pack version would print them, for a rehearsal: composed and laid out, never on record."""

from functools import partial
from typing import Any

from core import clock
from core.accounts.models import Office
from core.db import db
from core.documents.store import TEMPLATE, fonts, renderer
from core.documents.templating.sandbox import render_html
from core.hookspecs import Paper, PaperTable
from core.packs.content.format import Pack
from core.scoring.results.frozen import Result
from core.scoring.rules.rule_book import Rules
from plugins.circulars.compose import Circular, Letterhead
from plugins.circulars.ledger import Ledger
from plugins.circulars.sources import kinds_of, pack_by_ref
from plugins.circulars.tables import Sheet
from plugins.circulars.texts import Texts

NUMBER = "（试算样张，不编号）"


def papers(office_id: int, result: Result, rules: Rules) -> list[Paper]:
    """Every circular the version issues over such a period."""
    office = db.session.get_one(Office, office_id)
    pack, head = pack_by_ref(result.pack_ref), Letterhead(office.name, office.place_name)
    ledger = Ledger(result, rules)
    made = [Circular(kind, ledger, head) for kind in kinds_of(pack, result.period)]
    return [_paper(each, pack) for each in made if each.has_something_to_say]


def _paper(made: Circular, pack: Pack) -> Paper:
    texts = made.drafted()
    told = tuple(f"{row.name}：{text}" for row in made.addressees(texts) for text in texts.letters[row.unit])
    paragraphs = told + tuple("".join(run["text"] for run in block["runs"]) for block in made.body(texts))
    tables = tuple(_table(sheet) for sheet in made.sheets())
    return Paper(made.kind.id, made.title(), paragraphs, tables, partial(_pdf, made, texts, pack))


def _table(sheet: Sheet) -> PaperTable:
    lines = tuple((line.unit or "total", line.cells) for line in sheet.lines)
    return PaperTable(sheet.title, sheet.names, lines)


def _pdf(made: Circular, texts: Texts, pack: Pack) -> bytes:
    if made.kind.form == "letters":  # one of them shows how all look
        made = made.to(made.recipients[0])
    values: dict[str, Any] = made.values(texts, NUMBER, clock.today(), proof=True)
    html = render_html(TEMPLATE, pack.document(made.kind.document).files, values, fonts())
    pdf: bytes = renderer().pdf(html)
    return pdf
