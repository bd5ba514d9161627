"""In the confined child: make one PDF of a volume's parts, with one set of fonts, one outline and one tree of tags.

The front part (cover, contents) is the file the others are added to: its title, language and PDF/A declaration count
for the whole. A chapter always begins on a right-hand page; where one ends on a right-hand page an empty one follows.
"""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pikepdf
import pydyf
from pikepdf import Array, Dictionary, Name, String
from weasyprint.pdf.fonts import build_fonts_dictionary
from weasyprint.text.ffi import TO_UNITS, ffi, gobject, pango
from weasyprint.text.fonts import FontConfiguration, get_pango_font_key

from core.documents.engine.chapters import Face

# Links of the front part to places in chapters are written as addresses of this kind.
SCHEME = "volume:"
_PDF_VERSION = "1.7"

ffi.cdef("PangoFontDescription * pango_font_description_from_string (const char *str);")


class Part:
    """A finished part: its file, what `chapters.facts_of` told of it, its title in the outline."""

    def __init__(self, pdf: bytes, facts: Mapping[str, Any], title: str = "") -> None:
        self.file, self.facts, self.title = pikepdf.open(io.BytesIO(pdf)), facts, title
        self.has_tables = b"/Headers" in pdf
        self.pages: list[pikepdf.Page] = []


def join(front: Part, chapters: Sequence[Part], fonts: FontConfiguration) -> bytes:
    """The whole volume. The same parts give the same bytes."""
    volume = front.file
    front.pages = list(volume.pages)
    tags = _Tags(volume)
    embedded = _faces([front, *chapters], fonts)  # open until all is saved
    faces = volume.copy_foreign(embedded.Root.Faces)
    _use(front, faces)
    _fill_up(volume)
    labels = Array([0, Dictionary(S=Name.r), len(volume.pages), Dictionary(S=Name.D)])
    colours = volume.pages[0].Resources.ColorSpace
    for number, chapter in enumerate(chapters, 1):
        before = len(volume.pages)
        with warnings.catch_warnings(action="ignore", category=pikepdf.PageCopyWarning):
            volume.pages.extend(chapter.file.pages)  # where links lead is mended below
        chapter.pages = list(volume.pages)[before:]
        _use(chapter, faces)
        chapter.pages[0].Resources.ColorSpace = colours
        _rename_links(chapter.pages, f"c{number}-")
        tags.add(chapter)
        _fill_up(volume)
    tags.finish()
    _aim_links(front.pages)
    volume.Root.PageLabels = Dictionary(Nums=labels)
    volume.Root.Names = _with_places(volume, chapters)
    volume.Root.Outlines = _outline(volume, chapters)
    out = io.BytesIO()
    volume.save(
        out, min_version=_PDF_VERSION, deterministic_id=True, compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )  # fmt: skip
    return out.getvalue()


def _fill_up(volume: pikepdf.Pdf) -> None:
    """An even number of pages so far: the next part begins on a right-hand page."""
    if len(volume.pages) % 2:
        last = volume.pages[-1]
        empty = Dictionary(
            Type=Name.Page, MediaBox=last.MediaBox, TrimBox=last.get("/TrimBox", last.MediaBox),
            Resources=Dictionary(), Contents=volume.make_stream(b""),
        )  # fmt: skip
        volume.pages.append(pikepdf.Page(volume.make_indirect(empty)))


# --- fonts ------------------------------------------------------------------------------------------------------


def _faces(parts: Sequence[Part], fonts: FontConfiguration) -> pikepdf.Pdf:
    """Every shared face once, with the glyphs that any part uses."""
    faces: dict[str, Face] = {}
    for part in parts:
        for key, told in part.facts["faces"].items():
            face = faces.get(key) or faces.setdefault(key, _loaded(told, fonts))
            if face.hash != key:
                raise ValueError(f"face {told['described']} is not what it was")
            for glyph, width, text in told["glyphs"]:
                face.widths.setdefault(glyph, width)
                if text:
                    face.to_unicode.setdefault(glyph, text)
    for face in faces.values():
        face.widths = dict(sorted(face.widths.items()))
        face.to_unicode = dict(sorted(face.to_unicode.items()))
    made = pydyf.PDF()
    options = {"hinting": False, "pdf_version": _PDF_VERSION}
    found = build_fonts_dictionary(made, dict(sorted(faces.items())), True, True, options)
    made.add_object(found)
    made.catalog["Faces"] = found.reference
    out = io.BytesIO()
    made.write(out)
    return pikepdf.open(out)


def _loaded(told: Mapping[str, Any], fonts: FontConfiguration) -> Face:
    description = ffi.gc(
        pango.pango_font_description_from_string(told["described"].encode()),
        pango.pango_font_description_free,
    )
    pango.pango_font_description_set_absolute_size(description, int(told["size"] * TO_UNITS))
    context = ffi.gc(pango.pango_font_map_create_context(fonts.font_map), gobject.g_object_unref)
    loaded = pango.pango_font_map_load_font(fonts.font_map, context, description)
    _, described, size = get_pango_font_key(loaded)
    return Face(loaded, described, size)


