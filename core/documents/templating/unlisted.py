"""Lists of a document that somebody wrote as a single item: what the base templates then trip over says nothing of it."""

from collections.abc import Iterator, Mapping

from core.documents.templating.origins import Path, said
from core.errors import RenderError

LISTS = frozenset(("annexes", "tables", "columns", "items", "distribution", "signers"))
_WITHIN = ("annexes", "columns", "items")  # whose items have lists of their own


def unlisted(data: Mapping) -> RenderError | None:
    """The refusal of the first such item, with its place."""
    found = next(_single(data, ()), None)
    if found is None:
        return None
    path, value = found
    given = "一组“键: 值”" if isinstance(value, Mapping) else "一段文字"
    error = RenderError(
        f"“{path[-1]}”应写成列表",
        where=f"数据{said(path)}",
        reason=f"给出的是{given}",
        advice="每一项前写“- ”，只有一项的也一样",
    )
    error.path = path
    return error


def _single(group: Mapping, path: Path) -> Iterator[tuple[Path, object]]:
    for name in sorted(LISTS & group.keys()):
        value = group[name]
        if isinstance(value, (Mapping, str)) and value:
            yield (*path, name), value
    for name in _WITHIN:
        value = group.get(name)
        for number, each in enumerate(value if isinstance(value, (list, tuple)) else ()):
            if isinstance(each, Mapping):
                yield from _single(each, (*path, name, number))
