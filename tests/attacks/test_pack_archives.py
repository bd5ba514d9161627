"""Hostile pack files: each is refused in Chinese with its place, leaves nothing behind but one line in the trail,
and the version installed before stays in force.

The policy here accepts everything that is intact, so that each archive fails for its own reason.
"""

import base64
import hashlib
import io
import json
import re
import struct
import tarfile
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.audit import AuditRecord
from core.db import db
from core.errors import Findings, PackError, YaoqingError
from core.packs import keyring, services
from core.packs.files.algorithms import algorithm
from core.packs.files.archive import packed
from core.packs.files.keys import new_key
from core.packs.files.listing import encoded, listing_of
from core.packs.files.signing import sign
from core.packs.files.unpack import unpacked
from core.packs.parcels import Upload, opened
from core.packs.starter import starter
from core.testing import actor_of
from tests.attacks.raw_zip import Entry, deflated, raw_zip

LISTING, SIGNATURE = "manifest.json", "signature.json"
CHINESE = re.compile("[\u4e00-\u9fff]")
WHEN = datetime(2026, 3, 1, tzinfo=UTC)
KEY, OTHER = new_key("示例省政府办公厅"), new_key("别人")


@pytest.fixture
def plugin_package():
    """Packs are core's business; no plugin takes part."""
    return "no_plugins"


@pytest.fixture
def settings():
    return {"PACK_SIGNATURES": "允许未签名"}


@pytest.fixture
def system(make_user):
    return actor_of(make_user("system_admin", name="周系统"))


@pytest.fixture
def good(app):
    """The files of a pack that would be installed."""
    return starter("good", "示例办法", "示例市人民政府办公室", services.registry().sections)


@pytest.fixture
def attack(app, system, office, good):
    """Install version 0.1.0 honestly and let the office use it; then hand in a hostile file."""
    first, _ = services.install(system, Upload("good.yqpack", pack_file(good)))
    services.activate(None, office.id, first.id, date(2024, 1, 1))
    folder = services.registry().folder

    def hand_in(content, name="hostile.yqpack"):
        before = tree(app.config["YAOQING"]["DATA"]), rows(), trail()
        with pytest.raises(YaoqingError) as caught:
            services.install(system, Upload(name, content))
        after = tree(app.config["YAOQING"]["DATA"]), rows(), trail()

        assert after[:2] == before[:2], "something was left behind"
        assert [p for p in folder.iterdir() if p.name.startswith(".")] == []
        assert after[2] == before[2] + 1
        record = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
        assert (record.action, record.outcome, record.thing) == ("安装规则包", "未通过", name)
        assert hashlib.sha256(content).hexdigest() in record.detail
        assert services.in_force(office.id, date(2026, 1, 1)).id == first.id
        assert services.load(first).manifest.version == "0.1.0"
        told(caught.value)
        return str(caught.value)

    return hand_in


def told(error):
    """What, where, in Chinese, on clean lines."""
    found = error.errors if isinstance(error, Findings) else [error]
    assert found
    for one in found:
        assert CHINESE.search(one.message) and one.where and one.advice, vars(one)
        assert "\n" not in str(one), repr(str(one))
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u0000-\u0008]", str(one))


def tree(folder):
    """Everything in the data folder but the database."""
    return {
        p.relative_to(folder)
        for p in folder.rglob("*")
        if "yaoqing.db" not in p.name and "cache" not in p.parts
    }


def rows():
    return [(v.ref, v.digest, v.signature and v.signature.key_id) for v in services.versions()]


def trail():
    return db.session.scalar(select(func.count(AuditRecord.id)))


# ---- making pack files ----------------------------------------------------------------------------------------------


def newer(files, version="0.2.0"):
    """The same pack, one version on."""
    manifest = re.sub(rb"^version: .*$", f"version: {version}".encode(), files["pack.yaml"], flags=re.M)
    return {**files, "pack.yaml": manifest}


def listing_for(files, pack="good", version=None):
    version = version or re.search(rb"^version: (\S+)", files["pack.yaml"], re.M)[1].decode()
    return listing_of(pack, version, files).encoded()


