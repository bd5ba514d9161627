"""In which turn each stage is decided and each counter counted: a counter over awards comes after them."""

from collections.abc import Sequence
from dataclasses import replace

from core.scoring.rules.rule_book import Award, Counter


def in_turns(
    awards: Sequence[Award], counters: Sequence[Counter]
) -> tuple[list[Award], list[Counter]] | None:
    """Awards and counters with their turns; None when they go round in a circle.

    Awards of one stage exclude each other, so a stage is decided as a whole, in the turn of its latest award.
    """
    stage_of = {award.id: award.stage for award in awards}
    reads_stage: dict[str, set[str]] = {}
    for award in awards:
        reads_stage.setdefault(award.stage, set()).update(name for uses in award.uses for name in uses)
    reads_counter = {
        counter.id: {name for uses in _uses(counter) for name in uses} | set(counter.per)
        for counter in counters
    }
    stage_turn = dict.fromkeys(reads_stage, 0)
    counter_turn = {counter.id: 0 for counter in counters}
    for _ in range(2 * (len(stage_turn) + len(counter_turn)) + 2):
        before = (dict(stage_turn), dict(counter_turn))
        for counter in counters:
            stages = {stage_of[award] for award in counter.awards or () if award in stage_of}
            turns = [stage_turn[stage] + 1 for stage in stages]
            turns += [
                counter_turn[name]
                for name in reads_counter[counter.id]
                if name in counter_turn and name != counter.id
            ]
            counter_turn[counter.id] = max([counter_turn[counter.id], *turns])
        for stage, names in reads_stage.items():
            turns = [counter_turn[name] for name in names if name in counter_turn]
            stage_turn[stage] = max([stage_turn[stage], *turns])
        if before == (stage_turn, counter_turn):
            ordered = _by_dependence(counters, reads_counter)
            if ordered is None:
                return None
            return (
                [replace(award, turn=stage_turn[award.stage]) for award in awards],
                [replace(counter, turn=counter_turn[counter.id]) for counter in ordered],
            )
    return None


def _uses(counter: Counter) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [dict(counter.condition.uses)]
    return [*found, dict(counter.where.uses)] if counter.where else found


def _by_dependence(counters: Sequence[Counter], reads: dict[str, set[str]]) -> list[Counter] | None:
    """Counters so that one that reads another comes after it."""
    waiting, done = list(counters), list[Counter]()
    names = {counter.id for counter in counters}
    while waiting:
        ready = [c for c in waiting if not (reads[c.id] & names) - {d.id for d in done}]
        if not ready:
            return None
        done += ready
        waiting = [counter for counter in waiting if counter not in ready]
    return done
