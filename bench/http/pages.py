"""The pages to measure."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app
from sqlalchemy import func, select
from words import TOPICS

from core import clock
from core.accounts.models import Unit
from core.db import db
from core.packs.models import PackActivation
from core.submissions.models import Revision, Submission
from core.submissions.workflow import EDITABLE_BY_EDITOR, WITH_EDITORS
from plugins.instructions.models import Instruction
from plugins.journal.models import JournalIssue

ROW = 'href="/submissions/'
ITEMS = 200


@dataclass(frozen=True)
class Page:
    """A page to measure: who opens it, and its addresses (asked for in turn)."""

    name: str
    title: str
    who: str
    paths: tuple[str, ...]
    # What must stand in the answer: a redirect or an empty list would look very fast.
    holds: str = ""


def pages(stylesheet: str) -> list[Page]:
    """Every page that is measured, in the order of the report, for the data in the database of the running app."""
    sent = Submission.state.in_(WITH_EDITORS)
    visible = db.session.scalar(select(func.count()).select_from(Submission).where(sent)) or 0
    total = db.session.scalar(select(func.count()).select_from(Submission)) or 0
    step = max(total // ITEMS, 1)
    ids = db.session.scalars(select(Submission.id).where(sent, Submission.id % step == 0)).all()
    last = range(visible // 20, visible // 20 - 5, -1)
    return [
        Page("static", "样式表", "", (stylesheet,), "{"),
        Page("login", "登录页", "", ("/login",), "csrf_token"),
        Page("password", "简单页（修改密码）", "editor1", ("/password",), "原密码"),
        Page("me", "我的账号", "editor1", ("/me",), "当前会话"),
        Page("home_editor", "首页（编辑）", "editor1", ("/",), ROW),
        Page("home_informant", "首页（信息员）", "informant1", ("/",), ROW),
        _list("list", f"列表 {total:,} 条，不筛选"),
        _list("list_filtered", "列表，按状态、类型、单位和日期筛选", **_four_filters()),
        _list("list_text", "列表，查标题（常见词）", text="春耕"),
        Page(
            "list_none",
            "列表，查标题（没有这个词）",
            "editor1",
            (f"/submissions/?{urlencode({'text': '查无此题'})}",),
            "没有符合",
        ),
        _list("list_by_unit", "列表，按单位排序", sort="unit", dir="asc"),
        _list("list_by_title", "列表，按标题排序", sort="title", dir="asc"),
        Page(
            "list_last",
            "列表，最后几页",
            "editor1",
            tuple(f"/submissions/?page={number}" for number in last),
            ROW,
        ),
        Page("queue", "编辑台", "editor1", (_queue(),), ROW),
        Page("mine", "我的报送", "informant1", ("/submissions/mine",), ROW),
        Page("item", "信息页", "editor1", tuple(f"/submissions/{number}" for number in ids), "办理过程"),
        *([Page("ranking", "得分排名", "editor1", ("/ranking",), "累计得分")] if _has_pack() else []),
        *_desk(),
        *_reading(),
        _search("search", "检索，题目中的词", TOPICS),
        _search("search_two", "检索，两个词", [f"{topic} 补贴" for topic in TOPICS]),
    ]


def _desk() -> list[Page]:
    """What an editor has open all day: an item beside the queue, its editing page, the board, the register."""
    edited = select(Revision.submission_id).where(Revision.number > 1)
    query = select(Submission).where(Submission.state.in_(EDITABLE_BY_EDITOR), Submission.id.in_(edited))
    items = db.session.scalars(query.limit(ITEMS)).all()
    units = {item.unit_id for item in items}
    found = [
        Page(
            "pane",
            "编辑台旁的一条（含重复与相关）",
            "editor1",
            tuple(f"/desk/items/{item.id}?fragment=1" for item in items),
            "重复与相关",
        ),
        Page(
            "pane_unit",
            "编辑台旁的单位本年情况",
            "editor1",
            tuple(f"/desk/units/{unit}?fragment=1" for unit in units),
            'class="record"',
        ),
        Page(
            "revise",
            "编辑修改页（附原稿）",
            "editor1",
            tuple(f"/submissions/{item.id}/revise" for item in items),
            "单位原稿",
        ),
    ]
    for draft in _issues("draft")[:1]:
        found.append(Page("board", "编排台", "editor1", (f"/journals/{draft}/compose",), 'id="board"'))
    if db.session.scalar(select(Instruction.id).limit(1)):
        found.append(Page("register", "批示登记", "editor1", ("/instructions/",), 'href="/instructions/'))
    return found


def _reading() -> list[Page]:
    """What an informant reads."""
    if not (issues := _issues("published")):
        return []
    return [
        Page("journals", "已发刊物", "informant1", ("/journals/",), 'href="/journals/'),
        Page(
            "issue",
            "阅读一期刊物",
            "informant1",
            tuple(f"/journals/{number}" for number in issues),
            "data-reading",
        ),
    ]


def _issues(state: str) -> list[int]:
    return list(db.session.scalars(select(JournalIssue.id).where(JournalIssue.state == state)))


def _search(name: str, title: str, words: Iterable[str]) -> Page:
    addresses = tuple(f"/search?{urlencode({'q': word})}" for word in words)
    return Page(name, title, "editor1", addresses, 'class="result"')


def _list(name: str, title: str, **filters: object) -> Page:
    address = f"/submissions/?{urlencode(filters)}" if filters else "/submissions/"
    return Page(name, title, "editor1", (address,), ROW)


def _four_filters() -> dict[str, object]:
    year = clock.today().year
    unit_id = db.session.scalar(select(func.min(Unit.id)))
    return {
        "state": "adopted",
        "genre": "work_news",
        "unit": unit_id,
        "since": f"{year - 2}-01-01",
        "until": f"{year}-06-30",
    }


def _queue() -> str:
    """The editors' queue: a plugin's page where one takes the place of core's."""
    replaced = current_app.extensions["yaoqing"].replaced
    return str(current_app.url_map.bind("").build(replaced.get("submissions.queue", "submissions.queue")))


def _has_pack() -> bool:
    return bool(db.session.scalar(select(func.count()).select_from(PackActivation)))
