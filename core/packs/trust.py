"""Decide whether a pack may come in: whose signature it bears, what the installation accepts, what came before.

Pure: keys, policy and installed versions are handed in as plain values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from core.errors import PackError
from core.packs.content.versions import numbers
from core.packs.files.keys import PublicKey, spaced
from core.packs.files.listing import Listing
from core.packs.files.signing import Signature, is_genuine


class State(Enum):
    """What a pack's signature is worth here; the values are shown to people."""

    TRUSTED = "已签名可信"
    UNKNOWN = "已签名未知"
    UNSIGNED = "未签名"
    CHANGED = "被改动"


class Policy(Enum):
    """What an installation accepts from pack files; each word includes those before it."""

    TRUSTED = "只收可信"
    UNKNOWN = "允许未知"
    UNSIGNED = "允许未签名"


ACCEPTED = {
    Policy.TRUSTED: {State.TRUSTED},
    Policy.UNKNOWN: {State.TRUSTED, State.UNKNOWN},
    Policy.UNSIGNED: {State.TRUSTED, State.UNKNOWN, State.UNSIGNED},
}


@dataclass(frozen=True)
class TrustedKey:
    """A key the installation knows. `replaces` is the number of the key whose packs it carries on."""

    key: PublicKey
    revoked: bool = False
    replaces: str = ""


Keys = Mapping[str, TrustedKey]


@dataclass(frozen=True)
class Installed:
    """A version of the same pack that is already here, and the key that signed it (empty: none)."""

    version: str
    digest: str
    key_id: str = ""


def state_of(signature: Signature | None, listing: bytes, keys: Keys) -> State:
    """The state of a list of contents with this signature."""
    if signature is None:
        return State.UNSIGNED
    if not is_genuine(signature, listing):
        return State.CHANGED
    known = keys.get(signature.key.id)
    return State.TRUSTED if known and not known.revoked else State.UNKNOWN


def refused_signature(
    signature: Signature | None, state: State, keys: Keys, policy: Policy
) -> PackError | None:
    """Why a pack file with this signature is not accepted."""
    if state is State.CHANGED:
        return PackError(
            "签名后被改动", reason="签名与清单不符", advice="请不要使用这个文件，向签名人重新索取"
        )
    if signature and (known := keys.get(signature.key.id)) and known.revoked:
        return PackError(
            "签名密钥已被撤销",
            reason=f"密钥 {spaced(signature.key.id)}（{known.key.holder}）",
            advice="请向签名人索取用新密钥签名的规则包",
        )
    if state in ACCEPTED[policy]:
        return None
    if signature is None:
        return PackError(
            "没有签名", reason=f"本系统设为“{policy.value}”", advice="请向制作人索取已签名的规则包"
        )
    return PackError(
        "签名密钥不在可信之列",
        reason=f"签名人自称“{signature.signer}”，密钥 {spaced(signature.key.id)}；本系统设为“{policy.value}”",
        advice="请与签名人当面或通过电话核对密钥编号，由安全管理员添加为可信密钥后再安装",
    )


def refused_history(
    listing: Listing, key_id: str, installed: Sequence[Installed], keys: Keys, *, local: bool = False
) -> PackError | None:
    """Why a version does not continue what is installed: older, signature gone, another signer.

    The very version that is here already may come again; from the machine itself also as a folder, which cannot
    carry its signature (`local`).
    """
    same = next(
        (one for one in installed if (one.version, one.digest) == (listing.version, listing.digest)), None
    )
    if same and (key_id == same.key_id or (local and not key_id)):
        return None
    newest = max(installed, key=lambda one: numbers(one.version), default=None)
    if newest and not same and numbers(listing.version) < numbers(newest.version):
        return PackError(
            "版本比已安装的旧",
            where=listing.ref,
            reason=f"已安装 {newest.version}，旧文件可能是被人重新拿出来的",
            advice="要换回装过的旧版本，请再启用一次；确需其内容的，请以更高的版本号重新发布",
        )
    signed = [one for one in installed if one.key_id]
    if not signed:
        return None
    before = max(signed, key=lambda one: numbers(one.version)).key_id
    if not key_id:
        return PackError(
            "签名被去掉了",
            where=listing.ref,
            reason=f"这个规则包先前由密钥 {spaced(before)} 签名",
            advice="请向签名人索取已签名的规则包",
        )
    if key_id != before and not continues(key_id, before, keys):
        return PackError(
            "换了签名人",
            where=listing.ref,
            reason=f"先前由密钥 {spaced(before)} 签名，这次是 {spaced(key_id)}",
            advice="如确已更换密钥，请安全管理员添加新密钥，并注明接替原密钥",
        )
    return None


def continues(key_id: str, before: str, keys: Keys) -> bool:
    """Whether a trusted key carries on for another, directly or through keys in between."""
    start = keys.get(key_id)
    if not start or start.revoked:
        return False
    seen: set[str] = set()
    while key_id not in seen and (known := keys.get(key_id)) and known.replaces:
        seen.add(key_id)
        key_id = known.replaces
        if key_id == before:
            return True
    return False
