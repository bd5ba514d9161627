"""The colophon (版记) as a floating table: at the bottom of the type area of whatever page the text ends on."""

from core.documents.grid import AREA_WIDTH, LEFT
from core.documents.word.measures import mm, twips
from core.documents.word.pieces import Foot, FootLine
from core.documents.word.runs_xml import runs_xml

INSET = 14.0
# Eighths of a point: 0.35 mm for the first and the last rule, 0.25 mm between (GB/T 9704 7.4.1).
THICK, THIN = 8, 6


def foot_xml(foot: Foot) -> str:
    """The table; where it floats, Word keeps it in its place while the text before it grows."""
    width = mm(AREA_WIDTH)
    rows = "".join(_row(line, *_rules(foot, n), foot.floats) for n, line in enumerate(foot.lines))
    floating = (
        '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="page"'
        f' w:tblpX="{mm(LEFT)}" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
    )
    return (
        f'<w:tbl><w:tblPr>{floating if foot.floats else ""}<w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f'</w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="{width // 2}"/><w:gridCol w:w="{width - width // 2}"/>'
        f"</w:tblGrid>{rows}</w:tbl>"
    )


def _rules(foot: Foot, n: int) -> tuple[int, int]:
    """The rules above and below a line: a thin one parts the line with two ends from those above."""
    lines = foot.lines
    if not foot.ruled:
        return 0, 0
    parted = n > 0 and (len(lines[n].texts) > 1 or len(lines[n - 1].texts) > 1)
    return THICK if n == 0 else THIN if parted else 0, THICK if n == len(lines) - 1 else 0


def _row(line: FootLine, above: int, below: int, whole: bool) -> str:
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{thick}" w:space="0" w:color="000000"/>'
        for side, thick in (("top", above), ("bottom", below))
        if thick
    )
    lone = len(line.texts) < 2
    width, span = (mm(AREA_WIDTH), '<w:gridSpan w:val="2"/>') if lone else (mm(AREA_WIDTH) // 2, "")
    cells = (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}<w:tcBorders>{rules}</w:tcBorders></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Foot"/>{_place(line, n, lone)}</w:pPr>{runs_xml(runs, "Foot")}</w:p></w:tc>'
        for n, runs in enumerate(line.texts[:2])
    )
    kept = "<w:trPr><w:cantSplit/></w:trPr>" if whole else ""
    return f"<w:tr>{kept}{''.join(cells)}</w:tr>"


def _place(line: FootLine, n: int, lone: bool) -> str:
    """One character in from both sides; a text that goes on is set in under its first words."""
    inset = twips(INSET)
    if lone:
        hanging = twips(line.hanging)
        return (
            f'<w:ind w:left="{inset + hanging}" w:right="{inset}" w:hanging="{hanging}"/><w:jc w:val="both"/>'
        )
    return f'<w:ind w:left="{inset}"/>' if n == 0 else f'<w:ind w:right="{inset}"/><w:jc w:val="right"/>'
