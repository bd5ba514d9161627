"""What the signatures of installed packs and of pack files are worth today, and how a pack goes out again."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.errors import YaoqingError
from core.packs import keyring
from core.packs.content.folder import read_folder
from core.packs.content.format import Pack, digest_of
from core.packs.files.archive import packed
from core.packs.files.keys import spaced
from core.packs.files.listing import listing_of
from core.packs.files.signing import Signature, read_signature
from core.packs.models import PackVersion
from core.packs.parcels import listing_of_pack
from core.packs.trust import State, state_of


@dataclass(frozen=True)
class Standing:
    """The state of a signature with what a page says beside it. A trusted signer is named as the key's holder."""

    state: State
    signer: str = ""
    key_id: str = ""
    algorithm: str = ""
    signed_at: str = ""
    note: str = ""

    @property
    def moment(self) -> datetime | None:
        """When it was signed, as the signer says."""
        return datetime.fromisoformat(self.signed_at) if self.signed_at else None

    def as_dict(self) -> dict[str, str]:
        """The parts, for `--json`."""
        return {**vars(self), "state": self.state.name.lower(), "state_title": self.state.value}


def standing(found: PackVersion, folder: Path) -> Standing:
    """The state of an installed version; its files in the packs folder are looked at anew."""
    files, _ = read_folder(folder / found.ref)
    if digest_of(files) != found.digest:
        return Standing(State.CHANGED, note="文件与安装时不符，不再使用；请重新安装同一版本")
    signature = read_signature(found.signature.block.encode()) if found.signature else None
    return standing_of(signature, listing_of(found.pack, found.version, files).encoded())


def standing_of(signature: Signature | None, listing: bytes) -> Standing:
    """The state of a list of contents with this signature."""
    if signature is None:
        return Standing(State.UNSIGNED)
    keys = keyring.keys()
    known = keys.get(signature.key.id)
    signer = known.key.holder if known else f"自称“{signature.signer}”"
    about = (signer, signature.key.id, signature.key.algorithm, signature.signed_at)
    try:
        state = state_of(signature, listing, keys)
    except YaoqingError as error:  # the algorithm is missing here
        return Standing(State.UNKNOWN, *about, note=str(error))
    if state is State.CHANGED:
        return Standing(state, *about, note="签名与内容不符")
    return Standing(
        state, *about, note=f"密钥 {spaced(known.key.id)} 已撤销" if known and known.revoked else ""
    )


def exported(found: PackVersion, pack: Pack) -> bytes:
    """An installed version as a pack file, with the signature it came with."""
    block = found.signature.block.encode() if found.signature else None
    return packed(pack.files, listing_of_pack(pack).encoded(), block)
