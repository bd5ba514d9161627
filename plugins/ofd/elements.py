"""Elements and numbers as OFD files write them."""

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from plugins.ofd.geometry import SAME, Box, Matrix, Path, Point

NAMESPACE = "http://www.ofdspec.org/2016"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Attributes = Mapping[str, str | int | None]


def element(name: str, attributes: Attributes | None = None, inside: str = "") -> str:
    """An element; attributes without a value are left out. `inside` is finished XML."""
    said = "".join(
        f" {key}={quoteattr(str(value))}" for key, value in (attributes or {}).items() if value is not None
    )
    return f"<ofd:{name}{said}>{inside}</ofd:{name}>" if inside else f"<ofd:{name}{said}/>"


def root(name: str, attributes: Attributes, inside: str) -> str:
    """A whole file."""
    return HEAD + element(name, {"xmlns:ofd": NAMESPACE, **attributes}, inside)


def text(name: str, value: str, attributes: Attributes | None = None) -> str:
    """An element that holds words."""
    return element(name, attributes, escape(printable(value)))


def printable(value: str) -> str:
    """Words without the characters no XML file may hold."""
    return _NOT_IN_XML.sub("", value)


def length(value: float) -> str:
    """Millimetres to the thousandth."""
    return _short(f"{value:.3f}")


def lengths(values: Iterable[float]) -> str:
    return " ".join(map(length, values))


def rounded(box: Box) -> Box:
    """A box as it will be written: never without width or height."""
    left, top, right, bottom = (round(value, 3) for value in box)
    return left, top, max(right, round(left + 0.001, 3)), max(bottom, round(top + 0.001, 3))


def boundary(box: Box) -> str:
    """A rounded box: left, top, width, height."""
    return lengths((box[0], box[1], box[2] - box[0], box[3] - box[1]))


def matrix(value: Matrix) -> str | None:
    """A map; nothing for one that changes nothing."""
    return None if value == SAME else " ".join(_short(f"{part:.6f}") for part in value)


def path_data(path: Path, origin: Point) -> str:
    """A path, measured from a point."""
    left, top = origin
    said = []
    for kind, points in path:
        said.append(kind)
        for x, y in points:
            said += (length(x - left), length(y - top))
    return " ".join(said)


def _short(number: str) -> str:
    short = number.rstrip("0").rstrip(".")
    return "0" if short in ("-0", "") else short
