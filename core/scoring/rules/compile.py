"""Compile a pack's sections into the rule book, reporting everything that does not fit together."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from core.errors import Findings, PackError
from core.packs.content.format import Pack
from core.packs.content.sections import CalendarRules
from core.scoring.rules.compiling.awards import award_of, counter_of, in_order, report_unreachable, share_of
from core.scoring.rules.compiling.blocks import booking_of, cap_of, credits_of, pipeline_of, resolutions_of
from core.scoring.rules.compiling.declarations import check_declarations, renames_of
from core.scoring.rules.compiling.desk import Desk
from core.scoring.rules.compiling.numbers import (
    component_of,
    listing_of,
    measure_of,
    prize_of,
    quota_of,
    ranking_of,
    report_circles,
)
from core.scoring.rules.compiling.tables import table_of
from core.scoring.rules.rule_book import Award, Counter, Group, Rules
from core.scoring.rules.schema import PersonRules, RuleSet, Scoring
from core.scoring.values.fact import FactKind
from core.scoring.values.periods import Bounds, Calendar, Joined
from core.scoring.values.points import Printing


def compile_pack(pack: Pack, kinds: Iterable[FactKind]) -> Rules:
    """The rule book of a pack, or all errors at once."""
    rules, errors = compiled(pack, kinds)
    if errors:
        raise Findings(f"规则包“{pack.manifest.title}”的计分规则有误", [*errors])
    return rules


def compiled(pack: Pack, kinds: Iterable[FactKind]) -> tuple[Rules, list[PackError]]:
    """The rule book as far as it can be built, and every error found."""
    scoring = pack.get(Scoring)
    own = tuple(FactKind(each.id, each.title) for each in scoring.kinds)
    desk = Desk(pack, scoring, (*kinds, *own))
    rules = rules_on(desk)
    if scoring.persons is not None:
        persons = Desk(pack, scoring.persons, (*kinds, *own), base=("persons",), main=rules)
        rules = replace(rules, persons=rules_on(persons))
        desk.errors += persons.errors
    return rules, desk.errors


def compiled_rule_set(
    pack: Pack,
    rule_set: RuleSet,
    kinds: Iterable[FactKind],
    file: str,
    accounts: Literal["units", "persons"],
    main: Rules,
) -> tuple[Rules, list[PackError]]:
    """A further rule set over the same facts (payments): it may read `fact_points`, what scoring.yaml gives a fact."""
    own = tuple(FactKind(each.id, each.title) for each in pack.get(Scoring).kinds)
    desk = Desk(pack, rule_set, (*kinds, *own), file=file, main=main, accounts=accounts, priced=True)
    return rules_on(desk), desk.errors


def calendar_of(section: CalendarRules) -> Calendar:
    """The calendar a pack declares."""
    return Calendar(
        section.year_starts,
        section.year_named,
        section.publish,
        section.kinds,
        tuple(Joined(each.months, each.years) for each in section.joined),
        tuple(Bounds(each.id, each.title, each.start, each.end) for each in section.explicit),
    )


def rules_on(desk: Desk) -> Rules:
    """The whole rule set on a desk."""
    rule_set = desk.rule_set
    check_declarations(desk)
    desk.tables.update({rule.id: table_of(desk, rule, n) for n, rule in enumerate(rule_set.tables)})
    awards, counters = _awards(desk)
    report_unreachable(desk, awards)
    quotas = tuple(quota_of(desk, rule, n) for n, rule in enumerate(rule_set.quotas))
    printing = rule_set.printing
    rules = Rules(
        words=desk.words,
        groups={g.id: Group(g.id, g.title, g.competes, g.optional) for g in desk.units.groups},
        scope=desk.fact_scope,
        unit_scope=desk.unit_scope,
        calendar=calendar_of(desk.pack.get(CalendarRules)),
        accounts=desk.accounts,
        renames=renames_of(desk),
        tables=dict(desk.tables),
        counters=counters,
        awards=tuple(awards),
        share=share_of(desk, rule_set.sharing.policy, ("sharing", "policy")),
        resolutions=tuple(resolutions_of(desk, awards)),
        credits=tuple(credits_of(desk, awards)),
        caps=tuple(cap_of(desk, rule, n, awards) for n, rule in enumerate(rule_set.caps)),
        bookings=tuple(booking_of(desk, rule, n) for n, rule in enumerate(desk.scoring.booking)),
        after_close=desk.scoring.after_close,
        quotas=quotas,
        measures={
            rule.id: measure_of(desk, rule, n, awards, quotas) for n, rule in enumerate(rule_set.measures)
        },
        components={rule.id: component_of(desk, rule, n) for n, rule in enumerate(rule_set.components)},
        total=desk.unit_formula(rule_set.total, ("total",), "number"),
        ranking=ranking_of(desk, rule_set.ranking, ("ranking",)),
        rankings={
            rule.id: ranking_of(desk, rule, ("rankings", n)) for n, rule in enumerate(rule_set.rankings)
        },
        prizes=tuple(prize_of(desk, rule, n) for n, rule in enumerate(rule_set.prizes)),
        lists=tuple(listing_of(desk, rule, n) for n, rule in enumerate(rule_set.lists)),
        printing=Printing(printing.style, printing.places, printing.zeros, printing.unit),
        pipeline=pipeline_of(desk),
        pack=f"{desk.pack.manifest.id}@{desk.pack.manifest.version}",
    )
    report_circles(desk, rules)
    return rules


def _awards(desk: Desk) -> tuple[list[Award], tuple[Counter, ...]]:
    """The awards of the rule set with the counters they read; personal scores without own ones use those of units."""
    rule_set = desk.rule_set
    if desk.main is not None and not rule_set.awards and isinstance(rule_set, PersonRules):
        desk.counter_words = {}
        return _of_main(desk, rule_set), desk.main.counters
    awards = [award_of(desk, rule, n) for n, rule in enumerate(rule_set.awards)]
    counters = tuple(counter_of(desk, rule, n, awards) for n, rule in enumerate(rule_set.counters))
    return in_order(desk, awards, counters)


def _of_main(desk: Desk, rule_set: PersonRules) -> list[Award]:
    """The awards of scoring.yaml, all or those of some stages."""
    assert desk.main is not None
    stages = {award.stage for award in desk.main.awards}
    for n, name in enumerate(rule_set.stages):
        desk.known(("stages", n), "阶段", name, stages)
    chosen = [a for a in desk.main.awards if not rule_set.stages or a.stage in rule_set.stages]
    return [replace(award, order=n, share=None) for n, award in enumerate(chosen)]
