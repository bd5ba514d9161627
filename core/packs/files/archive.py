"""A rule pack as one file, a `.yqpack`: the same bytes on every machine, whenever it is written.

It is a zip without compression, so that no release of a compression library can change a byte of it: first
`manifest.json`, the list of contents with digests; then `signature.json`, if the pack is signed; then the pack's
files by name. All timestamps, modes and flags are fixed. Whatever deviates from this layout is no pack file:
`core.packs.files.unpack` reads it back and takes nothing else.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping

from core.packs.content.folder import MAX_FILES, MAX_TOTAL

SUFFIX = ".yqpack"
LISTING = "manifest.json"
SIGNATURE = "signature.json"
MAX_ENTRIES = MAX_FILES + 2
MAX_NAME = 200
# Contents, and for every entry its two headers and names; the list itself is part of it.
MAX_ARCHIVE = MAX_TOTAL + MAX_ENTRIES * 1024

# Signature, version needed, flags, method, time, date, CRC, size twice, length of the name, length of extras.
LOCAL = struct.Struct("<4s5H3I2H")
# The same after the version that made it; then length of the comment, disk, attributes inside and outside, offset.
CENTRAL = struct.Struct("<4s6H3I5H2I")
# Signature, this disk, disk of the directory, entries here, entries, size and offset of the directory, comment.
END = struct.Struct("<4s4H2IH")
LOCAL_MARK, CENTRAL_MARK, END_MARK = b"PK\3\4", b"PK\1\2", b"PK\5\6"

NEEDED, UTF8, STORED = 20, 0x0800, 0
MADE_BY = 3 << 8 | NEEDED  # Unix, so that the mode below means what it says
MODE = 0o100644 << 16
MIDNIGHT, FIRST_DAY = 0, 1 << 5 | 1  # 1980-01-01, the first day a zip knows


def packed(files: Mapping[str, bytes], listing: bytes, signature: bytes | None = None) -> bytes:
    """The archive of these files with its list of contents and, if there is one, the signature over that list."""
    body, directory, count = bytearray(), bytearray(), 0
    for name, content in entries(files, listing, signature):
        path = name.encode()
        shape = (
            UTF8,
            STORED,
            MIDNIGHT,
            FIRST_DAY,
            zlib.crc32(content),
            len(content),
            len(content),
            len(path),
            0,
        )
        directory += CENTRAL.pack(CENTRAL_MARK, MADE_BY, NEEDED, *shape, 0, 0, 0, MODE, len(body)) + path
        body += LOCAL.pack(LOCAL_MARK, NEEDED, *shape) + path + content
        count += 1
    end = END.pack(END_MARK, 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def entries(
    files: Mapping[str, bytes], listing: bytes, signature: bytes | None
) -> Iterator[tuple[str, bytes]]:
    """Names and contents in the order in which they stand in the archive."""
    yield LISTING, listing
    if signature is not None:
        yield SIGNATURE, signature
    yield from ((name, files[name]) for name in in_order(files))


def in_order(names: Iterable[str]) -> list[str]:
    """Names of a pack's files as the archive sorts them: by code point, whatever the machine's language."""
    return sorted(names)
