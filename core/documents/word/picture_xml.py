"""A picture in a line as DrawingML: its size, its words for those who do not see it, and which file it is."""

from xml.sax.saxutils import quoteattr

from core.documents.word.measures import EMU
from core.documents.word.pieces import Picture

_WORD = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture_xml(picture: Picture) -> str:
    """In the order the schema wants. Its number in the document is given when the document is whole."""
    size = f'cx="{round(picture.width * EMU)}" cy="{round(picture.height * EMU)}"'
    told = f'id="1" name={quoteattr(picture.name)} descr={quoteattr(picture.alt)}'
    return (
        f'<w:drawing><wp:inline xmlns:wp="{_WORD}" distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr {told}/><wp:cNvGraphicFramePr>'
        f'<a:graphicFrameLocks xmlns:a="{_MAIN}" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic xmlns:a="{_MAIN}"><a:graphicData uri="{_PICTURE}"><pic:pic xmlns:pic="{_PICTURE}">'
        f"<pic:nvPicPr><pic:cNvPr {told}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip xmlns:r="{_OFFICE}" r:embed="{picture.name}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )
