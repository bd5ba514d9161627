"""Words that are not for somebody yet: planted as marks, then every address of the site is opened as other people.

Marks stand in what editors make of items before publication, in what units keep to themselves, and in what people
keep for themselves. Addresses are those that the people who may read the marks find by following links; the others
open the same addresses, and whatever their own links lead to. Pages, JSON, tables, Word files and PDFs are searched.
"""

import re
import shutil
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.accounts import passwords
from core.accounts.models import RoleAssignment, User
from core.accounts.sessions import actor_of
from core.app import create_app
from core.db import db, transaction
from core.documents import store
from core.submissions import attachments, revisions
from core.submissions import services as submissions
from core.submissions.models import Submission
from core.submissions.text import from_plain
from core.testing import BLANK_PDF, Browser, login
from plugins.circulars import services as circulars
from plugins.circulars.models import CircularDraft
from plugins.circulars.texts import Texts, texts_of
from plugins.composites import services as composites
from plugins.composites.services import Chosen, Wanted
from plugins.instructions import answering, phrases
from plugins.instructions import services as instructions
from plugins.instructions import tasks as handling
from plugins.instructions.answering import Draft as Answer
from plugins.instructions.models import LeaderPost
from plugins.instructions.services import NewInstruction
from plugins.instructions.tasks import Routing
from plugins.journal import board, frames
from plugins.journal.models import JournalIssue
from plugins.newsdesk import filters
from plugins.newsdesk import phrases as desk_phrases
from tests.attacks.answers import words_of
from tests.city import PASSWORD, fonts

MARK = re.compile("丙[子丑寅卯辰巳午未申酉戌亥]密稿")
# Of pages and of files that differ by numbers only each person opens so many, and so many in all; all that bear marks.
ALIKE, FILES, MOST = 3, 1, 260
FILE_NAMES = re.compile(r"[.](pdf|docx|xlsx|csv|ofd|zip)$|/(word|pdf|proof|preview)")
LEFT_OUT = re.compile(r"^/(static|logout|login)|/(verify)\b")
EDITED, PLACED, MERGED, UNSIGNED, FILE, DIRECTED, ANSWER, PRIVATE, PAPER, OWN = (
    f"丙{branch}密稿" for branch in "子丑寅卯辰巳午未申酉"
)


@pytest.fixture(scope="module")
def city(built_city, tmp_path_factory) -> Iterator[Flask]:
    home = tmp_path_factory.mktemp("canaries") / "demo"
    shutil.copytree(built_city / "demo", home)
    app = create_app({"DATA": home, "FONTS": fonts(), "IDLE_MINUTES": 600})
    # It asks anew who somebody is with every request, although a context stays open.
    app.test_client_class = Browser
    with app.app_context():
        yield app
        # Proofs and papers were laid out in this process: their children end with it.
        store.renderer().close()


def holder(role: str, unit_id: int | None = None, other_than: Iterable[int] = ()) -> User:
    """Somebody with a role, in a unit or in any but some; with a known password."""
    query = select(User).join(RoleAssignment, RoleAssignment.user_id == User.id)
    query = query.where(RoleAssignment.role == role, User.disabled.is_(False)).order_by(User.id)
    if unit_id:
        query = query.where(RoleAssignment.unit_id == unit_id)
    if other_than:
        query = query.where(RoleAssignment.unit_id.not_in(other_than))
    user = db.session.scalars(query).first()
    assert user, f"nobody is {role} of {unit_id}"
    with transaction():
        user.password_hash, user.must_change = passwords.hashed(PASSWORD), False
    return user


@dataclass(frozen=True)
class Planted:
    """Who may read which marks: everybody else must meet none of them."""

    people: dict[str, User]
    allowed: dict[str, frozenset[str]]
    # Pages of what bears the marks, in case no link near the front page leads there.
    pages: list[str]


