"""Pictures of a document: those it holds, and those made of parts of a page that no other words exist for."""

import io
from collections.abc import Iterator, Sequence

import pikepdf
import pypdfium2
from PIL import Image

from plugins.ofd.drawn import BLACK, Clip, Drawn, Paint, Pen, Picture, Unsupported
from plugins.ofd.geometry import Box

# Resolution of parts drawn as a picture, in dots per inch; what offices print at.
FINE = 300
MOST_PIXELS = 40_000_000
_PAINTS_PATH = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*"))
_PAINTS_OTHERS = frozenset(("Tj", "TJ", "'", '"', "Do", "sh", "BI", "INLINE IMAGE"))


class Pictures:
    """The pictures met so far, each under a name of its own, as PNG or JPEG."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[str, bytes]] = {}

    def known(self, thing: pikepdf.Object) -> str:
        """The name of a picture object; it is read when first met. Raises Unsupported."""
        name = "{}-{}".format(*thing.objgen)
        if name not in self._files:
            self._files[name] = _file(thing)
        return name

    def __iter__(self) -> Iterator[tuple[str, tuple[str, bytes]]]:
        """Names with format and contents."""
        return iter(self._files.items())

    def of_parts(
        self, page: pikepdf.Page, instructions: Sequence, which: Sequence[int], size: Box
    ) -> list[Drawn]:
        """A picture of some operators of a page, alone on clear ground; nothing when they leave no mark."""
        sheet = _drawn_alone(page, instructions, frozenset(which))
        marked = sheet.getbbox()
        if marked is None:
            return []
        name = f"part-{len(self._files)}"
        self._files[name] = ("PNG", _png(sheet.crop(marked)))
        dot = size[2] / sheet.width, size[3] / sheet.height
        left, top, right, bottom = marked
        matrix = ((right - left) * dot[0], 0, 0, (bottom - top) * dot[1], left * dot[0], top * dot[1])
        return [Picture(name, matrix, Paint(BLACK, None, 1.0, 1.0, Pen(), Clip(size)))]


def _file(thing: pikepdf.Object) -> tuple[str, bytes]:
    if bool(thing.get("/ImageMask", False)) or int(thing.Width) * int(thing.Height) > MOST_PIXELS:
        raise Unsupported
    try:
        mask = thing.get("/SMask")
        filters = pikepdf.PdfImage(thing).filters
        if mask is None and filters == ["/DCTDecode"] and _components(thing) in (1, 3):
            return "JPEG", thing.read_raw_bytes()
        picture = pikepdf.PdfImage(thing).as_pil_image()
        picture = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
        if mask is not None:
            alpha = pikepdf.PdfImage(mask).as_pil_image().convert("L")
            if alpha.size != picture.size:
                alpha = alpha.resize(picture.size, Image.Resampling.BILINEAR)
            picture = picture.convert("RGB")
            picture.putalpha(alpha)
    except (pikepdf.PdfError, NotImplementedError, ValueError, OSError, AttributeError) as error:
        raise Unsupported from error
    return "PNG", _png(picture)


def _components(thing: pikepdf.Object) -> int:
    space = thing.get("/ColorSpace")
    if isinstance(space, pikepdf.Array):
        return (
            int(space[1].get("/N", 0))
            if str(space[0]) == "/ICCBased"
            else 3
            if str(space[0]) == "/CalRGB"
            else 0
        )
    return {"/DeviceGray": 1, "/DeviceRGB": 3}.get(str(space), 0)


def _drawn_alone(page: pikepdf.Page, instructions: Sequence, which: frozenset[int]) -> Image.Image:
    kept = []
    for number, instruction in enumerate(instructions):
        operator = str(instruction.operator)
        if number in which or operator not in _PAINTS_PATH | _PAINTS_OTHERS:
            kept.append(instruction)
        elif operator in _PAINTS_PATH:
            kept.append(pikepdf.ContentStreamInstruction([], pikepdf.Operator("n")))
    copy = pikepdf.new()
    copy.pages.append(page)
    copy.pages[0].Contents = copy.make_stream(pikepdf.unparse_content_stream(kept))
    for key in ("/Annots", "/StructParents", "/Group"):
        if key in copy.pages[0].obj:
            del copy.pages[0].obj[key]
    out = io.BytesIO()
    copy.save(out, deterministic_id=True)
    document = pypdfium2.PdfDocument(out.getvalue())
    try:
        scale = min(FINE / 72, (MOST_PIXELS / (document[0].get_width() * document[0].get_height())) ** 0.5)
        drawn = document[0].render(
            scale=scale, fill_color=(255, 255, 255, 0), maybe_alpha=True, rev_byteorder=True
        )
        return drawn.to_pil().convert("RGBA")
    finally:
        document.close()


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
