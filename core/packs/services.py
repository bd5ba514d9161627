"""Services on rule packs: install, activate from a day, find the one in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Literal

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.accounts.models import Office
from core.actors import Actor
from core.db import db, read_again, read_once, transaction
from core.errors import Conflict, Findings, NotFound, PermissionDenied, YaoqingError
from core.packs import intake
from core.packs.content.format import ExampleResult, Pack
from core.packs.models import PackActivation, PackVersion
from core.packs.parcels import Made, Upload
from core.packs.registry import Registry
from core.permissions import require

CONSOLE = "命令行"


def registry() -> Registry:
    """The registry of the running app."""
    return current_app.extensions["yaoqing"].registry


def install(actor: Actor | None, source: Path | Upload | Made) -> tuple[PackVersion, list[ExampleResult]]:
    """Check a pack and keep it: a folder on this machine, a pack file (its path, or its bytes as an Upload), or Made.

    actor None: the command line of the machine. A version already there with the same content is returned as it
    is. What is refused leaves one line in the trail and nothing else.
    """
    if actor:
        require(actor, "pack.install")
    with intake.noted(actor, source):
        candidate = intake.examined(registry(), source)
        # Looked at before anything is written, and again in the transaction that counts.
        _installed(candidate.pack)
        with transaction():
            found = _kept(actor, candidate)
    return found, candidate.results


def held() -> dict[int, bool]:
    """The installed versions and whether each bears a signature; for `arrival`."""
    return {each.id: each.signature is not None for each in versions()}


def arrival(found: PackVersion, before: dict[int, bool]) -> Literal["new", "signed", "same"]:
    """What installing a version has changed, given what was `held` before."""
    if found.id not in before:
        return "new"
    return "signed" if found.signature is not None and not before[found.id] else "same"


def _kept(actor: Actor | None, candidate: intake.Candidate) -> PackVersion:
    """The row of a pack that may come in, with its files in place; inside the caller's transaction."""
    pack, manifest = candidate.pack, candidate.pack.manifest
    intake.admitted(candidate)
    found = _installed(pack)
    fresh = found is None
    if found is None:
        found = PackVersion(
            pack=manifest.id, version=manifest.version, title=manifest.title, digest=pack.digest,
            installed_at=clock.now(), installed_by=actor.name if actor else CONSOLE,
            installer_id=actor.id if actor else None,
        )  # fmt: skip
        db.session.add(found)
        db.session.flush()
    signed = intake.sign_on(found, candidate.signature)
    # After the row, whose uniqueness keeps a second writer of the same version waiting.
    registry().keep(pack)
    if fresh or signed:
        origin = {"derived_from": manifest.derived_from} if manifest.derived_from else {}
        audit.note(
            actor, "安装规则包" if fresh else "登记规则包签名", found, digest=pack.digest, **origin, **signed
        )
    return found


def activate(actor: Actor | None, office_id: int, version_id: int, starts_on: date) -> PackActivation:
    """Let an office use a version from a day on. Whoever installed it may not activate it.

    The version is examined once more; when anything is wrong, what was in force stays in force.
    """
    found = may_activate(actor, office_id, version_id)
    refuse_unchanged(office_id, found, starts_on)
    with refusal_noted(actor, "启用规则包", found, office_id):
        registry().reexamine(found.ref, found.digest)
    return put_in_force(actor, office_id, version_id, starts_on, "启用规则包")


def may_activate(actor: Actor | None, office_id: int, version_id: int) -> PackVersion:
    """The version, if the actor may let the office use it. Raises PermissionDenied or NotFound."""
    found, office = db.session.get(PackVersion, version_id), db.session.get(Office, office_id)
    if not found or not office:
        raise NotFound("没有这个规则包版本或机构")
    if actor:
        require(actor, "pack.activate", office)
        if found.installer_id == actor.id:
            raise PermissionDenied("安装与启用须由两人分别办理", advice="请由另一位安全管理员启用")
    return found


def refuse_unchanged(office_id: int, found: PackVersion, starts_on: date) -> None:
    """Raise Conflict when the office uses the version on that day already: once more would change no day at all."""
    used = next((a.pack_version for a in activations(office_id) if a.starts_on <= starts_on), None)
    if used and used.id == found.id:
        raise Conflict(
            f"自{clock.written(starts_on)}起使用的已是“{found}”",
            advice="请选择另一个版本，或者选择使用其他版本的日期",
        )


