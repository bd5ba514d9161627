#!/usr/bin/env python3
"""Measure the search over many texts, with hand-written queries of the same index and LIKE in the same run.

    .venv/bin/python bench/search/run.py [--items 100000] [--database postgresql+psycopg://…] [--reps 15]

See README.md beside this file.
"""

import argparse
import contextlib
import platform
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE)]

from prepare import prepare
from seed import let_in
from sqlalchemy import func, or_, select, text

from core.accounts import sessions
from core.accounts.models import User
from core.accounts.sessions import actor_of
from core.app import create_app
from core.db import db
from core.search import finding
from core.search.engines import Tokens, engine
from core.search.finding import Wanted
from core.search.folding import is_exact, token, tokens_needed
from core.search.models import SearchEntry, SearchText
from core.search.query import parse
from core.search.similar import related, similar
from core.submissions.models import Submission
from core.submissions.text import plain

LIMIT_MS, PANEL_MS = 200, 50
Case = tuple[str, str, Wanted]


def main() -> int:
    """Prepare, measure each class of queries, print a table."""
    options = _options()
    with _folder(options.data) as data:
        given = {"DATABASE": options.database} if options.database else {}
        app = create_app({"DATA": data, **given})
        with app.app_context():
            prepare(options.items, lambda line: print(line, file=sys.stderr, flush=True))
            print(f"{db.engine.dialect.name}，{options.items} 条，Python {platform.python_version()}")
            slow = _searches(app, _cases(), options)
            slow |= _panel(options)
    return 1 if slow and options.check else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="测量全文检索的速度，与数据库自己的 LIKE 相比。")
    parser.add_argument("--items", type=int, default=100_000, help="信息条数（默认 100000）")
    parser.add_argument("--reps", type=int, default=15, help="每类查询重复几次（默认 15）")
    parser.add_argument(
        "--data", type=Path, help="数据目录；已有数据则直接使用，不指定则用临时目录、用后删除"
    )
    parser.add_argument("--database", default="", help="空的 PostgreSQL 数据库的地址；不指定则用 SQLite")
    parser.add_argument("--peer-reps", type=int, default=3, help="对照每类重复几次（默认 3）")
    parser.add_argument("--check", action="store_true", help="未达标时以 1 退出")
    return parser.parse_args()


@contextlib.contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given:
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="yaoqing-search-") as folder:
        yield Path(folder)


def _cases() -> list[Case]:
    """One query of each class, taken from the texts themselves."""
    sample = db.session.execute(
        select(SearchText.title, SearchText.body).order_by(SearchText.entry_id).limit(3000)
    ).all()
    known = {length: _stretches([body for _, body in sample], length) for length in range(1, 6)}
    common = known[2][0]
    last = sample[-1].body
    unit = db.session.scalar(select(Submission.unit_id).where(Submission.id == 5000)) or 1
    absent = "春耕龘"
    mixed = f"{known[2][39]} {known[2][59]}"
    return [
        ("最常见的两字词", "editor1", Wanted(common)),
        ("最常见的两字词，从新到旧", "editor1", Wanted(common, sort="newest")),
        ("最常见的一个字", "editor1", Wanted(known[1][0])),
        ("少见的两字词", "editor1", Wanted(known[2][-1])),
        ("常见的四字词", "editor1", Wanted(known[4][0])),
        ("标题中的词", "editor1", Wanted("营商环境")),
        ("引号内跨标点的短语", "editor1", Wanted("“、月通报制度，累计”")),
        ("三个词", "editor1", Wanted(f"{mixed} 群众")),
        ("三个词，排除一个", "editor1", Wanted(f"{mixed} 群众 -春耕")),
        ("整句（20 字）", "editor1", Wanted(last.replace(" ", "，")[-20:])),
        ("查不到的词", "editor1", Wanted(absent)),
        ("三字，每两字都常见、连起来没有", "editor1", Wanted(_apart(known, 3))),
        ("四字，每三字都常见、连起来没有", "editor1", Wanted(_apart(known, 4))),
        ("五字，每四字都常见、连起来没有", "editor1", Wanted(_apart(known, 5))),
        ("最常见的词，第 50 页", "editor1", Wanted(common, page=50)),
        ("最常见的词，限一个单位", "editor1", Wanted(common, unit_id=unit)),
        ("最常见的词，限少见的状态", "editor1", Wanted(common, kind="submission", state="selected")),
        ("最常见的词，限一个月", "editor1", _month(common)),
        ("信息员查最常见的词", "informant1", Wanted(common)),
        ("信息员查查不到的词", "informant1", Wanted(absent)),
    ]


