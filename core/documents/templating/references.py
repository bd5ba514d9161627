"""What the markup of a page refers to: pictures in the format's own folder. Anything else is refused with its place.

The process that lays pages out is the wall and fetches nothing; here the author is told before, and told where.
"""

import re
from collections.abc import Iterable, Mapping

from core.documents.templating import origins
from core.documents.typesetting.text import tokens
from core.errors import RenderError, at, near

PICTURE = ".svg"
ONLY = f"图片只能用 {PICTURE} 文件，与 template.html 放在同一个文件夹，写成 asset:名称{PICTURE}"
MOST_SHOWN, LONGEST_SHOWN = 8, 60
_SUSPECT = re.compile(r"<(?:img|image|embed|object|link)\b|url\(|@import|@font-face", re.I)
_FETCHING = re.compile(r"<(?:img|image|embed|object|link)\b", re.I)
_ADDRESS = re.compile(
    r"""(?<![\w-])(?:src|data|(?:xlink:)?href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I
)
_STYLE = re.compile(r"""(?<![\w-])style\s*=\s*("[^"]*"|'[^']*')""", re.I)
_STYLED = re.compile(r"""(?:url\(\s*|@import\s*)["']?([^"')\s;]+)""", re.I)
_FACE = re.compile(r"@font-face\b[^{]*\{[^}]*\burl\(\s*[\"']?([^\"')\s]*)", re.I)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_INSIDE = ("data:", "asset:", "#")


def check_references(html: str, files: Mapping[str, str]) -> None:
    """Refuse a page that refers to anything it may not use. Raises RenderError."""
    if not _SUSPECT.search(html):
        return
    for markup, is_tag in tokens(html):
        if not is_tag or markup.startswith("<!--"):
            continue
        is_sheet = markup[:6].lower() == "<style"
        styles = _COMMENT.sub("", markup if is_sheet else " ".join(_STYLE.findall(markup)))
        if face := _FACE.search(styles):
            raise _foreign_face(face[1], files)
        named = [found[1] for found in _STYLED.finditer(styles)]
        if _FETCHING.match(markup):
            named += [found[1] or found[2] or found[3] or "" for found in _ADDRESS.finditer(markup)]
        for address in named:
            if address and not address.startswith(_INSIDE):
                raise _foreign(address, files)


def no_picture(name: str, files: Mapping[str, str], data: Mapping[str, object]) -> RenderError:
    """The format's folder has no picture of that name, which a template or the data gave."""
    pictures = sorted(each for each in files if each.endswith(PICTURE))
    meant = near(name, pictures)
    error = RenderError(
        f"本版式文件夹中没有图片“{name[:LONGEST_SHOWN]}”",
        where=_place(f"asset:{name}", files),
        reason=f"可用的有{_listed(pictures)}" if pictures else f"文件夹中没有 {PICTURE} 图片",
        advice=f"{meant}{ONLY}" if meant and not name.endswith(PICTURE) else meant or ONLY,
    )
    if not error.where:
        error.path = origins.path_to(name, data)
        error.where = f"数据{origins.said(error.path)}" if error.path else ""
    return error


def _foreign_face(address: str, files: Mapping[str, str]) -> RenderError:
    kind = "网上的" if _is_remote(address) else "另带的"
    return RenderError(
        f"样式中不能引用{kind}字体",
        where=_place(address, files),
        reason=f"@font-face 引用了“{address[:LONGEST_SHOWN]}”",
        advice="请删去 @font-face；字体由系统管理员安装，样式中用 fang、kai、hei、song、xbs 各类，见《文书底版说明》第六节",
    )


def _foreign(address: str, files: Mapping[str, str]) -> RenderError:
    where = _place(address, files)
    shown = address[:LONGEST_SHOWN]
    if _is_remote(address):
        return RenderError("文书不能引用网上的内容", where=where, reason=f"引用了“{shown}”", advice=ONLY)
    if address.lower().startswith("file:") or address.startswith("/"):
        return RenderError("文书不能引用本机的文件", where=where, reason=f"引用了“{shown}”", advice=ONLY)
    advice = (
        f'样式写 {{% block style %}}{{% include "{shown}" %}}{{% endblock %}}'
        if shown.endswith(".css")
        else ONLY
    )
    return RenderError("图片或样式的引用写法不对", where=where, reason=f"引用了“{shown}”", advice=advice)


def _is_remote(address: str) -> bool:
    return bool(re.match(r"(?!file:)[a-z][a-z0-9+.-]*://|//", address, re.I))


def _place(text: str, files: Mapping[str, str]) -> str:
    """Where the author wrote it; nothing when a template puts it together."""
    for name, source in sorted(files.items()):
        if name.endswith((".html", ".css")) and text and text in source:
            return at(f"模板 {name}", source.count("\n", 0, source.index(text)) + 1)
    return ""


def _listed(names: Iterable[str]) -> str:
    shown = list(names)
    more = f"等 {len(shown)} 个" if len(shown) > MOST_SHOWN else ""
    return "、".join(f"“{name}”" for name in shown[:MOST_SHOWN]) + more
