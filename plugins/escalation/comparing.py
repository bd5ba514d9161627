"""Compare an adoption list with the office's own items: what each line means, before anything is recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.actors import Actor
from core.db import db
from core.errors import YaoqingError
from core.submissions.models import Revision, Submission
from core.submissions.queries import visible
from core.submissions.workflow import COUNTABLE
from core.web import whole
from plugins.escalation import services
from plugins.escalation.matching import Match, Titles, plain
from plugins.escalation.reading import Line, read
from plugins.escalation.services import Step
from plugins.escalation.words import ADOPTED, Words, words_of

# Lists name what was adopted lately; older items are recorded from their own pages.
LOOK_BACK = timedelta(days=730)
KNOWN = "已登记过"


@dataclass(frozen=True)
class Choice:
    """An item offered for a line; `value` is what the form sends, empty when it cannot be recorded (`problem`)."""

    value: str
    item: int
    title: str
    unit: str
    problem: str = ""


@dataclass(frozen=True)
class Compared:
    """A line with what it would be recorded as, the items offered, the one chosen, and what deserves a look."""

    line: Line
    outlet: str
    form: str
    day: date
    choices: Sequence[Choice]
    chosen: str
    verdict: str
    remarks: Sequence[str]


def compare(actor: Actor, text: str, default: Step) -> list[Compared]:
    """Every line of a list against the items of the actor's office. Nothing is recorded."""
    office_id = actor.office_id
    words, lines = words_of(office_id, default.on), read(text, default.on.year)
    titles, seen = Titles(_titles(actor)), set()
    found = []
    for line in lines:
        compared = _compared(line, default, words, titles.find(line.title), seen)
        found.append(compared)
        if compared.chosen:
            seen.add(compared.chosen)
    return found


def value_of(submission_id: int, step: Step) -> str:
    """What the form sends for a confirmed line, in one field: many lines must travel through a new sign-in."""
    return f"{submission_id}|{step.place}|{step.form}|{step.on.isoformat()}"


def step_of(value: str) -> tuple[int, Step] | None:
    """The reverse of `value_of`; None for nonsense."""
    submission_id, _, rest = value.partition("|")
    place, form, day = rest.split("|") if rest.count("|") == 2 else ("", "", "")
    try:
        return whole(submission_id), Step(ADOPTED, place, date.fromisoformat(day), form)
    except ValueError:
        return None


def _titles(actor: Actor) -> list[tuple[int, str]]:
    """Every wording of the title of every item of the last two years: the office above may know an earlier one."""
    since = clock.now() - LOOK_BACK
    of_office = (
        visible(actor, "escalation.record"),
        Submission.office_id == actor.office_id,
        Submission.state.in_(COUNTABLE),
        Submission.sort_at >= since,
    )
    now = select(Submission.id, Submission.title).where(*of_office)
    before = select(Revision.submission_id, Revision.title).join(Revision.submission).where(*of_office)
    return [(item, title) for query in (now, before) for item, title in db.session.execute(query).tuples()]


def _compared(line: Line, default: Step, words: Words, matches: Sequence[Match], seen: set[str]) -> Compared:
    outlet, form = _word(line.outlet, words.places[ADOPTED]), _word(line.form, words.forms[ADOPTED])
    day = line.day or default.on
    step = Step(ADOPTED, outlet or default.place, day, form or default.form)
    remarks = []
    if line.written_day and not line.day:
        remarks.append(f"日期“{line.written_day}”无法识别，暂按默认日期")
    if line.outlet and not outlet:
        remarks.append(f"“{line.outlet}”不在规则包的渠道中，暂按所选渠道")
    items = _items(match.item for match in matches)
    choices, chosen, verdict = _choices(line, step, matches, items, seen)
    return Compared(
        line, words.places[ADOPTED].get(step.place, step.place), words.forms[ADOPTED].get(step.form, ""), day,
        choices, chosen, verdict, remarks,
    )  # fmt: skip


def _items(ids: Iterable[int]) -> Mapping[int, Submission]:
    query = select(Submission).where(Submission.id.in_(list(ids))).options(joinedload(Submission.unit))
    return {item.id: item for item in db.session.scalars(query)}


def _choices(
    line: Line, step: Step, matches: Sequence[Match], items: Mapping[int, Submission], seen: set[str]
) -> tuple[list[Choice], str, str]:
    """What is offered, which of it is ticked beforehand, and the verdict in words."""
    if not matches:
        return [], "", "没有找到标题相同或相近的信息"
    choices, free = [], []
    for match in matches:
        item = items[match.item]
        problem = _problem(item, step)
        value = "" if problem else value_of(item.id, step)
        choices.append(Choice(value, item.id, item.title, item.unit.short, problem))
        if value and match.exact and _fits(line, item):
            free.append(value)
    if not matches[0].exact:
        return choices, "", "标题相近，请核对后选择"
    if len(free) > 1:
        return choices, "", f"有 {len(free)} 条标题相同，请选择"
    if not free:
        if any(choice.value for choice in choices):
            return choices, "", "标题相同，单位不符，请核对后选择"
        known = all(choice.problem == KNOWN for choice in choices)
        return choices, "", KNOWN if known else "标题相同，但不能登记"
    if free[0] in seen:
        return choices, "", "与前面的一行重复"
    return choices, free[0], "标题相同"


def _problem(item: Submission, step: Step) -> str:
    """Why a line cannot be recorded for an item."""
    if services.standing(item, step):
        return KNOWN
    try:
        services.check(item, step)
    except YaoqingError as error:
        return error.message
    return ""


def _fits(line: Line, item: Submission) -> bool:
    """Whether the unit a list names is one of the item's; a list need not name any."""
    if not line.unit:
        return True
    names = {name for c in item.contributors for name in (c.unit.short, c.unit.name) if name}
    return any(name in line.unit or line.unit in name for name in names)


def _word(written: str, known: Mapping[str, str]) -> str:
    """The id of what a list writes: an id or a title, also inside other words such as an issue number."""
    bare = plain(written)
    inside = []
    for key, title in known.items():
        names = {plain(name) for name in (title, title.rpartition("（")[0]) if name}
        if bare and bare in {plain(key), *names}:
            return key
        inside += [(len(name), key) for name in names if name in bare]
    return max(inside)[1] if inside else ""
