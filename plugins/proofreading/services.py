"""Decisions not to be told of something again, and taking them back."""

from sqlalchemy import delete, select

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.permissions import Place, reach, require
from core.submissions import checking, queries
from core.submissions.models import Submission
from plugins.proofreading import remarks
from plugins.proofreading.models import Dismissal, QuietPhrase
from plugins.proofreading.rules import OF_PHRASES


def dismiss(actor: Actor, submission_id: int, key: str) -> None:
    """Do not tell of findings with this key again, where they stand in the text now."""
    with transaction():
        item = _mended(actor, submission_id)
        checked = checking.text_of(actor, item)
        found = remarks.sort(checked)
        told = [each for each in found.told if each.key == key]
        if not told and any(each.key == key for each, _ in found.settled):
            return
        if not told:
            raise _gone()
        db.session.add_all(
            Dismissal(
                submission_id=item.id, by_office=checked.by_office, key=key, mark=mark, at=clock.now(),
                by_id=actor.id,
            )
            for mark in dict.fromkeys(each.mark for each in told)
        )  # fmt: skip
        audit.note(
            actor, "核查提示不再提示", item, office_id=item.office_id, remark=told[0].text, places=len(told)
        )


def restore(actor: Actor, submission_id: int, key: str) -> None:
    """Tell of them again."""
    with transaction():
        item = _mended(actor, submission_id)
        by_office = checking.edits(actor, item)
        gone = delete(Dismissal).where(
            Dismissal.submission_id == item.id, Dismissal.by_office == by_office, Dismissal.key == key
        )
        if db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
            audit.note(actor, "恢复核查提示", item, office_id=item.office_id, remark=key)


def dismiss_phrase(actor: Actor, submission_id: int, key: str) -> QuietPhrase:
    """Do not tell of the phrase of this finding again, in any text of the office."""
    with transaction():
        item = _mended(actor, submission_id)
        require(actor, "proofreading.phrases", Place(item.office_id))
        found = remarks.sort(checking.text_of(actor, item))
        every = [*found.told, *(each for each, _ in found.settled)]
        about = next((each for each in every if each.key == key), None)
        if not about:
            raise _gone()
        if about.rule not in OF_PHRASES or not about.phrase or len(about.phrase) > 80:
            raise InvalidInput("这类提示不能在全机构设为不再提示", advice="可以只对本稿设为不再提示")
        known = select(QuietPhrase).where(
            QuietPhrase.office_id == item.office_id,
            QuietPhrase.rule == about.rule,
            QuietPhrase.phrase == about.phrase,
        )
        if already := db.session.scalar(known):
            return already
        phrase = QuietPhrase(
            office_id=item.office_id, rule=about.rule, phrase=about.phrase, text=about.text[:300], at=clock.now(),
            by_id=actor.id,
        )  # fmt: skip
        db.session.add(phrase)
        audit.note(actor, "本机构不再提示用语", phrase, office_id=phrase.office_id, remark=phrase.text)
    return phrase


def restore_phrase(actor: Actor, phrase_id: int) -> str:
    """Tell of a phrase again; gives back the phrase."""
    with transaction():
        found = db.session.get(QuietPhrase, phrase_id)
        if not found or found.office_id not in reach(actor, "proofreading.phrases").offices:
            raise NotFound("没有这个用语，或您无权处理", advice="请刷新页面，可能已有人恢复提示")
        phrase = found.phrase
        audit.note(actor, "恢复提示用语", found, office_id=found.office_id, remark=found.text)
        db.session.delete(found)
    return phrase


def _mended(actor: Actor, submission_id: int) -> Submission:
    """The item, for whoever may mend its text now."""
    item = queries.one(actor, submission_id)
    require(actor, right(actor, item), item.main_place())
    if not checking.mends(actor, item):
        raise Conflict(
            "现在不能处理这条信息的核查提示", reason="它已不在可以修改的状态", advice="请刷新页面查看最新状态"
        )
    return item


def right(actor: Actor, item: Submission) -> str:
    """What allows a decision about an item: for editors another right than for those who write."""
    return "proofreading.dismiss" if checking.edits(actor, item) else "proofreading.own"


def _gone() -> Conflict:
    return Conflict(
        "保存的文字中已没有这条提示", reason="文字可能刚刚改过，或还没有保存", advice="请保存后再处理"
    )
