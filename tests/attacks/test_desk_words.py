"""Every GET route, with things in every place, as people whom the desk's words are not for: units, leaders, other offices.

Unlike a walk along links this one asks for every address there is. Marks are written straight into the columns where
the office's side keeps words before publication, or for somebody else: whatever shows the column shows the mark.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from sqlalchemy import delete, select

from core import clock, facts
from core.actors import Actor
from core.db import db, transaction
from core.documents import store
from core.facts import NewFact
from core.search import rebuilding
from core.submissions.models import Revision, Submission, SubmissionEvent
from core.submissions.text import from_plain
from core.submissions.workflow import WITHHELD
from core.testing import actor_of, login
from plugins.circulars.models import CircularDraft
from plugins.fees.models import FeesDraft
from plugins.instructions.models import Instruction, Phrase
from plugins.instructions.task_models import Feedback, Task
from plugins.journal.board_models import JournalStep
from plugins.journal.delivery_models import JournalDelivery, JournalReading
from plugins.journal.models import OPEN, JournalIssue
from plugins.journal.signoff_models import JournalDecision
from plugins.newsdesk.models import DeskFilter, DeskPhrase
from tests.attacks.answers import words_of
from tests.shape.test_route_matrix import Walker, _made, _rules, _worth_trying, spots, world  # noqa: F401 - fixtures
from tests.shape.things import known_things

MARK = re.compile("秘砦[0-9]{2}[ABC]")
# What the marks stand for; the letter behind says whose: A the walkers' own unit, B another unit, C another office.
(
    EDITED, NOTE, FACT, REASON, ISSUE, PLACED, STEP, DECISION, INSTRUCTION, TASK, ANSWER, FILTER, PHRASE, CIRCULAR,
    FEES, RESTRICTED, DRAFT,
) = range(17)  # fmt: skip
# The office's own business: no unit reads any of it, its own items' included.
DESK = {EDITED, NOTE, FACT, ISSUE, PLACED, STEP, DECISION, FILTER, PHRASE, CIRCULAR, FEES, RESTRICTED}
# What leaders do not read either: how an issue is made, what editors keep, issues that were not sent to them.
BEFORE_SIGNING = {ISSUE, PLACED, STEP, DECISION, FILTER, PHRASE, CIRCULAR, FEES, RESTRICTED, DRAFT}

# All marks but that of revision notes, which no page opened here shows.
MET = set(range(17)) - {NOTE}


# Pages that are opened for every thing there is, whatever its state.
SHOW_ALL = ("submissions.item", "instructions.task", "journal.issue", "fees.listing")


def mark(what: int, letter: str) -> str:
    return f"秘砦{what:02d}{letter}"


@dataclass
class Planting:
    """Writes the marks; knows whose a row is."""

    letters: dict[int, str]
    offices: dict[int, str]
    desk: Callable[[int], Actor]

    def all(self) -> None:
        self.items()
        self.issues()
        self.instructions()
        self.kept()

    def of(self, submission: Submission) -> str:
        return self.letters.get(submission.unit_id, "B")

    def items(self) -> None:
        """Other words by the editors, what they said of them, facts counted meanwhile, drafts of units."""
        for item in db.session.scalars(select(Submission)):
            letter = self.of(item)
            for event in db.session.scalars(
                select(SubmissionEvent).where(SubmissionEvent.submission_id == item.id)
            ):
                event.reason = mark(REASON, letter) if event.reason else ""
            if item.state in ("draft", "awaiting"):
                item.title = mark(DRAFT, letter)
            if item.state not in WITHHELD or item.composed:
                continue
            words = mark(EDITED, letter)
            last = max(each.number for each in item.revisions)
            item.title, item.body = words, from_plain(words)
            db.session.add(Revision(
                submission_id=item.id, number=last + 1, title=words, body=item.body, by_office=True, at=clock.now(),
                by_id=self.desk(item.office_id).id, note=mark(NOTE, letter),
            ))  # fmt: skip
            units = tuple(dict.fromkeys(each.unit_id for each in item.contributors))
            facts.record(self.desk(item.office_id), NewFact(
                item.office_id, "adopted", clock.today(), units, f"planted:{item.id}", item.item_key,
                mark(FACT, letter), {"outlet": "zwyq"},
            ))  # fmt: skip

    def issues(self) -> None:
        """How issues are made before they are signed; published ones that were sent to nobody."""
        for issue in db.session.scalars(select(JournalIssue)):
            letter = self.offices[issue.office_id]
            if issue.state in OPEN:
                issue.note = issue.correction_reason = mark(ISSUE, letter)
                if not issue.corrects_id:
                    issue.title = mark(ISSUE, letter)
            for item in issue.items:
                if issue.state in OPEN:
                    item.print_title = item.note = mark(PLACED, letter)
                else:
                    item.title = item.note = item.source = mark(RESTRICTED, letter)
                    item.body = from_plain(item.title)
            issue.restricted = issue.state not in OPEN
        for table, column, what in ((JournalStep, "words", STEP), (JournalDecision, "remark", DECISION)):
            for row in db.session.scalars(select(table)):
                office = db.session.get_one(JournalIssue, row.issue_id).office_id
                setattr(row, column, mark(what, self.offices[office]))
        db.session.execute(delete(JournalDelivery))
        db.session.execute(delete(JournalReading))

    def instructions(self) -> None:
        """Instructions, what units are told to do, what they answered: each for those who take part."""
        for one in db.session.scalars(select(Instruction)):
            one.text = mark(INSTRUCTION, self._letter_of(one))
        for task in db.session.scalars(select(Task)):
            task.note = mark(TASK, self.letters.get(task.unit_id, "B"))
        for answer in db.session.scalars(select(Feedback)):
            answer.text = mark(
                ANSWER, self.letters.get(db.session.get_one(Task, answer.task_id).unit_id, "B")
            )

    def _letter_of(self, one: Instruction) -> str:
        """Whose it is: that of its item; on a document it is the office's."""
        if one.submission:
            return self.of(one.submission)
        return "C" if self.offices[one.office_id] == "C" else "B"

    def kept(self) -> None:
        """What people keep for themselves, and papers that are not issued."""
        for table, column, what in (
            (DeskFilter, "name", FILTER), (DeskPhrase, "text", PHRASE), (Phrase, "text", PHRASE),
            (FeesDraft, "remark", FEES),
        ):  # fmt: skip
            for row in db.session.scalars(select(table)):
                setattr(row, column, f"{mark(what, 'B')}{row.id}")
        for paper in db.session.scalars(select(CircularDraft).where(CircularDraft.state != "issued")):
            paper.title = paper.remark = mark(CIRCULAR, self.offices[paper.office_id])


