"""The pictures of a page: what stands in them, and the size they are printed at.

Word takes PNG, JPEG and GIF as they are. Seals and stamps do not belong into a file anybody can change: pictures in
the place of a signature, and those laid over the text, are left out.
"""

import base64
import hashlib
import io
import re
from binascii import Error as NotBase64
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from lxml.html import HtmlElement
from PIL import Image, ImageOps, UnidentifiedImageError

from core.documents.templating.svg import ADVICE, check_svg
from core.documents.typesetting.text import tokens
from core.documents.word.boxes import Boxes
from core.documents.word.inline import classes_of
from core.documents.word.picture_sizes import SIZES, size_of
from core.documents.word.pieces import Source
from core.documents.word.sheet import Sheet
from core.errors import RenderError

_KINDS = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif"}
_READ = (*_KINDS, "WEBP", "BMP")  # what else a page may show is not opened here
MOST_PIXELS = 40_000_000  # decoded in a process of the site when it lies on its side
_NAMED = f"{SIZES}|(?<![\\w-])position\\s*:"
NOTHING = r"(?!)"
CODE = "qr"
_OWN = re.compile(r"""(?<![\w-])(?:class|style)\s*=\s*(?:"[^"]*"|'[^']*')""")
_SVG = re.compile(r"</?svg\b", re.I)
_TURNED = 0x0112  # says in a photograph which way is up
_SEALED = ("signature", "stamped")
_PLACED = ("head", "letter-head", "foot")


def framed(html: str) -> str:
    """The page with drawings written into it as pictures: a reader of HTML does not keep their names as they are."""
    return "".join(_framed(html)) if "<svg" in html else html


def found_in(page: HtmlElement) -> dict[str, Source]:
    """The pictures of a page by name; each of their elements then knows its name and size. Raises RenderError."""
    sources: dict[str, Source] = {}
    pictures = list(page.iter("img"))
    if not pictures:
        return sources
    # Ordinary documents have the code of the colophon only, of which no style sheet speaks.
    is_styled = any(CODE not in classes_of(node) for node in pictures)
    sheet = Sheet(page, _NAMED if is_styled else NOTHING)
    boxes = Boxes(page) if is_styled else None
    for node in pictures:
        if not _belongs(node, sheet):
            continue
        source = _source(str(node.get("src", "")))
        name = f"picture{hashlib.sha256(source.data).hexdigest()[:16]}"
        sources[name] = source
        width, height = size_of(node, source, sheet.of(node), boxes)
        node.set("data-picture", f"{name} {width:.2f} {height:.2f}")
    return sources


def _framed(html: str) -> Iterator[str]:
    depth, drawing = 0, ""
    for piece, is_tag in tokens(html):
        mark = _SVG.match(piece) if is_tag else None
        if mark and not mark[0].startswith("</"):
            depth += not piece.endswith("/>")
        elif mark and depth:
            depth -= 1
        if not depth and not (mark and (drawing or piece.endswith("/>"))):
            yield piece
            continue
        drawing += piece
        if not depth:
            yield _image(drawing)
            drawing = ""
    yield drawing


def _image(svg: str) -> str:
    if "xmlns=" not in svg[: svg.find(">")]:
        svg = f'<svg xmlns="http://www.w3.org/2000/svg"{svg[4:]}'
    own = " ".join(_OWN.findall(svg[: svg.find(">")]))
    return f'<img {own} src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def _belongs(node: HtmlElement, sheet: Sheet) -> bool:
    """Whether a picture is part of the text."""
    around = [node, *node.iterancestors()]
    names = {name for each in around for name in classes_of(each)}
    if names.intersection(_SEALED):
        return False
    # The base templates place the lines of the head and the foot themselves.
    lying = [node] if names.intersection(_PLACED) else around
    return all(sheet.of(each).get("position") not in ("absolute", "fixed") for each in lying)


def _source(address: str) -> Source:
    head, _, body = address.partition(",")
    data = unquote_to_bytes(body)
    try:
        data = base64.b64decode(data, validate=False) if head.endswith(";base64") else data
    except NotBase64 as error:
        raise _unreadable() from error
    if head.startswith("data:image/svg"):
        check_svg("文书中自带的图片", data.decode("utf-8", "replace"))
        return Source("svg", data)
    return _photograph(data)


def _photograph(data: bytes) -> Source:
    """A picture of pixels; one that lies on its side in its file is set up."""
    try:
        with Image.open(io.BytesIO(data), formats=_READ) as picture:
            kind = _KINDS.get(picture.format or "")
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            turned = kind == "jpeg" and picture.getexif().get(_TURNED, 1) != 1
            if kind and not turned:
                return Source(kind, data)
            upright, out = ImageOps.exif_transpose(picture), io.BytesIO()
            upright.convert("RGB" if turned else "RGBA").save(out, "PNG")
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise _unreadable() from error
    return Source("png", out.getvalue())


def _unreadable() -> RenderError:
    return RenderError("文书中有图片已损坏，不能放入 Word 文件", advice=ADVICE)
