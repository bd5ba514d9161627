"""A volume for Word: its front part and its chapters, each read from its finished page, as one document."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from core.documents.rendering.volumes import Chapter, Laid
from core.documents.word.file import docx_of
from core.documents.word.media import Draw
from core.documents.word.pieces import Framed, LetterPage, Pages, Paragraph, Piece, Run, Source
from core.documents.word.reading import pages_of


def volume_docx(
    front: str,
    chapters: Sequence[Chapter],
    laid: Sequence[Laid],
    dated: date,
    draw: Draw,
    heard: Callable[[int], None] | None = None,
) -> bytes:
    """The Word file of a volume whose PDF was laid out: `front` is the finished page of its front part. `heard` is called
    with the number of chapters read. Raises RenderError."""

    def read() -> Iterator[Pages]:
        for number, (chapter, one) in enumerate(zip(chapters, laid, strict=True)):
            if heard:
                heard(number)
            yield pages_of(chapter.html, {name: page - one.first + 1 for name, page in one.anchors.items()})

    numbers = {}
    for number, one in enumerate(laid, 1):
        numbers |= {f"c{number}-{name}": page for name, page in one.anchors.items()} | {
            f"c{number}": one.first
        }
    return docx_of(bound(pages_of(front, numbers), read()), dated, draw)


def bound(front: Pages, chapters: Iterable[Pages]) -> Pages:
    """One document. Anchors get the chapter's number in front (c2-item-1), c2 is where the chapter begins; pages that a
    chapter's own contents name stay those it was printed with."""
    pieces = list(front.pieces)
    letters: dict[int, LetterPage] = dict(front.letters)
    pictures: dict[str, Source] = dict(front.pictures)
    for number, pages in enumerate(chapters, 1):
        inside = [_within(piece, number, pages.numbers) for piece in pages.pieces]
        pieces += _named(inside, f"c{number}")
        if pages.letters:
            letters[number] = pages.letters[0]
        pictures |= pages.pictures
    return replace(front, pieces=tuple(pieces), letters=letters, pictures=pictures)


def _within(piece: Piece, chapter: int, numbers: Mapping[str, int]) -> Piece:
    what = piece.what
    if isinstance(what, Framed):
        what = replace(what, pieces=tuple(_within(one, chapter, numbers) for one in what.pieces))
    elif isinstance(what, Paragraph):
        what = replace(
            what,
            anchor=f"c{chapter}-{what.anchor}" if what.anchor else "",
            runs=tuple(_settled(run, numbers) for run in what.runs),
        )
    return replace(piece, what=what, chapter=chapter)


def _settled(run: Run, numbers: Mapping[str, int]) -> Run:
    return replace(run, page_of="", text=str(numbers.get(run.page_of, ""))) if run.page_of else run


def _named(pieces: Iterable[Piece], name: str) -> Iterator[Piece]:
    """The first paragraph without an anchor has the chapter's."""
    for piece in pieces:
        if name and isinstance(piece.what, Paragraph) and not piece.what.anchor:
            piece, name = replace(piece, what=replace(piece.what, anchor=name)), ""
        yield piece
