"""Red bands across a page, each at its place on the paper: shapes without outline, in the page's header."""

from collections.abc import Iterable

from core.documents.typesetting.grid import MM
from core.documents.word.pieces import Frame
from core.documents.word.styles import COLOUR, NAMESPACE


def bands_xml(bands: Iterable[Frame]) -> str:
    """The paragraph that holds them. In VML, which every version of Word and WPS draws alike."""
    shapes = "".join(f"<w:r><w:pict>{_band(n, band)}</w:pict></w:r>" for n, band in enumerate(bands, 1))
    return f'<w:p {NAMESPACE} {VML}><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{shapes}</w:p>'


VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'


def _band(n: int, band: Frame) -> str:
    places = (
        ("margin-left", band.left), ("margin-top", band.top), ("width", band.width), ("height", band.height),
    )  # fmt: skip
    return (
        f'<v:rect id="band{n}" style="position:absolute;{"".join(f"{name}:{said * MM:.2f}pt;" for name, said in places)}'
        'mso-position-horizontal-relative:page;mso-position-vertical-relative:page"'
        f' fillcolor="#{COLOUR}" stroked="f"/>'
    )
