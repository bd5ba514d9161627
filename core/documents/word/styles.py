"""The styles of the Word file, under the names officers look for, and the fonts they ask for.

Fonts are asked for by their official names whatever is installed here: the file is to be opened elsewhere. Their
other names stand beside them in the font table, so that Word and WPS find 仿宋 where 仿宋_GB2312 is missing.
"""

from dataclasses import dataclass

from core.documents.fonts.faces import ROLES
from core.documents.typesetting.grid import RED, SIZE_2, SIZE_4
from core.documents.word.measures import CELL, LINE_TWIPS, ROW, twips

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# 28 characters of 16 points are a little wider than the type area: each gives up three tenths of a point, a tenth more
# than the grid asks for, so that no rounding drops the 28th: LibreOffice takes two points of a line for the grid. It gives
# characters wider than the grid two places of it; the text therefore keeps its measure by itself instead of being put into it.
SPACING = -6
# No extra space between Chinese and digits, no marks hanging out: every character keeps its cell.
PLAIN = (
    '<w:widowControl w:val="0"/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
    '<w:adjustRightInd w:val="0"/><w:snapToGrid w:val="0"/>'
)
COLOUR = RED.removeprefix("#").upper()


@dataclass(frozen=True)
class Style:
    """A paragraph style. Indents in characters, spaces in lines."""

    name: str
    face: str = ""
    size: float = 0.0
    bold: bool = False
    align: str = ""
    indent: int = 0  # first line
    inset: tuple[float, float] = (0, 0)  # left and right
    before: float = 0.0
    line: float = 0.0  # points, exactly
    level: int | None = None  # in the outline
    keep_next: bool = False
    unspaced: bool = False  # characters at their own width


STYLES = {
    "BodyText": Style("Body Text", indent=2),
    "Flush": Style("公文顶格"),
    "Title": Style("Title", "title", SIZE_2, align="center", before=2, keep_next=True, unspaced=True),
    "Heading1": Style("heading 1", "hei", indent=2, level=0, keep_next=True),
    "Heading2": Style("heading 2", "kai", indent=2, level=1, keep_next=True),
    "Heading3": Style("heading 3", indent=2, level=2, keep_next=True),
    "Heading4": Style("heading 4", indent=2, level=3, keep_next=True),
    "To": Style("主送机关"),
    "Head": Style("红头", unspaced=True),
    "Mark": Style("发文机关标志", "title", align="center", unspaced=True),
    "Number": Style("发文字号", align="center"),
    "Annex": Style("附件说明"),
    "AnnexNumber": Style("附件序号", "hei", keep_next=True),
    "AnnexTitle": Style(
        "附件标题", "title", SIZE_2, align="center", before=1, level=0, keep_next=True, unspaced=True
    ),
    "Signature": Style("署名", keep_next=True),
    "Stamped": Style("签名章", keep_next=True),
    "StampedDate": Style("签名章日期", align="right", inset=(0, 4)),
    "Date": Style("Date"),
    "Note": Style("附注", indent=2),
    "Foot": Style("版记", size=SIZE_4, line=25, unspaced=True),
    "TableTitle": Style("表格标题", bold=True, align="center", keep_next=True),
    "TableText": Style("表格文字", size=SIZE_4, align="center", line=18, unspaced=True),
    "TableNote": Style("表注", size=12, line=ROW * 0.75, unspaced=True),
    "SlipNote": Style("单注", size=SIZE_4, line=20, unspaced=True),
    "Center": Style("居中", align="center"),
    "Right": Style("居右", align="right"),
    "Picture": Style("图片", align="center", unspaced=True),
    "Column": Style("栏目", "hei", align="center", before=1, level=0, keep_next=True, unspaced=True),
    "ItemTitle": Style(
        "条目标题", "title", 18, align="center", before=1, level=1, keep_next=True, unspaced=True
    ),
    "EditorNote": Style("编者按", "kai", indent=2),
    "Source": Style("来源", "kai", align="right", inset=(0, 1)),
    "ContentsTitle": Style("要目标题", "hei", align="center", keep_next=True, unspaced=True),
    "Contents": Style("要目", inset=(1, 1)),
    "Footer": Style("footer", "song", SIZE_4, line=SIZE_4, unspaced=True),
    "Joint": Style("空隙", size=1, line=1, keep_next=True, unspaced=True),
}


def font(role: str) -> str:
    """The official name of a face."""
    return ROLES[role].official[0]


def fonts_xml(role: str) -> str:
    """The face for every kind of character; digits stay in the Chinese face, as on the printed page."""
    name = font(role)
    return (
        f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}" w:hint="eastAsia"/>'
    )


def styles_xml() -> str:
    """The whole styles part."""
    return (
        f'<w:styles {NAMESPACE}><w:docDefaults><w:rPrDefault><w:rPr>{fonts_xml("fang")}<w:sz w:val="32"/>'
        '<w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{PLAIN}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{PLAIN}"
        f'<w:spacing w:before="0" w:after="0" w:line="{LINE_TWIPS}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr>'
        f'<w:rPr><w:snapToGrid w:val="0"/><w:spacing w:val="{SPACING}"/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>'
        '<w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        f"{''.join(_style(key, style) for key, style in STYLES.items())}</w:styles>"
    )


def font_table_xml() -> str:
    """The fonts of the file with their other names."""
    known = []
    for role in ROLES.values():
        others = f'<w:altName w:val="{",".join(role.official[1:])}"/>' if role.official[1:] else ""
        known.append(f'<w:font w:name="{role.official[0]}">{others}</w:font>')
    return f"<w:fonts {NAMESPACE}>{''.join(known)}</w:fonts>"


def _style(key: str, style: Style) -> str:
    own = "" if style.name in BUILT_IN or style.name.startswith("heading") else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{key}"><w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{_paragraph(style)}</w:pPr><w:rPr>{_letters(style)}</w:rPr></w:style>"
    )


BUILT_IN = ("Body Text", "Title", "Date", "footer")


def _paragraph(style: Style) -> str:
    """In the order the schema wants."""
    parts = []
    if style.keep_next:
        parts.append("<w:keepNext/><w:keepLines/>")
    if style.before or style.line:
        line = twips(style.line) if style.line else LINE_TWIPS
        parts.append(
            f'<w:spacing w:before="{twips(style.before * ROW)}" w:line="{line}" w:lineRule="exact"/>'
        )
    if style.indent:
        size = style.indent * twips(CELL)
        parts.append(f'<w:ind w:firstLineChars="{style.indent * 100}" w:firstLine="{size}"/>')
    if any(style.inset):
        left, right = (twips(side * CELL) for side in style.inset)
        parts.append(f'<w:ind w:left="{left}" w:right="{right}"/>')
    if style.align:
        parts.append(f'<w:jc w:val="{style.align}"/>')
    if style.level is not None:
        parts.append(f'<w:outlineLvl w:val="{style.level}"/>')
    return "".join(parts)


def _letters(style: Style) -> str:
    parts = [fonts_xml(style.face) if style.face else ""]
    if style.bold:
        parts.append("<w:b/>")
    if style.unspaced:
        parts.append('<w:spacing w:val="0"/>')
    if style.size:
        parts.append(f'<w:sz w:val="{round(style.size * 2)}"/><w:szCs w:val="{round(style.size * 2)}"/>')
    return "".join(parts)
