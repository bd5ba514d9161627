"""The file store: content-addressed, outside the web root, written whole or not at all."""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from os import replace
from pathlib import Path

from flask import current_app

from core.errors import NotFound


class FileStore:
    """Files by their SHA-256 in a folder. A file is never changed; the same bytes are kept once."""

    def __init__(self, folder: Path):
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep these bytes; returns their SHA-256 (64 hex digits)."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        with self.held():
            if path.exists():
                os.utime(path)  # wanted again: whoever sweeps takes it for new
            else:
                _write(path, content)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes. Raises NotFound when they are missing or no longer match their digest."""
        try:
            content = self.path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound("文件不存在", advice="请联系系统管理员从备份恢复") from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise NotFound("文件内容与登记不符，可能已被改动", advice="请联系系统管理员从备份恢复")
        return content

    def path(self, digest: str) -> Path:
        """Where a digest lies."""
        return self.folder / digest[:2] / digest[2:]

    def older(self, seconds: float) -> Iterator[tuple[str, Path]]:
        """Every file nobody has put in for so long, by digest; a file whose writing broke off has none."""
        for path in sorted(self.folder.glob("??/*")):
            if _age(path) > seconds:
                digest = path.parent.name + path.name
                yield digest if len(digest) == 64 else "", path

    def drop(self, path: Path, seconds: float) -> bool:
        """Remove a file, unless somebody has put it in again meanwhile; whether it is gone."""
        with self.held(alone=True):
            if _age(path) <= seconds:
                return False
            path.unlink(missing_ok=True)
        return True

    @contextmanager
    def held(self, alone: bool = False) -> Iterator[None]:
        """Within the block nothing is removed from the store by others; `alone`: nor put in."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.folder.with_name(f"{self.folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            try:
                yield
            finally:
                fcntl.flock(lock, fcntl.LOCK_UN)  # also for children forked meanwhile


def store() -> FileStore:
    """The file store of the running app."""
    return FileStore(current_app.config["YAOQING"]["DATA"] / "files")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise
    for folder in (path.parent, path.parent.parent):
        _settle(folder)


def _settle(folder: Path) -> None:
    """A name outlives a power cut only when its folder has reached the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _age(path: Path) -> float:
    """Seconds since a file was put in; 0 for one that is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
