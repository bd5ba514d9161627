"""Notices about an instruction itself: to the desk that has to pass it on, to the units whose items it is on."""

from collections.abc import Iterable

from core.actors import Actor
from core.notices.services import holders, take_back, tell
from core.submissions import known
from plugins.instructions.models import Instruction, InstructionItem


def recorded(actor: Actor, found: Instruction) -> None:
    """A leader's own instruction waits at the desk; the units of its items learn that they were noticed."""
    if found.recorded_by_id == found.leader_id:
        people = [n for n in holders(found.office_id, "instruction.desk") if n != actor.id]
        tell(
            people,
            f"{found.leader_name}{found.kind_title}了{found.named}，请转办",
            _page(found),
            _about(found),
        )
    counted(found, found.items)


def counted(found: Instruction, items: Iterable[InstructionItem]) -> None:
    """Tell the units of items that a leader has instructed on them."""
    if not found.counts:
        return
    for item in items:
        for unit_id in sorted(item.submission.place().unit_ids):
            title = known.to_units([unit_id], item.submission)[0]
            text = f"你单位报送的《{title}》获{found.leader_name}{found.kind_title}"
            tell(_people(found.office_id, unit_id), text, _page(found), _about_item(found, item))


def uncounted(found: Instruction, items: Iterable[InstructionItem], why: str) -> None:
    """Take those notices back."""
    for item in items:
        take_back(_about_item(found, item), why)


def withdrawn(found: Instruction, why: str) -> None:
    """Take back everything that was told of an instruction."""
    take_back(_about(found), why)
    uncounted(found, found.items, why)


def _people(office_id: int, unit_id: int) -> list[int]:
    return holders(office_id, "instruction.answer", unit_id)


def _page(found: Instruction) -> str:
    return f"/instructions/{found.id}"


def _about(found: Instruction) -> str:
    return f"instruction:{found.id}"


def _about_item(found: Instruction, item: InstructionItem) -> str:
    return f"instruction:{found.id}:{item.submission_id}"
