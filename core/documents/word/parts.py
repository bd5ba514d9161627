"""The parts of a document that have a place of their own: titles, annex list, signature, contents, colophon."""

from dataclasses import replace

from lxml.html import HtmlElement

from core.documents.fonts.charset import cells
from core.documents.typesetting.grid import CELLS
from core.documents.word.inline import Look, classes_of, lengths_of, runs_of, text_of
from core.documents.word.measures import CELL, ROW
from core.documents.word.pieces import Foot, FootLine, Gap, LetterPage, Paragraph, Run, Tab, Table

Parts = list[Paragraph | Gap | Foot | Table | LetterPage]
# Above and below the name of a slip, and above its cells, in lines.
SLIP = 0.3


def title_of(node: HtmlElement, look: Look) -> Parts:
    """A title of the document or of an annex."""
    style, before = ("Title", 2.0) if node.tag == "h1" else ("AnnexTitle", 1.0)
    after = 1.0
    if node.tag == "h1" and any("boxes" in classes_of(table) for table in node.itersiblings("table")):
        before = after = SLIP  # a slip has to fit on one page
    return [
        Gap(margin=before * ROW),
        Paragraph(style, runs_of(node, look), anchor=node.get("id", "")),
        Gap(margin=after * ROW),
    ]


def marks_of(node: HtmlElement, look: Look) -> Parts:
    """The first line of a slip: secrecy and urgency at the left, the number at the right."""
    right = next((part for part in node if "right" in classes_of(part)), None)
    if right is None:
        return [Paragraph("Flush", runs_of(node, look))]
    number = runs_of(right, look)
    node.remove(right)
    tab = Tab((CELLS - 1) * CELL)
    return [Paragraph("Flush", (*runs_of(node, look), Run("\t"), *number), tabs=(tab,))]


def annex_list_of(node: HtmlElement, look: Look) -> Parts:
    """附件：1. …; names that go on are set in under their first character."""
    lone = "one" in classes_of(node)
    found: Parts = []
    for line in node.iter("p"):
        number = next((part for part in line if "number" in classes_of(part)), None)
        runs = runs_of(line, look)
        if number is not None:
            runs = _with_tab(runs, text_of(number))
        first = "first" in classes_of(line)
        left, hanging = (5.0, 3.0) if lone else (6.5, 4.5 if first else 1.5)
        found.append(Paragraph("Annex", runs, left=left * CELL, hanging=hanging * CELL))
    return found


def _with_tab(runs: tuple[Run, ...], number: str) -> tuple[Run, ...]:
    """A tab behind the number, which takes the name to the edge of its lines."""
    for n, run in enumerate(runs):
        before, found, after = run.text.partition(number)
        if found:
            return (*runs[:n], replace(run, text=f"{before}{number}\t{after}"), *runs[n + 1 :])
    return runs


def signature_of(node: HtmlElement, look: Look) -> Parts:
    """署名 and date where the page has them: centred over each other with a seal, else the date set in by two."""
    if "joint" in classes_of(node):
        return _joint(node, look)
    sealed = "sealed" in classes_of(node)
    box = next((part for part in node.iter("div") if "signer" in classes_of(part)), node)
    lines = [part for part in box if part.tag == "div"]
    widths = [cells(text_of(line)) + 2 * ("day" in classes_of(line)) for line in lines]
    edge = CELLS - lengths_of(box).get("right", 2 * CELL) / CELL
    room = max(widths, default=0)
    found: Parts = [Gap(fixed=(2 if sealed else 1) * ROW)]
    for n, (line, width) in enumerate(zip(lines, widths, strict=True)):
        left = edge - room + ((room - width) / 2 if sealed else 2 * ("day" in classes_of(line)))
        style = "Date" if n == len(lines) - 1 else "Signature"
        found.append(Paragraph(style, runs_of(line, look), left=max(left, 0.0) * CELL))
    return found