def pack_file(files, key=None):
    """What an export writes."""
    listing = listing_for(files)
    return packed(files, listing, sign(key, listing, WHEN).encoded() if key else None)


def entries_of(files, listing=None, signature=None):
    """The members of an honest file, to be spoilt."""
    first = [Entry(LISTING, listing_for(files) if listing is None else listing)]
    second = [Entry(SIGNATURE, signature)] if signature is not None else []
    return [*first, *second, *(Entry(name, files[name]) for name in sorted(files))]


def with_file(files, name, content=b"[]\n", **fields):
    """An honest file with one more member, which the list of contents names as well."""
    shown = name.decode("latin-1") if isinstance(name, bytes) else name
    try:
        listing = listing_for({**files, shown: content})
    except UnicodeEncodeError:
        listing = listing_for(files)
    members = [*entries_of(files, listing)[1:], Entry(name, content, **fields)]
    members.sort(key=lambda entry: entry.path)
    return raw_zip([Entry(LISTING, listing), *members])


def spoilt(files, number=2, **fields):
    """An honest file, one member of which has other fields."""
    members = entries_of(files)
    members[number] = replace(members[number], **fields)
    return raw_zip(members)


def test_the_writer_of_these_tests_can_be_honest(good):
    assert raw_zip(entries_of(good)) == pack_file(good)
    assert unpacked(pack_file(good)).files == good


# ---- names ----------------------------------------------------------------------------------------------------------

NAMES = {
    "climbing out": ("../evil.yaml", "指向其他位置"),
    "climbing out from within": ("tests/../../evil.yaml", "指向其他位置"),
    "climbing in place": ("tests/../evil.yaml", "指向其他位置"),
    "here": ("./evil.yaml", "指向其他位置"),
    "absolute": ("/etc/cron.d/evil", "绝对路径"),
    "absolute twice": ("//server/share.yaml", "绝对路径"),
    "drive letter": ("C:/evil.yaml", "盘符"),
    "drive letter, relative": ("C:evil.yaml", "盘符"),
    "stream": ("units.yaml:evil", "冒号"),
    "backslashes": ("..\\evil.yaml", "反斜杠"),
    "backslash inside": ("tests\\evil.yaml", "反斜杠"),
    "unc": ("\\\\server\\evil.yaml", "反斜杠"),
    "nul": ("units.yaml\0.html", "空字符"),
    "line break": ("evil\n.yaml", "控制字符"),
    "escape sequence": ("\x1b[2Jevil.yaml", "控制字符"),
    "right to left": ("\u202elmth.yaml", "看不见"),
    "zero width": ("un\u200bits.yaml", "看不见"),
    "byte order mark": ("\ufeffevil.yaml", "看不见"),
    "empty": ("", "空的"),
    "empty part": ("tests//evil.yaml", "空的"),
    "folder": ("tests/", "文件夹"),
    "hidden": (".bashrc", "隐藏"),
    "hidden folder": (".git/config", "隐藏"),
    "left by a Mac": ("__MACOSX/units.yaml", "操作系统"),
    "left by a Mac, file": (".DS_Store", "隐藏"),
    "left by Windows": ("Thumbs.db", "操作系统"),
    "backup of an editor": ("~units.yaml", "隐藏"),
    "device": ("con.yaml", "设备"),
    "device with number": ("tests/COM1.yaml", "设备"),
    "dot at the end": ("units.yaml.", "句点"),
    "space at the end": ("units.yaml ", "空格"),
    "decomposed": ("tests/e\u0301.yaml", "编码写法"),
    "over-long": ("tests/" + "长" * 100 + ".yaml", "太长"),
    "longer than any file system": ("tests/" + "x" * 60_000 + ".yaml", "太长"),
    "very deep": ("documents/" + "a/" * 60 + "x.html", "不应有"),
    "program": ("documents/ranking/run.py", "不应有"),
    "shell": ("install.sh", "不应有"),
    "archive in the archive": ("more.zip", "不应有"),
    "pack in the pack": ("inner.yqpack", "不应有"),
    "script for a browser": ("documents/ranking/x.js", "不应有"),
    "two extensions": ("units.yaml.exe", "不应有"),
    "capital letters": ("UNITS.YAML", "不应有"),
    "full-width twin": ("ｕnits.yaml", "不应有"),
    "lookalike": ("un\u0456ts.yaml", "不应有"),
    "second manifest": ("MANIFEST.json", "不应有"),
    "signature elsewhere": ("signature.json/x.yaml", "不应有"),
    "not UTF-8": ("测试.yaml".encode("gb18030"), "UTF-8"),
    "overlong UTF-8": (b"tests/\xc0\xae\xc0\xae/x.yaml", "UTF-8"),
    "surrogate": (b"tests/\xed\xa0\x80.yaml", "UTF-8"),
}