@pytest.fixture
def walked(app, world, spots, make_office, make_unit, make_user):  # noqa: F811 - fixtures
    """By reader: mark → the addresses that show it."""
    rules = [rule for rule in _rules(app) if "GET" in (rule.methods or ())]
    things = known_things(app.extensions["yaoqing"].plugins.names())
    made = _made(things, _rules(app), world, spots)
    here, third = spots[0].office, make_office("bing")
    stranger = make_unit("丁县", office=here, group="县区和开发区")
    readers = {
        "own informant": make_user("informant", unit=spots[0].unit),
        "own head": make_user("signing_leader", unit=spots[0].unit),
        "stranger's head": make_user("signing_leader", unit=stranger),
        "leader": make_user("leader", office=here), "editor": make_user("editor", office=here),
        "editor elsewhere": make_user("editor", office=third),
    }  # fmt: skip
    letters = dict(zip((spot.unit.id for spot in spots), "ABC", strict=True))
    offices = {spots[0].office.id: "B", spots[2].office.id: "C"}
    units = {spots[0].office.id: spots[0].unit, spots[2].office.id: spots[2].unit}
    with transaction():
        Planting(letters, offices, lambda office: world.staff("editor", units[office])).all()
    list(rebuilding.rebuild())
    found = {
        name: _seen(app, user, _addresses(app, user, rules, made, spots)) for name, user in readers.items()
    }
    # Papers were laid out in this process: its children end here.
    store.renderer().close()
    return found


def _addresses(app, user, rules, made, spots) -> list[str]:  # noqa: F811 - fixtures
    """Every address with a thing of every place; of one where the door is shut before anybody looks at the thing."""
    found, walker = {}, Walker("", actor_of(user), "")
    with app.test_request_context():
        bound = app.url_map.bind("localhost")
        for rule in rules:
            # Things in other states, made for what may be done with them.
            for thing in made.values() if rule.endpoint in SHOW_ALL else ():
                if set(rule.arguments) <= set(thing.values):
                    values = {k: thing.values[k] for k in rule.arguments}
                    found[bound.build(rule.endpoint, values, "GET")] = True
            for spot in _worth_trying(app, walker, rule, made, spots):
                values = made[rule.endpoint, spot.name].values
                found[bound.build(rule.endpoint, {k: values[k] for k in rule.arguments}, "GET")] = True
    marks = (
        "秘砦",
        mark(EDITED, "A"),
        mark(FACT, "A"),
        mark(ISSUE, "B"),
        mark(RESTRICTED, "B"),
        mark(INSTRUCTION, "B"),
    )
    return [*found, *(f"/search?q={quote(words)}" for words in marks)]


def _seen(app, user, addresses) -> dict[str, list[str]]:
    client, found = app.test_client(), {}
    login(client, user)
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code < 500, address
        for each in set(MARK.findall(words_of(answer))):
            # A search repeats what was typed.
            if quote(each) not in address:
                found.setdefault(each, []).append(address)
    return found


def test_nobody_reads_words_of_the_desk_that_are_not_for_them(walked):
    """One test for all readers: making the ground takes most of the time."""

    def not_for(reader: str, each: str) -> bool:
        what, letter = int(each[2:4]), each[4]
        if reader == "editor":
            return letter == "C"
        if reader == "leader":
            return letter == "C" or what in BEFORE_SIGNING
        if reader.startswith("own"):
            return letter != "A" or what in DESK
        return True

    leaks = {
        (reader, each): where[:5]
        for reader, found in walked.items()
        for each, where in sorted(found.items())
        if not_for(reader, each)
    }

    assert leaks == {}
    # These marks were met by somebody who may read them: the walk does open the pages where they stand.
    read = {int(each[2:4]) for found in walked.values() for each in found}
    assert read >= MET
