"""Page numbers: size-4 half-width digits between dashes, on the outer side, turned on pages laid sideways."""

from core.documents.typesetting.grid import A3_WIDTH, AREA_WIDTH, BOTTOM, LEFT, PAGE_WIDTH, SIZE_4
from core.documents.word.measures import mm, twips
from core.documents.word.styles import NAMESPACE

_FIELD = (
    '<w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r>'
)
EMPTY = f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="Footer"/></w:pPr></w:p>'


def upright(outer: str, folded: bool = False) -> str:
    """The number of an upright page, one character in from its outer side; on a folded sheet at the same place."""
    inset = twips(SIZE_4) + (mm(A3_WIDTH - PAGE_WIDTH) if folded and outer == "right" else 0)
    return (
        f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="Footer"/><w:ind w:{outer}="{inset}"/><w:jc w:val="{outer}"/></w:pPr>'
        f"{_FIELD}</w:p>"
    )


def sideways(outer: str) -> str:
    """The number of a page laid sideways, where it would be were the page upright: at the left edge, turned."""
    width, height = twips(20), mm(30)
    # In the middle of the cell: the dash, 7 mm from the type area.
    left = mm(BOTTOM - 7) - width // 2
    top = mm(LEFT) + twips(SIZE_4) if outer == "left" else mm(LEFT + AREA_WIDTH) - twips(SIZE_4) - height
    return (
        f'<w:tbl {NAMESPACE}><w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="page" w:horzAnchor="page"'
        f' w:tblpX="{left}" w:tblpY="{top}"/><w:tblW w:w="{width}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val="{height}" w:hRule="exact"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:textDirection w:val="tbRl"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="{outer}"/></w:pPr>{_FIELD}</w:p></w:tc></w:tr></w:tbl>'
    )
