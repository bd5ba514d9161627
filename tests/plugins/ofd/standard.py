"""The rules of GB/T 33190 that concern our files, written down from the standard and independent of what we write with.

`faults(ofd)` names everything that is not as the standard wants it: elements, their order and number, attributes and
their values, numbers that are given once and lead somewhere, files, boundaries, text that fits its font.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from fontTools.ttLib import TTFont
from lxml import etree
from PIL import Image

NAMESPACE = "http://www.ofdspec.org/2016"
MANY = 10**9
NUMBER = r"-?\d+(?:\.\d+)?"
# Roundings of a thousandth of a millimetre add up.
SLACK = 0.01


def _whole(least: int, most: int = MANY) -> Callable[[str], bool]:
    return lambda value: bool(re.fullmatch(r"\d+", value)) and least <= int(value) <= most


def _numbers(count: int | None = None) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        parts = value.split(" ")
        return all(re.fullmatch(NUMBER, part) for part in parts) and (count is None or len(parts) == count)

    return fits


def _one_of(*values: str) -> Callable[[str], bool]:
    return lambda value: value in values


def _day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _colour(value: str) -> bool:
    parts = value.split(" ")
    return len(parts) == 3 and all(re.fullmatch(r"\d+", part) and int(part) <= 255 for part in parts)


def _box(value: str) -> bool:
    return _numbers(4)(value) and min(map(float, value.split(" ")[2:])) > 0


def _path(value: str) -> bool:
    """S, M, L with a point, Q with two, B with three, A an arc, C closes (9.3, table 36)."""
    counts = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    words = value.split(" ")
    i = 0
    while i < len(words):
        count = counts.get(words[i])
        if count is None or not all(re.fullmatch(NUMBER, word) for word in words[i + 1 : i + 1 + count]):
            return False
        if len(words) < i + 1 + count:
            return False
        i += 1 + count
    return bool(words) and words[0] in "SM"


TEXT: Callable[[str], bool] = lambda value: True  # noqa: E731
SAID: Callable[[str], bool] = lambda value: bool(value.strip())  # noqa: E731
ID, REF = _whole(1), _whole(1)
YES_NO = _one_of("true", "false")
PLACE: Callable[[str], bool] = lambda value: bool(re.fullmatch(r"/?[\w./-]+", value)) and ".." not in value  # noqa: E731


@dataclass(frozen=True)
class Kind:
    """An element: children in order with least and most, attributes (a name with ! must be there), its own words."""

    children: tuple[tuple[str, str, int, int], ...] = ()  # element, kind, least, most
    attributes: dict[str, Callable[[str], bool]] = field(default_factory=dict)
    words: Callable[[str], bool] | None = None
    mixed: bool = False  # children in any order


def _sequence(*children: tuple, attributes: dict | None = None) -> Kind:
    return Kind(
        tuple((name, kind or name, least, most) for name, kind, least, most in children), attributes or {}
    )


def _only(words: Callable[[str], bool], **attributes: Callable[[str], bool]) -> Kind:
    return Kind(attributes=attributes, words=words)


UNIT = {
    "ID!": ID, "Boundary!": _box, "Name": TEXT, "Visible": YES_NO, "CTM": _numbers(6), "DrawParam": REF,
    "LineWidth": lambda v: _numbers(1)(v) and float(v) > 0, "Cap": _one_of("Butt", "Round", "Square"),
    "Join": _one_of("Miter", "Round", "Bevel"), "MiterLimit": _numbers(1), "DashOffset": _numbers(1),
    "DashPattern": _numbers(), "Alpha": _whole(0, 255),
}  # fmt: skip
PATH = {"Stroke": YES_NO, "Fill": YES_NO, "Rule": _one_of("NonZero", "Even-Odd")}
CLIPPING = {**UNIT, **PATH}
del CLIPPING["ID!"]
KINDS: dict[str, Kind] = {
    # 7.4 the entry
    "OFD": _sequence(("DocBody", "", 1, MANY), attributes={"Version!": _one_of("1.0"), "DocType!": _one_of("OFD")}),
    "DocBody": _sequence(("DocInfo", "", 1, 1), ("DocRoot", "Loc", 0, 1), ("Versions", "", 0, 1), ("Signatures", "Loc", 0, 1)),
    "DocInfo": _sequence(
        ("DocID", "DocID", 1, 1), ("Title", "Words", 0, 1), ("Author", "Words", 0, 1), ("Subject", "Words", 0, 1),
        ("Abstract", "Words", 0, 1), ("CreationDate", "Day", 0, 1), ("ModDate", "Day", 0, 1), ("DocUsage", "Words", 0, 1),
        ("Cover", "Loc", 0, 1), ("Keywords", "", 0, 1), ("Creator", "Words", 0, 1), ("CreatorVersion", "Words", 0, 1),
        ("CustomDatas", "", 0, 1),
    ),
    "CustomDatas": _sequence(("CustomData", "", 1, MANY)),
    "CustomData": _only(SAID, **{"Name!": SAID}),
    "DocID": _only(lambda v: bool(re.fullmatch("[0-9a-f]{32}", v))),
    "Words": _only(SAID), "Day": _only(_day), "Loc": _only(PLACE), "Number": _only(ID), "Box": _only(_box),
    # 7.5 the document
    "Document": _sequence(
        ("CommonData", "", 1, 1), ("Pages", "", 1, 1), ("Outlines", "", 0, 1), ("Permissions", "", 0, 1), ("Actions", "", 0, 1),
        ("VPreferences", "", 0, 1), ("Bookmarks", "", 0, 1), ("Annotations", "Loc", 0, 1), ("CustomTags", "Loc", 0, 1),
        ("Attachments", "Loc", 0, 1), ("Extensions", "Loc", 0, 1),
    ),
    "CommonData": _sequence(
        ("MaxUnitID", "Number", 1, 1), ("PageArea", "Area", 1, 1), ("PublicRes", "Loc", 0, MANY), ("DocumentRes", "Loc", 0, MANY),
        ("TemplatePage", "", 0, MANY), ("DefaultCS", "Number", 0, 1),
    ),
    "Area": _sequence(
        ("PhysicalBox", "Box", 1, 1), ("ApplicationBox", "Box", 0, 1), ("ContentBox", "Box", 0, 1), ("BleedBox", "Box", 0, 1)
    ),
    "Pages": _sequence(("Page", "PageEntry", 1, MANY)),
    "PageEntry": Kind(attributes={"ID!": ID, "BaseLoc!": PLACE}),
    "Outlines": _sequence(("OutlineElem", "", 1, MANY)),
    "OutlineElem": _sequence(
        ("Actions", "", 0, 1), ("OutlineElem", "", 0, MANY),
        attributes={"Title!": SAID, "Count": _whole(1), "Expanded": YES_NO},
    ),
    "Actions": _sequence(("Action", "", 1, MANY)),
    "Action": _sequence(("Region", "", 0, 1), ("Goto", "", 1, 1), attributes={"Event!": _one_of("DO", "PO", "CLICK")}),
    "Goto": _sequence(("Dest", "", 1, 1)),
    "Dest": Kind(attributes={
        "Type!": _one_of("XYZ", "Fit", "FitH", "FitV", "FitR"), "PageID!": REF, "Left": _numbers(1), "Top": _numbers(1),
        "Right": _numbers(1), "Bottom": _numbers(1), "Zoom": _numbers(1),
    }),
    # 7.9 resources
    "Res": Kind((("ColorSpaces", "ColorSpaces", 0, 1), ("DrawParams", "DrawParams", 0, 1), ("Fonts", "Fonts", 0, 1),
                 ("MultiMedias", "MultiMedias", 0, 1)), {"BaseLoc!": PLACE}, mixed=True),
    "Fonts": _sequence(("Font", "", 1, MANY)),
    "Font": _sequence(("FontFile", "Loc", 0, 1), attributes={
        "ID!": ID, "FontName!": SAID, "FamilyName": SAID, "Charset": _one_of("unicode", "prc", "symbol"), "Italic": YES_NO,
        "Bold": YES_NO, "Serif": YES_NO, "FixedWidth": YES_NO,
    }),
    "MultiMedias": _sequence(("MultiMedia", "", 1, MANY)),
    "MultiMedia": _sequence(("MediaFile", "Loc", 1, 1), attributes={
        "ID!": ID, "Type!": _one_of("Image", "Audio", "Video"), "Format": _one_of("PNG", "JPEG"),
    }),
    # 7.7, 8 pages
    "Page": _sequence(("Template", "", 0, MANY), ("PageRes", "Loc", 0, MANY), ("Area", "", 0, 1), ("Content", "", 0, 1), ("Actions", "", 0, 1)),
    "Content": _sequence(("Layer", "", 1, MANY)),
    "Layer": Kind(
        (("TextObject", "TextObject", 0, MANY), ("PathObject", "PathObject", 0, MANY), ("ImageObject", "ImageObject", 0, MANY)),
        {"ID!": ID, "Type": _one_of("Body", "Background", "Foreground", "Custom"), "DrawParam": REF}, mixed=True,
    ),
    "TextObject": _sequence(
        ("Clips", "", 0, 1), ("FillColor", "Color", 0, 1), ("StrokeColor", "Color", 0, 1), ("CGTransform", "", 0, MANY),
        ("TextCode", "", 1, 1),
        attributes={**UNIT, "Font!": REF, "Size!": _numbers(1), "Stroke": YES_NO, "Fill": YES_NO, "HScale": _numbers(1),
                    "ReadDirection": _whole(0), "CharDirection": _whole(0), "Weight": _whole(0, 1000), "Italic": YES_NO},
    ),
    "CGTransform": _sequence(("Glyphs", "", 0, 1), attributes={"CodePosition!": _whole(0), "CodeCount": _whole(1), "GlyphCount": _whole(1)}),
    "Glyphs": _only(_numbers()),
    "TextCode": _only(lambda v: bool(v), X=_numbers(1), Y=_numbers(1), DeltaX=_numbers(), DeltaY=_numbers()),
    "PathObject": _sequence(
        ("Clips", "", 0, 1), ("StrokeColor", "Color", 0, 1), ("FillColor", "Color", 0, 1), ("AbbreviatedData", "", 1, 1),
        attributes={**UNIT, **PATH},
    ),
    "AbbreviatedData": _only(_path),
    "ImageObject": _sequence(("Clips", "", 0, 1), ("Border", "", 0, 1), attributes={
        **UNIT, "ResourceID!": REF, "Substitution": REF, "ImageMask": REF,
    }),
    "Color": Kind(attributes={"Value!": _colour, "Index": _whole(0), "ColorSpace": REF, "Alpha": _whole(0, 255)}),
    "Clips": _sequence(("Clip", "", 1, MANY)),
    "Clip": _sequence(("Area", "ClipArea", 1, MANY)),
    "ClipArea": _sequence(("Path", "ClipPath", 1, 1), attributes={"DrawParam": REF, "CTM": _numbers(6)}),
    "ClipPath": _sequence(("StrokeColor", "Color", 0, 1), ("FillColor", "Color", 0, 1), ("AbbreviatedData", "", 1, 1), attributes=CLIPPING),
}  # fmt: skip


def faults(ofd: bytes) -> list[str]:
    """All that is wrong with a file; nothing when it is as the standard wants it."""
    try:
        with zipfile.ZipFile(io.BytesIO(ofd)) as package:
            broken = package.testzip()
            if broken:
                return [f"{broken} is damaged"]
            return list(_Check(package).run())
    except zipfile.BadZipFile:
        return ["not a package"]


class _Check:
    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package, self.used, self.ids = package, {"OFD.xml"}, {}
        self.fonts: dict[str, TTFont] = {}

    def run(self) -> Iterator[str]:
        entry = yield from self.opened("OFD.xml", "OFD")
        if entry is None:
            return
        for place in _all(entry, "DocBody/DocRoot"):
            document = yield from self.opened(place.text, "Document")
            if document is not None:
                yield from self.document(document, posixpath.dirname(place.text))
        for name in set(self.package.namelist()) - self.used:
            yield f"nothing leads to {name}"
        if len(set(self.package.namelist())) != len(self.package.namelist()):
            yield "a name stands twice in the package"

    def opened(self, name: str, kind: str) -> Iterator[str]:
        """The root of a file whose elements are as they should be."""
        self.used.add(name)
        try:
            root = etree.fromstring(self.package.read(name))
        except KeyError:
            yield f"{name} is not there"
            return None
        except etree.XMLSyntaxError as error:
            yield f"{name}: {error}"
            return None
        if root.tag != f"{{{NAMESPACE}}}{kind}":
            yield f"{name} begins with {root.tag}"
            return None
        found = [f"{name}: {fault}" for fault in _shape(root, kind)]
        yield from found
        return None if found else root

    def document(self, document: etree._Element, home: str) -> Iterator[str]:
        for place in [*_all(document, "CommonData/PublicRes"), *_all(document, "CommonData/DocumentRes")]:
            resources = yield from self.opened(posixpath.join(home, place.text), "Res")
            if resources is not None:
                yield from self.resources(resources, posixpath.join(home, resources.get("BaseLoc")))
        pages = _all(document, "Pages/Page")
        for page in pages:
            yield from self.known(page, "page")
        for n, page in enumerate(pages):
            content = yield from self.opened(posixpath.join(home, page.get("BaseLoc")), "Page")
            if content is not None:
                yield from (f"page {n + 1}: {fault}" for fault in self.page(content))
        most = int(_all(document, "CommonData/MaxUnitID")[0].text)
        if self.ids and most < max(map(int, self.ids)):
            yield f"MaxUnitID {most} is less than {max(map(int, self.ids))}"
        for place in document.iter(f"{{{NAMESPACE}}}Dest"):
            yield from self.leads(place, "PageID", "page")

    def resources(self, root: etree._Element, home: str) -> Iterator[str]:
        for font in _all(root, "Fonts/Font"):
            yield from self.known(font, "font")
            for file in _all(font, "FontFile"):
                name = posixpath.join(home, file.text)
                self.used.add(name)
                try:
                    self.fonts[font.get("ID")] = TTFont(io.BytesIO(self.package.read(name)))
                except Exception as error:
                    yield f"font {name}: {error!r}"
        for media in _all(root, "MultiMedias/MultiMedia"):
            yield from self.known(media, "picture")
            name = posixpath.join(home, _all(media, "MediaFile")[0].text)
            self.used.add(name)
            try:
                with Image.open(io.BytesIO(self.package.read(name))) as picture:
                    picture.load()
                    if picture.format != media.get("Format"):
                        yield f"{name} is {picture.format}"
            except Exception as error:
                yield f"picture {name}: {error!r}"

    def page(self, page: etree._Element) -> Iterator[str]:
        sheet = [float(part) for part in _all(page, "Area/PhysicalBox")[0].text.split()]
        for layer in _all(page, "Content/Layer"):
            yield from self.known(layer, "layer")
            for thing in layer:
                yield from self.known(thing, "object")
                what = f"{etree.QName(thing).localname} {thing.get('ID')}"
                yield from (f"{what}: {fault}" for fault in self.thing(thing, sheet))

    def thing(self, thing: etree._Element, sheet: list[float]) -> Iterator[str]:
        left, top, wide, high = (float(part) for part in thing.get("Boundary").split(" "))
        if left < 0 or top < 0 or left + wide > sheet[2] + SLACK or top + high > sheet[3] + SLACK:
            yield f"leaves the sheet: {thing.get('Boundary')}"
        kind = etree.QName(thing).localname
        if kind == "ImageObject":
            yield from self.leads(thing, "ResourceID", "picture")
        elif kind == "PathObject":
            clipped = bool(_all(thing, "Clips"))
            numbers = [float(n) for n in re.findall(NUMBER, _all(thing, "AbbreviatedData")[0].text)]
            xs, ys = numbers[::2], numbers[1::2]
            if not clipped and (min(xs + ys) < -SLACK or max(xs) > wide + SLACK or max(ys) > high + SLACK):
                yield "leaves its boundary"
            if thing.get("Stroke") == "false" and thing.get("Fill") != "true":
                yield "neither filled nor stroked"
        else:
            yield from self.leads(thing, "Font", "font")
            yield from self.text(thing)

    def text(self, thing: etree._Element) -> Iterator[str]:
        code = _all(thing, "TextCode")[0]
        words, steps = code.text, (code.get("DeltaX") or "").split()
        changed: dict[int, list[int]] = {}
        covered: set[int] = set()
        for change in _all(thing, "CGTransform"):
            at, codes = int(change.get("CodePosition")), int(change.get("CodeCount", "1"))
            glyphs = [int(n) for n in _all(change, "Glyphs")[0].text.split()]
            changed[at] = glyphs
            covered |= set(range(at, at + codes))
            if at + codes > len(words) or len(glyphs) != int(change.get("GlyphCount", "1")):
                yield "a glyph transform does not fit the text"
        places = len(words) - len(covered) + sum(map(len, changed.values()))
        if len(steps) != places - 1:
            yield f"{len(steps)} steps for {places} glyphs"
        if any(ord(char) > 0xFFFF for char in words[:-1]):
            yield "a character beyond 16 bits stands before others"
        font = self.fonts.get(thing.get("Font"))
        if font is None:
            return
        known, count = font.getBestCmap(), font["maxp"].numGlyphs
        for at, char in enumerate(words):
            if at not in covered and ord(char) not in known:
                yield f"the font has no {char!r}"
        if any(glyph >= count for glyphs in changed.values() for glyph in glyphs):
            yield "the font has no such glyph"

    def known(self, element: etree._Element, kind: str) -> Iterator[str]:
        number = element.get("ID")
        if number in self.ids:
            yield f"number {number} is given twice"
        self.ids[number] = kind

    def leads(self, element: etree._Element, attribute: str, kind: str) -> Iterator[str]:
        if self.ids.get(element.get(attribute)) != kind:
            yield f"{attribute} {element.get(attribute)} is no {kind}"


def _all(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall("/".join(f"{{{NAMESPACE}}}{part}" for part in path.split("/")))


def _shape(element: etree._Element, kind: str) -> Iterator[str]:
    name, rules = etree.QName(element).localname, KINDS[kind]
    if etree.QName(element).namespace != NAMESPACE:
        yield f"{name} is of {etree.QName(element).namespace}"
    wanted = {key.rstrip("!"): fits for key, fits in rules.attributes.items()}
    for key in rules.attributes:
        if key.endswith("!") and key[:-1] not in element.attrib:
            yield f"{name} has no {key[:-1]}"
    for key, value in element.attrib.items():
        if key not in wanted:
            yield f"{name} may not have {key}"
        elif not wanted[key](value):
            yield f"{name} {key} is {value!r}"
    if rules.words:
        if len(element) or not rules.words(element.text or ""):
            yield f"{name} says {(element.text or '')[:40]!r}"
        return
    if (element.text or "").strip():
        yield f"{name} holds words"
    yield from _children(element, name, rules)


def _children(element: etree._Element, name: str, rules: Kind) -> Iterator[str]:
    order = [child for child, *_ in rules.children]
    found = [etree.QName(child).localname for child in element]
    for child, _, least, most in rules.children:
        if not least <= found.count(child) <= most:
            yield f"{name} has {found.count(child)} × {child}"
    places = [order.index(child) for child in found if child in order]
    if not rules.mixed and places != sorted(places):
        yield f"{name} has its parts in the order {found}"
    kinds = {child: kind for child, kind, *_ in rules.children}
    for child in element:
        inner = etree.QName(child).localname
        if inner not in kinds or kinds[inner] not in KINDS:
            yield f"{name} may not hold {inner}"
        else:
            yield from _shape(child, kinds[inner])
