"""Tables of amounts: keys in the words of the pack, rows that say different things, bands in order."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.errors import InvalidInput
from core.packs.content.sections import Place
from core.scoring.rules.compiling.desk import Desk
from core.scoring.rules.schema import Table
from core.scoring.rules.typed import OTHERS, TableValues


def table_of(desk: Desk, rule: Table, n: int) -> TableValues:
    """A table with its rows by date."""
    base: Place = ("tables", n)
    keys = [
        desk.facet((*base, "keys", m), key) if key in desk.fact_scope.by_name else key
        for m, key in enumerate(rule.keys)
    ]
    if (not rule.rows) == (rule.dated is None):
        desk.refuse(base, "表格没有写明内容", "rows 与 from 应且只应写一个", "请写 rows，或 from: {日期: 行}")
    versions = dict(rule.dated or {date(1949, 10, 1): rule.rows})
    read = []
    for day, rows in sorted(versions.items()):
        path: Place = (*base, "rows") if rule.dated is None else (*base, "from", str(day))
        read.append((day, _rows(desk, rule, keys, rows, path)))
    return TableValues(rule.id, rule.title, tuple(keys), tuple(read), rule.steps, desk.number(rule.default))


def _rows(
    desk: Desk, rule: Table, keys: Sequence[str], rows: Sequence[Sequence[Any]], path: Place
) -> Mapping[tuple[Any, ...], Any]:
    found: dict[tuple[Any, ...], Any] = {}
    for n, row in enumerate(rows):
        if len(row) != len(keys) + 1 or isinstance(row[-1], str | bool):
            desk.refuse((*path, n), f"这一行应有 {len(keys)} 个键和一个数值", "", "请核对逗号")
            continue
        cells = [
            _cell(desk, keys[m], cell, (*path, n), rule.steps and m == len(keys) - 1)
            for m, cell in enumerate(row[:-1])
        ]
        amount = Fraction(row[-1])
        if rule.steps:
            found.setdefault(tuple(cells[:-1]), []).append((cells[-1], amount))
        elif tuple(cells) in found:
            desk.refuse((*path, n), "这一行的键与前面重复", "", "请删去其中一行")
        else:
            found[tuple(cells)] = amount
    return {key: tuple(sorted(bands)) for key, bands in found.items()} if rule.steps else found


def _cell(desk: Desk, key: str, written: Any, path: Place, bound: bool) -> Any:
    if written in (OTHERS, "其他", "其余") and not bound:
        known = desk.words.properties.get(key)
        if written == OTHERS or known is None or written not in known.options:
            return OTHERS
    if bound or key not in desk.words.properties:
        if bound and (isinstance(written, str | bool)):
            desk.refuse(path, f"分档的界限“{written}”应为数值", "", "请写成数字")
            return Fraction(0)
        return (
            Fraction(written)
            if isinstance(written, int | Decimal) and not isinstance(written, bool)
            else written
        )
    try:
        value = desk.words.value(desk.words.properties[key], written)
    except InvalidInput as error:
        desk.report(path, error)
        return None
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
