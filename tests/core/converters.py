"""What plugins might name as the function behind a file format: one that works, and others that misbehave."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from core.errors import RenderError


def works(pdf: bytes, about: Mapping[str, str]) -> bytes:
    return b"\n".join([pdf[:8], *(f"{key}={about[key]}".encode() for key in sorted(about))])


def counts(pdf: bytes, about: Mapping[str, str]) -> bytes:
    """Another result for every process."""
    return str(os.getpid()).encode()


def stumbles(pdf: bytes, about: Mapping[str, str]) -> bytes:
    raise RenderError("第 3 页缺少字体")


def trips(pdf: bytes, about: Mapping[str, str]) -> bytes:
    raise ValueError("list index out of range")


def overflows(pdf: bytes, about: Mapping[str, str]) -> bytes:
    raise OverflowError("int too large to convert to float")


def loops(pdf: bytes, about: Mapping[str, str]) -> bytes:
    while True:
        pass


def sleeps(pdf: bytes, about: Mapping[str, str]) -> bytes:
    time.sleep(600)
    return b""


def hoards(pdf: bytes, about: Mapping[str, str]) -> bytes:
    return b"".join(bytes(50_000_000) for _ in range(100))


def swells(pdf: bytes, about: Mapping[str, str]) -> bytes:
    return bytes(3 * 1024 * 1024)


def sinks(pdf: bytes, about: Mapping[str, str]) -> bytes:
    sys.setrecursionlimit(100_000)
    return sinks(pdf, about)


def crashes(pdf: bytes, about: Mapping[str, str]) -> bytes:
    os._exit(9)


def reads(pdf: bytes, about: Mapping[str, str]) -> bytes:
    return Path("/etc/passwd").read_bytes()


def looks_at_us(pdf: bytes, about: Mapping[str, str]) -> bytes:
    return Path(__file__).read_bytes()


def calls(pdf: bytes, about: Mapping[str, str]) -> bytes:
    socket.create_connection(("127.0.0.1", 9), 1)
    return b""


def starts(pdf: bytes, about: Mapping[str, str]) -> bytes:
    return subprocess.check_output(["true"])


def tells(pdf: bytes, about: Mapping[str, str], told: Callable[[int], None] | None = None) -> bytes:
    """Twenty pages, a quarter of a second each."""
    for page in range(1, 21):
        time.sleep(0.25)
        if told:
            told(page)
    return b"made"
