"""What a Word document is made of here: paragraphs, tables, the head and the foot, in the order of the page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Source:
    """What a picture is made of: png, jpeg, gif or svg."""

    kind: str
    data: bytes


@dataclass(frozen=True)
class Picture:
    """A picture in a line: the name of its source, its size in points, what it shows in words."""

    name: str
    width: float
    height: float
    alt: str = ""

    def within(self, width: float) -> "Picture":
        """No wider than that many points."""
        width = max(width, 1.0)
        scale = min(1.0, width / self.width)
        return self if scale == 1 else replace(self, width=width, height=self.height * scale)


@dataclass(frozen=True)
class Run:
    """A stretch of text in one look, or a picture. A line break is "\\n"; `page_of` stands for the number of an anchor's page."""

    text: str
    face: str = ""  # a role of `faces.ROLES`; empty: the paragraph's own
    bold: bool = False
    red: bool = False
    size: float = 0.0  # points; 0: the paragraph's own
    spacing: float = 0.0  # points between characters
    scale: float = 1.0  # width of the characters
    page_of: str = ""
    picture: Picture | None = None

    @property
    def is_text(self) -> bool:
        """Whether nothing else stands here."""
        return not self.page_of and self.picture is None


def tallest(runs: Iterable[Run]) -> float:
    """The height of the highest picture among runs, in points; 0 without any."""
    return max((run.picture.height for run in runs if run.picture), default=0.0)


@dataclass(frozen=True)
class Tab:
    """A stop, in points from the left: text ends there, or has its middle there."""

    at: float
    align: str = "right"
    dots: bool = False  # leading up to it


@dataclass(frozen=True)
class Frame:
    """A place on the paper, in mm from its upper and left edge. What stands around it does not move it."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Edge:
    """One side of a frame: the kind of its line, its thickness, its colour, the room inside it. In points."""

    kind: str
    thick: float
    colour: str
    space: float

    @property
    def taken(self) -> float:
        """How far the text stands from its outer side."""
        return self.thick + self.space


@dataclass(frozen=True)
class Box:
    """A frame around paragraphs that follow each other; its outer sides are where the text would else end, set in by its
    margins."""

    top: Edge | None = None
    right: Edge | None = None
    bottom: Edge | None = None
    left: Edge | None = None
    above: float = 0.0
    below: float = 0.0
    from_left: float = 0.0
    from_right: float = 0.0

    @property
    def taken(self) -> tuple[float, float]:
        """How far the text within stands from where it would else, on the left and on the right."""
        left, right = (edge.taken if edge else 0.0 for edge in (self.left, self.right))
        return self.from_left + left, self.from_right + right


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in one of the styles of `styles.STYLES`. Lengths in points; None: as the style says."""

    style: str
    runs: tuple[Run, ...] = ()
    before: float | None = None
    line: float = 0.0
    left: float | None = None
    hanging: float = 0.0  # below zero: the first line set in
    tabs: tuple[Tab, ...] = ()
    rule: tuple[float, float] | None = None  # a red line below: its distance and thickness
    anchor: str = ""
    keep: bool = False  # its last line on one page with what follows
    frame: Frame | None = None
    box: Box | None = None


@dataclass(frozen=True)
class Gap:
    """Room between two paragraphs, in points: a margin, which the larger one of neighbours rules, or fixed room."""

    margin: float = 0.0
    fixed: float = 0.0


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `across` and `down` are how many places it takes, `pad` the digits missing at its ends."""

    runs: tuple[Run, ...]
    across: int = 1
    down: int = 1
    header: bool = False
    align: str = "center"
    pad: tuple[int, int] = (0, 0)
    size: float = 0.0  # points; 0: the table's
    line: float = 0.0
    indented: bool = False  # each of its paragraphs set in by two
    top: bool = False  # written from above

    @property
    def text(self) -> str:
        """What the cell says, on one line."""
        return "".join(run.text for run in self.runs).replace("\n", "")


@dataclass(frozen=True)
class Table:
    """A table: the first `head` rows are repeated on every page. Widths in points, 0: not said; none known: shared
    equally."""

    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0
    widths: tuple[float, ...] = ()
    size: float = 14.0
    line: float = 18.0
    in_text: bool = False
    after: float = 0.5  # room below it in lines
    heights: tuple[float, ...] = ()  # the least of each row in points; 0: as high as its text
    slip: bool = False  # its rows are few and high, and stand each by itself
    width: str = ""  # what its style sheet says of the whole
    is_left: bool = False  # where it stands when it is narrower than its place
    plain: bool = False  # places its cells only: no rules, no room in them, rows exactly as high as said


@dataclass(frozen=True)
class Foot:
    """The colophon: full lines, and lines with something at either end. It `floats` at the bottom of the last page,
    or follows the text when a page is too small for it. That of a letter has no rules."""

    lines: tuple["FootLine", ...]
    floats: bool = True
    ruled: bool = True


@dataclass(frozen=True)
class FootLine:
    """One line of it: one text, or two for the two ends. Later lines of a text are set in by `hanging` points."""

    texts: tuple[tuple[Run, ...], ...]
    hanging: float = 0.0


@dataclass(frozen=True)
class LetterPage:
    """The first page of a letter has no number, and red bands across it."""

    bands: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class Framed:
    """Pieces in a frame together, tables among them: a paragraph's own frame would end at a table."""

    box: Box
    pieces: tuple["Piece", ...]


@dataclass(frozen=True)
class Piece:
    """Something on a page of a kind: upright, wide, a3 or unnumbered. `new_page` begins a page of the same kind.

    `chapter` counts the documents bound in a volume from 1; 0 is its front part, and a document of its own.
    """

    what: Paragraph | Table | Foot | Framed
    page: str = "upright"
    new_page: bool = False
    chapter: int = 0


def every(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Those within frames instead of the frames."""
    for piece in pieces:
        if isinstance(piece.what, Framed):
            yield from every(piece.what.pieces)
        else:
            yield piece


@dataclass(frozen=True)
class Pages:
    """All pieces of a document, or of several bound in a volume; `letters` by chapter."""

    title: str
    pieces: tuple[Piece, ...]
    numbers: Mapping[str, int] = field(default_factory=dict)  # anchor → page as printed
    letters: Mapping[int, LetterPage] = field(default_factory=dict)
    pictures: Mapping[str, Source] = field(default_factory=dict)
