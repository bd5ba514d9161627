"""A backup holds everything, checks itself, and comes back equal; a damaged one is refused."""

import gzip
import sqlite3

import pytest

from core import backup
from core.errors import InvalidInput, SetupError


@pytest.fixture
def data(tmp_path):
    """A data folder with a database, a stored file and a pack."""
    folder = tmp_path / "data"
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "packs" / "some@1.0.0").mkdir(parents=True)
    (folder / "files" / "ab" / "cd").write_bytes(b"attachment")
    (folder / "packs" / "some@1.0.0" / "pack.yaml").write_text("id: some")
    (folder / "secret_key").write_text("never leaves the machine")
    with sqlite3.connect(folder / backup.DATABASE) as database:
        database.execute("CREATE TABLE t (x TEXT)")
        database.execute("INSERT INTO t VALUES ('要情')")
    return folder


def test_a_backup_comes_back_equal(data, tmp_path):
    archive, other = tmp_path / "b.tar.gz", tmp_path / "other"
    made = backup.create(data, archive, "0.1.0")

    restored = backup.restore(archive, other)

    assert restored == made
    assert (other / "files" / "ab" / "cd").read_bytes() == b"attachment"
    assert sqlite3.connect(other / backup.DATABASE).execute("SELECT x FROM t").fetchall() == [("要情",)]


def test_the_last_good_backup_is_remembered_but_not_where_it_lies(data, tmp_path):
    assert backup.last(data) is None
    archive = tmp_path / "elsewhere" / "要情-1.tar.gz"

    backup.create(data, archive, "0.1.0")
    noted = backup.last(data)

    assert (noted.name, noted.size) == ("要情-1.tar.gz", archive.stat().st_size) and not noted.is_old
    assert "elsewhere" not in (data / backup.LAST).read_text(encoding="utf-8")
    assert backup.LAST not in backup.check(archive), "a restored site has made none yet"
    (data / backup.LAST).write_text("{", encoding="utf-8")
    assert backup.last(data) is None


def test_the_signing_key_stays_at_home(data, tmp_path):
    made = backup.create(data, tmp_path / "b.tar.gz", "0.1.0")

    assert "secret_key" not in made


def test_a_folder_in_use_is_never_overwritten(data, tmp_path):
    backup.create(data, tmp_path / "b.tar.gz", "0.1.0")

    with pytest.raises(InvalidInput, match="不是空的"):
        backup.restore(tmp_path / "b.tar.gz", data)


def test_a_changed_byte_is_found_before_anything_is_restored(data, tmp_path):
    archive, other = tmp_path / "b.tar.gz", tmp_path / "other"
    backup.create(data, archive, "0.1.0")
    archive.write_bytes(
        gzip.compress(gzip.decompress(archive.read_bytes()).replace(b"attachment", b"attachmenT"))
    )

    with pytest.raises(InvalidInput, match="清单不符"):
        backup.restore(archive, other)

    assert not other.exists()


def test_a_truncated_archive_is_refused(data, tmp_path):
    archive = tmp_path / "b.tar.gz"
    backup.create(data, archive, "0.1.0")
    archive.write_bytes(archive.read_bytes()[:-200])

    with pytest.raises(InvalidInput, match="已损坏"):
        backup.check(archive)


def test_nothing_to_back_up_is_said(tmp_path):
    with pytest.raises(SetupError, match="没有可备份的数据库"):
        backup.create(tmp_path, tmp_path / "b.tar.gz", "0.1.0")
