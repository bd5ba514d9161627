"""Read from a PDF what a ruler would see: characters on their baselines, lines of text, rules, dashes."""

import logging
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise

import pdfplumber
import pypdfium2

logging.getLogger("pdfminer").setLevel(logging.ERROR)

MM = 72 / 25.4
_FULL = "“”‘’—…·〔〕①②③④⑤⑥⑦⑧⑨⑩"


@dataclass(frozen=True)
class Char:
    """One character; lengths in points, measured from the page's upper left corner."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    font: str

    @property
    def is_full(self) -> bool:
        """Whether it takes a whole cell in Chinese type."""
        return self.text in _FULL or unicodedata.east_asian_width(self.text[0]) in "WF"


@dataclass(frozen=True)
class Rule:
    x0: float
    x1: float
    y: float
    thickness: float
    is_red: bool

    @property
    def width_mm(self) -> float:
        return (self.x1 - self.x0) / MM


@dataclass
class Page:
    number: int
    width: float
    height: float
    chars: list[Char]
    rules: list[Rule]
    lines: list[list[Char]] = field(default_factory=list)  # body-size text only
    all_lines: list[list[Char]] = field(default_factory=list)
    top: float | None = None
    bottom: float | None = None
    is_full: bool = False

    @property
    def odd(self) -> int:
        return self.number % 2


def read_pages(path: str, sample: str) -> tuple[list[Page], int]:
    """The pages of a file, or an even sample of that many, and how many pages there are."""
    with pdfplumber.open(path) as pdf:
        count = len(pdf.pages)
        pages = [_read(pdf.pages[index], index + 1) for index in _sample(count, sample)]
    return pages, count


def _sample(count: int, sample: str) -> list[int]:
    if sample == "all" or count <= int(sample):
        return list(range(count))
    wanted = int(sample)
    spread = [round(i * (count - 1) / (wanted - 1)) for i in range(wanted)]
    return sorted({*range(5), *range(count - 5, count), *spread})


def _read(page, number: int) -> Page:
    found = Page(number, float(page.width), float(page.height), _characters(page), _rules(page))
    page.close()
    return found


def _characters(page) -> list[Char]:
    left, seen, found = float(page.bbox[0]), set(), []
    for char in page.chars:
        text = char["text"]
        if not text.strip() or ord(text[0]) < 32 or not char.get("upright", True):
            continue
        base = float(page.height) - char["matrix"][5]
        one = Char(text, char["x0"] - left, char["x1"] - left, base, char["size"], char["fontname"])
        key = (text, round(one.x0, 1), round(base, 1))
        if key not in seen:  # some producers draw bold text twice at the same place
            seen.add(key)
            found.append(one)
    return found


def text_lines(chars: list[Char], tolerance: float) -> list[list[Char]]:
    """Characters grouped by baseline, each line from left to right."""
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: (char.base, char.x0)):
        if lines and abs(lines[-1][0].base - char.base) <= tolerance:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda char: char.x0) for line in lines]


def long_runs(line: list[Char], size: float) -> int:
    """How many characters of a line stand in runs of 15 and more; table cells are shorter."""
    total, run = 0, 1
    for before, after in pairwise([*line, None]):
        if after is not None and after.x0 - before.x1 < 0.6 * size:
            run += 1
            continue
        total += run if run >= 15 else 0
        run = 1
    return total


def _rules(page) -> list[Rule]:
    found = []
    for shape in [*page.rects, *page.lines]:
        width, height = shape["x1"] - shape["x0"], shape["bottom"] - shape["top"]
        if width < 60 * MM or height > 2.5 * MM:
            continue
        drawn = shape["object_type"] == "line" or height < 0.01
        thickness = shape.get("linewidth") or 0 if drawn else height
        colour = shape.get("stroking_color" if drawn else "non_stroking_color")
        middle = (shape["top"] + shape["bottom"]) / 2
        found.append(Rule(shape["x0"], shape["x1"], middle, thickness, _is_red(colour)))
    return found


def _is_red(colour) -> bool:
    if not isinstance(colour, (tuple, list)):
        return False
    if len(colour) == 3:
        red, green, blue = colour
        return red > 0.6 and green < 0.35 and blue < 0.35
    if len(colour) == 4:
        cyan, magenta, yellow, black = colour
        return magenta > 0.6 and yellow > 0.6 and cyan < 0.35 and black < 0.4
    return False


class Ink:
    """The pages as they print, for what font metrics do not tell."""

    def __init__(self, path: str) -> None:
        self._document = pypdfium2.PdfDocument(path)

    def close(self) -> None:
        self._document.close()

    def dash_middle(self, page: int, x0: float, x1: float, y0: float, y1: float) -> float | None:
        """The height (points from the top) of the widest thin stroke in a region, at 300 dpi."""
        scale = 300 / 72
        picture = self._document[page - 1].render(scale=scale, grayscale=True).to_pil()
        box = (int(x0 * scale), int(y0 * scale), int(x1 * scale) + 1, int(y1 * scale) + 1)
        part = picture.crop(box)
        width, height = part.size
        values = part.tobytes()
        runs = [_longest_dark(values[row * width : (row + 1) * width]) for row in range(height)]
        widest = max(runs, default=0)
        if widest < 6:
            return None
        rows = [row for row, run in enumerate(runs) if run >= 0.7 * widest]
        return (box[1] + (min(rows) + max(rows) + 1) / 2) / scale


def _longest_dark(row: bytes) -> int:
    longest = run = 0
    for value in row:
        run = run + 1 if value < 160 else 0
        longest = max(longest, run)
    return longest