def _use(part: Part, faces: pikepdf.Object) -> None:
    """All pages of a part, and whatever is drawn on them, find their fonts in one dictionary."""
    own = part.pages[0].Resources.Font
    for key in part.facts["faces"]:
        own[f"/{key}"] = faces[f"/{key}"]


# --- tags -------------------------------------------------------------------------------------------------------


class _Tags:
    """The tree of tags of the front part, which grows by one branch for each chapter."""

    def __init__(self, volume: pikepdf.Pdf) -> None:
        self._volume, self._root = volume, volume.Root.StructTreeRoot
        self._document = self._root.K[0]
        self._owners = list(self._root.ParentTree.Nums)

    def add(self, chapter: Part) -> None:
        """Hang a chapter's tree into the volume's, and let its pages find it there."""
        begin = len(self._owners) // 2
        root = self._volume.copy_foreign(chapter.file.Root.StructTreeRoot)
        branch = root.K[0]
        branch.S, branch.P, branch.T = Name.Part, self._document, String(chapter.title)
        self._document.K.append(branch)
        for number, owner in _pairs(root.ParentTree.Nums):
            self._owners += [int(number) + begin, owner]
        for page in chapter.pages:
            page.obj.StructParents += begin
            for note in page.obj.get("/Annots", ()):
                if "/StructParent" in note:
                    note.StructParent += begin
        if chapter.has_tables:
            _name_apart(branch, f"{begin}-")

    def finish(self) -> None:
        self._root.ParentTree.Nums = Array(self._owners)
        self._root.ParentTreeNextKey = len(self._owners) // 2


def _pairs(values: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    flat = list(values)
    return zip(flat[::2], flat[1::2], strict=True)


def _name_apart(branch: pikepdf.Object, prefix: str) -> None:
    """The names by which cells find the heads of their table must differ between chapters."""
    waiting = [branch]
    while waiting:
        tag = waiting.pop()
        if "/ID" in tag:
            tag.ID = String(prefix + str(tag.ID))
        if "/Headers" in tag.get("/A", {}):
            tag.A.Headers = Array(String(prefix + str(name)) for name in tag.A.Headers)
        kids = tag.get("/K", ())
        waiting += [kid for kid in (kids if isinstance(kids, Array) else [kids]) if "/S" in kid]


# --- places and headlines ---------------------------------------------------------------------------------------


def _rename_links(pages: Sequence[pikepdf.Page], prefix: str) -> None:
    for page in pages:
        for note in page.obj.get("/Annots", ()):
            if "/Dest" in note:
                note.Dest = String(prefix + str(note.Dest))


def _aim_links(pages: Sequence[pikepdf.Page]) -> None:
    for page in pages:
        for note in page.obj.get("/Annots", ()):
            address = str(note.A.URI) if "/A" in note else ""
            if address.startswith(SCHEME):
                note.Dest = String(address.removeprefix(SCHEME))
                del note.A


def _with_places(volume: pikepdf.Pdf, chapters: Sequence[Part]) -> Dictionary:
    names = volume.Root.get("/Names", Dictionary())
    own = names.get("/Dests", Dictionary(Names=Array()))
    places = [(str(name), where) for name, where in _pairs(own.Names)]
    for number, chapter in enumerate(chapters, 1):
        for name, (page, x, y) in chapter.facts["anchors"].items():
            places.append((f"c{number}-{name}", _at(chapter, page, x, y)))
        places.append((f"c{number}", Array([chapter.pages[0].obj, Name.Fit])))
    names.Dests = Dictionary(
        Names=Array(part for name, to in sorted(places, key=lambda p: p[0]) for part in (String(name), to))
    )
    return names


def _at(part: Part, page: int, x: float, y: float) -> Array:
    return Array([part.pages[page].obj, Name.XYZ, x, y, 0])


def _outline(volume: pikepdf.Pdf, chapters: Sequence[Part]) -> pikepdf.Object:
    """One entry for each chapter, closed; its own headlines below."""
    root = volume.make_indirect(Dictionary(Type=Name.Outlines))
    entries = []
    for chapter in chapters:
        entry = volume.make_indirect(
            Dictionary(Title=String(chapter.title), Dest=Array([chapter.pages[0].obj, Name.Fit]))
        )
        count = _hang(entry, list(_entries(volume, chapter, chapter.facts["headlines"])))
        if count:
            entry.Count = -count
        entries.append(entry)
    _hang(root, entries)
    root.Count = len(entries)
    return root


def _entries(volume: pikepdf.Pdf, part: Part, headlines: Sequence[Any]) -> Iterator[pikepdf.Object]:
    for title, (page, x, y), below, _ in headlines:
        where = _at(part, page, x, y)
        entry = volume.make_indirect(Dictionary(Title=String(title), Dest=where))
        count = _hang(entry, list(_entries(volume, part, below)))
        if count:
            entry.Count = count
        yield entry


def _hang(parent: pikepdf.Object, entries: Sequence[pikepdf.Object]) -> int:
    """Put entries below another; how many there are now, with those below them."""
    for before, after in zip(entries, entries[1:], strict=False):
        before.Next, after.Prev = after, before
    for entry in entries:
        entry.Parent = parent
    if entries:
        parent.First, parent.Last = entries[0], entries[-1]
    return sum(1 + int(entry.get("/Count", 0)) for entry in entries)
