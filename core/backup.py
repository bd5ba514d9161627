"""Back up an installation into one checked archive, and restore it into an empty data folder.

The archive holds a consistent snapshot of the database, the stored files and the installed packs, with a
list of SHA-256 digests. The signing key is left out: a restored site makes its own and everybody signs in
again. Only the embedded database is copied; with PostgreSQL the database itself is dumped by its own tools.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core import clock
from core.errors import InvalidInput, SetupError
from core.files import FileStore

DATABASE = "yaoqing.db"
MANIFEST = "manifest.json"
FOLDERS = ("files", "packs")
CHUNK = 1 << 20
# Beside the database: when the last good backup was made, for the administrator's page.
LAST = "last_backup.json"
# Deploying with the bundled schedule makes one every night.
OLD = timedelta(days=2)


@dataclass(frozen=True)
class Last:
    """The last backup that was written and checked. The name tells which file; where it lies is nobody's business."""

    made: datetime
    name: str
    size: int

    @property
    def is_old(self) -> bool:
        return clock.now() - self.made > OLD


def create(data: Path, target: Path, version: str) -> dict[str, str]:
    """Write the archive whole or not at all; returns digest by path. Safe while the site is running."""
    if not (data / DATABASE).exists():
        raise SetupError(
            "没有可备份的数据库", where=str(data), advice="使用 PostgreSQL 时请用 pg_dump 备份数据库"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    # Nothing that is listed is swept before it is copied.
    with FileStore(data / "files").held(), tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        # Files are there before the database names them: a snapshot of it taken first never names a missing one.
        snapshot = Path(scratch) / DATABASE
        with closing(sqlite3.connect(data / DATABASE)) as source, closing(sqlite3.connect(snapshot)) as copy:
            source.backup(copy)
        parts = [(DATABASE, snapshot), *_stored(data)]
        digests = {name: _digest(path) for name, path in parts}
        manifest = {"version": version, "made": clock.now().isoformat(), "sha256": digests}
        fresh = Path(scratch) / "archive"
        with tarfile.open(fresh, "w:gz", compresslevel=3) as archive:
            content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
            for name, path in parts:
                archive.add(path, name, recursive=False)
        os.replace(fresh, target)
    check(target)
    _remember(data, Last(clock.now(), target.name, target.stat().st_size))
    return digests


def last(data: Path) -> Last | None:
    """The last backup of this installation; None when there was none, or what was noted cannot be read."""
    try:
        noted = json.loads((data / LAST).read_text(encoding="utf-8"))
        return Last(datetime.fromisoformat(noted["made"]), str(noted["name"]), int(noted["size"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(data: Path, made: Last) -> None:
    fresh = data / f".{LAST}"
    noted = {"made": made.made.isoformat(), "name": made.name, "size": made.size}
    fresh.write_text(json.dumps(noted, ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, data / LAST)


def check(archive_path: Path) -> dict[str, str]:
    """Digest by path of an archive whose every byte was compared with its list. Raises InvalidInput."""
    digests, found = {}, {}
    try:
        with tarfile.open(archive_path, "r:gz") as archive:
            for entry in archive:
                stream = archive.extractfile(entry)
                if not entry.isreg() or stream is None or not _safe(entry.name):
                    raise InvalidInput("备份文件中有不该有的内容", where=entry.name)
                if entry.name == MANIFEST:
                    digests = json.load(stream)["sha256"]
                else:
                    found[entry.name] = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as error:
        raise InvalidInput(
            "备份文件已损坏或不是备份文件", where=archive_path.name, reason=str(error)
        ) from error
    if found != digests:
        bad = sorted(name for name in found.keys() | digests.keys() if found.get(name) != digests.get(name))
        raise InvalidInput("备份文件与其清单不符", where="、".join(bad[:3]), advice="请使用另一份备份")
    return found


def restore(archive_path: Path, data: Path) -> dict[str, str]:
    """Unpack a checked archive into a data folder without a database; whole or not at all."""
    digests = check(archive_path)
    if (data / DATABASE).exists() or (data / "files").exists():
        raise InvalidInput(
            "数据目录不是空的，不能恢复到这里", where=str(data), advice="请用 YAOQING_DATA 指定一个空目录"
        )
    data.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=data, prefix=".restore-"))
    try:
        with tarfile.open(archive_path, "r:gz") as archive:
            for entry in archive:
                stream = archive.extractfile(entry)
                if entry.name == MANIFEST or stream is None:
                    continue
                path = staging / entry.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as target:
                    shutil.copyfileobj(stream, target, CHUNK)
        # The database comes last: without it the folder counts as empty and the restore can be repeated.
        for name in (*FOLDERS, DATABASE):
            if (staging / name).exists():
                os.replace(staging / name, data / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return digests


def _stored(data: Path) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            # Names beginning with a dot or tmp are files still being written.
            if path.is_file() and not path.name.startswith((".", "tmp")):
                yield path.relative_to(data).as_posix(), path


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _safe(name: str) -> bool:
    parts = name.split("/")
    return name in (MANIFEST, DATABASE) or (parts[0] in FOLDERS and len(parts) > 1 and ".." not in parts)