@pytest.fixture(scope="module")
def planted(city) -> Planted:
    editor, issuer = holder("editor"), holder("issuer")
    desk = actor_of(editor)
    waiting = db.session.scalars(
        select(Submission)
        .where(Submission.state == "received", Submission.composed.is_(False))
        .order_by(Submission.id)
    ).all()
    placed = db.session.scalars(
        select(Submission)
        .where(Submission.state == "selected", Submission.composed.is_(False))
        .order_by(Submission.id)
    ).all()
    item, *rest = waiting
    assert len(rest) >= 2 and placed
    unit = item.unit_id
    units = {unit, *(each.unit_id for each in (*rest, *placed))}
    people = {
        "editor": editor, "issuer": issuer, "leader": holder("leader"), "informant": holder("informant", unit),
        "head": holder("signing_leader", unit), "outsider": holder("informant", other_than=units),
        **{role: holder(role) for role in ("system_admin", "security_admin", "audit_admin")},
    }  # fmt: skip
    pages = [
        *_edit(desk, item, rest[:2]), *_compose(desk, placed), *_answer(desk, people["leader"], item, people["outsider"]),
        *_keep(desk, actor_of(people["outsider"])),
    ]  # fmt: skip
    everything = frozenset({EDITED, PLACED, MERGED, UNSIGNED, FILE, DIRECTED, PAPER})
    allowed = {
        "editor": everything | {OWN}, "issuer": everything,
        # A leader may write an instruction on whatever lies with the editors, and reads it then as it stands.
        "leader": frozenset({EDITED, MERGED, FILE, DIRECTED}),
        # The unit that has to answer, and whose own draft it is.
        "outsider": frozenset({DIRECTED, ANSWER, PRIVATE}),
        # Whose item an instruction is on learns of it.
        "informant": frozenset({DIRECTED}), "head": frozenset({DIRECTED}),
    }  # fmt: skip
    return Planted(people, {role: allowed.get(role, frozenset()) for role in people}, pages)


def _edit(desk, item, others) -> list[str]:
    """What editors make of items: other words, a composite, a file."""
    submissions.revise(
        desk, item.id, item.version, f"{EDITED}题", from_plain(f"{EDITED}文。"), note=f"{EDITED}注"
    )
    attachments.attach(desk, item.id, f"{FILE}.pdf", BLANK_PDF)
    chosen = [Chosen(each.id, each.version, "main" if n == 0 else "part") for n, each in enumerate(others)]
    made = composites.merge(
        desk, Wanted(chosen, f"{MERGED}题", from_plain(f"{MERGED}文。"), note=f"{MERGED}注")
    )
    numbers = (item.id, made.id, *(each.id for each in others))
    return [
        address
        for n in numbers
        for address in (f"/submissions/{n}", f"/desk/items/{n}", f"/submissions/{n}/revise")
    ]


def _compose(desk, placed) -> list[str]:
    """How an issue that nobody has signed prints them; a circular that is not issued."""
    issue = db.session.scalars(select(JournalIssue).where(JournalIssue.state == "draft")).first()
    entry = next(each for each in issue.items if each.submission_id in {one.id for one in placed})
    now = board.options(entry)
    board.edit(desk, issue.id, entry.id, {**now, "print_title": f"{PLACED}题", "note": f"{PLACED}按"}, now)
    frames.edit_issue(desk, issue.id, {"note": f"{UNSIGNED}按"}, {"note": issue.note})
    paper = db.session.scalars(select(CircularDraft).where(CircularDraft.state == "draft")).first()
    texts = texts_of(paper.texts)
    circulars.save(
        desk, paper.id, paper.version, Texts((f"{PAPER}。",), texts.requirements, texts.letters, texts.struck)
    )
    parts = (
        "",
        "/compose",
        "/board",
        "/frame",
        "/proof",
        "/proof.pdf",
        "/sheets",
        "/deliveries",
        "/deliveries.xlsx",
    )
    return [f"/journals/{issue.id}{part}" for part in parts]


def _answer(desk, leader, item, outsider) -> list[str]:
    """An instruction that another unit has to answer, and its answer that its head has not signed."""
    post = db.session.scalars(select(LeaderPost).where(LeaderPost.user_id == leader.id)).first()
    new = NewInstruction(item.id, "", "note", clock.today(), f"{DIRECTED}，请办理。", post_id=post.id if post else None,
                         leader_id=leader.id)  # fmt: skip
    found = instructions.record(desk, new)
    theirs = next(each.unit_id for each in outsider.roles if each.role == "informant")
    task = handling.route(desk, found.id, Routing([theirs]))[0]
    answering.write(actor_of(outsider), task.id, task.version, Answer(f"{ANSWER}。"))
    return [f"/instructions/{found.id}", f"/instructions/tasks/{task.id}"]


