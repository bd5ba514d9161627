"""Roll an office back (回退) to a version it used before: it is put in force again, from today or another day on."""

from collections.abc import Callable
from datetime import date
from typing import Any

from core.actors import Actor
from core.errors import Conflict, InvalidInput, NotFound, YaoqingError
from core.packs import services
from core.packs.models import PackActivation, PackVersion

ACTION = "回退规则包"
MOST_REASON = 500
# What a version must pass before it comes back; the command line of a broken installation asks for less.
Check = Callable[[PackVersion], Any]


def rollback(
    actor: Actor | None, office_id: int, version_id: int, starts_on: date, reason: str, check: Check | None = None
) -> PackActivation:  # fmt: skip
    """Put an earlier version in force again from a day on. Raises Conflict when it is in force then already."""
    reason = reason.strip()
    if not reason:
        raise InvalidInput("回退须说明理由", where="理由")
    found = services.may_activate(actor, office_id, version_id)
    now = services.in_force(office_id, starts_on)
    services.refuse_unchanged(office_id, found, starts_on)
    if found not in used(office_id):
        raise InvalidInput(f"本机构没有用过 {found.ref}", where="版本", advice="请用“启用”办理")
    with services.refusal_noted(actor, ACTION, found, office_id):
        (check or examined)(found)
    return services.put_in_force(
        actor, office_id, version_id, starts_on, ACTION, instead_of=now.ref, reason=reason[:MOST_REASON]
    )


def examined(found: PackVersion) -> None:
    """The full examination, as at an activation."""
    services.registry().reexamine(found.ref, found.digest)


def unspoilt(found: PackVersion) -> None:
    """Only that the files are as they came in: where plugins are missing nothing more can be asked."""
    services.registry().intact(found.ref, found.digest)


def used(office_id: int) -> list[PackVersion]:
    """Every version the office has activated, the one it took up last first."""
    taken = sorted(services.activations(office_id), key=lambda a: a.id)
    found = dict.fromkeys(a.pack_version for a in taken)
    return list(found)[::-1]


def earlier(office_id: int, day: date) -> list[PackVersion]:
    """Versions the office took up before the one in force on a day, the nearest first."""
    listed = used(office_id)
    try:
        return listed[listed.index(services.in_force(office_id, day)) + 1 :]
    except NotFound:
        return []


def last_good(office_id: int, day: date) -> PackVersion:
    """The nearest earlier version whose files are intact. Raises Conflict when there is none."""
    found = next((version for version in earlier(office_id, day) if is_intact(version)), None)
    if found is None:
        raise Conflict(
            "没有可以回退的版本",
            reason="本机构没有用过更早的版本，或其文件也已损坏",
            advice="请从备份恢复数据目录中的 packs，或重新安装正在使用的版本",
        )
    return found


def is_intact(found: PackVersion) -> bool:
    """Whether a version's files are as they came in."""
    try:
        unspoilt(found)
    except YaoqingError:
        return False
    return True
