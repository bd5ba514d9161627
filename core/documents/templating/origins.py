"""Where in the data a value stands that a template could not use: the author looks there, not in the system's templates."""

from collections.abc import Iterable, Mapping

from jinja2 import Undefined

MOST_LOOKED_AT = 20_000
Path = tuple[str | int, ...]


def path_to(value: object, data: Mapping) -> Path | None:
    """The way to a value: of lists and groups the very same one, of texts, numbers and days an equal one."""
    if isinstance(value, Undefined) or value is None or isinstance(value, bool) or value == "":
        return None
    left: list[tuple[Path, object]] = [((), data)]
    for path, each in left:
        if each is value or (_is_single(value) and type(each) is type(value) and each == value):
            return path
        if len(left) < MOST_LOOKED_AT:
            left += [((*path, key), part) for key, part in _parts(each)]
    return None


def first_of(values: Iterable[object], data: Mapping) -> Path | None:
    """The way to the first of these values that comes from the data."""
    return next((path for value in values if (path := path_to(value, data)) is not None), None)


def said(path: Path) -> str:
    """A way as people say it: “annexes”第 1 项“title”."""
    return "".join(f"第 {part + 1} 项" if isinstance(part, int) else f"“{part}”" for part in path)


def _parts(value: object) -> Iterable[tuple]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, (list, tuple)) else ()


def _is_single(value: object) -> bool:
    return not isinstance(value, (list, tuple, dict))