def _keep(desk, outsider) -> list[str]:
    """What people keep for themselves, and a unit's own draft."""
    filters.keep(desk, f"{OWN}选", {"state": ["received"]})
    desk_phrases.add(desk, f"{OWN}语", "return")
    phrases.add(desk, f"{OWN}批语")
    unit = next(each.unit_id for each in outsider.grants if each.role == "informant")
    draft = submissions.Draft(unit, "work_news", f"{PRIVATE}题", from_plain(f"{PRIVATE}文。"))
    number = submissions.create(outsider, draft).id
    return [f"/submissions/{number}", f"/submissions/{number}/edit"]


# ---- opening everything -------------------------------------------------------------------------------------------


def shape_of(address: str) -> str:
    """What addresses have in common that differ by numbers and by what was typed."""
    parts = urlsplit(address)
    keys = ",".join(sorted({pair.partition("=")[0] for pair in parts.query.split("&")}))
    return re.sub(r"\d+", "#", parts.path) + "?" + keys


def links_of(address: str, text: str) -> Iterator[str]:
    for found in re.findall(r'(?:href|src|data-[a-z-]*url|action)="([^"]+)"', text):
        target = urldefrag(urljoin(address, unescape(found)))[0]
        if target.startswith("/") and not target.startswith("//") and not LEFT_OUT.search(target):
            yield target


class Visit:
    """Somebody opens the site: their own links from the front page, and addresses that others gave them."""

    def __init__(self, app: Flask, user: User):
        self.client, self.found, self.opened = app.test_client(), {}, set()
        login(self.client, user, PASSWORD)

    def walk(self, given: Iterable[str] = ()) -> None:
        """Open the addresses given, and so many of each shape that links lead to."""
        for address in given:
            self.open(address)
        waiting, alike = deque(["/"]), Counter()
        while waiting and len(self.opened) < MOST:
            address = waiting.popleft()
            shape = shape_of(address)
            if address in self.opened or alike[shape] >= (
                FILES if FILE_NAMES.search(urlsplit(address).path) else ALIKE
            ):
                continue
            alike[shape] += 1
            waiting.extend(self.open(address))

    def open(self, address: str) -> list[str]:
        """Note the marks in an answer; the addresses it leads to."""
        self.opened.add(address)
        answer = self.client.get(address)
        assert answer.status_code < 500, f"{address}: {answer.status_code}"
        if answer.status_code in (301, 302, 303):
            return [urldefrag(urljoin(address, answer.headers["Location"]))[0]]
        for mark in set(MARK.findall(words_of(answer).replace("\n", ""))) - set(MARK.findall(address)):
            self.found.setdefault(mark, set()).add(address)
        return list(links_of(address, answer.text)) if answer.mimetype == "text/html" else []


@pytest.fixture(scope="module")
def marked(city, planted) -> dict[str, set[str]]:
    """Every mark, and the addresses where somebody who may reads it."""
    found: dict[str, set[str]] = {}
    asked = [
        *planted.pages,
        *(f"/search?q={mark}" for mark in sorted({EDITED, MERGED, PLACED, DIRECTED, PRIVATE})),
    ]
    for role in ("editor", "issuer", "leader", "outsider"):
        visit = Visit(city, planted.people[role])
        visit.walk(asked)
        for mark, where in visit.found.items():
            found.setdefault(mark, set()).update(where)
    return found


def test_every_mark_is_read_by_those_who_may(marked):
    assert set(marked) == {EDITED, PLACED, MERGED, UNSIGNED, FILE, DIRECTED, ANSWER, PRIVATE, PAPER, OWN}


@pytest.mark.parametrize(
    "role",
    [
        "editor",
        "issuer",
        "leader",
        "informant",
        "head",
        "outsider",
        "system_admin",
        "security_admin",
        "audit_admin",
    ],
)
def test_nobody_meets_words_that_are_not_for_them(city, planted, marked, role):
    visit = Visit(city, planted.people[role])

    visit.walk([*planted.pages, *sorted(set().union(*marked.values()))])

    met = {mark: sorted(where) for mark, where in visit.found.items() if mark not in planted.allowed[role]}
    assert met == {}


def test_the_unit_still_reads_its_own_words(city, planted):
    item = db.session.scalars(select(Submission).where(Submission.title == f"{EDITED}题")).one()
    visit = Visit(city, planted.people["informant"])

    page = visit.client.get(f"/submissions/{item.id}").text

    assert revisions.units_text(item)[0] in page