def _joint(node: HtmlElement, look: Look) -> Parts:
    """署名 of several offices with their seals: those beside each other in one line, room for the seals between lines."""
    found: Parts = [Gap(fixed=2 * ROW)]
    end, line = 0.0, ()
    top = None
    for box in (part for part in node.iter("div") if "office" in classes_of(part)):
        said = {"left": 0.0, "width": 0.0, "top": 0.0} | lengths_of(box)
        name, *day = [part for part in box if part.tag == "div"] or [box]
        left = (said["left"] + said["width"] / 2) / CELL - cells(text_of(name)) / 2
        if top is not None and said["top"] > top:
            found += [Paragraph("Signature", line, left=0.0), Gap(fixed=4 * ROW)]
            end, line = 0.0, ()
        top = said["top"]
        # Whole blanks, and a place left free at the end: a name must not be broken by a face a little wider.
        blanks = max(min(round(left - end), int(CELLS - 1 - end - cells(text_of(name)))), 0)
        line = (*line, Run("\u3000" * blanks), *runs_of(name, look))
        end = blanks + end + cells(text_of(name))
        for each in day:
            found.append(Paragraph("Signature", line, left=0.0))
            middle = (said["left"] + said["width"] / 2) / CELL
            found.append(
                Paragraph("Date", runs_of(each, look), left=(middle - cells(text_of(each)) / 2) * CELL)
            )
    return found


# In characters: how wide the place of a stamp is unless a printed name is wider, its distance from the right, and that
# of a signer's post from it.
STAMP_WIDTH, STAMP_RIGHT, POST_GAP = 4.5, 4.0, 2.0
STAMP = "签名章"


def stamped_of(node: HtmlElement, look: Look) -> Parts:
    """Signers, each in the middle of two lines with the name where the stamp goes, and the date (7.3.5.3)."""
    names = [cells(text_of(part)) for part in node.iter("span") if "stamp" in classes_of(part)]
    wide = max([STAMP_WIDTH, *names])
    middle = CELLS - STAMP_RIGHT - wide / 2
    stops = (Tab((middle - wide / 2 - POST_GAP) * CELL), Tab(middle * CELL, "center"))
    found: Parts = [Gap(fixed=2 * ROW)]
    for line in node:
        if not isinstance(line.tag, str):
            continue
        if "by" in classes_of(line):
            signer = Paragraph("Stamped", _signer(line, look), tabs=stops)
            found += [Gap(fixed=ROW / 2), signer, Gap(fixed=ROW / 2)]
        else:
            found += [Gap(fixed=ROW), Paragraph("StampedDate", runs_of(line, look))]
    return found


def _signer(line: HtmlElement, look: Look) -> tuple[Run, ...]:
    """Post and name. A picture of a stamp is not copied into a file anybody can change: its signer is named."""
    stamp = next((part for part in line if "stamp" in classes_of(part)), None)
    if stamp is None:
        return (Run("\t"), *runs_of(line, look))
    name = runs_of(stamp, look)
    pictured = next((str(picture.get("alt", "")).removesuffix(STAMP) for picture in stamp.iter("img")), "")
    if not name and pictured:
        name = (Look(face="kai").run(pictured),)
    line.remove(stamp)
    return (Run("\t"), *runs_of(line, look), Run("\t"), *name)


def contents_of(node: HtmlElement, look: Look) -> Parts:
    """要目: its title, names of columns, and each item with its page."""
    found: Parts = []
    for line in node.iterdescendants("h2", "p"):
        runs, classes = runs_of(line, look), classes_of(line)
        link = next(iter(line.iter("a")), None)
        if line.tag == "h2":
            found.append(Paragraph("ContentsTitle", runs))
        elif "entry" in classes and link is not None:
            page = Run("", page_of=str(link.get("href", "")).removeprefix("#"))
            stop = Tab((CELLS - 1) * CELL, dots=True)
            found.append(Paragraph("Contents", (*runs, Run("\t"), page), tabs=(stop,)))
        else:
            found.append(Paragraph("Contents", runs))
    return [*found, Gap(margin=ROW)]


def foot_of(node: HtmlElement, look: Look) -> Parts:
    """The colophon: one copy of the two that stand on the page."""
    printed = next((part for part in node.iter("div") if "printed" in classes_of(part)), None)
    if printed is None:
        return []
    lines = []
    for line in printed:
        if not isinstance(line.tag, str):
            continue
        if "ends" in classes_of(line):
            lines.append(FootLine(tuple(runs_of(part, look) for part in line)))
        else:
            lines.append(FootLine((runs_of(line, look),), 28.0 if "short" in classes_of(line) else 42.0))
    return [Foot(tuple(lines), "flowing" not in classes_of(node))] if lines else []


def blank_of(node: HtmlElement, look: Look) -> Parts:
    """An empty line."""
    return [Paragraph("Flush")]
