"""Rehearse (试算) a period of an office under another installed version: nothing is switched, one audit row is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flask import current_app

from core import audit, plugins
from core.accounts.models import Office
from core.actors import Actor
from core.db import db, transaction
from core.documents.rendering.preview import page_count
from core.errors import Conflict, NotFound, YaoqingError
from core.hookspecs import Paper
from core.packs import services as packs
from core.packs.models import PackVersion
from core.permissions import require
from core.scoring import runs
from core.scoring.live import Live, frozen_run
from core.scoring.models import FrozenRun
from core.scoring.results.frozen import Result, thaw
from core.scoring.rules.rule_book import Rules
from core.scoring.trying.papers import PaperPair, paired
from core.scoring.trying.rehearsal import Comparison, Side, compared
from core.scoring.trying.rescoring import rescored
from core.scoring.values.fact import Row
from core.scoring.values.periods import Period, previous

KEPT = 4


@dataclass(frozen=True)
class Kept:
    """A comparison held in memory, with the documents somebody has looked at, laid out."""

    comparison: Comparison
    prints: dict[tuple[str, str], bytes] = field(default_factory=dict)


def rehearse(actor: Actor, office_id: int, period_key: str, version_id: int) -> Comparison:
    """Compare a period with what another version would make of it, and put on record that somebody did."""
    found = rehearsed(actor, office_id, period_key, version_id)
    version = packs.version(version_id)
    with transaction():
        audit.note(
            actor, "试算规则包", version, office_id=office_id, period=found.old.result.period.key,
            beside=found.old.result.pack_ref, moved=len(found.moved), entries=len(found.rewarded_otherwise),
        )  # fmt: skip
    return found


def rehearsed(actor: Actor, office_id: int, period_key: str, version_id: int) -> Comparison:
    """The comparison alone, for the pages of a rehearsal that is on record; kept in memory for a while."""
    return _kept(actor, office_id, period_key, version_id).comparison


def printed(
    actor: Actor, office_id: int, period_key: str, version_id: int, paper_key: str, side: str
) -> bytes:
    """A document of one side as PDF, laid out once. Raises NotFound, or Conflict where the plugin prints nothing."""
    kept = _kept(actor, office_id, period_key, version_id)
    wanted = (paper_key, side)
    if wanted not in kept.prints:
        kept.prints[wanted] = pdf(office_id, kept.comparison, paper_key, side)
    return kept.prints[wanted]


@dataclass(frozen=True)
class Pages:
    """How many pages each side of a document has; 0 where there is none, with the reason where it could not be laid out."""

    pair: PaperPair
    counts: dict[str, int]
    faults: dict[str, YaoqingError]


def pages(actor: Actor, office_id: int, period_key: str, version_id: int, paper_key: str) -> Pages:
    """A document laid out under both versions. Raises NotFound for a document neither has."""
    kept = _kept(actor, office_id, period_key, version_id)
    pair = next((each for each in papers(office_id, kept.comparison) if each.key == paper_key), None)
    if pair is None:
        raise NotFound("没有这份公文", advice="请返回试算结果")
    found = Pages(pair, {"old": 0, "new": 0}, {})
    for side, paper in (("old", pair.old), ("new", pair.new)):
        try:
            if paper:
                content = printed(actor, office_id, period_key, version_id, paper_key, side)
                found.counts[side] = page_count(content)
        except YaoqingError as error:
            found.faults[side] = error
    return found


def _kept(actor: Actor, office_id: int, period_key: str, version_id: int) -> Kept:
    """The comparison as things stand now: whatever it depends on is part of its key."""
    office = db.session.get(Office, office_id)
    if not office:
        raise NotFound("没有这个机构")
    require(actor, "pack.view", office)
    version = packs.version(version_id)
    kept = current_app.extensions["yaoqing"].rehearsals
    scored = runs.scored(office_id, period_key)
    stamp = (office_id, period_key, version.digest, *_stamp(office_id, scored))
    found: Kept | None = kept.get(stamp)
    if found is None:
        while len(kept) >= KEPT:
            kept.pop(next(iter(kept)), None)
        found = kept[stamp] = Kept(_compared(office_id, scored, version))
    return found


def papers(office_id: int, found: Comparison) -> list[PaperPair]:
    """The documents about the period as each version would print them, side by side."""
    before, after = (_papers(office_id, side) for side in (found.old, found.new))
    return paired(before, after)


def _papers(office_id: int, side: Side) -> list[Paper]:
    return plugins.collect("period_papers", office_id=office_id, result=side.result, rules=side.rules)


def periods_to_rehearse(office_id: int) -> list[Period]:
    """Closed periods and those of the year that have begun, the latest first."""
    closed = [run for run in runs.frozen_runs(office_id) if run.reopened_at is None]
    known = {p.key: p for p in runs.periods(office_id)}
    for run in closed:
        if run.period_key not in known:
            known[run.period_key] = thaw(run.content).period
    return sorted(known.values(), key=lambda p: (p.end, p.start), reverse=True)


def _stamp(office_id: int, scored: Result | Live) -> tuple[object, ...]:
    """What a comparison depends on besides the version: the closing, or the register as it stands; the closing before."""
    rules = scored.rules if isinstance(scored, Live) else runs.rules_behind(scored)
    before = _run_before(office_id, rules, scored.period)
    past = before.id if before else 0
    if isinstance(scored, Live):
        return (scored.pack_ref, scored.latest, *scored.stamp, past)
    run = frozen_run(office_id, scored.period.key)
    return (run.id if run else 0, scored.pack_ref, past)


def _compared(office_id: int, scored: Result | Live, version: PackVersion) -> Comparison:
    base = replace(scored.whole(), closed=False) if isinstance(scored, Live) else scored
    old, new = runs.rules_behind(base), runs.rules_of(version)
    result = rescored(base, old, new, version.ref, _rows_before(office_id, old, base.period))
    return compared(Side(base, old), Side(result, new))


def _rows_before(office_id: int, rules: Rules, period: Period) -> Iterable[Row]:
    """The closed rows of the period before, for places gained and lost."""
    frozen = _run_before(office_id, rules, period)
    return thaw(frozen.content).rows if frozen else ()


def _run_before(office_id: int, rules: Rules, period: Period) -> FrozenRun | None:
    before = previous(rules.calendar, period)
    return frozen_run(office_id, before.key) if before and before.year_key == period.year_key else None


def pdf(office_id: int, found: Comparison, key: str, side: str) -> bytes:
    """A document of one side, laid out now. Raises NotFound, or Conflict where the plugin prints nothing."""
    listed = _papers(office_id, found.new if side == "new" else found.old)
    paper = next((paper for paper in listed if paper.key == key), None)
    if paper is None:
        raise NotFound("没有这份公文", advice="请返回试算结果")
    if paper.pdf is None:
        raise Conflict("这份公文不能试排", advice="请对照页面上的文字和表格")
    return paper.pdf()
