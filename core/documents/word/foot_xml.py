"""The colophon (版记) as a floating table: at the bottom of the type area of whatever page the text ends on."""

from core.documents.typesetting.grid import AREA_WIDTH, LEFT
from core.documents.word.measures import mm, twips
from core.documents.word.pieces import Foot, FootLine, Run, tallest
from core.documents.word.runs_xml import runs_xml
from core.documents.word.styles import STYLES

INSET = 14.0
# Points between the text and the table. In print there are 10.4 (`.foot-room`), on lines a little further apart: with
# 5.4 to 7.7 a colophon of one to ten lines finds room on the page of the text wherever it does in print.
ABOVE = 6.5
# Eighths of a point: 0.35 mm for the first and the last rule, 0.25 mm between (GB/T 9704 7.4.1).
THICK, THIN = 8, 6


def foot_xml(foot: Foot) -> str:
    """The table; where it floats, Word keeps it in its place while the text before it grows."""
    width = mm(AREA_WIDTH)
    columns = _columns(foot, width)
    rows = "".join(_row(line, *_rules(foot, n), foot.floats, columns) for n, line in enumerate(foot.lines))
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    floating = (
        f'<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:topFromText="{twips(ABOVE)}"'
        f' w:vertAnchor="margin" w:horzAnchor="page" w:tblpX="{mm(LEFT)}" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/>'
    )
    return (
        f'<w:tbl><w:tblPr>{floating if foot.floats else ""}<w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _columns(foot: Foot, width: int) -> list[int]:
    """Two halves; where a picture ends a line, its place apart: the words before it have all the rest."""
    half = width // 2
    ends = [line.texts[1] for line in foot.lines if len(line.texts) > 1]
    wide = max((run.picture.width for runs in ends for run in runs if run.picture), default=0.0)
    place = min(twips(wide + 2 * INSET), half - 1) if wide else 0
    return [half, width - half - place, place] if place else [half, width - half]


def _rules(foot: Foot, n: int) -> tuple[int, int]:
    """The rules above and below a line: a thin one parts the line with two ends from those above."""
    lines = foot.lines
    if not foot.ruled:
        return 0, 0
    parted = n > 0 and (len(lines[n].texts) > 1 or len(lines[n - 1].texts) > 1)
    return THICK if n == 0 else THIN if parted else 0, THICK if n == len(lines) - 1 else 0


def _row(line: FootLine, above: int, below: int, whole: bool, columns: list[int]) -> str:
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{thick}" w:space="0" w:color="000000"/>'
        for side, thick in (("top", above), ("bottom", below))
        if thick
    )
    lone = len(line.texts) < 2
    split = len(columns) if lone else len(columns) - 1 if tallest(line.texts[1]) else 1
    cells = (
        f'<w:tc><w:tcPr><w:tcW w:w="{sum(part)}" w:type="dxa"/><w:gridSpan w:val="{len(part)}"/>'
        f"<w:tcBorders>{rules}</w:tcBorders></w:tcPr>"
        f'<w:p><w:pPr><w:pStyle w:val="Foot"/>{_height(runs)}{_place(line, n, lone)}</w:pPr>{runs_xml(runs, "Foot")}</w:p></w:tc>'
        for n, (runs, part) in enumerate(
            zip(line.texts[:2], (columns[:split], columns[split:]), strict=False)
        )
    )
    kept = "<w:trPr><w:cantSplit/></w:trPr>" if whole else ""
    return f"<w:tr>{kept}{''.join(cells)}</w:tr>"


def _height(runs: tuple[Run, ...]) -> str:
    """A picture makes its line higher; lines of text are as high as their style says."""
    line = twips(STYLES["Foot"].line)
    return f'<w:spacing w:line="{line}" w:lineRule="atLeast"/>' if tallest(runs) else ""


def _place(line: FootLine, n: int, lone: bool) -> str:
    """One character in from both sides; a text that goes on is set in under its first words."""
    inset = twips(INSET)
    if lone:
        hanging = twips(line.hanging)
        return (
            f'<w:ind w:left="{inset + hanging}" w:right="{inset}" w:hanging="{hanging}"/><w:jc w:val="both"/>'
        )
    return (
        f'<w:ind w:left="{inset}"/><w:jc w:val="left"/>'
        if n == 0
        else f'<w:ind w:right="{inset}"/><w:jc w:val="right"/>'
    )
