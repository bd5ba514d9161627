"""The list of contents of a pack file: which pack and version, and every file with its size and digest.

A signature covers exactly these bytes, and through the digests every byte of the pack. There is one way to write
the list down; whatever reads differently when written again is refused.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import PackError
from core.packs.content.format import PACK_ID, digest_of
from core.packs.content.versions import VERSION
from core.packs.files.archive import LISTING, MAX_ENTRIES, in_order

FORMAT = 1
MAX_BYTES = 512 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Listed:
    """One file of a pack."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Listing:
    """What a pack file holds. `digest` is the digest of the whole pack, as it is shown for installed packs."""

    pack: str
    version: str
    digest: str
    files: tuple[Listed, ...]

    @property
    def ref(self) -> str:
        """`id@version`"""
        return f"{self.pack}@{self.version}"

    def encoded(self) -> bytes:
        """The one way to write this list."""
        files = [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in self.files]
        return encoded(
            {
                "digest": self.digest,
                "files": files,
                "format": FORMAT,
                "pack": self.pack,
                "version": self.version,
            }
        )


def listing_of(pack: str, version: str, files: Mapping[str, bytes]) -> Listing:
    """The list of a pack's files."""
    listed = tuple(
        Listed(name, len(files[name]), hashlib.sha256(files[name]).hexdigest()) for name in in_order(files)
    )
    return Listing(pack, version, digest_of(files), listed)


def read_listing(raw: bytes) -> Listing:
    """The list written down in a pack file. Raises PackError unless it is written the one way."""
    data = decoded(raw, LISTING, MAX_BYTES)
    try:
        files = tuple(Listed(f["name"], f["size"], f["sha256"]) for f in data["files"])
        listing = Listing(data["pack"], data["version"], data["digest"], files)
        sound = (
            PACK_ID.fullmatch(listing.pack)
            and VERSION.fullmatch(listing.version)
            and all(type(f.name) is str and type(f.size) is int for f in files)
            and all(SHA256.fullmatch(digest) for digest in (listing.digest, *(f.sha256 for f in files)))
            and len(files) <= MAX_ENTRIES
            and listing.encoded() == raw
        )
    except (KeyError, TypeError, ValueError):
        sound = None
    if not sound:
        raise unreadable(LISTING)
    return listing


def differences(listing: Listing, files: Mapping[str, bytes]) -> list[PackError]:
    """Where files differ from their list: changed, missing, added."""
    actual = listing_of(listing.pack, listing.version, files)
    listed, found = ({f.name: f for f in one.files} for one in (listing, actual))
    words = {name: "内容被改动" for name in listed.keys() & found.keys() if listed[name] != found[name]}
    words |= dict.fromkeys(listed.keys() - found.keys(), "文件被删去")
    words |= dict.fromkeys(found.keys() - listed.keys(), "清单中没有这个文件")
    errors = [
        PackError(words[name], where=name, reason="与清单不符", advice="请向制作人重新索取规则包文件")
        for name in in_order(words)
    ]
    if not errors and actual != listing:
        errors.append(PackError("清单的总校验值不符", where=LISTING, advice="请向制作人重新索取规则包文件"))
    return errors


def encoded(data: Mapping[str, Any]) -> bytes:
    """JSON written the one way: keys sorted, Chinese as it is, a line break at the end."""
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def decoded(raw: bytes, name: str, most: int) -> dict[str, Any]:
    """JSON of limited size with an object at the top. Raises PackError."""
    try:
        data = json.loads(raw) if len(raw) <= most else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise unreadable(name)
    return data


def unreadable(name: str) -> PackError:
    """A list or signature that is not written the way this version writes it."""
    return PackError(
        "内容无法识别",
        where=name,
        reason="不是本版本系统写出的格式",
        advice="请向制作人重新索取规则包文件，或升级本系统",
    )
