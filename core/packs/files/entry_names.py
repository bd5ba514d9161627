"""Names inside a pack file: read from bytes, and refused unless they are plain names a pack may use."""

import re
import unicodedata

from core.errors import PackError
from core.packs.content.folder import refused_place
from core.packs.files.archive import LISTING, MAX_NAME, SIGNATURE

DRIVE = re.compile(r"[A-Za-z]:")
# Names that Windows takes for devices, with any extension.
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LEFT_BEHIND = {"__macosx", "thumbs.db", "desktop.ini", "$recycle.bin", "@eadir"}
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def entry_name(raw: bytes) -> str:
    """The name these bytes spell. Raises PackError naming it and what is wrong with it."""
    place = shown(raw.decode("utf-8", "replace"))
    if len(raw) > MAX_NAME:
        raise refusal("文件名太长", place, f"超过 {MAX_NAME} 字节")
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise refusal("文件名不是 UTF-8 编码", place, "由其他压缩工具制作的文件常有这种情况") from None
    if wrong := unsafe(name):
        raise refusal("文件名不安全", place, wrong)
    if name not in (LISTING, SIGNATURE) and (error := refused_place(name)):
        error.where = place
        raise error
    return name


def unsafe(name: str) -> str:
    """Why a name could reach outside a folder, or be read in two ways; empty when it cannot."""
    parts = name.split("/")
    if not name or "" in parts[:-1] and not name.startswith("/"):
        return "名称或路径中有空的部分"
    if any(unicodedata.category(char) in HIDDEN for char in name):
        return "含有空字符、控制字符或看不见的字符"
    if name.startswith("/"):
        return "是绝对路径"
    if "\\" in name:
        return "含有反斜杠"
    if DRIVE.match(name) or ":" in name:
        return "含有盘符或冒号"
    if ".." in parts or "." in parts:
        return "用“.”或“..”指向其他位置"
    if not parts[-1]:
        return "是文件夹，只能有文件"
    if any(part.startswith((".", "~")) or part.casefold() in LEFT_BEHIND for part in parts):
        return "是隐藏文件或操作系统留下的文件"
    if any(DEVICES.fullmatch(part) for part in parts):
        return "是系统设备的名称"
    if any(part != part.strip(" .") for part in parts):
        return "以空格或句点开头或结尾"
    if name != unicodedata.normalize("NFC", name):
        return "同一个字用了另一种编码写法"
    return ""


def shown(name: str) -> str:
    """A name as a message may quote it: short, on one line, nothing invisible."""
    plain = "".join("·" if unicodedata.category(char) in HIDDEN else char for char in name)
    return f"包内文件“{plain[:60]}{'…' if len(plain) > 60 else ''}”"


def refusal(message: str, where: str, reason: str = "") -> PackError:
    """A refusal of an entry, with the advice that fits all of them."""
    return PackError(message, where=where, reason=reason, advice="请向制作人索取由本系统导出的规则包文件")
