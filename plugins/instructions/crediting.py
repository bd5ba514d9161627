"""The countable facts of an instruction: one for each item it counts for, taken back and made anew as it changes."""

from core import facts
from core.actors import Actor
from core.db import db
from core.scoring import runs
from core.scoring.rules.vocabulary import Vocabulary
from core.submissions import known
from core.submissions.credit import credited
from plugins.instructions.kinds import INSTRUCTED
from plugins.instructions.models import Instruction, InstructionItem


def count(actor: Actor, found: Instruction) -> None:
    """Record what is not counted yet, inside the running transaction."""
    if not found.counts or found.withdrawn_at:
        return
    for item in found.items:
        if not item.fact_id:
            item.times += 1
            item.fact_id = facts.record(actor, _fact(found, item)).id


def take_back(actor: Actor, items: list[InstructionItem], reason: str) -> None:
    """Withdraw the facts of some items."""
    for item in items:
        if item.fact_id:
            facts.withdraw(actor, db.session.get_one(facts.Fact, item.fact_id), reason)
            item.fact_id = None


def manner_of(words: Vocabulary, kind: str, title: str) -> str:
    """The kind of instruction as scoring.yaml calls it: one of its options for `manner`, else its title."""
    options = words.attribute("manner", [INSTRUCTED.name]).options
    return next((key for key, said in options.items() if kind in (key, said) or title in (key, said)), title)


def _fact(found: Instruction, item: InstructionItem) -> facts.NewFact:
    words = runs.rules_in_force(found.office_id, found.on)[1].words
    attrs = {
        "leader": found.leader_class,
        "level": found.level,
        "manner": manner_of(words, found.kind, found.kind_title),
    }
    if found.carrier:
        attrs["carrier"] = found.carrier
    return facts.NewFact(
        office_id=found.office_id,
        kind=INSTRUCTED.name,
        on=found.on,
        key=f"{INSTRUCTED.name}:{found.id}:{item.submission_id}:{item.times}",
        item=item.submission.item_key,
        title=known.title(item.submission),
        attrs=attrs,
        **credited(item.submission),
    )
