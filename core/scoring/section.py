"""Scoring's face towards packs: the section scoring.yaml, its checks, and the examples under tests/."""

from collections.abc import Iterable

from core.errors import PackError
from core.packs.content.format import ExampleResult, Pack, Section
from core.packs.content.sections import CORE_SECTIONS
from core.scoring.kinds import CORE_KINDS
from core.scoring.rules.compile import compile_pack, compiled
from core.scoring.rules.schema import SAMPLE, Scoring
from core.scoring.trying.example_reading import cases
from core.scoring.trying.examples import run
from core.scoring.values.fact import FactKind


def scoring_section(kinds: Iterable[FactKind] = ()) -> Section:
    """The section for an installation where these plugins' kinds of facts exist besides core's own."""
    known = all_kinds(kinds)

    def check(pack: Pack) -> list[PackError]:
        rules, errors = compiled(pack, known)
        return errors or cases(pack, rules)[1]

    def run_examples(pack: Pack) -> list[ExampleResult]:
        rules = compile_pack(pack, known)
        return [run(case, rules) for case in cases(pack, rules)[0]]

    return Section("scoring", Scoring, SAMPLE, required=True, check=check, run_examples=run_examples)


def all_kinds(kinds: Iterable[FactKind] = ()) -> tuple[FactKind, ...]:
    """Core's kinds of facts and those of plugins."""
    return (*CORE_KINDS, *kinds)


def pack_sections(kinds: Iterable[FactKind] = ()) -> tuple[Section, ...]:
    """Every section core reads; plugins' sections come beside them."""
    return (*CORE_SECTIONS, scoring_section(kinds))
