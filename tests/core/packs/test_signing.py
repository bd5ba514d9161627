"""Keys, key files, signatures: what is genuine, what was made up."""

import base64
import json
import os
import random
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.errors import Conflict, InvalidInput, NotFound, PackError
from core.packs.files import algorithms
from core.packs.files.algorithms import ALGORITHMS, algorithm
from core.packs.files.key_folder import KeyFolder
from core.packs.files.keys import is_protected, key_file, new_key, read_key_file, read_public, spaced
from core.packs.files.signing import is_genuine, read_signature, sign

WHEN = datetime(2026, 3, 1, 4, 5, 6, 789, tzinfo=UTC)
WAYS = sorted(ALGORITHMS)


@pytest.fixture(scope="module", params=WAYS)
def key(request):
    return new_key("示例市人民政府办公室", request.param)


def test_a_signature_is_genuine_for_its_list_only(key):
    signature = sign(key, b"list", WHEN)

    assert is_genuine(signature, b"list")
    assert not is_genuine(signature, b"another list")
    assert read_signature(signature.encoded()) == signature
    assert (signature.signer, signature.signed_at) == ("示例市人民政府办公室", "2026-03-01T04:05:06Z")
    assert signature.moment == WHEN.replace(microsecond=0)


@pytest.mark.parametrize("change", ["signer", "time", "key", "value", "shorter", "empty", "zeros", "ones"])
def test_nothing_about_a_signature_can_be_changed(key, change):
    good = sign(key, b"list", WHEN)
    value = good.value
    bad = {
        "signer": replace(good, key=replace(good.key, holder="别人")),
        "time": replace(good, signed_at="2027-03-01T04:05:06Z"),
        "key": replace(good, key=new_key("示例市人民政府办公室", key.public.algorithm).public),
        "value": replace(good, value=bytes([value[0] ^ 1]) + value[1:]),
        "shorter": replace(good, value=value[:-1]),
        "empty": replace(good, value=b""),
        "zeros": replace(good, value=bytes(64)),
        "ones": replace(good, value=b"\xff" * 64),
    }[change]

    assert not is_genuine(bad, b"list")


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("public", [b"", bytes(32), bytes(64), b"\xff" * 64, b"x" * 63])
def test_a_key_that_is_none_verifies_nothing(name, public):
    assert not algorithm(name).verify(public, b"list", b"\1" * 64)


