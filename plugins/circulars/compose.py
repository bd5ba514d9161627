"""Put a circular together from a closed result: sentences, praise, tables, annexes. Pure: no database, no web."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any

from core.documents.filters import chinese_number, date_cn
from core.scoring.fact import Row
from plugins.circulars.schema import AnnexRule, CircularKind, NumberRule
from plugins.circulars.tables import Ledger, Sheet, number, sheets
from plugins.circulars.wording import fill, percent, period_words, sentence


@dataclass(frozen=True)
class Letterhead:
    """Who issues the circular: the office's name and the place it belongs to."""

    office: str
    place: str


@dataclass(frozen=True)
class Texts:
    """The paragraphs an editor may change."""

    opening: tuple[str, ...]
    requirements: tuple[str, ...]


@dataclass(frozen=True)
class Replaced:
    """The circular a corrected one replaces, as it was printed."""

    title: str
    number: str
    dated: date


@dataclass(frozen=True)
class Total:
    """A number of the text: what it is called in the pack, its value as printed, and how it is counted."""

    id: str
    title: str
    text: str
    definition: str


class Circular:
    """One circular over one closed period, ready to be written out."""

    def __init__(self, kind: CircularKind, ledger: Ledger, head: Letterhead):
        self.kind, self.ledger, self.head = kind, ledger, head
        self.words = self._words()
        self.numbers = self._numbers()

    # --- words and numbers --------------------------------------------------------------------------------

    def _words(self) -> dict[str, str]:
        period = self.ledger.result.period
        return {
            "office": self.head.office,
            "place": self.head.place,
            "initial": self.head.place[:1],
            "period": period_words(period),
            "year": period.year_key,
            "units": str(len(self.ledger.rows())),
        }

    def _numbers(self) -> dict[str, str]:
        values = {rule.id: self._value(rule) for rule in self.kind.numbers if rule.measure}
        texts = {
            rule.id: self.ledger.text(rule.measure, values[rule.id]) if values[rule.id] else ""
            for rule in self.kind.numbers
            if rule.measure
        }
        for rule in self.kind.numbers:
            if rule.share_of:
                part, whole = (values[name] for name in rule.share_of)
                texts[rule.id] = percent(part, whole, rule.places)
        return texts

    def _value(self, rule: NumberRule) -> int:
        rows, column = self.ledger.rows(rule.groups), str(rule.measure)
        count = self.ledger.credits if rule.counts == "credits" else self.ledger.items
        return count(column, rows)

    def totals(self) -> list[Total]:
        """The numbers of the text with their definitions, for the editor to check by."""
        titles = {rule.id: self._title(rule) for rule in self.kind.numbers}
        found = []
        for rule in self.kind.numbers:
            text = self.numbers[rule.id] or "0"
            if rule.share_of:
                text, definition = f"{text}%", "÷".join(titles[name] for name in rule.share_of)
            else:
                definition = self._definition(rule)
            found.append(Total(rule.id, titles[rule.id], text, definition))
        return found

    def _title(self, rule: NumberRule) -> str:
        return rule.title or (self.ledger.title(rule.measure) if rule.measure else "占比")

    def _definition(self, rule: NumberRule) -> str:
        summed = rule.counts == "credits" or self.ledger.is_points(str(rule.measure))
        how = "各单位相加" if summed else "联合报送只计一条"
        groups = "、".join(self.ledger.rules.groups[group].title for group in rule.groups)
        return f"{groups}，{how}" if groups else how

    # --- texts --------------------------------------------------------------------------------------------

    def drafted(self) -> Texts:
        """The paragraphs as the pack words them."""
        opening: list[str] = []
        for each in self.kind.opening:
            text = sentence(each.say, each.otherwise, self.words, self.numbers)
            if text and opening and not each.paragraph:
                opening[-1] += text
            elif text:
                opening.append(text)
        return Texts(tuple(opening), tuple(fill(text, self.words) for text in self.kind.requirements))

    def praise(self) -> list[str]:
        """A line for each group naming its best units; units without points are never praised."""
        rule = self.kind.praise
        if not rule:
            return []
        lines = []
        for group in self._groups(rule.groups):
            best = [
                row
                for row in self.ledger.rows((group,))
                if row.place <= rule.top and number(row, rule.by) > 0
            ]
            if best:
                named = "、".join(fill(rule.unit, self._named(row, rule.by)) for row in best)
                title = self.ledger.rules.groups[group].title
                words = {**self.words, "group": title, "units": named, "top": str(rule.top)}
                lines.append(fill(rule.say, words))
        return lines

    def _named(self, row: Row, column: str) -> dict[str, str]:
        points = self.ledger.text(column, number(row, column))
        return {"unit": row.name, "points": points, "place": str(row.place)}

    def silent(self) -> list[str]:
        """The units that sent nothing, in official order."""
        rule = self.kind.silent
        if not rule:
            return []
        rows = [row for group in self._groups(rule.groups) for row in self.ledger.rows((group,))]
        quiet = [row for row in rows if not row.optional and not number(row, rule.measure)]
        if not quiet:
            return []
        order = list(self.ledger.rules.groups)
        quiet.sort(key=lambda row: (order.index(row.group), row.order, row.name))
        words = {**self.words, "count": str(len(quiet)), "units": "、".join(row.name for row in quiet)}
        return [fill(rule.say, words)]

    def _groups(self, named: Sequence[str]) -> list[str]:
        return [group for group in self.ledger.rules.groups if not named or group in named]

    # --- the document -------------------------------------------------------------------------------------

    def title(self, replaces: Replaced | None = None) -> str:
        """The circular's title; that of a corrected one says so."""
        title = fill(self.kind.heading, self.words)
        return f"{title}（更正）" if replaces else title

    def correction(self, replaces: Replaced) -> str:
        """The sentence that says which circular this one replaces."""
        words = {
            "old_title": replaces.title,
            "old_number": replaces.number,
            "old_date": date_cn(replaces.dated),
        }
        return fill(self.kind.correction, {**self.words, **words})

    def number(self, year: int, count: int) -> str:
        """The document number of this count."""
        code = fill(self.kind.number.code, self.words)
        return fill(self.kind.number.pattern, {"code": code, "year": str(year), "number": str(count)})

    def sheets(self) -> list[Sheet]:
        """All its tables."""
        return sheets(self.kind, self.ledger, self.words)

    def results(self) -> dict[str, Any]:
        """The tables as the page shows them, and the numbers of the text: what an issued circular keeps, as JSON."""
        shown = {
            "sheets": [sheet.shown() for sheet in self.sheets()],
            "totals": {each.id: each.text for each in self.totals()},
        }
        found: dict[str, Any] = json.loads(json.dumps(shown, ensure_ascii=False))
        return found

    def body(self, texts: Texts, replaces: Replaced | None = None) -> list[dict[str, Any]]:
        """Headings and paragraphs; parts with nothing to say are left out and the headings renumbered.

        A corrected circular begins with what it replaces; nobody can edit that away.
        """
        parts = {
            "opening": texts.opening,
            "praise": self.praise(),
            "silent": self.silent(),
            "requirements": texts.requirements,
        }
        blocks = [_block("paragraph", self.correction(replaces))] if replaces else []
        count = 0
        for section in self.kind.sections:
            paragraphs = parts[section.part]
            if paragraphs and section.title:
                count += 1
                blocks.append(_block("heading", f"{chinese_number(count)}、{section.title}"))
            blocks += [_block("paragraph", text) for text in paragraphs]
        return blocks

    def values(
        self,
        texts: Texts,
        document_number: str,
        dated: date,
        replaces: Replaced | None = None,
        *,
        proof: bool = False,
    ) -> dict[str, Any]:
        """Everything the document's template is filled with: plain values only. A proof is marked as such."""
        kind = self.kind
        made = self.sheets()
        in_annex = {name for annex in kind.annexes for name in annex.tables}
        return {
            "title": self.title(replaces),
            "mark": fill(kind.mark, self.words),
            "number": document_number,
            "to": fill(kind.salutation, self.words),
            "body": self.body(texts, replaces),
            "tables": [sheet.printed(False) for sheet in made if sheet.table not in in_annex],
            "annexes": [annex for annex in map(self._annex, kind.annexes, repeat(made)) if annex["tables"]],
            "office": fill(kind.office, self.words),
            "date": dated,
            "date_style": kind.date_style,
            "seal": kind.seal,
            "note": fill(kind.closing_note or "", self.words),
            "copy_to": fill(kind.copy_to or "", self.words),
            "printed_by": fill(kind.printed_by or "", self.words),
            "printed_on": dated,
            "proof": proof,
        }

    def _annex(self, annex: AnnexRule, made: Sequence[Sheet]) -> dict[str, Any]:
        tables = [sheet.printed(annex.wide) for sheet in made if sheet.table in annex.tables]
        return {"title": fill(annex.title, self.words), "wide": annex.wide, "tables": tables}


def _block(kind: str, text: str) -> dict[str, Any]:
    block: dict[str, Any] = {"type": kind, "runs": [{"text": text}]}
    return {**block, "level": 1} if kind == "heading" else block


def texts_of(stored: Mapping[str, Any]) -> Texts:
    """Paragraphs as they are kept in the database."""
    return Texts(tuple(stored.get("opening", ())), tuple(stored.get("requirements", ())))


def stored(texts: Texts) -> dict[str, list[str]]:
    """The reverse of `texts_of`."""
    return {"opening": list(texts.opening), "requirements": list(texts.requirements)}
