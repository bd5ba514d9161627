"""Measure a PDF against GB/T 9704-2012 (layout key for official documents).

    python -m tests.tools.measure_gb9704 FILE.pdf [--pages all|N] [--no-pageno] [--any-font] [--brief]

Prints one JSON object; exit status 0: every check passes, 1: one fails, 2: the file cannot be read. Works on
PDFs of any producer that carry text. Value of the standard -> tolerance used:

    page size        210 x 297 mm                            +-2 mm (trim tolerance, 6.3)
    top margin       37 mm, binding margin 28 mm             +-1 mm (even pages may be mirrored)
    type area        156 x 225 mm                            +-1 mm (plate tolerance, 6.1)
    body             size 3 (16 pt, or 15.75) Fangsong       15.5 to 16.25 pt
    lines            28 characters on full lines, 22 lines on full pages (the most frequent value)
    page number      size 4, dashes 7 mm below the type area, one character in from the outer edge

"Type area" may be read as the glyphs' em boxes or as a word processor's line boxes (half the leading more).
"""

import argparse
import json
import re
import statistics
import sys
from collections import Counter, defaultdict
from itertools import pairwise

from tests.tools.pdf_ink import MM, Ink, Page, long_runs, read_pages, text_lines

FANGSONG = re.compile(r"fang|仿宋|FZFS|STFangso|zhuque|朱雀|HYFangSong|\bfs[_-]?gb", re.I)
DASHES = "—–―─－-‐‑‒"
NUMBER = re.compile(rf"^[{re.escape(DASHES)}]{{0,2}}(\d{{1,4}})[{re.escape(DASHES)}]{{0,2}}$")
ABOVE, BELOW = 0.87, 0.13  # a Chinese em box around its baseline
AREA_BOTTOM, AREA_WIDTH = 262, 156


def measure(path: str, pages: str = "40", want_number: bool = True, any_font: bool = False) -> dict:
    """All checks of one file: {"ok", "checks": {name: {ok, value, expected}}, further findings}."""
    sheets, count = read_pages(path, pages)
    size = _body_size(sheets)
    if size is None:
        return {"file": path, "ok": False, "error": "no Chinese text found (a scan?)", "checks": {}}
    font = _body_font(sheets, size)
    em = statistics.median([c.size for p in sheets for c in p.chars if abs(c.size - size) <= 0.2])
    pitch = _find_lines(sheets, em)
    left, right = _edges(sheets, em)
    _find_full_pages(sheets, em, pitch)
    numbers = _page_numbers(path, sheets, left, right)
    checks: dict[str, dict] = {}

    def check(name: str, ok: object, value: object, expected: object) -> None:
        checks[name] = {"ok": bool(ok), "value": value, "expected": expected}

    _check_page(check, sheets)
    check("body_size_pt", 15.5 <= em <= 16.25, round(em, 3), "16 (15.5 to 16.25)")
    if not any_font:
        check("body_face_fangsong", FANGSONG.search(font), font, "Fangsong")
    in_line = _characters_per_line(sheets, em, left, right)
    check("chars_per_full_line", in_line == 28, in_line, 28)
    _check_lines(check, sheets, em, pitch)
    _check_area(check, sheets, left, right, em, pitch)
    if want_number and (count > 1 or numbers):
        _check_numbers(check, numbers)
    red = [
        round(rule.width_mm, 3) for page in sheets for rule in page.rules if rule.is_red and page.number == 1
    ]
    if red:
        check(
            "red_rule_width_mm",
            all(abs(w - 156) <= 1 or abs(w - 170) <= 1 for w in red),
            red,
            "156 or 170 +-1",
        )
    return {
        "file": path,
        "pages": count,
        "ok": all(result["ok"] for result in checks.values()),
        "checks": checks,
        "right_edge_fill": _right_edge_fill(sheets, em, pitch, left, right),
        "lines_per_full_page": dict(Counter(len(page.lines) for page in sheets if page.is_full)),
        "page_numbers": numbers,
    }


