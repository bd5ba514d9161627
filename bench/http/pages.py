"""The pages to measure."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app
from sqlalchemy import func, select

from core import clock
from core.accounts.models import Unit
from core.db import db
from core.packs.models import PackActivation
from core.submissions.models import Submission
from core.submissions.workflow import WITH_EDITORS

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
    ]


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
