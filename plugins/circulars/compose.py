"""Put a circular together from a closed result: sentences, praise, tables, annexes. Pure: no database, no web."""

import json
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from core.documents.templating.filters import chinese_number, date_cn
from core.scoring.values.fact import Grains, Row
from plugins.circulars import messages, rolls
from plugins.circulars.ledger import Ledger, number
from plugins.circulars.pieces import NumberRule, SectionRule
from plugins.circulars.rolls import lines_of
from plugins.circulars.schema import CircularKind
from plugins.circulars.tables import Sheet, sheets
from plugins.circulars.texts import Texts
from plugins.circulars.wording import fill, percent, period_words, sentence


@dataclass(frozen=True)
class Letterhead:
    """Who issues the circular: the office's name and the place it belongs to."""

    office: str
    place: str


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
    """One circular over one closed period, ready to be written out; `recipient`: the unit a letter goes to."""

    def __init__(self, kind: CircularKind, ledger: Ledger, head: Letterhead):
        self.kind, self.ledger, self.head = kind, ledger, head
        self.recipient: Row | None = None
        self.words = self._words()
        self.figures: dict[str, Grains] = {}
        self.numbers = self._numbers("all")

    def to(self, recipient: Row) -> "Circular":
        """The same, written to one unit: with its name, group and numbers among the words."""
        made = copy(self)
        group = self.ledger.rules.groups[recipient.group].title
        made.recipient, made.figures = recipient, dict(self.figures)
        made.words = {**self.words, "unit": recipient.name, "group": group}
        made.numbers = {**self.numbers, **made._numbers("recipient")}
        return made

    @cached_property
    def recipients(self) -> list[Row]:
        """The units it goes to, in the order of the list or of the groups; none for a circular to all."""
        rule = self.kind.recipients
        if not rule:
            return []
        rows = self.ledger.rows(rule.groups)
        if not rule.list:
            return rows
        listed = self.ledger.lists.get(rule.list)
        order = {line.key: n for n, line in enumerate(listed.chosen)} if listed else {}
        return sorted((row for row in rows if row.unit in order), key=lambda row: order[row.unit])

    def addressees(self, texts: Texts) -> list[Row]:
        """Those whose letter or message was not emptied."""
        return [row for row in self.recipients if texts.letters.get(row.unit)]

    @property
    def has_something_to_say(self) -> bool:
        """Nobody to write to: nothing to write. An office whose list stays empty issues nothing."""
        return not self.kind.recipients or bool(self.recipients)

    # --- words and numbers --------------------------------------------------------------------------------

    def _words(self) -> dict[str, str]:
        period = self.ledger.result.period
        words = {
            "office": self.head.office,
            "place": self.head.place,
            "initial": self.head.place[:1],
            "period": period_words(period),
            "year": period.year_key,
            "units": str(len(self.ledger.rows())),
        }
        if self.kind.recipients:
            words["recipients"] = "、".join(row.name for row in self.recipients)
        return words

    def _numbers(self, whose: str) -> dict[str, str]:
        """The numbers of everybody, or of the recipient, as they are printed; empty where they drop their clause."""
        mine = [rule for rule in self.kind.numbers if rule.whose == whose]
        texts = {}
        for rule in (rule for rule in mine if rule.measure):
            value = self.figures[rule.id] = self._value(rule)
            kept = value or rule.zero == "keep"
            texts[rule.id] = self.ledger.text(str(rule.measure), value) if kept else ""
        for rule in (rule for rule in mine if rule.share_of):
            part, whole = (self.figures.get(name, 0) for name in rule.share_of)
            texts[rule.id] = percent(part, whole, rule.places) or ("0" if rule.zero == "keep" else "")
        return texts

    def _value(self, rule: NumberRule) -> Grains:
        column = str(rule.measure)
        if rule.whose == "recipient":
            return (number(self.recipient, column) if self.recipient else None) or 0
        count = self.ledger.credits if rule.counts == "credits" else self.ledger.items
        return count(column, self.ledger.rows(rule.groups))

    def totals(self) -> list[Total]:
        """The numbers of the text with their definitions, for the editor to check by."""
        titles = {rule.id: self._title(rule) for rule in self.kind.numbers}
        found = []
        for rule in (rule for rule in self.kind.numbers if rule.whose == "all"):
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
        requirements = tuple(fill(text, self.words) for text in self.kind.requirements)
        if self.kind.form == "document":
            return Texts(self.opening(), requirements)
        return Texts((), requirements, {row.unit: self.to(row).opening() for row in self.recipients})

    def opening(self) -> tuple[str, ...]:
        """The sentences of the opening, gathered in paragraphs."""
        found: list[str] = []
        for each in self.kind.opening:
            text = sentence(each.say, each.otherwise, self.words, self.numbers)
            if text and found and not each.paragraph:
                found[-1] += text
            elif text:
                found.append(text)
        return tuple(found)

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
                if row.place <= rule.top and (number(row, rule.by) or 0) > 0
            ]
            if best:
                named = "、".join(fill(rule.unit, self._named(row, rule.by)) for row in best)
                title = self.ledger.rules.groups[group].title
                words = {**self.words, "group": title, "units": named, "top": str(rule.top)}
                lines.append(fill(rule.say, words))
        return lines

    def _named(self, row: Row, column: str) -> dict[str, str]:
        points = self.ledger.text(column, number(row, column) or 0)
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
        """The tables as the page shows them, the numbers of the text, whoever is named or written to: what an issued
        circular keeps, as JSON, and by which a later closing is seen to differ."""
        shown = {
            "sheets": [sheet.shown() for sheet in self.sheets()],
            "totals": {each.id: each.text for each in self.totals()},
            "rolls": {
                rule.id: [line.name for line in lines_of(rule, self.ledger)] for rule in self.kind.rolls
            },
            "recipients": {row.unit: list(self.to(row).opening()) for row in self.recipients},
        }
        found: dict[str, Any] = json.loads(json.dumps(shown, ensure_ascii=False))
        return found

    def body(self, texts: Texts, replaces: Replaced | None = None) -> list[dict[str, Any]]:
        """Headings and paragraphs; parts with nothing to say are left out and the headings renumbered.

        A corrected circular begins with what it replaces; nobody can edit that away.
        """
        mine = texts.letters.get(self.recipient.unit, ()) if self.recipient else texts.opening
        parts = {
            "opening": mine,
            "praise": self.praise(),
            "silent": self.silent(),
            "requirements": texts.requirements,
            **self._rolls(texts),
        }
        blocks = [_block("paragraph", self.correction(replaces))] if replaces else []
        return [*blocks, *_numbered(self.kind.sections, parts), *self._messages(texts)]

    def _rolls(self, texts: Texts) -> dict[str, Sequence[str]]:
        return {
            rule.id: rolls.paragraphs(rule, self.ledger, self.words, texts.struck.get(rule.id, ()))
            for rule in self.kind.rolls
        }

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
            "to": fill(kind.salutation or "", self.words),
            "body": self.body(texts, replaces),
            "tables": [sheet.printed(False) for sheet in made if sheet.table not in in_annex],
            "annexes": self._annexes(texts, made),
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

    def _messages(self, texts: Texts) -> list[dict[str, Any]]:
        """The record of messages lists them all."""
        if self.kind.form != "messages":
            return []
        told = [(row.name, messages.text_of(texts.letters[row.unit])) for row in self.addressees(texts)]
        return [_block("paragraph", text) for text in messages.listed(told)]

    def _annexes(self, texts: Texts, made: Sequence[Sheet]) -> list[dict[str, Any]]:
        """The annexes that have something to show."""
        parts, found = self._rolls(texts), []
        for annex in self.kind.annexes:
            shown = [sheet for name in annex.tables for sheet in made if sheet.table == name]
            tables = [sheet.printed(annex.wide) for sheet in shown]
            body = _numbered(annex.parts, parts)
            if body or tables:
                title = fill(annex.title, self.words)
                found.append({"title": title, "wide": annex.wide, "body": body, "tables": tables})
        return found


def _numbered(sections: Sequence[SectionRule], parts: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    count = 0
    for section in sections:
        paragraphs = parts[section.part]
        if paragraphs and section.title:
            count += 1
            blocks.append(_block("heading", f"{chinese_number(count)}、{section.title}"))
        blocks += [_block("paragraph", text) for text in paragraphs]
    return blocks


def _block(kind: str, text: str) -> dict[str, Any]:
    block: dict[str, Any] = {"type": kind, "runs": [{"text": text}]}
    return {**block, "level": 1} if kind == "heading" else block
