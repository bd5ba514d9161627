"""The keys an installation trusts: added and revoked by a security administrator, each with a line in the trail."""

from dataclasses import replace

from sqlalchemy import select

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.packs.files.keys import KEY_ID, holder_name, read_public
from core.packs.models import PackKey
from core.packs.trust import Keys, TrustedKey
from core.permissions import require

CONSOLE = "命令行"
MOST_REASON = 200


def rows() -> list[PackKey]:
    """Every key ever added, the latest first."""
    return list(db.session.scalars(select(PackKey).order_by(PackKey.id.desc())))


def row(row_id: int) -> PackKey:
    """One of them. Raises NotFound."""
    found = db.session.get(PackKey, row_id)
    if not found:
        raise NotFound("没有这个可信密钥", advice="请刷新页面")
    return found


def keys() -> Keys:
    """The same for `core.packs.trust`, by number."""
    return {
        row.key_id: TrustedKey(read_public(row.line), row.revoked_at is not None, row.replaces)
        for row in rows()
    }


def trust(actor: Actor | None, line: str, *, holder: str = "", replaces: str = "") -> PackKey:
    """Trust a public key. `holder`: whose it was found to be; `replaces`: the key whose packs it carries on."""
    if actor:
        require(actor, "pack.trust")
    key = read_public(line)
    if holder.strip():
        key = replace(key, holder=holder_name(holder))
    replaces = plain_id(replaces) if replaces.strip() else ""
    if replaces == key.id:
        raise InvalidInput("密钥不能接替自己", where="接替的密钥", advice="请填写原密钥的编号")
    with transaction():
        found = _row(key.id)
        if found and found.revoked_at:
            raise Conflict("这个密钥已被撤销，不能再添加", advice="请签名人另制密钥")
        if found:
            raise Conflict("这个密钥已在可信之列")
        found = PackKey(
            key_id=key.id, line=key.line(), replaces=replaces, added_at=clock.now(),
            added_by=actor.name if actor else CONSOLE,
        )  # fmt: skip
        db.session.add(found)
        db.session.flush()
        audit.note(
            actor, "添加可信密钥", found, holder=key.holder, algorithm=key.algorithm, replaces=replaces
        )
    return found


def revoke(actor: Actor | None, key_id: str, reason: str) -> PackKey:
    """Trust a key no longer. Packs already installed stay; nothing more comes in with it."""
    if actor:
        require(actor, "pack.trust")
    reason = " ".join(reason.split())
    if not reason or len(reason) > MOST_REASON:
        raise InvalidInput("请写明撤销的原因", where="原因", advice=f"请写 {MOST_REASON} 字以内的一行")
    with transaction():
        found = _row(plain_id(key_id))
        if not found:
            raise NotFound("没有这个可信密钥", advice="请核对密钥编号")
        if found.revoked_at:
            raise Conflict("这个密钥已经撤销")
        found.revoked_at, found.reason = clock.now(), reason
        found.revoked_by = actor.name if actor else CONSOLE
        audit.note(actor, "撤销可信密钥", found, reason=reason)
    return found


def plain_id(text: str) -> str:
    """A key's number as it is stored, from one written in groups."""
    key_id = "".join(text.split()).lower()
    if not KEY_ID.fullmatch(key_id):
        raise InvalidInput(
            "密钥编号写法不对", where="密钥编号", reason="应为 32 位数字和字母 a–f", advice="请重新抄录"
        )
    return key_id


def _row(key_id: str) -> PackKey | None:
    return db.session.scalar(select(PackKey).where(PackKey.key_id == key_id))
