"""Phrases for reasons (常用语): the office's for everybody, and each editor's own."""

from sqlalchemy import or_, select

from core import audit
from core.actors import Actor
from core.db import db, transaction
from core.errors import InvalidInput, NotFound
from core.hookspecs import Phrase
from core.permissions import Place, require
from core.submissions.text import clean_line
from plugins.newsdesk.models import DeskPhrase

USES = {"both": "退回和不采用", "return": "退回", "decline": "不采用"}
MOST = 100


def offered(actor: Actor, office_id: int) -> list[Phrase]:
    """What the actor may pick: their own first, then the office's."""
    return [
        Phrase(each.text, _moves(each.use), 40 if each.owner_id else 50) for each in listed(actor, office_id)
    ]


def by_use(actor: Actor, office_id: int) -> list[tuple[str, str, list[str]]]:
    """The same by what they are for, where the step is not yet chosen: (title, names of the steps, texts)."""
    known = listed(actor, office_id)
    groups = [
        (title, " ".join(_moves(use)), [p.text for p in known if p.use == use]) for use, title in USES.items()
    ]
    return [group for group in groups if group[2]]


def _moves(use: str) -> tuple[str, ...]:
    return ("return", "decline") if use == "both" else (use,)


def listed(actor: Actor, office_id: int) -> list[DeskPhrase]:
    """The actor's own phrases and the office's, in order."""
    query = select(DeskPhrase).where(
        DeskPhrase.office_id == office_id,
        or_(DeskPhrase.owner_id == actor.id, DeskPhrase.owner_id.is_(None)),
    )
    return list(db.session.scalars(query.order_by(DeskPhrase.position, DeskPhrase.id)))


def add(actor: Actor, text: str, use: str, *, shared: bool = False) -> DeskPhrase:
    """Keep a phrase, for the actor alone or for the office."""
    with transaction():
        _require(actor, actor.office_id, shared)
        phrase = DeskPhrase(office_id=actor.office_id, owner_id=None if shared else actor.id)
        known = listed(actor, actor.office_id)
        if len(known) >= MOST:
            raise InvalidInput(f"常用语最多 {MOST} 条", where="常用语", advice="请先删除不再使用的")
        _write(phrase, text, use, known)
        phrase.position = max((each.position for each in known), default=0) + 1
        db.session.add(phrase)
        db.session.flush()
        audit.note(actor, "增加常用语", phrase, office_id=phrase.office_id, shared=shared)
    return phrase


def change(actor: Actor, phrase_id: int, text: str, use: str) -> DeskPhrase:
    """Reword a phrase."""
    with transaction():
        phrase = one(actor, phrase_id)
        others = [each for each in listed(actor, phrase.office_id) if each.id != phrase.id]
        _write(phrase, text, use, others)
        audit.note(actor, "修改常用语", phrase, office_id=phrase.office_id)
    return phrase


def remove(actor: Actor, phrase_id: int) -> None:
    """Delete a phrase; reasons given with it stay as they are."""
    with transaction():
        phrase = one(actor, phrase_id)
        audit.note(actor, "删除常用语", phrase, office_id=phrase.office_id)
        db.session.delete(phrase)


def one(actor: Actor, phrase_id: int) -> DeskPhrase:
    """A phrase the actor may change. Raises NotFound, also for somebody else's and for other offices'."""
    found = db.session.get(DeskPhrase, phrase_id)
    if not found or found.office_id != actor.office_id or found.owner_id not in (None, actor.id):
        raise NotFound("没有这条常用语", advice="请刷新页面")
    _require(actor, found.office_id, found.owner_id is None)
    return found


def _require(actor: Actor, office_id: int, shared: bool) -> None:
    require(actor, "newsdesk.share" if shared else "newsdesk.use", Place(office_id))


def _write(phrase: DeskPhrase, text: str, use: str, others: list[DeskPhrase]) -> None:
    text = clean_line(text)
    if not text:
        raise InvalidInput("常用语不能为空", where="常用语", advice="例如“请补充数据来源和同比情况”")
    if len(text) > 100:
        raise InvalidInput(
            "常用语过长", where="常用语", reason=f"现为 {len(text)} 字", advice="请控制在 100 字以内"
        )
    if use not in USES:
        raise InvalidInput("请选择用于哪一步", where="用于")
    if any(each.text == text for each in others):
        raise InvalidInput("已有相同的常用语", where="常用语", advice="不必重复增加")
    phrase.text, phrase.use = text, use
