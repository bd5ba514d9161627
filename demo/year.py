"""A year of work in the demo city, each step done by the person whose step it is, on the day it happens."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from core import clock
from core.actors import Actor
from core.scoring import runs
from core.submissions import services, text
from core.submissions.models import Submission
from core.submissions.services import Draft
from demo import composing, handling, messages, printing, signing
from demo.content import Content, Item, day_of
from demo.people import Cast
from plugins.escalation import services as escalation
from plugins.escalation.services import Step
from plugins.escalation.words import ADOPTED, SENT_UP
from plugins.newsdesk import phrases

Say = Callable[[str], None]
# What becomes of an item once it has been sent, in turn; the rest are adopted.
FATES = {11: "unused", 17: "returned", 23: "unused", 29: "withdrawn"}
# The newest items are still under way.
UNDER_WAY = (
    # These are put together and split, see composing.py.
    "received",
    "received",
    "received",
    "draft",
    "awaiting",
    "received",
    "editing",
    "received",
    "editing",
    "draft",
    "awaiting",
    "editing",
    "received",
    # These are printed, see signing.py.
    "editing",
    "editing",
    "editing",
    "editing",
)


def first_day(today: date) -> date:
    """The first day of the demo's twelve months: the pack is in force from here."""
    return date(today.year - 1, today.month, 1)


def work(content: Content, cast: Cast, say: Say) -> None:
    """Everything that happens in twelve months, in order of time."""
    today = clock.today()
    handling.enter_posts(content, cast, first_day(today))
    planned = sorted(_planned(content, cast, today), key=lambda pair: pair[0])
    by_month: dict[tuple[int, int], list[tuple[date, Item]]] = defaultdict(list)
    for day, item in planned:
        by_month[day.year, day.month].append((day, item))
    fates, newest = count(1), {id(item) for _, item in planned[-len(UNDER_WAY) :]}
    under_way = iter(UNDER_WAY)
    for (year, month), items in sorted(by_month.items()):
        ready = []
        for day, item in items:
            fate = next(under_way) if id(item) in newest else FATES.get(next(fates) % 31, "ready")
            submission = _write(content, cast, item, day, fate)
            if fate == "ready":
                ready.append((day, item, submission))
        issues = printing.print_month(content, cast, ready)
        _beyond(cast, ready)
        say(f"{year}年{month}月：报送 {len(items)} 条，编发《政务要情》{issues} 期")
    _keep_phrases(content, cast)
    printing.begin_issue(cast)
    signing.show_states(cast)
    handling.show_delays(cast)
    composing.show(cast)
    _close_months(cast, today, say)
    messages.in_order()


def _keep_phrases(content: Content, cast: Cast) -> None:
    """The reasons the editors write again and again, kept for all of them."""
    editor = cast.by_role["editor"][0]
    for use, reasons in (("return", "return_reasons"), ("decline", "not_adopted_reasons")):
        for reason in content.phrases[reasons]:
            phrases.add(editor, reason, use, shared=True)


def _planned(content: Content, cast: Cast, today: date) -> Iterator[tuple[date, Item]]:
    """Every item with its day, but for units not yet set up, or abolished, on that day."""
    for number, item in enumerate(content.items):
        day = day_of(item.month, number, today)
        if cast.units[item.unit].valid_on(day):
            yield day, item


def _write(content: Content, cast: Cast, item: Item, day: date, fate: str) -> Submission:
    """The informant writes, the head signs, an editor takes it up: as far as its fate goes."""
    informant, head = cast.informants[item.unit], cast.heads[item.unit]
    editor = _turn(cast.by_role["editor"], item.title)
    joint = [cast.units[name].id for name in item.joint if cast.units[name].valid_on(day)]
    draft = Draft(
        unit_id=cast.units[item.unit].id, genre=item.genre, urgency=item.urgency, title=item.title,
        body=text.from_plain(item.body), joint_unit_ids=joint, authors=item.authors or (informant.name,),
    )  # fmt: skip
    with clock.stopped_at(clock.moment(day, 9, 20)):
        submission = services.create(informant, draft)
        if fate == "draft":
            return submission
        services.send(informant, submission.id, submission.version)
    if fate == "awaiting":
        return submission
    with clock.stopped_at(clock.moment(day, 10, 45)):
        services.sign(head, submission.id, submission.version)
    with clock.stopped_at(clock.moment(day, 15, 10)):
        _edit(content, item, submission, editor, informant, fate)
    return submission


def _edit(
    content: Content, item: Item, submission: Submission, editor: Actor, informant: Actor, fate: str
) -> None:
    reasons = content.phrases
    match fate:
        case "received":
            return
        case "unused":
            services.move(editor, submission.id, "decline", _turn(reasons["not_adopted_reasons"], item.title))
        case "returned":
            services.move(editor, submission.id, "return", _turn(reasons["return_reasons"], item.title))
        case "withdrawn":
            services.move(informant, submission.id, "withdraw", "情况有变化，核实后另行报送")
        case _:
            services.move(editor, submission.id, "take")
            if item.edited_body:
                services.revise(
                    editor, submission.id, submission.version, item.edited_title or item.title,
                    text.from_plain(item.edited_body), "压缩篇幅，突出重点",
                )  # fmt: skip


def _beyond(cast: Cast, ready: list[tuple[date, Item, Submission]]) -> None:
    """Some of the printed items go up to the province, and some of those are taken there."""
    editor = cast.by_role["editor"][0]
    for number, (day, item, submission) in enumerate(ready):
        if item.genre not in ("experience", "problem", "research", "special") or number % 2:
            continue
        _escalate(editor, submission, Step(SENT_UP, "province", _later(day, 20)))
        if number % 4 == 0:
            _escalate(editor, submission, Step(ADOPTED, "province", _later(day, 24)))


def _escalate(editor: Actor, submission: Submission, step: Step) -> None:
    with clock.stopped_at(clock.moment(step.on, 11)):
        escalation.record(editor, submission.id, step)


def _later(day: date, days: int) -> date:
    return min(day + timedelta(days=days), clock.local(clock.now()).date())


def _close_months(cast: Cast, today: date, say: Say) -> None:
    """Close every month that is over, and issue its ranking circular."""
    issuer = cast.by_role["issuer"][0]
    months, day = [], first_day(today)
    while day < today.replace(day=1):
        months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    for month in months:
        period = runs.current_period(cast.office.id, month)
        with clock.stopped_at(clock.moment(period.end + timedelta(days=3), 16)):
            runs.close(issuer, cast.office.id, period.key)
        # The newest is left for the visitor, prepared and waiting.
        if month != months[-1]:
            printing.issue_circular(cast, period)
    say(f"结账 {len(months)} 个月，印发排名通报 {len(months) - 1} 份，最近一个月的通报留待签发")


def _turn(choices: list[Any], word: str) -> Any:
    """One of the choices, always the same for the same word."""
    return choices[sum(map(ord, word)) % len(choices)]
