"""Many publishers sign issues of one journal at the same moment on a running site, while others open their home page."""

import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from random import Random
from statistics import median
from threading import Barrier

from browser import TOKEN, Browser
from office import SIZES, Office, issuers
from readers import Looks, reading
from server import Server
from sqlalchemy import select

from core.db import db
from plugins.journal.models import JournalIssue

SIZE = SIZES[12]
VERSION = re.compile(r'name="version" value="(\d+)"')
# What the issue's page shows once it is published, and what one too many gets: the page that sends the form again.
PUBLISHED, ONE_TOO_MANY = "data-reading", "data-again="
# That page waits as many seconds before it does as it has waited before, but within these, and up to twice that
# (frontend/src/page/again.js); it gives up after so many.
AGAIN, PATIENCE = (1.0, 4.0), 120.0
# The first publications start the layout processes of both processes of the site.
WARM, QUIET = 4, 10.0


@dataclass(frozen=True)
class Publication:
    """Seconds from the click until the published issue was on the screen, attempts in vain, and what went wrong."""

    seconds: float
    refused: int
    trouble: str = ""


class Publisher:
    """Somebody with an issue before them that waits for their signature."""

    def __init__(self, server: Server, login: str, password: str) -> None:
        self.person = Browser(server.url)
        self.person.sign_in(login, password)
        self.pause = Random(login)

    def open(self, issue_id: int) -> None:
        """Look at an issue; what the form holds is kept for the click."""
        self.address = f"/journals/{issue_id}"
        page = self.person.open(self.address)[1]
        token, version = TOKEN.search(page), VERSION.search(page)
        if not token or not version:
            raise SystemExit(f"{self.address} 上没有签发的表单：\n{page[:1500]}")
        self.form = {"csrf_token": token[1], "version": version[1]}

    def publish(self) -> Publication:
        """Click, and have the page try again until it is published."""
        started, refused = time.perf_counter(), 0
        while (spent := time.perf_counter() - started) < PATIENCE:
            try:
                status, answer = self.person.open(f"{self.address}/publish", self.form)
                page = self.person.open(self.address)[1] if status == 302 else ""
            except (OSError, HTTPException) as error:
                return Publication(time.perf_counter() - started, refused, f"没有回答：{error!r}")
            if PUBLISHED in page:
                return Publication(time.perf_counter() - started, refused)
            if ONE_TOO_MANY not in answer:
                return Publication(time.perf_counter() - started, refused, f"返回 {status}")
            refused += 1
            time.sleep(min(max(int(spent), AGAIN[0]), AGAIN[1]) * self.pause.uniform(1, 2))
        return Publication(spent, refused, "一直没有轮到")


def crowd(office: Office, server: Server, password: str, number: int, rounds: int) -> Iterator[str]:
    """Rows of a table: nobody publishes, one after another, all at once; then what must hold."""
    publishers = [Publisher(server, login, password) for login in issuers(office, number, password)]
    _ready(office, publishers[:WARM])
    _at_once(publishers[:WARM])
    used = server.cpu()
    with reading(server, password) as looks:
        time.sleep(QUIET)
    yield _row("没有人签发", server.cpu() - used, looks)
    done, totals = [], []
    for name, sign in [("先后签发", _in_a_row), *[("同时签发", _at_once)] * rounds]:
        _ready(office, publishers)
        used = server.cpu()
        with reading(server, password) as looks:
            total, publications = sign(publishers)
        yield _row(f"{number} 人{name}", server.cpu() - used, looks, total, publications)
        done += publications
        totals.append(total)
    yield f"\n同时签发全部用时为先后签发的 {median(totals[1:]) / totals[0]:.2f} 倍。{_said_of_numbers()}"
    yield _said_of_trouble(done)


def _ready(office: Office, publishers: Sequence[Publisher]) -> None:
    """Put a fresh issue before each of them."""
    for publisher in publishers:
        publisher.open(office.awaiting_signature(SIZE))
    db.session.rollback()  # what is read later is what the site wrote meanwhile


def _in_a_row(publishers: Sequence[Publisher]) -> tuple[float, list[Publication]]:
    """One after another; each has the site's publishing to themselves."""
    started = time.perf_counter()
    publications = [publisher.publish() for publisher in publishers]
    return time.perf_counter() - started, publications


def _at_once(publishers: Sequence[Publisher]) -> tuple[float, list[Publication]]:
    """All click at the same moment."""
    moment = Barrier(len(publishers) + 1)

    def click(publisher: Publisher) -> Publication:
        moment.wait()
        return publisher.publish()

    with ThreadPoolExecutor(len(publishers)) as threads:
        clicks = [threads.submit(click, publisher) for publisher in publishers]
        moment.wait()
        started = time.perf_counter()
        publications = [one.result() for one in clicks]
    return time.perf_counter() - started, publications


def _row(
    name: str, used: float, looks: Looks, total: float = 0.0, publications: Sequence[Publication] = ()
) -> str:
    waits = sorted(one.seconds for one in publications)
    spent = f"{total:.1f} | {waits[0]:.1f} | {median(waits):.1f} | {waits[-1]:.1f}" if waits else " | | | "
    refused = sum(one.refused for one in publications) if waits else ""
    return f"| {name} | {spent} | {refused} | {used:.1f} | {looks.said()} |"


def _said_of_numbers() -> str:
    query = select(JournalIssue.number).where(
        JournalIssue.state == "published", JournalIssue.journal == SIZE.journal
    )
    numbers = sorted(db.session.scalars(query))
    if numbers == list(range(1, len(numbers) + 1)):
        return f"期号 1 至 {len(numbers)}，没有空缺，没有重复。"
    return f"**期号有空缺或重复**：{numbers}。"


def _said_of_trouble(publications: Sequence[Publication]) -> str:
    troubles = [one.trouble for one in publications if one.trouble]
    return f"**{len(troubles)} 次签发出错**：{'；'.join(troubles)}。" if troubles else "签发没有一次出错。"
