"""The head of a letter (信函格式, GB/T 9704 10.1): its mark above the type area, double rules across the first page,
and 发文字号 at the right of the first line below."""

from collections.abc import Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from core.documents.typesetting.grid import CELLS, MM, PAGE_HEIGHT, PAGE_WIDTH, SIZE_3, TOP
from core.documents.word.inline import Look, classes_of, lengths_of, runs_of
from core.documents.word.measures import CELL, ROW
from core.documents.word.parts import Parts
from core.documents.word.pieces import Frame, Gap, LetterPage, Paragraph, Run, Tab, tallest

# mm: from the paper's upper edge to the mark, from the mark to the first rule, from the second to the lower edge.
MARK_TOP, BELOW_MARK, ABOVE_EDGE = 30.0, 4.0, 20.0
WIDTH = 170.0
THICK, BETWEEN, THIN = 0.7, 0.5, 0.25
# 7/8 of the height of a character, between the first rule and the number.
BELOW_RULE = 14.0
# Word sets the baseline four fifths down a line of exact height; characters begin 0.88 of their size above it.
BASELINE, ASCENT = 0.8, 0.88


def letter_head_of(node: HtmlElement, look: Look) -> Parts:
    """The mark in its frame, the lines below the first rule, and the first page with its bands."""
    left, right, marks = [], [], []
    bands: list[Frame] = []
    top = MARK_TOP
    for part in _leaves(node):
        classes, runs = classes_of(part), runs_of(part, look)
        if "double" in classes and "bottom" in classes:
            bands += _rule(PAGE_HEIGHT - ABOVE_EDGE - THIN - BETWEEN - THICK, (THIN, THICK))
        elif "double" in classes:
            bands += _rule(top + BELOW_MARK, (THICK, THIN))
        elif runs and "mark" in classes:
            size = max(lengths_of(part).get("font-size", ROW), tallest(runs))
            line = size * ASCENT / BASELINE
            marks.append(Paragraph("Mark", runs, line=line, frame=_across(top, line / MM)))
            top += size / MM
        elif runs:
            (right if "number" in classes else left).append(runs)
    rule = top + BELOW_MARK + THICK + BETWEEN + THIN
    below = (rule - TOP) * MM + BELOW_RULE - (BASELINE * ROW - ASCENT * SIZE_3)
    return [LetterPage(tuple(bands)), *marks, *_lines(left, right, below)]


def _leaves(node: HtmlElement) -> Iterator[HtmlElement]:
    """The lines of the head: blocks without others in them, and what stands beside blocks."""
    if next(node.iterdescendants("div", "p"), None) is None:
        yield node
        return
    for part in node:
        if isinstance(part.tag, str):
            yield from _leaves(part)


def _across(top: float, height: float) -> Frame:
    """In the middle of the paper."""
    return Frame((PAGE_WIDTH - WIDTH) / 2, top, WIDTH, height)


def _rule(top: float, thick: tuple[float, float]) -> list[Frame]:
    """A double rule, its upper and its lower band."""
    return [_across(top, thick[0]), _across(top + thick[0] + BETWEEN, thick[1])]


def _lines(left: list[tuple[Run, ...]], right: list[tuple[Run, ...]], below: float) -> Parts:
    """份号, 密级 and 紧急程度 below each other, 发文字号 beside the first; the title follows two lines below."""
    found: Parts = []
    count = max(len(left), len(right))
    for n in range(count):
        line = Paragraph("Head", left[n] if n < len(left) else (), below if n == 0 else None, left=0.0)
        if n < len(right):
            line = replace(line, runs=(*line.runs, Run("\t"), *right[n]), tabs=(Tab(CELLS * CELL),))
        found.append(line)
    taken = below + count * ROW if count else 0.0
    # A point less, so that rounding never costs the first page its last line.
    return [*found, Gap(fixed=(2 + max(count, 1)) * ROW - taken - 1)]
