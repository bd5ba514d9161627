"""The files of a Word document's pictures: those that stand in its text, each once, numbered in their order."""

from collections.abc import Callable, Mapping

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.parts.document import DocumentPart
from docx.parts.image import ImagePart

from core.documents.word.codes import code_png
from core.documents.word.measures import EMU
from core.documents.word.pieces import Source
from core.errors import RenderError

# An SVG, width and height in points → a PNG.
Draw = Callable[[bytes, float, float], bytes]


def no_drawing(svg: bytes, width: float, height: float) -> bytes:
    """Where nothing can draw."""
    raise RenderError("文书中的 SVG 图片没有排版组件不能放入 Word 文件", advice="请下载 PDF 文件使用")


def embed(part: DocumentPart, sources: Mapping[str, Source], draw: Draw) -> None:
    """Put the pictures into the document whose text already names them."""
    if not sources:
        return
    for kind in ("wp:docPr", "pic:cNvPr"):
        for number, told in enumerate(part.element.iter(qn(kind)), 1):
            told.set("id", str(number))
    for inline in part.element.iter(qn("wp:inline")):
        name = next(inline.iter(qn("a:blip"))).get(qn("r:embed"))
        if name in part.rels:
            continue
        extent = inline.find(qn("wp:extent"))
        suffix, data = _shown(sources[name], int(extent.get("cx")) / EMU, int(extent.get("cy")) / EMU, draw)
        file = ImagePart(PackURI(f"/word/media/{name}.{suffix}"), f"image/{suffix}", data)
        part.rels.add_relationship(RELATIONSHIP_TYPE.IMAGE, file, name)


def _shown(source: Source, width: float, height: float, draw: Draw) -> tuple[str, bytes]:
    if source.kind != "svg":
        return source.kind, source.data
    return "png", code_png(source.data) or draw(source.data, width, height)