def test_ed25519_gives_the_signature_of_the_standard():
    """RFC 8032, test 2."""
    secret = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    way = algorithm("ed25519")

    assert way.public_of(secret).hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert way.sign(secret, b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_sm2_accepts_what_another_implementation_signed(tmp_path):
    """OpenSSL signs, we verify; we sign, OpenSSL verifies."""
    if not shutil.which("openssl"):
        if os.environ.get("YAOQING_REQUIRE_ALL"):
            pytest.fail("没有安装 openssl")
        pytest.skip("没有安装 openssl，跳过")
    way, identity = algorithm("sm2"), ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    (tmp_path / "m").write_bytes("要情".encode())

    def openssl(*arguments):
        return subprocess.run(["openssl", *arguments], cwd=tmp_path, capture_output=True, check=True).stdout

    openssl("genpkey", "-algorithm", "SM2", "-out", "k.pem")
    public = openssl("pkey", "-in", "k.pem", "-pubout", "-outform", "DER")
    openssl("pkeyutl", "-sign", "-inkey", "k.pem", "-in", "m", "-out", "s", *identity)

    assert way.verify(public[-64:], "要情".encode(), from_der((tmp_path / "s").read_bytes()))

    secret = way.new_secret()
    (tmp_path / "p.der").write_bytes(public[:-64] + way.public_of(secret))
    (tmp_path / "t").write_bytes(to_der(way.sign(secret, "要情".encode())))
    said = openssl(
        "pkeyutl",
        "-verify",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "p.der",
        "-in",
        "m",
        "-sigfile",
        "t",
        *identity,
    )
    assert b"Verified Successfully" in said


def from_der(der):
    numbers, at = [], 2
    for _ in range(2):
        size = der[at + 1]
        numbers.append(der[at + 2 : at + 2 + size][-32:].rjust(32, b"\0"))
        at += 2 + size
    return b"".join(numbers)


def to_der(raw):
    numbers = [half.lstrip(b"\0") for half in (raw[:32], raw[32:])]
    numbers = [b"\0" + n if n[0] & 0x80 else n for n in numbers]
    body = b"".join(bytes([2, len(n)]) + n for n in numbers)
    return bytes([0x30, len(body)]) + body


def test_a_public_key_beginning_with_04_is_not_cut():
    way = algorithm("sm2")
    secret = next(
        s for s in (n.to_bytes(32, "big") for n in range(1, 5000)) if way.public_of(s).hex().startswith("04")
    )

    assert way.verify(way.public_of(secret), b"list", way.sign(secret, b"list"))


def test_nonces_come_from_the_system(monkeypatch):
    monkeypatch.setattr(random, "choice", lambda _: "1")
    way = algorithm("sm2")
    secret = way.new_secret()

    assert way.sign(secret, b"list") != way.sign(secret, b"list")


def test_without_the_library_sm2_is_refused_in_clear_words(monkeypatch):
    def absent(name):
        raise ImportError(name)

    signature = sign(new_key("甲", "sm2"), b"list", WHEN)
    monkeypatch.setattr(algorithms.importlib, "import_module", absent)

    for call in (lambda: new_key("甲", "sm2"), lambda: is_genuine(signature, b"list")):
        with pytest.raises(PackError, match="本机没有 SM2 算法库.*gmssl"):
            call()
    assert is_genuine(sign(new_key("甲"), b"list", WHEN), b"list")


# ---- keys -----------------------------------------------------------------------------------------------------------


def test_a_public_key_travels_as_one_line(key):
    assert read_public(f"\n {key.public.line()} \r\n") == key.public
    assert re.fullmatch("([0-9a-f]{4} ){7}[0-9a-f]{4}", spaced(key.public.id))


@pytest.mark.parametrize(
    "line",
    ["", "hello", "ssh-ed25519 AAAA 甲", "yaoqing-pack-key ed25519 AAAA 甲", "yaoqing-pack-key ed25519 !!!! 甲",
     "yaoqing-pack-key ed25519 " + base64.b64encode(bytes(32)).decode(),
     "yaoqing-pack-key ed25519 " + base64.b64encode(bytes(64)).decode() + " 甲",
     "yaoqing-pack-key ed25519 " + base64.b64encode(bytes(32)).decode() + " 甲\u202e乙",
     "yaoqing-pack-key ed25519 " + base64.b64encode(bytes(32)).decode() + " " + "甲" * 200, "x" * 100_000],
)  # fmt: skip
def test_what_is_no_public_key_is_refused(line):
    with pytest.raises(InvalidInput):
        read_public(line)


def test_the_number_of_a_key_depends_on_key_and_algorithm_but_not_on_the_name(key):
    assert replace(key.public, holder="别人").id == key.public.id
    assert replace(key.public, algorithm="x").id != key.public.id
    assert replace(key.public, value=key.public.value[::-1]).id != key.public.id


@pytest.mark.parametrize("passphrase", ["", "口令 with blanks"])
def test_a_private_key_comes_back_from_its_file(key, passphrase):
    text = key_file(key, passphrase)

    assert is_protected(text) == bool(passphrase)
    assert read_key_file(text, passphrase) == key


def test_a_sealed_key_opens_with_its_passphrase_only(key):
    text = key_file(key, "正确的口令")
    data = json.loads(text)

    assert key.secret.hex() not in text and base64.b64encode(key.secret).decode() not in text
    for attempt in ("", "错误的口令"):
        with pytest.raises(InvalidInput, match="口令"):
            read_key_file(text, attempt)
    for name, value in (
        ("holder", "别人"),
        ("nonce", "00" * 12),
        ("sealed", data["sealed"][:-8] + "AAAAAAA="),
    ):
        with pytest.raises(InvalidInput):
            read_key_file(json.dumps({**data, name: value}), "正确的口令")


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "[" * 4000, '{"kind": "yaoqing-pack-private-key", "format": 1}', "x" * 10_000]
)
def test_what_is_no_key_file_is_refused(text):
    with pytest.raises(InvalidInput, match="不是私钥文件"):
        read_key_file(text)


def test_a_secret_is_not_shown_by_accident(key):
    assert key.secret.hex() not in repr(key) and str(key.secret) not in repr(key)


# ---- the folder -----------------------------------------------------------------------------------------------------


def test_key_files_are_the_owners_alone_and_never_overwritten(tmp_path):
    folder, key = KeyFolder(tmp_path / "keys"), new_key("甲")
    path = folder.add("moushi", key)

    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    with pytest.raises(Conflict, match="已有名为"):
        folder.add("moushi", new_key("乙"))
    assert read_key_file(folder.text("moushi")) == key == read_key_file(folder.text(str(path)))
    assert folder.names() == ["moushi"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "a b", "x" * 80, "a\n"])
def test_a_keys_name_is_no_path(tmp_path, name):
    with pytest.raises(InvalidInput, match="名称写法不对"):
        KeyFolder(tmp_path).add(name, new_key("甲"))


def test_a_missing_key_is_named_with_the_nearest(tmp_path):
    folder = KeyFolder(tmp_path)
    folder.add("moushi", new_key("甲"))

    with pytest.raises(NotFound, match="是否应为“moushi”"):
        folder.text("moushl")
