"""A pack file is the same bytes everywhere, and ordinary tools can look into it."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile

import pytest

from core.config import PROJECT
from core.errors import Findings, PackError
from core.packs.content.folder import read_folder
from core.packs.content.format import digest_of
from core.packs.files.archive import packed
from core.packs.files.listing import listing_of, read_listing
from core.packs.files.unpack import unpacked
from core.packs.parcels import Upload, opened, read_file

FILES = {"pack.yaml": b"id: x\n", "tests/甲.yaml": b"[]\n", "units.yaml": b"groups: [a]\n"}
LISTING = listing_of("xx", "1.0.0", FILES).encoded()


def test_the_same_pack_gives_known_bytes():
    """If this digest changes, files exported and signed before are no longer accepted: that needs a new format."""
    assert hashlib.sha256(packed(FILES, LISTING)).hexdigest() == (
        "7d02b51badd26efcb635f53183835fd5c9dd06f084c9b47712e7d78fd2578c1e"
    )


def test_order_of_files_time_place_and_language_do_not_matter():
    backwards = dict(reversed(FILES.items()))
    script = (
        "import hashlib, sys; from core.packs.files.archive import packed; from core.packs.files.listing import listing_of;"
        f"f = {FILES!r}; sys.stdout.write(hashlib.sha256(packed(f, listing_of('xx', '1.0.0', f).encoded())).hexdigest())"
    )
    elsewhere = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    other = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, env=elsewhere, capture_output=True, text=True, check=True
    ).stdout

    assert packed(backwards, LISTING) == packed(FILES, LISTING)
    assert other == hashlib.sha256(packed(FILES, LISTING)).hexdigest()


def test_the_list_comes_first_then_the_signature_then_files_by_name():
    with zipfile.ZipFile(io.BytesIO(packed(FILES, LISTING, b"{}"))) as archive:
        names = archive.namelist()

        assert names == ["manifest.json", "signature.json", "pack.yaml", "tests/甲.yaml", "units.yaml"]
        assert archive.testzip() is None
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())


def test_what_was_packed_comes_out_again():
    found = unpacked(packed(FILES, LISTING, b'{"a": 1}\n'))

    assert (found.files, found.listing, found.signature) == (FILES, LISTING, b'{"a": 1}\n')


@pytest.mark.parametrize("folder", sorted((PROJECT / "rulepacks").iterdir()), ids=lambda path: path.name)
def test_bundled_packs_travel_as_files(folder):
    files, _ = read_folder(folder)
    listing = listing_of("some-pack", "1.0.0", files)

    parcel = opened(Upload("x.yqpack", packed(files, listing.encoded())))

    assert parcel.files == files and parcel.signature is None
    assert parcel.listing.digest == digest_of(files)


def test_the_list_names_every_file_with_size_and_digest():
    listing = read_listing(LISTING)

    assert (listing.pack, listing.version, listing.ref) == ("xx", "1.0.0", "xx@1.0.0")
    assert [(f.name, f.size) for f in listing.files] == [
        ("pack.yaml", 6),
        ("tests/甲.yaml", 3),
        ("units.yaml", 12),
    ]
    assert listing.files[0].sha256 == hashlib.sha256(b"id: x\n").hexdigest()


def test_all_differences_are_told_together():
    other = {"pack.yaml": b"id: y\n", "units.yaml": FILES["units.yaml"], "LICENSE": b"x\n"}

    with pytest.raises(Findings) as found:
        opened(Upload("x", packed(other, LISTING)))

    assert [(e.where, e.message) for e in found.value.errors] == [
        ("LICENSE", "清单中没有这个文件"), ("pack.yaml", "内容被改动"), ("tests/甲.yaml", "文件被删去"),
    ]  # fmt: skip


def test_a_file_is_read_no_further_than_a_pack_may_be(tmp_path):
    large = tmp_path / "large.yqpack"
    with large.open("wb") as file:
        file.truncate(1 << 40)

    assert len(read_file(large).content) < 10_000_000


def test_what_is_no_ordinary_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(PackError, match="不是普通文件"):
        read_file(tmp_path / "pipe")
