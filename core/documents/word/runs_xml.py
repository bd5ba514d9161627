"""Runs as WordprocessingML: only what differs from their paragraph's style is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from xml.sax.saxutils import escape

from core.documents.fonts.faces import ROLES
from core.documents.word.measures import twips
from core.documents.word.picture_xml import picture_xml
from core.documents.word.pieces import Run
from core.documents.word.styles import COLOUR, STYLES, fonts_xml

_BREAKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}


@dataclass(frozen=True)
class Anchors:
    """The anchors of a document: numbered in their order, and the page each was printed on."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)

    def marked(self, anchor: str, xml: str) -> str:
        """What an anchor stands at, with its bookmark."""
        number = self.numbers.get(anchor)
        if number is None:
            return xml
        return f'<w:bookmarkStart w:id="{number}" w:name="{_name(number)}"/>{xml}<w:bookmarkEnd w:id="{number}"/>'

    def page(self, anchor: str, look: str) -> str:
        """The page of an anchor as a field: Word can bring it up to date after a change."""
        number, shown = self.numbers.get(anchor), f"<w:t>{self.pages.get(anchor, '')}</w:t>"
        if number is None:
            return f"<w:r>{look}{shown}</w:r>"
        parts = (
            '<w:fldChar w:fldCharType="begin"/>',
            f'<w:instrText xml:space="preserve"> PAGEREF {_name(number)} \\h </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>', shown, '<w:fldChar w:fldCharType="end"/>',
        )  # fmt: skip
        return "".join(f"<w:r>{look}{part}</w:r>" for part in parts)


NONE = Anchors()


def runs_xml(runs: tuple[Run, ...], style: str, anchors: Anchors = NONE) -> str:
    """All runs of a paragraph of some style."""
    return "".join(_run(run, style, anchors) for run in runs)


def joint(more: str = "") -> str:
    """An empty paragraph no one sees: Word wants one after a table."""
    return f'<w:p><w:pPr><w:pStyle w:val="Joint"/>{more}</w:pPr></w:p>'


def _run(run: Run, style: str, anchors: Anchors) -> str:
    look = _look(run, style)
    if run.picture:
        return f"<w:r>{picture_xml(run.picture)}</w:r>"
    if run.page_of:
        return anchors.page(run.page_of, look)
    return f"<w:r>{look}{''.join(_pieces(run.text))}</w:r>"


def _look(run: Run, style: str) -> str:
    """In the order the schema wants."""
    own, parts = STYLES[style], []
    if run.face in ROLES and run.face != own.face:
        parts.append(fonts_xml(run.face))
    if run.bold and not own.bold:
        parts.append("<w:b/>")
    if run.red:
        parts.append(f'<w:color w:val="{COLOUR}"/>')
    if run.spacing:
        parts.append(f'<w:spacing w:val="{twips(run.spacing)}"/>')
    if run.scale != 1:
        parts.append(f'<w:w w:val="{min(max(round(run.scale * 100), 1), 600)}"/>')
    if run.size and run.size != own.size:
        parts.append(f'<w:sz w:val="{round(run.size * 2)}"/><w:szCs w:val="{round(run.size * 2)}"/>')
    return f"<w:rPr>{''.join(parts)}</w:rPr>" if parts else ""


def _pieces(text: str) -> Iterator[str]:
    for is_break, part in groupby(text, key=_BREAKS.__contains__):
        said = "".join(part)
        if is_break:
            yield "".join(_BREAKS[char] for char in said)
        else:
            yield f'<w:t xml:space="preserve">{escape(said)}</w:t>'


def _name(number: int) -> str:
    return f"_item{number}"
