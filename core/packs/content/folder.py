"""Read a pack's folder into memory safely: known places only, no links, limited size."""

import re
import unicodedata
from pathlib import Path, PurePosixPath

from core.errors import PackError

MAX_FILE = 1_048_576
MAX_TOTAL = 8 * MAX_FILE
MAX_FILES = 500

PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        r"[a-z][a-z0-9_]*\.yaml",
        r"tests/[\w-]+\.yaml",
        r"documents/[\w-]+/[\w-]+\.(yaml|html|css|svg)",
        r"(README|CHANGELOG)\.md",
        r"LICENSE",
    )
)
# What people put into names of files and folders, and packs do not take.
_STRANGE = re.compile("[ \u3000()（）\\[\\]【】《》“”、，；：&+！!'·]")

_PICTURES = (
    ".svg",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".webp",
    ".emf",
    ".wmf",
    ".ico",
)


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[PackError]]:
    """Every file of a pack by relative path, and what had to be refused."""
    if not folder.is_dir():
        return {}, [PackError("没有这个规则包文件夹", where=str(folder.name), advice="请核对路径")]
    files: dict[str, bytes] = {}
    errors: list[PackError] = []
    paths = sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    for path in paths[: MAX_FILES + 1]:
        name = path.relative_to(folder).as_posix()
        error = refused_place(name) or refused_file(path, name)
        if error:
            errors.append(error)
        else:
            files[name] = path.read_bytes()
    return files, errors + refused_set(files)


def refused_place(name: str) -> PackError | None:
    """An error unless the name is a place where packs keep files."""
    parts = PurePosixPath(name).parts
    safe = parts and name == "/".join(parts) and ".." not in parts and not name.startswith("/")
    if safe and name == unicodedata.normalize("NFC", name) and any(place.fullmatch(name) for place in PLACES):
        return None
    if safe and any(place.fullmatch(_STRANGE.sub("_", name)) for place in PLACES):
        return PackError(
            "文件或文件夹的名称有不能用的字符",
            where=name,
            reason="只能用汉字、字母、数字、“-”和“_”，不能有空格、括号等",
            advice="请改名",
        )
    if name.lower().endswith(_PICTURES):
        return PackError(
            "规则包的图片只能用 .svg 文件，放在所用的版式的文件夹中",
            where=name,
            reason=f"应为 documents/版式/名称.svg（小写的 .svg），现为“{name}”",
            advice="请转换成 SVG 格式并放到该处，模板中写 asset:名称.svg；不用的图片请移走",
        )
    return PackError(
        "规则包里不应有这个文件",
        where=name,
        reason="只接受各节的 .yaml、tests/ 下的用例、documents/ 下的版式（.yaml .html .css .svg）和 README、CHANGELOG、LICENSE",
        advice="请移走该文件，或改到规定的位置和名称",
    )


def refused_file(path: Path, name: str) -> PackError | None:
    """An error for links, devices and oversized files."""
    if path.is_symlink() or not path.is_file():
        return PackError("规则包里不能有链接或特殊文件", where=name, advice="请换成普通文件")
    if path.stat().st_size > MAX_FILE:
        return PackError("文件太大", where=name, reason=f"超过 {MAX_FILE // 1024} KB", advice="请精简内容")
    return None


def refused_set(files: dict[str, bytes]) -> list[PackError]:
    """Errors about all files together: too many, too much, names that differ only in case."""
    errors = []
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_TOTAL:
        errors.append(
            PackError(
                "规则包太大",
                reason=f"最多 {MAX_FILES} 个文件、共 {MAX_TOTAL // MAX_FILE} MB",
                advice="请删去多余文件",
            )
        )
    seen: dict[str, str] = {}
    for name in sorted(files):
        other = seen.setdefault(unicodedata.normalize("NFKC", name).casefold(), name)
        if other != name:
            errors.append(
                PackError(
                    "两个文件只有大小写或全半角之分", where=name, reason=f"另一个是 {other}", advice="请改名"
                )
            )
    return errors
