"""A zip writer that lies on request: every field of every header can be set, whatever the rest says."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

REGULAR = 0o100644 << 16


@dataclass
class Entry:
    """One member; what is not given follows from the content as an honest writer would have it."""

    name: str | bytes
    content: bytes = b""
    method: int = 0
    flags: int = 0x0800
    mode: int = REGULAR
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    extra: bytes = b""
    comment: bytes = b""
    made_by: int = 3 << 8 | 20
    needed: int = 20
    time: int = 0
    day: int = 1 << 5 | 1
    disk: int = 0
    offset: int | None = None
    before: bytes = b""
    after: bytes = b""
    local: dict = field(default_factory=dict)  # what the local header says instead

    @property
    def path(self) -> bytes:
        return self.name if isinstance(self.name, bytes) else self.name.encode("utf-8", "surrogatepass")


def deflated(entry: Entry) -> Entry:
    """The same entry, compressed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = entry.content
    entry.content = packer.compress(plain) + packer.flush()
    entry.method, entry.crc, entry.size = 8, zlib.crc32(plain), len(plain)
    return entry


def raw_zip(
    entries: Sequence[Entry],
    *,
    before: bytes = b"",
    after: bytes = b"",
    comment: bytes = b"",
    gap: bytes = b"",
    **end: int,
) -> bytes:
    """The archive. `end` replaces fields of the last record: disk, start_disk, here, count, size, start."""
    body, directory = bytearray(before), bytearray()
    for entry in entries:
        body += entry.before
        offset = len(body) if entry.offset is None else entry.offset
        crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
        size = len(entry.content) if entry.size is None else entry.size
        packed_size = len(entry.content) if entry.packed_size is None else entry.packed_size
        said = {
            "needed": entry.needed, "flags": entry.flags, "method": entry.method, "time": entry.time, "day": entry.day,
            "crc": crc, "packed_size": packed_size, "size": size, "path": entry.path, "extra": entry.extra,
        } | entry.local  # fmt: skip
        body += _local(said) + entry.content + entry.after
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", entry.made_by, entry.needed, entry.flags, entry.method, entry.time, entry.day,
            crc, packed_size, size, len(entry.path), len(entry.extra), len(entry.comment), entry.disk, 0, entry.mode,
            offset,
        ) + entry.path + entry.extra + entry.comment  # fmt: skip
    body += gap
    says = {
        "disk": 0, "start_disk": 0, "here": len(entries), "count": len(entries), "size": len(directory),
        "start": len(body), "mark": b"PK\5\6",
    } | end  # fmt: skip
    last = struct.pack(
        "<4s4H2IH", says["mark"], says["disk"], says["start_disk"], says["here"], says["count"], says["size"],
        says["start"], len(comment),
    )  # fmt: skip
    return bytes(body + directory + last + comment + after)


def _local(said: dict) -> bytes:
    head = struct.pack(
        "<4s5H3I2H", b"PK\3\4", said["needed"], said["flags"], said["method"], said["time"], said["day"], said["crc"],
        said["packed_size"], said["size"], len(said["path"]), len(said["extra"]),
    )  # fmt: skip
    return head + said["path"] + said["extra"]
