"""The files of an OFD package and how they hang together (GB/T 33190 clauses 6, 7): written page by page, always alike."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plugins.ofd.elements import element, length, lengths, printable, root, text
from plugins.ofd.geometry import Box

# The first moment a zip archive can name.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
A4: Box = (0.0, 0.0, 210.0, 297.0)
_ENDINGS = {"PNG": "png", "JPEG": "jpg"}


@dataclass(frozen=True)
class Bookmark:
    """A heading of the document's outline and where it leads."""

    title: str
    page: int
    left: float
    top: float
    below: tuple["Bookmark", ...] = ()


class Package:
    """One document. Numbers of all things in it are given here, in the order they are asked for."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._zip = zipfile.ZipFile(self._out, "w")
        self._last = 0
        self._pages: list[tuple[int, Box]] = []

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *failure: object) -> None:
        self._zip.close()

    def number(self) -> int:
        """The next free number."""
        self._last += 1
        return self._last

    def information(
        self, document_id: str, facts: Iterable[tuple[str, str]], more: Mapping[str, str]
    ) -> None:
        """The entry file: what document this is. `facts` come in the order the standard gives them."""
        said = [text("DocID", document_id), *(text(name, value) for name, value in facts if value)]
        custom = "".join(text("CustomData", value, {"Name": name}) for name, value in more.items() if value)
        if custom:
            said.append(element("CustomDatas", None, custom))
        body = element("DocInfo", None, "".join(said)) + text("DocRoot", "Doc_0/Document.xml")
        self._put(
            "OFD.xml", root("OFD", {"Version": "1.0", "DocType": "OFD"}, element("DocBody", None, body))
        )

    def page(self, size: Box, objects: str) -> None:
        """One more page; an empty one has no content at all."""
        content = ""
        if objects:
            content = element(
                "Content", None, element("Layer", {"ID": self.number(), "Type": "Body"}, objects)
            )
        area = element("Area", None, _physical(size))
        self._put(f"Doc_0/Pages/Page_{len(self._pages)}/Content.xml", root("Page", {}, area + content))
        self._pages.append((self.number(), size))

    def resources(
        self, fonts: Iterable[tuple[int, str, str, bytes]], pictures: Iterable[tuple[int, str, bytes]]
    ) -> None:
        """Fonts (number, name, family, file) and pictures (number, format, file) that the pages use."""
        listed = []
        for n, (number, name, family, file) in enumerate(fonts, start=1):
            place = f"font_{n}.{'otf' if file[:4] == b'OTTO' else 'ttf'}"
            self._put(f"Doc_0/Res/{place}", file)
            attributes = {"ID": number, "FontName": printable(name), "FamilyName": printable(family)}
            listed.append(element("Font", attributes, text("FontFile", place)))
        self._list("PublicRes", "Fonts", listed)
        listed = []
        for n, (number, form, file) in enumerate(pictures, start=1):
            place = f"image_{n}.{_ENDINGS[form]}"
            self._put(f"Doc_0/Res/{place}", file)
            listed.append(
                element(
                    "MultiMedia", {"ID": number, "Type": "Image", "Format": form}, text("MediaFile", place)
                )
            )
        self._list("DocumentRes", "MultiMedias", listed)

    def finished(self, outline: Iterable[Bookmark]) -> bytes:
        """The whole package, with the list of pages and the outline."""
        common = (
            text("MaxUnitID", str(self._last)),
            element("PageArea", None, _physical(self._pages[0][1] if self._pages else A4)),
            text("PublicRes", "PublicRes.xml"),
            text("DocumentRes", "DocumentRes.xml"),
        )
        pages = "".join(
            element("Page", {"ID": number, "BaseLoc": f"Pages/Page_{n}/Content.xml"})
            for n, (number, _) in enumerate(self._pages)
        )
        marks = "".join(self._bookmark(mark) for mark in outline)
        inside = element("CommonData", None, "".join(common)) + element("Pages", None, pages)
        if marks:
            inside += element("Outlines", None, marks)
        self._put("Doc_0/Document.xml", root("Document", {}, inside))
        self._zip.close()
        return self._out.getvalue()

    def _bookmark(self, mark: Bookmark) -> str:
        place = {
            "Type": "XYZ", "PageID": self._pages[mark.page][0], "Left": length(mark.left), "Top": length(mark.top),
            "Zoom": 0,
        }  # fmt: skip
        action = element("Action", {"Event": "CLICK"}, element("Goto", None, element("Dest", place)))
        below = "".join(self._bookmark(other) for other in mark.below)
        attributes = {"Title": printable(mark.title), "Count": len(mark.below) or None}
        return element("OutlineElem", attributes, element("Actions", None, action) + below)

    def _list(self, file: str, kind: str, listed: list[str]) -> None:
        inside = element(kind, None, "".join(listed)) if listed else ""
        self._put(f"Doc_0/{file}.xml", root("Res", {"BaseLoc": "Res"}, inside))

    def _put(self, name: str, content: str | bytes) -> None:
        member = zipfile.ZipInfo(name, LONG_AGO)
        member.create_system, member.external_attr = 3, 0o600 << 16
        data = content.encode() if isinstance(content, str) else content
        self._zip.writestr(member, data, zipfile.ZIP_DEFLATED, 6)


def _physical(size: Box) -> str:
    return element("PhysicalBox", None, lengths((0, 0, size[2], size[3])))
