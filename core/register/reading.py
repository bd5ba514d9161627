"""Read a pasted table of facts: which column says what, and each line as a draft with everything wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.errors import InvalidInput, near
from core.facts import Part
from core.register import words
from core.register.forms import authors_of
from core.register.services import Draft, weight_of
from core.register.words import HandKind
from core.scoring.rules.rule_book import Rules
from core.tabular import day_of, rows_of

MOST, MAX_TEXT = 150, 60_000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("种类", "事项种类"),
    "on": ("日期", "时间", "发生日期"),
    "unit": ("单位", "单位名称", "报送单位"),
    "role": ("角色",),
    "weight": ("权重", "比例"),
    "title": ("事项", "标题", "题目", "名称"),
    "authors": ("作者",),
    "item": ("信息", "信息编号"),
}
SEPARATORS = "；;"


@dataclass
class Line:
    """A line of the table: its number, what was read of it, what is wrong."""

    number: int
    cells: Mapping[str, str]
    draft: Draft | None = None
    errors: list[InvalidInput] = field(default_factory=list)
    remark: str = ""


@dataclass(frozen=True)
class Words:
    """What a table may speak of: kinds, units by name, the rules of a day."""

    kinds: Mapping[str, HandKind]
    units: Mapping[str, int]
    rules: Rules


def read(text: str, default_kind: str, today: date, known: Words) -> list[Line]:
    """The lines of a table. Raises InvalidInput when its head is missing or it has too many lines."""
    if len(text) > MAX_TEXT:
        raise InvalidInput("表格过长", where="表格", advice=f"每次不超过 {MOST} 行，请分几次登记")
    rows = [row for row in rows_of(text) if any(row)]
    if len(rows) < 2:
        raise InvalidInput("表格中没有内容", where="表格", advice="第一行写列名，以下每行一件事项")
    columns = _head(rows[0], default_kind, known)
    if len(rows) - 1 > MOST:
        raise InvalidInput(f"表格有 {len(rows) - 1} 行，超过 {MOST} 行", where="表格", advice="请分几次登记")
    lines = [_line(n, row, columns, default_kind, today, known) for n, row in enumerate(rows[1:], start=1)]
    _mark_doubles(lines)
    return lines


def _head(row: Sequence[str], default_kind: str, known: Words) -> dict[int, str]:
    """What each column says: a field, or the title of an attribute."""
    titles = {name: key for key, names in COLUMNS.items() for name in names}
    attributes = {each.title for kind in known.kinds.values() for each in kind.attributes}
    columns: dict[int, str] = {}
    for place, cell in enumerate(row):
        name = cell.rstrip("*＊ ").strip()
        if name in attributes and name not in titles:
            columns[place] = f"={name}"
        elif name in titles:
            columns[place] = titles[name]
        elif name and name not in ("序号", "备注"):
            advice = (
                near(name, [*titles, *attributes]) or f"可用的列：{'、'.join([*titles, *sorted(attributes)])}"
            )
            raise InvalidInput(f"看不懂列名“{name[:20]}”", where="表格", advice=advice)
    missing = [label for key, label in (("on", "日期"), ("unit", "单位")) if key not in columns.values()]
    if missing or (not default_kind and "kind" not in columns.values()):
        listed = "、".join(missing or ["种类"])
        raise InvalidInput(f"表格缺少“{listed}”列", where="表格", advice="请在第一行写明列名")
    return columns


def _line(
    number: int, row: Sequence[str], columns: Mapping[int, str], default_kind: str, today: date, known: Words
) -> Line:
    cells = {name: row[place] for place, name in columns.items() if place < len(row) and row[place]}
    line = Line(number, cells)
    kind = _kind(line, default_kind, known)
    on = day_of(cells.get("on", ""), today.year)
    if on is None:
        written = cells.get("on", "")[:20]
        message = f"“{written}”不是日期" if written else "请填写日期"
        line.errors.append(InvalidInput(message, where="日期", advice="请写成 2026-03-05 的形式"))
    units, parts = _units(line, known)
    authors, strange = authors_of(cells.get("authors", ""), known.units)
    line.errors += strange
    if kind is None:
        return line
    attrs, errors = words.read(kind, _typed(line, kind), known.rules)
    line.errors += errors
    if on is None:
        return line
    title = cells.get("title", "") or cells.get("=事由", "") or ("" if "item" in cells else kind.title)
    line.draft = Draft(kind.name, on, title[:200], units, attrs, parts, authors, cells.get("item"))
    return line


def _kind(line: Line, default_kind: str, known: Words) -> HandKind | None:
    written = line.cells.get("kind", default_kind)
    for kind in known.kinds.values():
        if written in (kind.name, kind.title):
            return kind
    titles = [kind.title for kind in known.kinds.values()]
    advice = near(written, titles) or f"可选：{'、'.join(titles)}"
    message = f"没有“{written[:20]}”这种事项，或不在这里登记" if written else "请写明种类"
    line.errors.append(InvalidInput(message, where="种类", advice=advice))
    return None


def _units(line: Line, known: Words) -> tuple[tuple[int, ...], dict[int, Part]]:
    names, roles, weights = (_listed(line.cells.get(name, "")) for name in ("unit", "role", "weight"))
    units: list[int] = []
    parts: dict[int, Part] = {}
    for told, title in ((roles, "角色"), (weights, "权重")):
        if len(told) > len(names):
            advice = "请与单位逐个对应，没有的留空"
            line.errors.append(
                InvalidInput(f"有 {len(told)} 个，单位只有 {len(names)} 个", where=title, advice=advice)
            )
    for n, name in enumerate(names):
        if not name:
            continue
        if name not in known.units:
            advice = near(name, known.units) or "请写名录中的全称或简称"
            line.errors.append(InvalidInput(f"没有名为“{name[:40]}”的单位", where="单位", advice=advice))
            continue
        units.append(known.units[name])
        try:
            weight = weight_of(weights[n]) if n < len(weights) else None
        except InvalidInput as error:
            line.errors.append(error)
            continue
        role = roles[n][:40] if n < len(roles) else ""
        if role or weight is not None:
            parts[units[-1]] = Part(role, weight)
    return tuple(units), parts


def _listed(cell: str) -> list[str]:
    """The parts of a cell; an empty one keeps its place, so that roles and weights stay with their units."""
    for separator in SEPARATORS:
        cell = cell.replace(separator, "、")
    return [each.strip() for each in cell.split("、")] if cell.strip() else []


def _typed(line: Line, kind: HandKind) -> dict[str, str]:
    """The cells of attributes; one that this kind does not have is an error."""
    found = {}
    for name, text in line.cells.items():
        if not name.startswith("="):
            continue
        attribute = kind.attribute(name[1:])
        if attribute is None:
            line.errors.append(InvalidInput(f"“{kind.title}”没有“{name[1:]}”", advice="请把这一格留空"))
        else:
            found[attribute.name] = text
    return found


def _mark_doubles(lines: Sequence[Line]) -> None:
    """Lines that say the same are pointed out; they may still be meant."""
    seen: dict[str, int] = {}
    for line in lines:
        if line.draft is not None:
            first = seen.setdefault(line.draft.seal, line.number)
            if first != line.number:
                line.remark = f"与第 {first} 行相同"
