"""All checks on a manuscript, under the rules of a pack. Pure: rules and text in, findings out."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from plugins.proofreading import days, figures, lengths, levels, marks, names, repeats, wording
from plugins.proofreading.findings import Finding, Manuscript, told_once
from plugins.proofreading.schema import BodyName, Proofreading

LEVELS = ("error", "warning", "info")


class Checker:
    """The rules of one pack, made ready once and used for many texts."""

    def __init__(self, rules: Proofreading | None = None):
        self.rules = rules or Proofreading()
        self._off = frozenset(self.rules.off)
        self._lexicon = wording.lexicon_of(self.rules)

    def findings(self, manuscript: Manuscript, registered: Iterable[BodyName] = ()) -> list[Finding]:
        """Everything to be said about a text, the graver first, then in the order of the text."""
        return in_order(self.every(manuscript, registered), manuscript)

    def every(self, manuscript: Manuscript, registered: Iterable[BodyName] = ()) -> list[Finding]:
        """Each finding by itself, also those that are alike."""
        return [each for each in self._all(manuscript, tuple(registered)) if each.rule not in self._off]

    def _all(self, manuscript: Manuscript, registered: Sequence[BodyName]) -> Iterator[Finding]:
        rules = self.rules
        return chain(
            wording.check(manuscript, self._lexicon),
            names.check(manuscript, rules.leaders, (*rules.bodies, *registered)),
            days.check(manuscript, rules.dates),
            figures.check(manuscript),
            marks.check(manuscript),
            repeats.check(manuscript),
            levels.check(manuscript, rules.strict_levels),
            lengths.check(manuscript, rules),
        )


def in_order(findings: Iterable[Finding], manuscript: Manuscript) -> list[Finding]:
    """Findings alike told once, the graver first, then in the order of the text."""
    places = {line.place: n for n, line in enumerate(manuscript.lines)}
    return sorted(
        told_once(findings), key=lambda each: (LEVELS.index(each.level), _order(each.place, places))
    )


def _order(place: str, places: dict[str, int]) -> int:
    found = [n for known, n in places.items() if place.startswith(known)]
    return max(found, default=0)
