"""Finished PDFs kept by what they were made of: the same page, pictures, fonts and program give the same bytes."""

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from core.documents.fonts.font_set import FontSet

MB = 1024 * 1024
MOST = 256 * MB
_DIGEST = 32
# A draft is written within moments.
ABANDONED = 600.0


class Cache:
    """PDFs in a folder that several web processes share. Losing it loses nothing but time."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self._folder, self._most = folder, most

    def get(self, key: str) -> bytes | None:
        """The PDF kept under a key; None when there is none or it was damaged."""
        path = self._folder / key
        try:
            kept = path.read_bytes()
        except OSError:
            return None
        if hashlib.sha256(kept[_DIGEST:]).digest() != kept[:_DIGEST]:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # used lately: kept longer
        return kept[_DIGEST:]

    def holds(self, key: str) -> bool:
        """Whether something is kept under a key."""
        return (self._folder / key).is_file()

    def put(self, key: str, pdf: bytes) -> None:
        """Keep a PDF in one step; a full or read-only disk is no reason to fail."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self._folder, prefix=".")
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(pdf).digest() + pdf)
            Path(draft).replace(self._folder / key)
            self._make_room()

    def _make_room(self) -> None:
        known = []
        for path in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process makes room too
                seen = path.stat()
                if path.name.startswith(".") and time.time() - seen.st_mtime > ABANDONED:
                    path.unlink()  # its writer was killed
                    continue
                known.append((seen.st_mtime, seen.st_size, path))
        size = sum(entry[1] for entry in known)
        for _, taken, path in sorted(known):
            if size <= self._most:
                return
            path.unlink(missing_ok=True)
            size -= taken


def key_of(parts: Mapping[str, bytes], fonts: FontSet) -> str:
    """One name for everything that decides the bytes of a PDF."""
    whole = hashlib.sha256(_made_with(fonts))
    for name in sorted(parts):
        whole.update(f"{len(name)}:{name}:{len(parts[name])}:".encode() + parts[name])
    return whole.hexdigest()


def _made_with(fonts: FontSet) -> bytes:
    files = [(face.role, face.family, face.weight, face.file, face.index) for face in fonts.faces]
    sizes = [_identity(face.file) for face in fonts.faces]
    return repr((_program(), files, sizes)).encode()


def _identity(file: str) -> tuple[int, int]:
    seen = Path(file).stat()
    return seen.st_size, seen.st_mtime_ns


@cache
def _program() -> str:
    """An upgrade of the engine or of these modules makes earlier results worthless."""
    whole = hashlib.sha256(f"{version('weasyprint')} {version('pydyf')}".encode())
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()