def _body_size(sheets: list[Page]) -> float | None:
    """The size that carries most characters in long runs."""
    in_runs, any_where = Counter(), Counter()
    for page in sheets:
        by_size = defaultdict(list)
        for char in page.chars:
            by_size[round(char.size * 8) / 8].append(char)
            if char.is_full and char.text[0] > "\u3100":
                any_where[round(char.size * 8) / 8] += 1
        for size, chars in by_size.items():
            in_runs[size] += sum(long_runs(line, size) for line in text_lines(chars, size * 0.3))
    counted = Counter({size: n for size, n in in_runs.items() if n}) or any_where
    return counted.most_common(1)[0][0] if any_where else None


def _body_font(sheets: list[Page], size: float) -> str:
    fonts = Counter(c.font for p in sheets for c in p.chars if abs(c.size - size) <= 0.2 and c.is_full)
    return fonts.most_common(1)[0][0]


def _find_lines(sheets: list[Page], em: float) -> float | None:
    """Fill in every page's lines; returns the pitch of body lines."""
    gaps = []
    for page in sheets:
        body = [c for c in page.chars if abs(c.size - em) <= 0.25 and c.base < page.height - 7 * MM]
        page.lines = text_lines(body, em * 0.35)
        page.all_lines = text_lines([c for c in page.chars if c.base < (AREA_BOTTOM + 3) * MM], em * 0.35)
        gaps += [b[0].base - a[0].base for a, b in pairwise(page.lines)]
    gaps = [gap for gap in gaps if em * 1.3 < gap < em * 2.4]
    if not gaps:
        return None
    usual = Counter(round(gap * 10) / 10 for gap in gaps).most_common(1)[0][0]
    return statistics.median([gap for gap in gaps if abs(gap - usual) < 0.3])


