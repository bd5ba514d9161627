"""The home page: what waits for me; and the health check."""

from typing import Any

from flask import Blueprint, render_template, url_for
from sqlalchemy import text

from core.accounts import ended
from core.actors import Actor
from core.db import db
from core.hookspecs import Card
from core.notices import services as notices
from core.packs import confirming
from core.permissions import reach
from core.plugins import collect
from core.submissions import queries
from core.web import SIGNED_IN, actor, permit

bp = Blueprint("home", __name__)
LATEST = 8


@bp.get("/")
@permit(SIGNED_IN)
def index() -> Any:
    """Tiles for everything that waits for the signed-in person, and their latest items."""
    who = actor()
    panels = sorted(collect("dashboard_panels", actor=who), key=lambda panel: panel.weight)
    cards = sorted([*core_cards(who), *collect("dashboard_cards", actor=who)], key=lambda card: card.weight)
    return render_template("home/index.html", cards=cards, panels=panels, latest=queries.newest(who, LATEST))


def core_cards(who: Actor) -> list[Card]:
    """Tiles about submissions, by what the person may do."""
    cards = []
    if unread := notices.unread(who):
        cards.append(
            Card("未读消息", unread, url_for("notices.index", show="unread"), "与您有关的办理情况", 1)
        )
    if reach(who, "submission.sign"):
        waiting = queries.count(who, "awaiting", permission="submission.sign")
        cards.append(Card("待我审签", waiting, url_for("submissions.signoff"), "审签后报送主办机关", 5))
    if reach(who, "submission.write"):
        for state, title, hint, weight in (
            ("returned", "退回待修改", "按退回意见修改后重新送审", 10),
            ("draft", "草稿", "尚未送审", 15),
        ):
            number = queries.count(who, state, permission="submission.write")
            cards.append(Card(title, number, url_for("submissions.mine", state=state), hint, weight))
    if reach(who, "submission.edit"):
        new = queries.count_free(who)
        free = url_for("submissions.queue", state=queries.FREE, editor="none")
        cards.append(Card("待处理信息", new, free, "新收到、尚无人认领", 5))
        mine = queries.count(who, "editing", permission="submission.edit", mine=True)
        cards.append(
            Card(
                "我编辑中的",
                mine,
                url_for("submissions.queue", state="editing", editor="me"),
                "已认领未完成",
                8,
            )
        )
    if reach(who, "user.roles") and (left := ended.waiting(who)):
        hint = "单位已撤销，仍有人担任角色"
        cards.append(Card("待清理的授权", left, url_for("accounts.users", state="ended"), hint, 20))
    if reach(who, "pack.confirm") and (due := confirming.overdue_in_force(who.office_id)) is not None:
        cards.append(Card("待核对的依据文件", due, url_for("packs.index"), "规则包的依据超过期限未确认", 60))
    return cards


def health() -> Any:
    """Whether the site and its database answer; for monitors."""
    db.session.execute(text("SELECT 1"))
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