def _stretches(bodies: list[str], length: int) -> list[str]:
    """Every stretch of so many characters, those that stand in most texts first."""
    counted = Counter[str]()
    for body in bodies:
        counted.update(
            {part for n in range(len(body) - length + 1) if " " not in (part := body[n : n + length])}
        )
    return sorted(counted, key=lambda part: (-counted[part], part))


def _apart(known: dict[int, list[str]], length: int) -> str:
    """So many characters that never follow each other, though both parts one shorter stand in as many texts as can be."""
    wholes, likely = set(known[length]), known[length - 1][:400]
    found = (a + b[-1] for a in likely for b in likely if a[1:] == b[:-1])
    return next((word for word in found if word not in wholes), likely[0] + "龘")


def _month(word: str) -> Wanted:
    first, last = db.session.execute(select(func.min(SearchEntry.day), func.max(SearchEntry.day))).one()
    middle = first + (last - first) / 3
    return Wanted(word, since=middle, until=middle + timedelta(days=30))


def _searches(app: Any, cases: list[Case], options: argparse.Namespace) -> bool:
    print(
        "\n| 查询 | 结果 | p50 | p95 | 页面 p95 | 处理器 | 手写查询 p50 | 为其几倍 | LIKE p50 | LIKE 为几倍 |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    slow, every = False, []
    password = secrets.token_urlsafe(12)
    let_in(password)
    client = {login: _signed_in(app, login, password) for login in ("editor1", "informant1")}
    for title, login, wanted in cases:
        actor = actor_of(db.session.scalars(select(User).where(User.login == login)).one())
        times, found = _timed(lambda: _fresh(finding.search, actor, wanted), options.reps)  # noqa: B023
        address = {
            "q": wanted.text, "unit": wanted.unit_id or "", "state": wanted.state, "kind": wanted.kind,
            "sort": wanted.sort, "page": wanted.page, "since": wanted.since or "", "until": wanted.until or "",
        }  # fmt: skip
        opened = partial(_opened, app, client[login], address)
        pages, _ = _timed(opened, options.reps)
        busy, _ = _timed(opened, options.reps, time.process_time)
        raw, _ = _timed(lambda: _fresh(_raw, wanted), options.reps)  # noqa: B023
        peer, _ = _timed(lambda: _fresh(_like, wanted), options.peer_reps)  # noqa: B023
        every += pages
        total = f"{found.page.total}{'' if found.page.total_is_exact else '+'}"
        slow |= _p95(pages) >= LIMIT_MS
        own = median(times)
        row = (
            f"{own:.1f} | {_p95(times):.1f} | {_p95(pages):.1f} | {median(busy):.1f} | "
            f"{median(raw):.1f} | {own / median(raw):.1f} | {median(peer):.0f} | {median(peer) / own:.1f}"
        )
        print(f"| {title}（{wanted.text}） | {total} | {row} |", flush=True)
    print(
        f"\n各类合计：页面 p50 {median(every):.1f} 毫秒，p95 {_p95(every):.1f} 毫秒（要求 {LIMIT_MS} 毫秒以内）"
    )
    return slow


def _panel(options: argparse.Namespace) -> bool:
    """Near duplicates and related items of some items, as the item's page asks for them."""
    times: list[float] = []
    last = db.session.scalar(select(func.max(Submission.id))) or 0
    for number in Random(7).sample(range(1, last), 40):
        item = db.session.get_one(Submission, number)
        body, office, title = plain(item.body), item.office_id, item.title
        for _ in range(max(options.reps // 5, 1)):
            spent, _found = _timed(
                lambda: (similar(office, body, [number]), related(office, title, [number])),  # noqa: B023
                1,
            )
            times += spent
    print(f"重复与相关：p50 {median(times):.1f} 毫秒，p95 {_p95(times):.1f} 毫秒（要求 {PANEL_MS} 毫秒以内）")
    return _p95(times) >= PANEL_MS


def _raw(wanted: Wanted) -> Any:
    """What somebody would write by hand over the same index: no rights, kinds, filters or titles first; newest first,
    counted to a thousand, with the texts of a page."""
    query = parse(wanted.text)
    assert query
    excluded = [token(word) for word in query.excluded if is_exact(word)]
    asked = engine().expression(Tokens(tokens_needed(query.words), (), excluded))
    long = [word for word in query.words if not is_exact(word)]
    if db.engine.dialect.name == "sqlite":
        found = "SELECT rowid AS id FROM search_index WHERE search_index MATCH :asked ORDER BY rowid DESC"
        holds, order = "(instr(t.title, {0}) > 0 OR instr(t.body, {0}) > 0)", "f.id DESC"
    else:
        # With OFFSET 0, or the planner would go through all entries in the order of their days.
        found = "SELECT id, day FROM search_index WHERE tokens @@ CAST(:asked AS tsquery)"
        holds, order = "(strpos(t.title, {0}) > 0 OR strpos(t.body, {0}) > 0)", "f.day DESC, f.id DESC"
    exactly = " AND ".join(holds.format(f":w{n}") for n in range(len(long)))
    joined = f"JOIN search_text t ON t.entry_id = f.id WHERE {exactly}" if long else ""
    ids = f"SELECT f.id FROM ({found}{'' if db.engine.dialect.name == 'sqlite' else ' OFFSET 0'}) f {joined} "
    given = {"asked": asked, **{f"w{n}": word for n, word in enumerate(long)}}
    rows = db.session.execute(text(f"{ids} ORDER BY {order} LIMIT {finding.MOST + 1}"), given).all()
    first = (wanted.page - 1) * finding.PAGE_SIZE
    shown = [row[0] for row in rows[first : first + finding.PAGE_SIZE]]
    texts = select(SearchText.title, SearchText.body).where(SearchText.entry_id.in_(shown))
    return len(rows), db.session.execute(texts).all()


def _like(wanted: Wanted) -> Any:
    """What a search without an index does: read texts from the newest on, count to a thousand, and give a page."""
    words = wanted.text.strip("“”").replace("，", " ").replace("、", "").split()
    holds = [
        or_(SearchText.title.like(f"%{word}%"), SearchText.body.like(f"%{word}%"))
        for word in words
        if not word.startswith("-")
    ]
    rows = select(SearchEntry.id).join(SearchText, SearchText.entry_id == SearchEntry.id).where(*holds)
    bounded = rows.limit(finding.MOST + 1).subquery()
    return (
        db.session.scalar(select(func.count()).select_from(bounded)),
        db.session.scalars(rows.order_by(SearchEntry.day.desc(), SearchEntry.id.desc()).limit(20)).all(),
    )


def _fresh(call: Callable[..., Any], *given: Any) -> Any:
    """In a transaction of its own, like a page."""
    db.session.rollback()
    return call(*given)


def _timed(
    call: Callable[[], Any], times: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[list[float], Any]:
    """Milliseconds of each call after one for warming up, and what the last gave."""
    found = call()
    spent = []
    for _ in range(times):
        start = clock()
        found = call()
        spent.append((clock() - start) * 1000)
    return spent, found


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]


def _opened(app: Any, client: Any, address: dict[str, Any]) -> bytes:
    """The page as the client's own person gets it: in one context, whoever came first stays signed in."""
    with app.app_context():
        data: bytes = client.get("/search", query_string=address).data
    return data


def _signed_in(app: Any, login: str, password: str) -> Any:
    """A test client of somebody signed in."""
    client = app.test_client()
    token = sessions.sign_in(login, password, "127.0.0.1", "bench").token
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


if __name__ == "__main__":
    sys.exit(main())
