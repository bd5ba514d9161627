"""What no single document holds is counted before anything is filled in: refused at once, and by its name."""

from collections.abc import Iterator, Mapping

from core.errors import Unprintable

MOST = {
    "annexes": (500, "附件"), "tables": (500, "表格"), "columns": (200, "栏目"), "distribution": (100, "报尾的报、送、发各行"),
}  # fmt: skip
MOST_ITEMS = 2000


def refuse_crowded(values: Mapping[str, object]) -> None:
    """Refuse annexes, tables, items beyond what one document may hold. Raises Unprintable."""
    for name, (most, what) in MOST.items():
        _refuse(values.get(name), most, what, name)
    items = [item for column in _groups(values.get("columns")) for item in _list(column.get("items"))]
    _refuse(items, MOST_ITEMS, "条目", "columns")


def _refuse(given: object, most: int, what: str, name: str) -> None:
    count = len(_list(given))
    if count > most:
        error = Unprintable(
            f"{what}过多，一份文书排不下",
            where=f"数据“{name}”",
            reason=f"给出了 {count} 个，最多 {most} 个",
            advice="请分成几份文书",
        )
        error.path = (name,)
        raise error


def _groups(value: object) -> Iterator[Mapping]:
    return (each for each in _list(value) if isinstance(each, Mapping))


def _list(value: object) -> list | tuple:
    return value if isinstance(value, (list, tuple)) else ()