def put_in_force(
    actor: Actor | None, office_id: int, version_id: int, starts_on: date, action: str, **detail: Any
) -> PackActivation:
    """Write that an office uses an examined version from a day on; `detail` goes into the trail."""
    with transaction():
        found = may_activate(actor, office_id, version_id)
        activation = PackActivation(
            office_id=office_id, version_id=found.id, starts_on=starts_on, activated_at=clock.now(),
            activated_by=actor.name if actor else CONSOLE,
        )  # fmt: skip
        db.session.add(activation)
        db.session.flush()
        read_again(("activations", office_id))
        audit.note(actor, action, found, office_id=office_id, starts_on=starts_on, **detail)
    return activation


@contextmanager
def refusal_noted(actor: Actor | None, action: str, found: PackVersion, office_id: int) -> Iterator[None]:
    """Put on record that a version was not put in force, and the first reason why."""
    try:
        yield
    except YaoqingError as error:
        first = error.errors[0] if isinstance(error, Findings) and error.errors else error
        with transaction():
            audit.note(
                actor, action, found.ref, office_id=office_id, outcome="未通过", reason=str(first)[: intake.MOST_REASON]
            )  # fmt: skip
        raise


def versions() -> list[PackVersion]:
    """Every installed version, by title."""
    return list(db.session.scalars(select(PackVersion).order_by(PackVersion.title, PackVersion.id.desc())))


def version(version_id: int) -> PackVersion:
    """An installed version. Raises NotFound."""
    found = db.session.get(PackVersion, version_id)
    if not found:
        raise NotFound("没有这个规则包版本")
    return found


def by_ref(ref: str) -> PackVersion:
    """An installed version by `id@version`, or the newest of an id. Raises NotFound."""
    pack, _, wanted = ref.partition("@")
    found = [v for v in versions() if v.pack == pack and (not wanted or v.version == wanted)]
    if not found:
        known = "、".join(v.ref for v in versions()) or "无"
        raise NotFound(
            f"没有安装规则包“{ref}”", reason=f"已安装：{known}", advice="请先运行 ./yaoqing pack install"
        )
    return found[0]


def named(ref: str) -> str:
    """What people call the version `id@version`: its title and number; as it is written when it is not installed."""
    pack, _, number = ref.partition("@")
    found = _version(pack, number)
    return f"{found.title}（第 {found.version} 版）" if found else ref


def activations(office_id: int) -> list[PackActivation]:
    """What an office has activated, latest first."""
    query = select(PackActivation).where(PackActivation.office_id == office_id)
    query = query.options(joinedload(PackActivation.pack_version))
    query = query.order_by(PackActivation.starts_on.desc(), PackActivation.id.desc())
    return read_once(("activations", office_id), lambda: list(db.session.scalars(query)))


def in_force(office_id: int, day: date) -> PackVersion:
    """The version an office uses on a day. Raises NotFound when it has none yet."""
    for activation in activations(office_id):
        if activation.starts_on <= day:
            return activation.pack_version
    raise NotFound("本机构还没有启用规则包", advice="请系统管理员安装、安全管理员启用后再使用计分和刊物功能")


def pack_of(office_id: int, day: date) -> Pack:
    """The loaded pack an office uses on a day."""
    return load(in_force(office_id, day))


def load(found: PackVersion) -> Pack:
    """An installed version, loaded."""
    return registry().load(found.ref, found.digest)


def _installed(pack: Pack) -> PackVersion | None:
    """The installed version of this very content. Raises Conflict when the version came with other content."""
    found = _version(pack.manifest.id, pack.manifest.version)
    if found and found.digest != pack.digest:
        raise Conflict(
            f"规则包 {found.ref} 已安装，内容却不同",
            reason="同一版本号不能有两种内容",
            advice="请提高版本号后再安装",
        )
    return found


def _version(pack: str, number: str) -> PackVersion | None:
    return db.session.scalar(
        select(PackVersion).where(PackVersion.pack == pack, PackVersion.version == number)
    )
