"""How the renderer and its child talk: a JSON head, then named byte strings, each with its length in front."""

import json
import struct
from collections.abc import Mapping
from typing import BinaryIO

_LENGTH = struct.Struct(">Q")
MOST = 512 * 1024 * 1024


def send(stream: BinaryIO, head: Mapping[str, object], parts: Mapping[str, bytes] | None = None) -> None:
    """Write one message to an unbuffered stream."""
    parts = parts or {}
    names = list(parts)
    text = json.dumps({**head, "parts": names}).encode()
    for piece in (text, *(parts[name] for name in names)):
        _write_all(stream, _LENGTH.pack(len(piece)))
        _write_all(stream, piece)


def receive(stream: BinaryIO) -> tuple[dict, dict[str, bytes]]:
    """Read one message; EOFError when the other side is gone."""
    head = json.loads(_piece(stream))
    return head, {name: _piece(stream) for name in head["parts"]}


def _write_all(stream: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]


def _piece(stream: BinaryIO) -> bytes:
    (size,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if size > MOST:
        raise EOFError("message too long")
    return _exactly(stream, size)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        more = stream.read(min(size - len(data), 1 << 20))
        if not more:
            raise EOFError("the other side is gone")
        data += more
    return bytes(data)
