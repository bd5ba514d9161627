"""Words a leader often writes (常用语): a few to begin with, and each person's own."""

from sqlalchemy import func, select

from core import audit
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.permissions import require
from core.submissions.text import clean_line
from plugins.instructions.models import Phrase

FIRST = ("请阅。", "请阅处。", "请研究提出意见。", "请抓好落实，并报结果。", "转有关单位参阅。")
MOST, LONGEST = 30, 100


def own(actor: Actor) -> list[Phrase]:
    """The person's own phrases, in the order they were added."""
    return list(db.session.scalars(select(Phrase).where(Phrase.user_id == actor.id).order_by(Phrase.id)))


def offered(actor: Actor) -> list[tuple[str, str]]:
    """What the writing page offers: (key, words), the person's own first."""
    found = [(str(phrase.id), phrase.text) for phrase in own(actor)]
    known = {text for _, text in found}
    return found + [(f"-{n}", text) for n, text in enumerate(FIRST) if text not in known]


def words(actor: Actor, key: str) -> str:
    """The words of an offered phrase; empty for one that is not offered."""
    return dict(offered(actor)).get(key, "")


def add(actor: Actor, typed: str) -> Phrase:
    """Keep a phrase. Raises InvalidInput, Conflict."""
    text = clean_line(typed)
    if not text or len(text) > LONGEST:
        raise InvalidInput(f"常用语须为 1 至 {LONGEST} 字", where="常用语")
    with transaction():
        require(actor, "instruction.record")
        mine = Phrase.user_id == actor.id
        if db.session.scalar(select(Phrase.id).where(mine, Phrase.text == text)):
            raise Conflict("已有这条常用语", where="常用语")
        if (db.session.scalar(select(func.count(Phrase.id)).where(mine)) or 0) >= MOST:
            raise Conflict(f"常用语最多 {MOST} 条", where="常用语", advice="请先删除不用的")
        found = Phrase(user_id=actor.id, text=text)
        db.session.add(found)
        db.session.flush()
        audit.note(actor, "添加批示常用语", text, office_id=actor.office_id)
    return found


def remove(actor: Actor, phrase_id: int) -> None:
    """Delete one of the person's own. Raises NotFound, also for somebody else's."""
    with transaction():
        require(actor, "instruction.record")
        found = db.session.get(Phrase, phrase_id)
        if not found or found.user_id != actor.id:
            raise NotFound("没有这条常用语", advice="请刷新页面")
        audit.note(actor, "删除批示常用语", found.text, office_id=actor.office_id)
        db.session.delete(found)
