"""What somebody hands in to be installed: a folder on this machine, a pack file, opened safely, or one made here.

A file is read once and bounded; from then on only the bytes in memory count, whatever happens to the file.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import Findings, PackError
from core.packs.content.format import Pack
from core.packs.files.archive import MAX_ARCHIVE, SUFFIX
from core.packs.files.listing import Listing, differences, listing_of, read_listing
from core.packs.files.signing import Signature, read_signature
from core.packs.files.unpack import unpacked

MOST_NAME = 80


@dataclass(frozen=True)
class Upload:
    """A pack file as it arrived: what it was called, and its bytes."""

    name: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Made:
    """A version made inside this system out of installed ones: values changed in forms, or local changes carried over."""

    name: str
    files: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class Parcel:
    """An opened pack file: its contents agree with its list; nothing is known yet about the rules inside."""

    files: Mapping[str, bytes] = field(repr=False)
    listing: Listing
    signature: Signature | None = None


def read_file(path: Path) -> Upload:
    """A pack file from disk, no more of it than a pack may have."""
    if not path.is_file():
        raise PackError("没有这个文件，或不是普通文件", where=path.name, advice="请核对路径")
    with path.open("rb") as stream:
        return Upload(path.name[:MOST_NAME], stream.read(MAX_ARCHIVE + 1))


def opened(upload: Upload) -> Parcel:
    """Open a pack file. Raises PackError or Findings when it is not what an export writes."""
    inside = unpacked(upload.content)
    listing = read_listing(inside.listing)
    signature = read_signature(inside.signature) if inside.signature is not None else None
    if errors := differences(listing, inside.files):
        raise Findings(f"规则包 {listing.ref} 被改动", [*errors])
    return Parcel(inside.files, listing, signature)


def matched(parcel: Parcel, pack: Pack) -> None:
    """The list must name the pack that is inside. Raises PackError."""
    said, found = parcel.listing, listing_of_pack(pack)
    if said != found:
        raise PackError(
            "清单与内容不符",
            where="pack.yaml",
            reason=f"清单写的是 {said.ref}，内容是 {found.ref}",
            advice="请向制作人重新索取规则包文件",
        )


def listing_of_pack(pack: Pack) -> Listing:
    """The list of contents of a loaded pack."""
    return listing_of(pack.manifest.id, pack.manifest.version, pack.files)


def file_name(ref: str) -> str:
    """What an exported pack is called: `id-version.yqpack`."""
    return ref.replace("@", "-") + SUFFIX
