"""Where a circular's numbers and words come from: the frozen run of a closed period and its own pack version."""

from flask import current_app

from core.accounts.models import Office
from core.db import db
from core.errors import Conflict, PackError
from core.packs import services as packs
from core.packs.content.format import Pack
from core.scoring import runs
from core.scoring.models import FrozenRun
from core.scoring.results.frozen import thaw
from core.scoring.rules.compile import compile_pack
from core.scoring.values.periods import Period
from plugins.circulars.compose import Circular, Letterhead
from plugins.circulars.ledger import Ledger
from plugins.circulars.models import CircularDraft
from plugins.circulars.schema import CircularKind, Circulars

KEPT = 8


def pack_by_ref(ref: str) -> Pack:
    """The pack version a period was closed under; a later activation changes nothing."""
    return packs.load(packs.by_ref(ref))


def all_kinds(pack: Pack) -> tuple[CircularKind, ...]:
    """The circulars a pack knows; none when it does not speak of circulars."""
    section = pack.sections.get("circulars")
    return section.kinds if isinstance(section, Circulars) else ()


def kinds_of(pack: Pack, period: Period) -> list[CircularKind]:
    """The circulars a pack issues over a period. Joined months and periods with bounds of their own count as months."""
    span = {"joined": "month", "explicit": "month"}.get(period.kind, period.kind)
    return [kind for kind in all_kinds(pack) if span in kind.periods]


def closed_run(office_id: int, period_key: str) -> FrozenRun:
    """The frozen run of a period. Raises Conflict while the period is open."""
    run = runs.frozen_run(office_id, period_key)
    if not run:
        raise Conflict("这个周期没有结账，不能印发通报", advice="请先在“考核周期”中结账")
    return run


def current_run(found: CircularDraft) -> FrozenRun:
    """The frozen run a draft was drawn up from. Raises Conflict when the period was reopened since."""
    run = closed_run(found.office_id, found.period_key)
    if run.id != found.run_id:
        raise Conflict(
            f"{found.period_title}重新结过账，草稿还是按原结果起草的", advice="请点“重新起草”，核对后再送签"
        )
    return run


def due(run: FrozenRun) -> list[CircularKind]:
    """What a closed period has to be answered with: its kinds, without those that would go to nobody."""
    kept: dict[tuple[int, str], list[str]] = current_app.extensions.setdefault("circulars_due", {})
    kinds = kinds_of(pack_by_ref(run.pack_ref), closed_period(run.id))
    stamp = (run.id, run.digest)
    if stamp not in kept:
        kept[stamp] = [
            kind.id for kind in kinds if not kind.recipients or circular(run, kind.id).has_something_to_say
        ]
    return [kind for kind in kinds if kind.id in kept[stamp]]


def closed_period(run_id: int) -> Period:
    """The period of a closing as it was then: the calendar in force today may not know its key any more."""
    kept: dict[int, Period] = current_app.extensions.setdefault("circulars_periods", {})
    if run_id not in kept:
        kept[run_id] = thaw(db.session.get_one(FrozenRun, run_id).content).period
    return kept[run_id]


def circular(run: FrozenRun, kind_id: str) -> Circular:
    """The circular of a kind over a closed period, computed from nothing but the frozen result."""
    kept = current_app.extensions.setdefault("circulars", {})
    office = db.session.get_one(Office, run.office_id)
    stamp = (run.id, run.digest, kind_id, office.name, office.place_name)
    if stamp not in kept:
        while len(kept) >= KEPT:
            kept.pop(next(iter(kept)), None)
        kept[stamp] = _composed(run, kind_id, Letterhead(office.name, office.place_name))
    found: Circular = kept[stamp]
    return found


def _composed(run: FrozenRun, kind_id: str, head: Letterhead) -> Circular:
    pack = pack_by_ref(run.pack_ref)
    kind = pack.get(Circulars).kind(kind_id)
    if not kind:
        raise PackError(f"规则包没有“{kind_id}”这种通报", where=run.pack_ref, advice="请核对 circulars.yaml")
    rules = compile_pack(pack, runs.fact_kinds())
    return Circular(kind, Ledger(thaw(run.content), rules), head)