@pytest.mark.parametrize(("name", "why"), NAMES.values(), ids=NAMES)
def test_a_name_that_is_not_plain_is_refused(attack, good, name, why):
    assert why in attack(with_file(newer(good), name))


# ---- the container --------------------------------------------------------------------------------------------------


def bomb(files):
    return deflated(Entry("tests/bomb.yaml", b"#" * 100_000_000))


def overlapping(files):
    members = entries_of(files)
    return raw_zip([*members[:-1], replace(members[-1], offset=0)])


def quoted(files):
    """The overlap trick of the best bombs: each local header lies inside the former entry's content."""
    members = entries_of(files)
    return raw_zip([*members[:-2], replace(members[-2], size=10_000, packed_size=10_000), members[-1]])


def many(count):
    return lambda files: raw_zip(
        [*entries_of(files), *(Entry(f"tests/t{n:06d}.yaml", b"[]\n") for n in range(count))]
    )


def zip64_end(files):
    honest = pack_file(files)
    return honest[:-12] + b"\xff" * 8 + honest[-4:]


def bytes_changed(at, value):
    return lambda files: pack_file(files)[:at] + value + pack_file(files)[at + len(value) :]


def by_the_library(**options):
    """What Python's own zipfile writes of the same files: a tool's archive, not an export."""

    def make(files):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", **options) as archive:
            for entry in entries_of(files):
                archive.writestr(entry.name, entry.content)
        return target.getvalue()

    return make


def tar(files):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("pack.yaml"), io.BytesIO())
    return target.getvalue()


ZIP64_EXTRA = struct.pack("<2HQQ", 1, 16, 5, 5)
UNICODE_PATH = struct.pack("<2HBI", 0x7075, 14, 1, 0) + b"evil.yaml"

