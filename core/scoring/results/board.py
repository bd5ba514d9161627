"""The ranking as a table: places, totals, further rankings, components, measures — and which a reader asked for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.scoring.results.opening import TOTAL_TITLES, numbers
from core.scoring.rules.rule_book import Rules
from core.scoring.values.fact import Row

# More columns than this are shown in parts.
FEW = 12
PARTS = {"parts": "得分和分项", "measures": "统计项", "all": "全部"}


@dataclass(frozen=True)
class Column:
    """A column: `opens` names the number that its cells open, empty for places."""

    id: str
    title: str
    opens: str = ""
    is_number: bool = True


def parts_of(rules: Rules) -> dict[str, str]:
    """The parts a wide table can be asked for; none when all of it fits."""
    others = len(rules.rankings) + len(rules.components)
    return PARTS if others and others + len(rules.measures) > FEW else {}


def columns(rules: Rules, part: str = "all") -> list[Column]:
    """The columns of a part after place and name; everything without one."""
    known = parts_of(rules)
    part = (part if part in known else "parts") if known else "all"
    found = [Column(name, TOTAL_TITLES[name], name) for name in ("score", "cumulative")]
    found.append(Column("movement", "位次变化", is_number=False))
    if part != "measures":
        found += [Column(f"place:{name}", ranking.title) for name, ranking in rules.rankings.items()]
        found += [Column(each.id, each.title, each.id) for each in rules.components.values()]
    if part != "parts":
        found += [Column(each.id, each.title, each.id) for each in rules.measures.values()]
    return found


def cells(row: Row, rules: Rules, shown: Sequence[Column]) -> list[tuple[Column, str]]:
    """What a row says in each column; empty where it has nothing to say."""
    told = {number.id: number.text for number in numbers(row, rules)}
    told |= {f"place:{name}": str(place) for name, place in row.places.items()}
    told["movement"] = movement(row)
    return [(column, told.get(column.id, "")) for column in shown]


def movement(row: Row) -> str:
    """Places gained or lost, in words."""
    if row.movement is None:
        return ""
    if not row.movement:
        return "持平"
    return f"{'升' if row.movement > 0 else '降'} {abs(row.movement)} 位"


def sheet(rows: Sequence[Row], rules: Rules) -> list[list[str]]:
    """The whole ranking as lines of a file."""
    shown = columns(rules, "all")
    lines = [["参评分组", "名次", "单位", *(column.title for column in shown)]]
    for row in rows:
        said = [text for _, text in cells(row, rules, shown)]
        lines.append([rules.groups[row.group].title, str(row.place), row.name, *said])
    return lines
