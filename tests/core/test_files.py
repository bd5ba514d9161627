"""The file store: by content, whole or not at all, never trusted blindly."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import NotFound
from core.files import FileStore


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


def test_what_is_put_in_comes_out(store):
    digest = store.put("要情".encode())

    assert digest == hashlib.sha256("要情".encode()).hexdigest()
    assert store.get(digest).decode() == "要情"


def test_the_same_bytes_are_kept_once(store):
    first, second = store.put(b"same"), store.put(b"same")

    assert first == second
    assert len([p for p in store.folder.rglob("*") if p.is_file()]) == 1


def test_a_changed_file_is_refused(store):
    digest = store.put(b"as it was")
    store.path(digest).write_bytes(b"as it is now")

    with pytest.raises(NotFound, match="可能已被改动"):
        store.get(digest)


def test_a_missing_file_is_a_clear_message(store):
    with pytest.raises(NotFound, match="从备份恢复"):
        store.get("0" * 64)


def test_many_who_put_the_same_file_leave_one_whole_file(store):
    content = b"x" * 100_000
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: store.put(content), range(24)))

    assert len(digests) == 1 and store.get(digests.pop()) == content
    assert len([p for p in store.folder.rglob("*") if p.is_file()]) == 1


def test_a_write_that_breaks_off_leaves_no_file(store, monkeypatch):
    monkeypatch.setattr("core.files.os.fsync", lambda fd: (_ for _ in ()).throw(OSError("disk full")))

    with pytest.raises(OSError, match="disk full"):
        store.put(b"half")

    assert [p for p in store.folder.rglob("*") if p.is_file()] == []
