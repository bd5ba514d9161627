"""Pictures that an author adds to a document format on its page: kept as SVG, the only kind a pack holds.

A photograph or a scanned seal is read whole and written anew inside an SVG of its size in print, so that nothing of the
file that came in is kept but its dots.
"""

import base64
import io
import re
from pathlib import PurePath

from PIL import Image, ImageOps, UnidentifiedImageError

from core.documents.templating.references import PICTURE
from core.documents.templating.svg import check_svg
from core.errors import InvalidInput
from core.packs.content.folder import MAX_FILE
from core.whole import is_whole

KINDS = (PICTURE, ".png", ".jpg", ".jpeg")
# More dots than an A3 sheet has at 300 to the inch are of no use in print.
MOST_DOTS = 20_000_000
MOST_PICTURES = 20
LONGEST_NAME = 40
MILLIMETRES = 25.4
# Files that do not say how fine they are, or say what no scanner does, are taken for scans.
USUAL_DPI, LOWEST_DPI, HIGHEST_DPI = 300.0, 72.0, 2400.0
QUALITY = 92
_READABLE = {"PNG": "png", "JPEG": "jpeg"}
_ELSEWHERE = re.compile(r"[^\w-]+")


def picture(name: str, content: bytes) -> tuple[str, str]:
    """The name in the format's folder and the SVG of an uploaded file.

    Raises InvalidInput for what is no SVG, PNG or JPG, is broken or is too large.
    """
    path = PurePath(name.replace("\\", "/"))
    suffix = path.suffix.lower()
    where = f"图片“{path.name[:LONGEST_NAME]}”"
    if suffix not in KINDS:
        raise InvalidInput("这不是可用的图片", where=where, advice="请选择 SVG、PNG 或 JPG 图片")
    stem = _ELSEWHERE.sub("_", path.stem)[:LONGEST_NAME].strip("_") or "picture"
    svg = _text(content, where) if suffix == PICTURE else _framed(content, where)
    if len(svg.encode()) > MAX_FILE:
        limit = MAX_FILE // 1024
        advice = "请缩小图片，或改存为 JPG" if suffix != PICTURE else "请精简图片"
        raise InvalidInput("图片太大", where=where, reason=f"放入规则包后超过 {limit} KB", advice=advice)
    check_svg(f"{stem}{PICTURE}", svg)
    return f"{stem}{PICTURE}", svg


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(
            "图片不能读取", where=where, reason="不是 UTF-8 编码的 SVG", advice="请另存后重试"
        ) from None


def _framed(content: bytes, where: str) -> str:
    """The picture inside an SVG, as large as it would be printed."""
    broken = InvalidInput("图片已损坏，或不是 PNG、JPG 图片", where=where, advice="请换一个能正常打开的文件")
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_READABLE)) as read:
            if read.width * read.height > MOST_DOTS:
                reason = f"{read.width} × {read.height} 点，最多 {MOST_DOTS // 10_000} 万点"
                raise InvalidInput("图片太大", where=where, reason=reason, advice="请缩小后重试")
            kind, dpi = str(read.format), _dpi(read.info.get("dpi"))
            # Pillow fills what is missing with grey once WeasyPrint was imported, which sets that for the whole process.
            if not is_whole(str(read.get_format_mimetype()), content):
                raise broken
            turned = ImageOps.exif_transpose(read)
            dots = _written(turned, kind)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise broken from None
    wide, high = turned.size
    data = base64.b64encode(dots).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {wide} {high}"'
        f' width="{wide / dpi * MILLIMETRES:.2f}mm" height="{high / dpi * MILLIMETRES:.2f}mm">'
        f'<image width="{wide}" height="{high}" xlink:href="data:image/{_READABLE[kind]};base64,{data}"/></svg>\n'
    )


def _written(image: Image.Image, kind: str) -> bytes:
    """The dots alone: without remarks, places and whatever else a file can carry."""
    file = io.BytesIO()
    if kind == "JPEG":
        image.convert("L" if image.mode == "L" else "RGB").save(file, kind, quality=QUALITY)
    else:
        clear = "A" in image.getbands() or "transparency" in image.info
        bare = image.convert("RGBA" if clear else "L" if image.mode in ("1", "L") else "RGB")
        bare.info.clear()
        bare.save(file, kind, optimize=True)
    return file.getvalue()


def _dpi(said: object) -> float:
    try:
        dpi = float(said[0])  # type: ignore[index]
    except (TypeError, ValueError, IndexError):
        return USUAL_DPI
    return dpi if LOWEST_DPI <= dpi <= HIGHEST_DPI else USUAL_DPI
