"""The switches of a document format: what its document.yaml may set about the look of every document of the kind.

    layout:
      size: 15.75
      digits: times

Whatever a file does not say stays as the standard has it. A mistake is told with its line.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from core.documents.typesetting.grid import LEVEL_FACES, STANDARD, Style
from core.errors import PackError, near
from core.strict_yaml.loader import load

FILE, KEY = "document.yaml", "layout"
SIZES = (Decimal("15.75"), 16)
DIGITS = {"fangsong": "body", "times": "times"}
FACES = ("fang", "kai", "hei", "song", "xbs")
SMALLEST_MARK, LARGEST_MARK = 22, 62


def style_of(files: Mapping[str, str]) -> Style:
    """The look a format asks for. Raises PackError for the first mistake."""
    chosen, mistakes = _asked(files)
    if mistakes:
        raise mistakes[0]
    return Style(**chosen) if chosen else STANDARD  # type: ignore[arg-type]


def mistakes_of(files: Mapping[str, str]) -> list[PackError]:
    """Everything that is wrong with the switches of a format."""
    return _asked(files)[1]


def _asked(files: Mapping[str, str]) -> tuple[dict[str, object], list[PackError]]:
    """What the switches say, and what is wrong with them."""
    source = files.get(FILE, "")
    if KEY not in source:
        return {}, []
    document = load(source.encode(), FILE)
    values = document.plain()
    asked = values.get(KEY) if isinstance(values, dict) else None
    if asked is None:
        return {}, []
    if not isinstance(asked, dict):
        return {}, [PackError("应为“键: 值”的形式", where=document.where([KEY]), advice=_known())]
    chosen: dict[str, object] = {}
    mistakes = []
    for key, value in asked.items():
        where = document.where([KEY, key])
        if key not in _READ:
            advice = near(key, _READ) or _known()
            mistakes.append(PackError(f"没有“{key}”这个版面开关", where=where, advice=advice))
            continue
        try:
            chosen |= _READ[key](value)
        except ValueError as error:
            mistakes.append(
                PackError(f"版面开关“{key}”的值不对", where=where, reason=f"现为“{value}”", advice=str(error))
            )
    return chosen, mistakes


def _known() -> str:
    return f"可用的开关：{'、'.join(_READ)}"


def _size(value: object) -> dict[str, object]:
    if value not in SIZES:
        raise ValueError("正文为三号字，写 16 或 15.75")
    return {"size": float(value)}  # type: ignore[arg-type]


def _digits(value: object) -> dict[str, object]:
    if value not in DIGITS:
        raise ValueError("写 fangsong（仿宋）或 times（Times New Roman）")
    return {"latin": DIGITS[value]}  # type: ignore[index]


def _bold(value: object) -> dict[str, object]:
    levels = value if isinstance(value, list) else [None]
    if any(type(level) is not int or not 1 <= level <= 4 for level in levels):
        raise ValueError("写加粗的标题级次，如 [2, 3]；都不加粗写 []")
    return {"bold_levels": tuple(sorted(set(levels)))}


def _faces(value: object) -> dict[str, object]:
    faces = value if isinstance(value, list) else []
    if len(faces) != len(LEVEL_FACES) or any(face not in FACES for face in faces):
        raise ValueError(f"依次写四级标题的字体，如 [{', '.join(LEVEL_FACES)}]；可用 {'、'.join(FACES)}")
    return {"faces": tuple("title" if face == "xbs" else face for face in faces)}


def _mark(value: object) -> dict[str, object]:
    if type(value) not in (int, Decimal) or not SMALLEST_MARK <= value <= LARGEST_MARK:  # type: ignore[operator]
        raise ValueError(f"写字号的磅数，{SMALLEST_MARK} 至 {LARGEST_MARK}")
    return {"mark": float(value)}  # type: ignore[arg-type]


def _truth(name: str) -> Callable[[object], dict[str, object]]:
    def read(value: object) -> dict[str, object]:
        if type(value) is not bool:
            raise ValueError("写 true（是）或 false（否）")
        return {name: value}

    return read


_READ: dict[str, Callable[[object], dict[str, object]]] = {
    "size": _size,
    "digits": _digits,
    "bold": _bold,
    "faces": _faces,
    "mark": _mark,
    "seal": _truth("seal"),
    "mirrored": _truth("mirrored"),
    "check_code": _truth("check_code"),
}
