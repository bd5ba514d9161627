"""The sections every pack has, whatever it scores: units.yaml, calendar.yaml and outlets.yaml."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from core.errors import PackError, near
from core.packs.content.fields import Day, Id, Many, PackModel, Title, twins
from core.packs.content.format import Pack, Section
from core.strict_yaml.loader import PathPart

PeriodKind = Literal["month", "quarter", "half", "year"]
Month = Annotated[int, Field(ge=1, le=12)]
Year = Annotated[int, Field(ge=1950, le=2199)]


class Named(PackModel):
    """Something with an id and a title; a bare word serves as both."""

    id: Id
    title: Title

    @model_validator(mode="before")
    @classmethod
    def word(cls, data: Any) -> Any:
        """Allow `县区` for `{id: 县区, title: 县区}`."""
        return {"id": data, "title": data} if isinstance(data, str) else data


class Group(Named):
    """Units that compete only with each other; an optional group is encouraged, never blamed for silence."""

    competes: bool = True
    optional: bool = False


class Klass(Named):
    """A class of units inside a group, for tasks that differ by class."""

    group: Id


class UnitAttribute(Named):
    """A property a unit may carry because these rules ask for it."""

    type: Literal["text", "integer", "amount", "flag", "date"] = "text"


class Units(PackModel):
    """units.yaml: who competes with whom."""

    groups: Annotated[Many[Group], Field(min_length=1)]
    classes: Many[Klass] = ()
    attributes: Many[UnitAttribute] = ()


class Joined(PackModel):
    """Neighbouring months published as one period, every year or in the years named."""

    months: Annotated[Many[Month], Field(min_length=2)]
    years: Many[Year] = ()


class Explicit(Named):
    """A period with bounds of its own."""

    start: Day
    end: Day


class CalendarRules(PackModel):
    """calendar.yaml: when the scoring year starts and which periods it has."""

    year_starts: Month = 1
    year_named: Literal["start", "end"] = "start"
    publish: PeriodKind = "month"
    kinds: Annotated[Many[PeriodKind], Field(min_length=1)] = ("month", "quarter", "half", "year")
    joined: Many[Joined] = ()
    explicit: Many[Explicit] = ()


class Column(Named):
    """A column of a publication or edition."""


class Edition(Named):
    """An edition of a publication with a value of its own."""

    columns: Many[Column] = ()


class Outlet(Named):
    """A publication, site, message service: whatever adopts items."""

    editions: Many[Edition] = ()
    columns: Many[Column] = ()


class LevelNode(PackModel):
    """One level of a ladder; may itself be named as an outlet when nothing closer is known."""

    id: Id
    title: Title | None = None
    level: Id | None = None
    outlets: Many[Outlet] = ()


class Ladder(Named):
    """A family of outlets through the levels: government, party, line ministry, media."""

    levels: Annotated[Many[LevelNode], Field(min_length=1)]


class Outlets(PackModel):
    """outlets.yaml: the levels from low to high, and the tree of outlets."""

    levels: Annotated[Many[Named], Field(min_length=1)]
    ladders: Annotated[Many[Ladder], Field(min_length=1)]


Place = tuple[PathPart, ...]


def repeated(pack: Pack, file: str, words: Iterable[tuple[Place, str]], what: str) -> list[PackError]:
    """Errors for words that occur twice, or look as if they did."""
    listed = list(words)
    return [
        PackError(
            f"{what}“{listed[again][1]}”重复",
            where=pack.where(file, listed[again][0]),
            reason=f"与 {pack.where(file, listed[first][0])} 相同或只有大小写、全半角之分",
            advice="请改用不同的名称",
        )
        for again, first in twins(word for _, word in listed).items()
    ]


def ids(things: Sequence[Any], *base: PathPart) -> list[tuple[Place, str]]:
    """Where the ids of a list stand."""
    return [((*base, n, "id"), thing.id) for n, thing in enumerate(things)]


def titles(things: Sequence[Any], *base: PathPart) -> list[tuple[Place, str]]:
    """Where the titles of a list stand, leaving out bare words, whose title is their id."""
    return [((*base, n, "title"), thing.title) for n, thing in enumerate(things) if thing.title != thing.id]


def check_units(pack: Pack) -> list[PackError]:
    """Ids are unique and classes name a group that exists."""
    units, file = pack.get(Units), "units.yaml"
    groups = [group.id for group in units.groups]
    errors = [
        PackError(
            f"参评分组“{klass.group}”未定义",
            where=pack.where(file, ("classes", n, "group")),
            reason=f"“{klass.group}”不在 groups 中",
            advice=near(klass.group, groups) or f"可选：{'、'.join(groups)}",
        )
        for n, klass in enumerate(units.classes)
        if klass.group not in groups
    ]
    for name in ("groups", "classes", "attributes"):
        things = getattr(units, name)
        errors += repeated(pack, file, ids(things, name), "标识")
        errors += repeated(pack, file, titles(things, name), "名称")
    return errors


def check_calendar(pack: Pack) -> list[PackError]:
    """Joined months are neighbours and used once, explicit bounds run forwards, `publish` is in use."""
    calendar, file = pack.get(CalendarRules), "calendar.yaml"
    errors = repeated(pack, file, ids(calendar.explicit, "explicit"), "标识")
    if calendar.publish not in calendar.kinds:
        errors.append(_calendar_error(pack, ("publish",), "通报周期不在 kinds 中", "请在 kinds 中加上它"))
    for n, period in enumerate(calendar.explicit):
        if period.end < period.start:
            errors.append(_calendar_error(pack, ("explicit", n, "end"), "止日早于起日", "请核对起止日期"))
    for n, joined in enumerate(calendar.joined):
        if not follow_on(joined.months, calendar.year_starts):
            advice = "请按先后写相邻月份，且不跨计分年度，如 [1, 2]"
            errors.append(_calendar_error(pack, ("joined", n, "months"), "合并的月份不相邻", advice))
        elif any(overlap(joined, earlier) for earlier in calendar.joined[:n]):
            errors.append(_calendar_error(pack, ("joined", n), "同一个月合并了两次", "请删去其中一处"))
    return errors


def follow_on(months: Sequence[int], year_starts: int) -> bool:
    """Whether months are neighbours in order, inside one scoring year."""
    places = [(month - year_starts) % 12 for month in months]
    return places == list(range(places[0], places[0] + len(places)))


def overlap(one: Joined, other: Joined) -> bool:
    """Whether two joined periods claim the same month of some year."""
    same_year = not one.years or not other.years or set(one.years) & set(other.years)
    return bool(same_year and set(one.months) & set(other.months))


def _calendar_error(pack: Pack, path: Place, message: str, advice: str) -> PackError:
    return PackError(message, where=pack.where("calendar.yaml", path), advice=advice)


def check_outlets(pack: Pack) -> list[PackError]:
    """Every node of the tree has an id of its own, and stands on a level that exists."""
    outlets, file = pack.get(Outlets), "outlets.yaml"
    levels = [level.id for level in outlets.levels]
    errors = repeated(pack, file, ids(outlets.levels, "levels"), "层级")
    errors += repeated(pack, file, ids(outlets.ladders, "ladders"), "体系")
    errors += repeated(pack, file, [(path, node.id) for path, node in outlet_nodes(outlets)], "渠道")
    for n, ladder in enumerate(outlets.ladders):
        for m, node in enumerate(ladder.levels):
            errors += repeated(pack, file, titles(node.outlets, "ladders", n, "levels", m, "outlets"), "名称")
            level, key = node.level or node.id, "level" if node.level else "id"
            if level not in levels:
                errors.append(
                    PackError(
                        f"层级“{level}”未定义",
                        where=pack.where(file, ("ladders", n, "levels", m, key)),
                        reason=f"“{level}”不在文件开头的 levels 中",
                        advice=near(level, levels) or f"可选：{'、'.join(levels)}",
                    )
                )
    return errors


def outlet_nodes(outlets: Outlets) -> list[tuple[Place, Any]]:
    """Every node of the outlet tree below the ladders, with the place of its id."""
    found: list[tuple[Place, Any]] = []

    def walk(things: Sequence[Any], base: Place) -> None:
        for n, thing in enumerate(things):
            found.append(((*base, n, "id"), thing))
            for below in ("outlets", "editions", "columns"):
                walk(getattr(thing, below, ()), (*base, n, below))

    for n, ladder in enumerate(outlets.ladders):
        walk(ladder.levels, ("ladders", n, "levels"))
    return found


UNITS_SAMPLE = """\
groups:
  - {id: counties, title: 县区}
  - {id: bureaus, title: 市直部门}
"""

CALENDAR_SAMPLE = """\
year_starts: 1
publish: month
"""

OUTLETS_SAMPLE = """\
levels:
  - {id: city, title: 市级}
  - {id: province, title: 省级}
ladders:
  - id: government
    title: 政府系统
    levels:
      - id: city
        outlets:
          - {id: bulletin, title: 《每日信息》}
      - id: province
"""

CORE_SECTIONS = (
    Section("units", Units, UNITS_SAMPLE, required=True, check=check_units),
    Section("calendar", CalendarRules, CALENDAR_SAMPLE, required=True, check=check_calendar),
    Section("outlets", Outlets, OUTLETS_SAMPLE, required=True, check=check_outlets),
)
