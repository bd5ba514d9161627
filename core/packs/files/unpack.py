"""Take a pack file apart in memory, believing nothing it says about itself.

The archive is read once, as bytes; nothing is written anywhere, so there is nothing to escape into or to leave
behind. Every header is compared with the one way `core.packs.files.archive` writes it. Entries must follow each other
without gap or overlap from the first byte to the last, and nothing is compressed, so the contents can never be
larger than the file itself. At the end the archive is written anew from what was read: it must come out equal.
"""

import stat
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import PackError
from core.packs.content.folder import MAX_FILE, refused_set
from core.packs.files.archive import (
    CENTRAL,
    CENTRAL_MARK,
    END,
    END_MARK,
    FIRST_DAY,
    LISTING,
    LOCAL,
    LOCAL_MARK,
    MADE_BY,
    MAX_ARCHIVE,
    MAX_ENTRIES,
    MIDNIGHT,
    MODE,
    NEEDED,
    SIGNATURE,
    STORED,
    UTF8,
    in_order,
    packed,
)
from core.packs.files.entry_names import entry_name, refusal, shown

ENCRYPTED, DESCRIBED_LATER = 0x0001 | 0x0040 | 0x2000, 0x0008
NO_32, NO_16 = 0xFFFFFFFF, 0xFFFF
# Zip, gzip, 7z, rar, bzip2, xz, zstd.
ARCHIVES = (b"PK\3\4", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
# More lines, commas and colons than any rules need; what they stand for takes seconds to read.
MAX_MARKS = 100_000


@dataclass(frozen=True)
class Unpacked:
    """What a pack file holds: the pack's files, the list of contents, the signature, if there is one."""

    files: Mapping[str, bytes]
    listing: bytes
    signature: bytes | None = None


def unpacked(raw: bytes) -> Unpacked:
    """The contents of a pack file. Raises PackError at the first thing that is not as it must be."""
    contents: dict[str, bytes] = {}
    at = 0
    directory, count = end_record(raw)
    place, last = directory, len(raw) - END.size
    for _ in range(count):
        header, place = central(raw, place, last)
        contents[header.name], at = content(raw, header, at, directory, contents)
    if place != last:
        raise whole_file("目录与文件数不符", "目录中有多余的内容")
    if at != directory:
        raise whole_file("内容之间有多余的数据", "最后一个文件与目录之间有空隙")
    return checked(raw, contents)


def end_record(raw: bytes) -> tuple[int, int]:
    """Where the directory begins, and how many entries it has."""
    if len(raw) > MAX_ARCHIVE:
        raise whole_file("规则包文件太大", f"超过 {MAX_ARCHIVE >> 20} MB")
    if len(raw) < END.size or raw[-END.size :][:4] != END_MARK:
        if END_MARK in raw:
            raise whole_file("文件末尾有多余内容或注释", "压缩包的结尾标记之后还有数据")
        raise whole_file("不是规则包文件，或文件不完整", "没有找到压缩包的结尾标记")
    _, disk, start_disk, here, count, size, start, _ = END.unpack(raw[-END.size :])
    if NO_16 in (disk, start_disk, here, count) or NO_32 in (size, start):
        raise whole_file("不支持 ZIP64 格式", "规则包不需要这么大的压缩格式")
    if disk or start_disk or here != count:
        raise whole_file("不支持分卷压缩")
    if not 0 < count <= MAX_ENTRIES:
        raise whole_file("文件个数不对", f"共 {count} 个，应为 1 至 {MAX_ENTRIES} 个")
    if start + size != len(raw) - END.size:
        raise whole_file("文件前后有多余内容", "目录的位置与记载的不符")
    return start, count


@dataclass(frozen=True)
class Header:
    """What the directory says of one entry, after it was found to say nothing unusual."""

    name: str
    path: bytes
    size: int
    crc: int
    offset: int


def central(raw: bytes, place: int, last: int) -> tuple[Header, int]:
    """One entry of the directory, and where the next begins."""
    if place + CENTRAL.size > last:
        raise whole_file("目录不完整", "目录比记载的短")
    (mark, made_by, needed, flags, method, time, day, crc, packed_size, size, name_size, extra, comment, disk,
     inside, mode, offset) = CENTRAL.unpack_from(raw, place)  # fmt: skip
    end = place + CENTRAL.size + name_size
    if mark != CENTRAL_MARK or end > last:
        raise whole_file("目录不完整", "目录中的标记不对")
    path = raw[place + CENTRAL.size : end]
    where = shown(path[:400].decode("utf-8", "replace"))
    refuse_kind(mode >> 16, where)
    name = entry_name(path)
    refuse_flags(flags, method, where)
    if NO_32 in (packed_size, size, offset):
        raise refusal("不支持 ZIP64 格式", where)
    if extra or comment:
        raise refusal("带有附加信息", where, "附加信息可以改变文件的名称、类型或大小")
    if packed_size != size:
        raise refusal("大小前后不一", where, f"压缩后 {packed_size} 字节，压缩前 {size} 字节")
    if (made_by, needed, flags, time, day, disk, inside, mode) != (
        MADE_BY, NEEDED, UTF8, MIDNIGHT, FIRST_DAY, 0, 0, MODE,
    ):  # fmt: skip
        raise refusal("时间、权限或标志与规定的不符", where, "本系统导出的文件都是固定值")
    return Header(name, path, size, crc, offset), end


def refuse_kind(mode: int, where: str) -> None:
    """Links, devices and folders have no place in a pack."""
    kind = stat.S_IFMT(mode)
    if kind == stat.S_IFLNK:
        raise refusal("规则包里不能有链接", where)
    if kind == stat.S_IFDIR:
        raise refusal("规则包里只能有文件", where, "这是一个文件夹")
    if kind not in (0, stat.S_IFREG):
        raise refusal("规则包里不能有设备、管道等特殊文件", where)


def refuse_flags(flags: int, method: int, where: str) -> None:
    """Encryption, compression and lengths told afterwards."""
    if flags & ENCRYPTED:
        raise refusal("文件已加密", where, "加密的内容无法核对")
    if flags & DESCRIBED_LATER:
        raise refusal("大小写在内容之后", where, "这样的文件无法安全读取")
    if method != STORED:
        raise refusal("不支持压缩存放", where, f"压缩方式 {method}；规则包文件一律不压缩")


def content(
    raw: bytes, header: Header, at: int, directory: int, seen: Mapping[str, bytes]
) -> tuple[bytes, int]:
    """The bytes of an entry that begins where the last one ended, and where it ends."""
    where = shown(header.name)
    start = header.offset + LOCAL.size + len(header.path)
    end = start + header.size
    if header.name in seen:
        raise refusal("文件名重复", where, "同名文件会互相覆盖")
    if header.size > MAX_FILE:
        raise refusal("文件太大", where, f"超过 {MAX_FILE // 1024} KB")
    if header.offset < at:
        raise refusal("文件互相重叠", where)
    if header.offset > at:
        raise refusal("内容之间有多余的数据", where, "这个文件之前有空隙")
    if end > directory:
        raise refusal("文件不完整", where, "内容超出了压缩包的范围")
    expected = LOCAL.pack(
        LOCAL_MARK, NEEDED, UTF8, STORED, MIDNIGHT, FIRST_DAY, header.crc, header.size, header.size,
        len(header.path), 0,
    )  # fmt: skip
    if raw[header.offset : start] != expected + header.path:
        raise refusal("文件头与目录所记不符", where, "名称、大小或标志前后不一")
    inside = raw[start:end]
    if zlib.crc32(inside) != header.crc:
        raise refusal("内容损坏", where, "循环校验码不符")
    refuse_content(inside, where)
    return inside, end


def refuse_content(inside: bytes, where: str) -> None:
    """Everything in a pack is text."""
    if inside.startswith(ARCHIVES):
        raise refusal("规则包里不能再有压缩包", where)
    if b"\0" in inside:
        raise refusal("不是文字文件", where, "含有空字符，可能是 UTF-16 编码或二进制文件")
    try:
        inside.decode("utf-8")
    except UnicodeDecodeError:
        raise refusal("不是 UTF-8 编码的文字", where) from None


def checked(raw: bytes, contents: dict[str, bytes]) -> Unpacked:
    """The contents, after comparing them as a whole."""
    order = list(contents)
    if order[0] != LISTING:
        raise whole_file("缺少清单", f"第一个文件应为 {LISTING}")
    signed = SIGNATURE in contents
    if signed and order[1] != SIGNATURE:
        raise refusal("位置不对", shown(SIGNATURE), "签名应紧接在清单之后")
    listing, signature = contents.pop(LISTING), contents.pop(SIGNATURE, None)
    if list(contents) != in_order(contents):
        raise whole_file("文件的次序不对", "应按名称排列")
    for error in refused_set(contents):
        error.where = shown(error.where) if error.where else "规则包文件"
        raise error
    if sum(marks(text) for name, text in contents.items() if name.endswith(".yaml")) > MAX_MARKS:
        raise whole_file("规则包内容太多", f"各 .yaml 文件的行、逗号和冒号合计超过 {MAX_MARKS} 个")
    if packed(contents, listing, signature) != raw:
        raise whole_file("不是本系统导出的规则包文件", "与重新导出的结果不一致")
    return Unpacked(contents, listing, signature)


def marks(text: bytes) -> int:
    """About how many values a YAML text can hold; counting them costs nothing."""
    return text.count(b"\n") + text.count(b",") + text.count(b":")


def whole_file(message: str, reason: str = "") -> PackError:
    """A refusal of the file as a whole."""
    return refusal(message, "规则包文件", reason)
