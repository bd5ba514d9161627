"""The file store: content-addressed, outside the web root, written whole or not at all."""

import hashlib
import os
import tempfile
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
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
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


def store() -> FileStore:
    """The file store of the running app."""
    return FileStore(current_app.config["YAOQING"]["DATA"] / "files")