CONTAINERS = {
    "nothing": (lambda f: b"", "不是规则包文件"),
    "not a zip": (lambda f: b"%PDF-1.7\n" * 100, "不是规则包文件"),
    "tar": (tar, "不是规则包文件"),
    "cut off": (lambda f: pack_file(f)[:-30], "不是规则包文件"),
    "cut off in the middle": (lambda f: pack_file(f)[: len(pack_file(f)) // 2], "不是规则包文件"),
    "larger than a pack may be": (lambda f: b"\0" * 10_000_000, "太大"),
    "data before": (lambda f: raw_zip(entries_of(f), before=b"#!/bin/sh\n"), "多余"),
    "data before, offsets kept": (lambda f: b"MZ\x90\0" + pack_file(f), "前后有多余"),
    "data after": (lambda f: pack_file(f) + b"<script>", "末尾"),
    "comment": (lambda f: raw_zip(entries_of(f), comment=b"hello"), "末尾"),
    "comment with an end record": (
        lambda f: raw_zip(entries_of(f), comment=b"PK\5\6" + b"\0" * 18),
        "文件个数|注释|前后",
    ),
    "two archives in a row": (lambda f: pack_file(f) + pack_file(f), "前后"),
    "gap before the directory": (lambda f: raw_zip(entries_of(f), gap=b"secret"), "空隙"),
    "gap between entries": (lambda f: spoilt(f, before=b"secret"), "空隙"),
    "overlapping entries": (overlapping, "重叠"),
    "quoted overlap": (quoted, "不符|范围|重叠|循环校验码"),
    "entry outside the file": (lambda f: spoilt(f, offset=10_000_000), "空隙"),
    "longer than the file": (lambda f: spoilt(f, size=900_000, packed_size=900_000), "超出"),
    "no entries": (lambda f: raw_zip([]), "文件个数"),
    "more entries than files": (lambda f: raw_zip(entries_of(f), here=200, count=200), "目录"),
    "fewer entries than files": (lambda f: raw_zip(entries_of(f), here=2, count=2), "目录"),
    "directory elsewhere": (lambda f: raw_zip(entries_of(f), start=4), "前后"),
    "several disks": (lambda f: raw_zip(entries_of(f), disk=1), "分卷"),
    "counts that differ": (lambda f: raw_zip(entries_of(f), here=1), "分卷"),
    "zip64 counts": (lambda f: raw_zip(entries_of(f), here=0xFFFF, count=0xFFFF), "ZIP64"),
    "zip64 sizes of the directory": (zip64_end, "ZIP64"),
    "zip64 size of an entry": (lambda f: spoilt(f, size=0xFFFFFFFF, packed_size=0xFFFFFFFF), "ZIP64"),
    "zip64 offset": (lambda f: spoilt(f, offset=0xFFFFFFFF), "ZIP64"),
    "zip64 extra": (lambda f: spoilt(f, extra=ZIP64_EXTRA), "附加信息"),
    "another name in an extra": (lambda f: spoilt(f, extra=UNICODE_PATH), "附加信息"),
    "extra in the local header only": (lambda f: spoilt(f, local={"extra": b"abcd"}), "文件头|空隙|不符"),
    "comment of an entry": (lambda f: spoilt(f, comment=b"hi"), "附加信息"),
    "compressed": (by_the_library(compression=zipfile.ZIP_DEFLATED), "压缩"),
    "bzip2": (lambda f: spoilt(f, method=12), "压缩方式 12"),
    "lzma": (lambda f: spoilt(f, method=14), "压缩方式 14"),
    "zstd": (lambda f: spoilt(f, method=93), "压缩方式 93"),
    "unknown compression": (lambda f: spoilt(f, method=0x7777), "压缩方式"),
    "ratio of a thousand": (lambda f: raw_zip([*entries_of(f), bomb(f)]), "压缩"),
    "stored, but says it grows": (lambda f: spoilt(f, size=4_000_000_000), "大小前后不一"),
    "501 files": (many(501), "文件太多|太大|文件个数"),
    "60,000 files": (many(60_000), "文件个数"),
    "a file of two megabytes": (lambda f: with_file(f, "tests/big.yaml", b"#" * 2_000_000), "超过 1024 KB"),
    "encrypted": (lambda f: spoilt(f, flags=0x0801), "加密"),
    "strongly encrypted": (lambda f: spoilt(f, flags=0x0841), "加密"),
    "encrypted directory": (lambda f: spoilt(f, flags=0x2800), "加密"),
    "length told afterwards": (lambda f: spoilt(f, flags=0x0808, after=b"PK\7\x08" + b"\0" * 12), "之后"),
    "patched data": (lambda f: spoilt(f, flags=0x0820), "标志"),
    "name not marked as UTF-8": (lambda f: spoilt(f, flags=0), "标志"),
    "symbolic link": (lambda f: with_file(f, "tests/link.yaml", b"/etc/passwd", mode=0o120777 << 16), "链接"),
    "link in place of a file": (lambda f: spoilt(f, mode=0o120777 << 16), "链接"),
    "folder by its mode": (lambda f: spoilt(f, mode=0o040755 << 16), "文件夹"),
    "character device": (lambda f: spoilt(f, mode=0o020666 << 16), "特殊文件"),
    "block device": (lambda f: spoilt(f, mode=0o060666 << 16), "特殊文件"),
    "pipe": (lambda f: spoilt(f, mode=0o010666 << 16), "特殊文件"),
    "socket": (lambda f: spoilt(f, mode=0o140666 << 16), "特殊文件"),
    "set-uid": (lambda f: spoilt(f, mode=0o104755 << 16), "权限"),
    "no mode": (lambda f: spoilt(f, mode=0), "权限"),
    "DOS attributes": (lambda f: spoilt(f, mode=0o100644 << 16 | 0x10), "权限"),
    "made elsewhere": (lambda f: spoilt(f, made_by=0x0014), "权限"),
    "needs a later reader": (lambda f: spoilt(f, needed=63), "权限"),
    "time of day": (lambda f: spoilt(f, time=1), "时间"),
    "wrong checksum": (lambda f: spoilt(f, crc=0xDEADBEEF), "循环校验码"),
    "other name in the local header": (lambda f: spoilt(f, local={"path": b"evil.html"}), "文件头|空隙"),
    "other method in the local header": (lambda f: spoilt(f, local={"method": 8}), "文件头"),
    "other size in the local header": (lambda f: spoilt(f, local={"size": 1}), "文件头"),
    "encrypted in the local header only": (lambda f: spoilt(f, local={"flags": 0x0801}), "文件头"),
    "the same name twice": (
        lambda f: raw_zip([*entries_of(f), Entry("units.yaml", b"groups: []\n")]),
        "重复",
    ),
    "the list twice": (lambda f: raw_zip([*entries_of(f), Entry(LISTING, b"{}")]), "重复"),
    "twins by case": (lambda f: twins(f, "tests/a.yaml", "tests/A.yaml"), "大小写"),
    "twins by width": (lambda f: twins(f, "tests/a.yaml", "tests/ａ.yaml"), "全半角"),
    "twins by ligature": (lambda f: twins(f, "tests/fi.yaml", "tests/ﬁ.yaml"), "全半角"),
    "no list": (lambda f: raw_zip(entries_of(f)[1:]), "缺少清单"),
    "the list last": (lambda f: raw_zip([*entries_of(f)[1:], entries_of(f)[0]]), "缺少清单"),
    "another order": (lambda f: raw_zip([entries_of(f)[0], *reversed(entries_of(f)[1:])]), "次序"),
    "signature last": (lambda f: raw_zip([*entries_of(f), Entry(SIGNATURE, b"{}")]), "紧接"),
    "archive inside": (lambda f: with_file(f, "tests/inner.yaml", pack_file(f)), "再有压缩包"),
    "gzip inside": (lambda f: with_file(f, "tests/inner.yaml", b"\x1f\x8b\x08\0"), "再有压缩包"),
    "program inside": (lambda f: with_file(f, "LICENSE", b"\x7fELF\x02\x01\x01\0"), "不是文字"),
    "by another program": (by_the_library(), "标志|权限|时间"),
}


def twins(files, one, other):
    both = {**files, one: b"[]\n", other: b"[]\n"}
    return raw_zip(entries_of(both))


@pytest.mark.parametrize(("make", "why"), CONTAINERS.values(), ids=CONTAINERS)
def test_a_container_that_is_not_as_an_export_writes_it_is_refused(attack, good, make, why):
    assert re.search(why, attack(make(newer(good))))


# ---- the list of contents -------------------------------------------------------------------------------------------


def relisted(change):
    """An honest file whose list was changed and written again in good form."""

    def make(files):
        data = json.loads(listing_for(files))
        change(data)
        return raw_zip(entries_of(files, encoded(data)))

    return make


def without(files, name):
    return raw_zip([entry for entry in entries_of(files) if entry.name != name])


def changed(files, name="units.yaml"):
    return raw_zip(
        [replace(e, content=e.content + b"\n") if e.name == name else e for e in entries_of(files)]
    )


LISTINGS = {
    "not JSON": (lambda f: raw_zip(entries_of(f, b"hello")), "无法识别"),
    "empty": (lambda f: raw_zip(entries_of(f, b"")), "无法识别"),
    "a list": (lambda f: raw_zip(entries_of(f, b"[]")), "无法识别"),
    "very deep": (lambda f: raw_zip(entries_of(f, b"[" * 100_000)), "无法识别"),
    "very large number": (
        lambda f: raw_zip(entries_of(f, b'{"format":' + b"9" * 100_000 + b"}")),
        "无法识别",
    ),
    "written another way": (
        lambda f: raw_zip(entries_of(f, listing_for(f).replace(b"\n ", b"\n  "))),
        "无法识别",
    ),
    "a key twice": (
        lambda f: raw_zip(entries_of(f, listing_for(f).replace(b"{", b'{\n "pack": "x",', 1))),
        "无法识别",
    ),
    "byte order mark": (lambda f: raw_zip(entries_of(f, b"\xef\xbb\xbf" + listing_for(f))), "无法识别"),
    "a key more": (relisted(lambda d: d.update(run="x")), "无法识别"),
    "a later format": (relisted(lambda d: d.update(format=2)), "无法识别"),
    "a format of another kind": (relisted(lambda d: d.update(format="1")), "无法识别"),
    "not a number": (
        lambda f: raw_zip(entries_of(f, listing_for(f).replace(b'"size": ', b'"size": NaN, "x": ', 1))),
        "无法识别",
    ),
    "names of another kind": (relisted(lambda d: d["files"][0].update(name=5)), "无法识别"),
    "surrogates": (
        lambda f: raw_zip(entries_of(f, listing_for(f).replace(b'"good"', b'"\\ud800"'))),
        "无法识别",
    ),
    "an id that is a path": (relisted(lambda d: d.update(pack="../good")), "无法识别"),
    "a version that is a path": (relisted(lambda d: d.update(version="../1.0.0")), "无法识别"),
    "another id": (relisted(lambda d: d.update(pack="better")), "清单与内容不符"),
    "another version": (relisted(lambda d: d.update(version="9.0.0")), "清单与内容不符"),
    "a file not listed": (
        lambda f: raw_zip(entries_of({**f, "LICENSE": b"x\n"}, listing_for(f))),
        "清单中没有",
    ),
    "a file missing": (lambda f: without(f, "README.md"), "被删去"),
    "a file changed": (changed, "内容被改动"),
    "another digest of the whole": (relisted(lambda d: d.update(digest="0" * 64)), "总校验值"),
    "another digest of a file": (relisted(lambda d: d["files"][0].update(sha256="0" * 64)), "内容被改动"),
    "another size": (relisted(lambda d: d["files"][0].update(size=1)), "内容被改动"),
    "files in another order": (relisted(lambda d: d["files"].reverse()), "总校验值|无法识别"),
}


@pytest.mark.parametrize(("make", "why"), LISTINGS.values(), ids=LISTINGS)
def test_a_list_that_does_not_agree_is_refused(attack, good, make, why):
    assert re.search(why, attack(make(newer(good))))


# ---- signatures -----------------------------------------------------------------------------------------------------


def resigned(change=lambda data: None, key=KEY):
    """A signed file whose signature block was changed and written again in good form."""

    def make(files):
        data = json.loads(sign(key, listing_for(files), WHEN).encoded())
        change(data)
        return raw_zip(entries_of(files, signature=encoded(data)))

    return make


def signed_then_changed(files):
    """Content and list changed together; the old signature kept."""
    signature = sign(KEY, listing_for(files), WHEN).encoded()
    return raw_zip(entries_of({**files, "README.md": b"changed\n"}, signature=signature))


def other_keys_value(data):
    """Key confusion: the trusted key is named, another one has signed."""
    other = json.loads(sign(OTHER, b"x", WHEN).encoded())
    data.update(signature=other["signature"])


SIGNATURES = {
    "empty": (lambda f: raw_zip(entries_of(f, signature=b"")), "无法识别"),
    "empty object": (lambda f: raw_zip(entries_of(f, signature=b"{}")), "无法识别"),
    "no value": (resigned(lambda d: d.pop("signature")), "无法识别"),
    "empty value": (resigned(lambda d: d.update(signature="")), "被改动"),
    "no key": (resigned(lambda d: d.pop("public_key")), "无法识别"),
    "key number missing": (resigned(lambda d: d.pop("key")), "无法识别"),
    "key number of somebody else": (resigned(lambda d: d.update(key=OTHER.public.id)), "无法识别"),
    "key of somebody else": (resigned(lambda d: d.update(public_key=json.loads(sign(OTHER, b"", WHEN).encoded())["public_key"])), "无法识别"),
    "signed by another key": (resigned(other_keys_value), "被改动"),
    "another signer's name": (resigned(lambda d: d.update(signer="国务院办公厅")), "被改动"),
    "another time": (resigned(lambda d: d.update(signed_at="2030-01-01T00:00:00Z")), "被改动"),
    "no such time": (resigned(lambda d: d.update(signed_at="2030-02-31T00:00:00Z")), "无法识别"),
    "time of another kind": (resigned(lambda d: d.update(signed_at=5)), "无法识别"),
    "no algorithm": (resigned(lambda d: d.update(algorithm="none")), "不认识签名算法"),
    "weaker algorithm": (resigned(lambda d: d.update(algorithm="md5")), "不认识签名算法"),
    "algorithm of another kind": (resigned(lambda d: d.update(algorithm=["ed25519"])), "不认识签名算法"),
    "the other algorithm": (resigned(lambda d: d.update(algorithm="sm2")), "无法识别"),
    "a key of zeros": (resigned(lambda d: d.update(public_key="A" * 43 + "=")), "无法识别"),
    "loose Base64": (resigned(lambda d: d.update(signature=d["signature"].rstrip("="))), "无法识别"),
    "signer on two lines": (resigned(lambda d: d.update(signer="某市\n可信")), "无法识别"),
    "signer written backwards": (resigned(lambda d: d.update(signer="某市\u202e")), "无法识别"),
    "signature of the list only": (resigned(lambda d: d.update(signature=bare_signature())), "被改动"),
    "signature of another version": (lambda f: raw_zip(entries_of(f, signature=sign(KEY, listing_for(newer(f, "0.3.0")), WHEN).encoded())), "被改动"),
    "content and list changed after signing": (signed_then_changed, "被改动"),
    "very large": (lambda f: raw_zip(entries_of(f, signature=b'{"format": 1}' + b" " * 100_000)), "无法识别"),
}  # fmt: skip


def bare_signature():
    return base64.b64encode(algorithm("ed25519").sign(KEY.secret, b"anything")).decode()


@pytest.mark.parametrize(("make", "why"), SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_that_is_not_genuine_is_refused(attack, good, make, why):
    keyring.trust(None, KEY.public.line())

    assert re.search(why, attack(make(newer(good))))


# ---- what is inside -------------------------------------------------------------------------------------------------

UNITS = "groups: [县区]\n"
INSIDES = {
    "aliases that multiply": ("".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else '1'}]\n" for n in range(20)), "引用|超过 100000 项"),
    "many aliases": ("groups: &g [县区]\n" + "".join(f"k{n}: *g\n" for n in range(60)), "引用"),
    "alias of itself": ("groups: &g [*g]\n", "没有定义"),
    "tag": ("groups: !!python/object/apply:os.system [id]\n", "标签"),
    "own tag": ("groups: !x 县区\n", "标签"),
    "very deep": ("groups: " + "[" * 5000 + "]" * 5000 + "\n", "嵌套"),
    "deep by lines": ("".join(" " * n + f"k{n}:\n" for n in range(500)), "嵌套"),
    "a key twice": (UNITS + UNITS, "重复"),
    "merge": ("groups: [县区]\n<<: {a: 1}\n", "合并"),
    "complex key": ("? [a, b]\n: c\n", "键必须"),
    "two documents": (UNITS + "---\n" + UNITS, "多份"),
    "directive": ("%YAML 1.1\n---\n" + UNITS, "开头的"),
    "UTF-16": (UNITS.encode("utf-16"), "UTF-16"),
    "two byte order marks": ("\ufeff\ufeff" + UNITS, "看不见"),
    "text written backwards": ("groups: [\u202e县区]\n", "看不见"),
    "escaped control character": ('groups: ["县\\u0007区"]\n', "看不见"),
    "not a number": ("groups: [.nan]\n", "歧义"),
    "infinity by exponent": ("groups: [1e400]\n", "歧义"),
    "a number of a hundred thousand digits": ("groups: [" + "9" * 100_000 + "]\n", "位数"),
    "huge scalar": ("groups: ['" + "x" * 1_000_000 + "']\n", "标识|太多|太大"),
    "a list of 150,000": ("groups: [" + "1," * 150_000 + "1]\n", "超过|太多"),
    "300,000 lines": ("groups:\n" + "- a\n" * 300_000, "太多|太大"),
    "tabs": ("groups:\n\t- 县区\n", "YAML"),
    "not closed": ("groups: ['县区\n", "引号"),
    "only comments": ("# nothing\n" * 1000, "空的"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "why"), INSIDES.values(), ids=INSIDES)
def test_yaml_that_is_a_trap_is_refused(attack, good, text, why):
    content = text if isinstance(text, bytes) else text.encode()

    assert re.search(why, attack(pack_file({**newer(good), "units.yaml": content})))


OTHERS = {
    "a pack for a later system": ("pack.yaml", b'core: ">=99"\n', "版本不合"),
    "a plugin that is not here": ("pack.yaml", b"plugins: [launcher]\n", "缺少插件"),
    "a section nobody reads": ("backdoor.yaml", b"a: 1\n", "没有功能读取"),
    "rules that do not load": ("scoring.yaml", b"surprise: 1\n", "不认识的键"),
    "a template without its data": ("documents/x/template.html", b"hi\n", "版式缺少"),
}


@pytest.mark.parametrize(("name", "content", "why"), OTHERS.values(), ids=OTHERS)
def test_rules_that_do_not_hold_are_refused(attack, good, name, content, why):
    files = newer(good)
    files[name] = files.get(name, b"") + content

    assert re.search(why, attack(pack_file(files)))


ESCAPES = {
    "class of a text": "{{ ''.__class__ }}",
    "attr and format (CVE-2025-27516)": "{{ '{0.__class__}'|attr('format')(x) }}",
    "file of the system": "{% include '/etc/passwd' %}",
    "file of another format": "{% include '../ranking/template.html' %}",
    "endless": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "not closed": "{% if x %}",
    "a value nobody gives": "{{ nothing.here }}",
}


@pytest.mark.parametrize("template", ESCAPES.values(), ids=ESCAPES)
def test_a_template_that_reaches_out_or_fails_with_its_sample_is_refused(attack, good, template):
    document = {"document.yaml": "title: 试\n", "sample.yaml": "x: 1\n", "template.html": template}
    files = {**newer(good), **{f"documents/trap/{name}": text.encode() for name, text in document.items()}}

    assert "documents/trap" in attack(pack_file(files))


# ---- size and time --------------------------------------------------------------------------------------------------

RULE = "  - {{id: r{0}, title: 第{0}项, when: {{fact: manual}}, points: {{2024-01-01: {{from: points, min: -1, max: 1}}}}, basis: 第{0}条}}\n"


def test_ten_thousand_rules_are_loaded_or_refused_in_bounded_time(attack, good):
    scoring = "awards:\n" + "".join(RULE.format(n) for n in range(10_000))
    started = time.monotonic()

    assert attack(pack_file({**newer(good), "scoring.yaml": scoring.encode()}))
    assert time.monotonic() - started < 30


def test_as_much_as_a_pack_may_hold_is_refused_in_bounded_time(attack, good):
    heavy = {f"tests/t{n}.yaml": b"x: [" + b"1," * 90_000 + b"1]\n" for n in range(40)}
    started = time.monotonic()

    assert "太多" in attack(pack_file({**newer(good), **heavy}))
    assert time.monotonic() - started < 10


# ---- anything at all ------------------------------------------------------------------------------------------------


@profile(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_byte_changed_anywhere_is_noticed(sample, data):
    at = data.draw(st.integers(0, len(sample) - 1))
    value = data.draw(st.integers(1, 255))
    other = bytearray(sample)
    other[at] ^= value

    with pytest.raises((PackError, Findings)):
        opened(Upload("x", bytes(other)))


@profile(max_examples=300)
@given(st.binary(max_size=400))
def test_noise_is_refused_and_nothing_else_happens(noise):
    for raw in (noise, noise + b"PK\5\6" + b"\0" * 18, b"PK\3\4" + noise):
        with pytest.raises(PackError):
            unpacked(raw)


@pytest.fixture(scope="module")
def sample():
    """A small honest file without a signature, whose every byte counts."""
    files = {
        "pack.yaml": b"id: good\nversion: 0.1.0\n",
        "tests/a.yaml": b"[]\n",
        "units.yaml": b"groups: [a]\n",
    }
    return pack_file(files)


def test_there_are_at_least_sixty_attacks():
    groups = (NAMES, CONTAINERS, LISTINGS, SIGNATURES, INSIDES, OTHERS, ESCAPES)

    assert sum(map(len, groups)) >= 60