def _edges(sheets: list[Page], em: float) -> tuple[dict, dict]:
    """The usual left and right edge of long lines, for odd (1) and even (0) pages."""
    starts: dict[int, Counter] = {1: Counter(), 0: Counter()}
    for page in sheets:
        starts[page.odd].update(round(line[0].x0, 1) for line in page.lines if len(line) >= 20)
    left = {odd: _first_usual(counted) for odd, counted in starts.items()}
    left = {odd: edge if edge is not None else left[1 - odd] for odd, edge in left.items()}
    for odd, other in ((1, 0), (0, 1)):
        # One or two first lines of paragraphs tell of their indent, not of the edge.
        if sum(starts[odd].values()) < 3 and left[odd] and abs(left[odd] - left[other] - 2 * em) < 0.3 * em:
            left[odd] = left[other]
    ends: dict[int, list] = {1: [], 0: []}
    continued: dict[int, list] = {1: [], 0: []}
    for page in sheets:
        edge = left[page.odd]
        for line, below in pairwise([*page.lines, None]):
            if edge is None or len(line) < 20 or line[-1].x1 - edge <= 26 * em * 0.97:
                continue
            ends[page.odd].append(round(line[-1].x1, 1))
            if below and below[0].x0 - edge < 0.3 * em:
                continued[page.odd].append(round(line[-1].x1, 1))
    # The last line of a paragraph may end anywhere: where others are known, it does not count.
    known = any(continued.values())
    ends = {odd: continued[odd] if known else values for odd, values in ends.items()}
    right = {odd: sorted(values)[len(values) // 2] if values else None for odd, values in ends.items()}
    return left, right


def _first_usual(counted: Counter) -> float | None:
    most = max(counted.values(), default=0)
    return min((x for x, n in counted.items() if n >= 0.2 * most), default=None)


def _find_full_pages(sheets: list[Page], em: float, pitch: float | None) -> None:
    """A full page holds nothing but regular body lines from the top to the bottom of the type area."""
    for page in sheets:
        if not page.all_lines:
            continue
        page.top = min(line[0].base - ABOVE * max(c.size for c in line) for line in page.all_lines)
        page.bottom = max(line[0].base + BELOW * max(c.size for c in line) for line in page.all_lines)
        gaps = [b[0].base - a[0].base for a, b in pairwise(page.lines)]
        regular = pitch and gaps and all(abs(gap - pitch) < 0.35 for gap in gaps)
        reaches = pitch and page.height - page.bottom < 35 * MM + pitch * 0.75
        same = len(page.lines) == len(page.all_lines)
        page.is_full = bool(same and regular and reaches and page.top < 45 * MM)


def _characters_per_line(sheets: list[Page], em: float, left: dict, right: dict) -> int | None:
    pure, mixed = Counter(), Counter()
    for page in sheets:
        x0, x1 = left[page.odd], right[page.odd]
        if x0 is None or x1 is None:
            continue
        for line in page.lines:
            if line[-1].x1 < x1 - 1.05 * em or line[0].x0 > x0 + 2.6 * em:
                continue
            indent = round((line[0].x0 - x0) / em) if line[0].x0 > x0 + 0.3 * em else 0
            cells = indent + sum(1 if c.is_full else max(0.25, (c.x1 - c.x0) / em) for c in line)
            mixed[round(cells)] += 1
            if all(c.is_full for c in line):
                pure[round(cells)] += 1
    counted = pure if sum(pure.values()) >= 3 else mixed
    return counted.most_common(1)[0][0] if counted else None


def _right_edge_fill(sheets: list[Page], em: float, pitch: float | None, left: dict, right: dict) -> dict:
    """Of the lines that go on in the next one, how many reach the right edge."""
    continued = reaching = 0
    for page in sheets:
        x0, x1 = left[page.odd], right[page.odd]
        if x0 is None or x1 is None or not pitch:
            continue
        for line, below in pairwise(page.lines):
            gap = below[0].base - line[0].base
            if abs(gap - pitch) < 0.5 and abs(below[0].x0 - x0) < 0.3 * em and len(line) > 14:
                continued += 1
                reaching += line[-1].x1 > x1 - 0.3 * em
    return {"continued": continued, "reaching": reaching}


def _page_numbers(path: str, sheets: list[Page], left: dict, right: dict) -> list[dict]:
    found, ink = [], Ink(path)
    for page in sheets:
        low = [c for c in page.chars if c.base > (AREA_BOTTOM + 1) * MM]
        for line in text_lines(low, 4):
            text = "".join(c.text for c in line)
            edge = left[page.odd]
            if not (match := NUMBER.match(text)) or edge is None:
                continue
            x0, x1 = line[0].x0, line[-1].x1
            digits = [c for c in line if c.text.isdigit()]
            height = None
            if text[0] in DASHES:
                top = line[0].base - line[0].size
                height = ink.dash_middle(page.number, x0 - 1, digits[0].x0, top, line[0].base + 2)
            height = height or line[0].base - 0.33 * line[0].size
            found.append({
                "page": page.number, "printed": int(match[1]), "text": text, "size_pt": round(digits[0].size, 3),
                "below_type_area_mm": round(height / MM - AREA_BOTTOM, 3),
                "from_left_mm": round((x0 - edge) / MM, 3),
                "from_right_mm": round((edge + AREA_WIDTH * MM - x1) / MM, 3),
            })  # fmt: skip
            break
    ink.close()
    return found


def _check_page(check, sheets: list[Page]) -> None:
    sizes = {(round(page.width / MM, 1), round(page.height / MM, 1)) for page in sheets}
    allowed = ((210, 297), (297, 210), (420, 297))
    known = all(any(abs(w - a) <= 2 and abs(h - b) <= 2 for a, b in allowed) for w, h in sizes)
    upright = any(abs(w - 210) <= 2 for w, _ in sizes)
    check("page_size_mm", known and upright, sorted(sizes), "210 x 297 +-2 (sideways A4, A3 for tables)")


def _check_lines(check, sheets: list[Page], em: float, pitch: float | None) -> None:
    full = Counter(len(page.lines) for page in sheets if page.is_full)
    if full:
        usual = full.most_common(1)[0][0]
        check("lines_per_full_page", usual == 22, usual, 22)
        return
    by_pitch = int((225 * MM + 0.6 - em) / pitch) + 1 if pitch else None
    by_box = int((225 * MM + 0.6) / pitch + 1e-6) if pitch else None
    check("lines_per_full_page", 22 in (by_pitch, by_box), [by_pitch, by_box], "22 (from the pitch)")


def _check_area(check, sheets: list[Page], left: dict, right: dict, em: float, pitch: float | None) -> None:
    binding = {odd: round(x / MM, 3) if x is not None else None for odd, x in left.items()}
    ok = (
        binding[1] is not None
        and abs(binding[1] - 28) <= 1
        and min(abs(binding[0] - 28), abs(binding[0] - 26)) <= 1
    )
    check("binding_margin_mm", ok, binding, "28 +-1 (even pages 28 or 26)")
    widths = [round((right[odd] - left[odd]) / MM, 3) for odd in (1, 0) if right[odd] is not None]
    check("type_area_width_mm", widths and all(abs(w - 156) <= 1 for w in widths), widths, "156 +-1")
    full = [page for page in sheets if page.is_full]
    if not full:
        return
    readings = {}
    for name, more in (("em", 0.0), ("line", ((pitch or em * 1.85) - em) / 2)):
        top = statistics.median([page.top - more for page in full]) / MM
        bottom = statistics.median([page.bottom + more for page in full]) / MM
        readings[name] = {"top": round(top, 3), "height": round(bottom - top, 3)}
    ok = any(abs(r["top"] - 37) <= 1 and abs(r["height"] - 225) <= 1 for r in readings.values())
    check("top_margin_and_height_mm", ok, readings, "top 37 +-1, height 225 +-1")


def _check_numbers(check, numbers: list[dict]) -> None:
    def all_of(name: str, ok, value, expected) -> None:
        bad = [value(number) for number in numbers if not ok(number)]
        check(name, numbers and not bad, bad[:4] or [value(n) for n in numbers[:2]], expected)

    def inset(number: dict) -> float:
        return number["from_right_mm"] if number["page"] % 2 else number["from_left_mm"]

    all_of("page_number_size_pt", lambda n: abs(n["size_pt"] - 14) <= 0.3, lambda n: n["size_pt"], "14 +-0.3")
    all_of("page_number_dash_below_mm", lambda n: abs(n["below_type_area_mm"] - 7) <= 1,
           lambda n: n["below_type_area_mm"], "7 +-1")  # fmt: skip
    all_of("page_number_side", lambda n: 2.5 <= inset(n) <= 7.5, lambda n: (n["page"], inset(n)),
           "one character in from the right on odd pages, from the left on even ones")  # fmt: skip
    all_of("page_number_dashes", lambda n: n["text"][0] in "—─―－–" and n["text"][-1] in "—─―－–",
           lambda n: n["text"], "one dash each side")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pdf")
    parser.add_argument("--pages", default="40", help="how many pages to measure, or 'all'")
    parser.add_argument("--no-pageno", action="store_true", help="do not require page numbers")
    parser.add_argument("--any-font", action="store_true", help="do not require a Fangsong face")
    parser.add_argument("--brief", action="store_true", help="print the checks only")
    options = parser.parse_args()
    try:
        result = measure(options.pdf, options.pages, not options.no_pageno, options.any_font)
    except Exception as error:  # any unreadable file
        print(
            json.dumps({"file": options.pdf, "error": f"{type(error).__name__}: {error}"}, ensure_ascii=False)
        )
        return 2
    if options.brief:
        result = {name: result[name] for name in ("file", "ok", "checks")}
    print(json.dumps(result, ensure_ascii=False, indent=1, default=str))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
