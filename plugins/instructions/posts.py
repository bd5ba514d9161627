"""The register of leaders' posts: enter, correct, import; say what a correction would change, and bring one
instruction into line when somebody decides to."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select

from core import audit, clock
from core.accounts.models import User
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, near
from core.packs import services as packs
from core.permissions import Place, require
from core.scoring import runs
from core.submissions.text import clean_line
from plugins.instructions import crediting, holding, queries, resolving
from plugins.instructions.holding import Difference, Held, Kept, NewPost, who_is
from plugins.instructions.models import Instruction, LeaderPost
from plugins.instructions.post_queries import listing, said
from plugins.instructions.section import Instructions

FIRST_YEAR = 1990


def one(actor: Actor, post_id: int) -> LeaderPost:
    """A post of an office the actor keeps the register of. Raises NotFound."""
    found = db.session.get(LeaderPost, post_id)
    if not found or found.office_id not in queries.post_offices(actor):
        raise NotFound("没有这条任职登记", advice="请返回列表重新选择")
    return found


def add(actor: Actor, office_id: int, new: NewPost) -> LeaderPost:
    """Enter a post."""
    return add_all(actor, office_id, [new])[0]


def add_all(actor: Actor, office_id: int, entered: Sequence[NewPost]) -> list[LeaderPost]:
    """Enter several posts, all or none."""
    found = []
    with transaction():
        require(actor, "instruction.posts", Place(office_id))
        last = db.session.scalar(
            select(func.max(LeaderPost.sort_no)).where(LeaderPost.office_id == office_id)
        )
        for n, new in enumerate(entered, 1):
            post = LeaderPost(office_id=office_id, sort_no=(last or 0) + n, **vars(_checked(office_id, new)))
            _not_twice(office_id, _held(post, 0))
            db.session.add(post)
            db.session.flush()
            found.append(post)
            audit.note(actor, "登记领导任职", said(post), office_id=office_id, post=post.id)
    return found


def correct(actor: Actor, post_id: int, version: int, new: NewPost) -> LeaderPost:
    """Correct a post or end it. What is recorded keeps the class it was recorded with."""
    with transaction():
        post = one(actor, post_id)
        require(actor, "instruction.posts", Place(post.office_id))
        if post.version != version:
            raise Conflict("这条任职登记刚刚被别人改过", advice="请刷新页面，核对后再保存")
        before = said(post)
        for name, value in vars(_checked(post.office_id, new)).items():
            setattr(post, name, value)
        _not_twice(post.office_id, _held(post, post.id))
        audit.note(actor, "更正领导任职", said(post), office_id=post.office_id, post=post.id, before=before)
    return post


def remove(actor: Actor, post_id: int) -> None:
    """Take out a post entered by mistake; one that instructions were taken from stays, and is corrected instead."""
    with transaction():
        post = one(actor, post_id)
        require(actor, "instruction.posts", Place(post.office_id))
        if db.session.scalar(select(Instruction.id).where(Instruction.post_id == post.id).limit(1)):
            raise Conflict("已有批示按这条任职登记，不能删除", advice="请更正起止日期")
        audit.note(actor, "删除领导任职", said(post), office_id=post.office_id, post=post.id)
        db.session.delete(post)


def effects(post: LeaderPost | None, office_id: int, new: NewPost) -> list[Difference]:
    """The recorded instructions a correction would newly put at odds; nothing is changed."""
    before = [_held(each, each.id) for each in listing(office_id)]
    fresh = _as_held(replace(new, name=clean_line(new.name)), post.id if post else 0)
    after = [each for each in before if not post or each.id != post.id] + [fresh]
    return holding.changed_by(before, after, _recorded(office_id))


def at_odds(office_id: int) -> list[Difference]:
    """The recorded instructions that do not agree with the register of posts as it stands."""
    before = [_held(each, each.id) for each in listing(office_id)]
    return holding.differences(before, _recorded(office_id))


def reclassify(actor: Actor, instruction_id: int, reason: str) -> Instruction:
    """Bring an instruction into line with the post of its day: its facts are taken back and made anew.

    A closed period keeps its result; the difference goes into a later one, as the pack says.
    """
    with transaction():
        found = queries.one(actor, instruction_id)
        require(actor, "instruction.posts", Place(found.office_id))
        reason = clean_line(reason)[:500]
        if not reason:
            raise InvalidInput("更正须说明理由", where="理由", advice="请填写后再提交")
        if found.withdrawn_at:
            raise Conflict("这条批示已经撤销", advice="请先恢复")
        kept = _kept(found)
        post = holding.chosen([_held(each, each.id) for each in listing(found.office_id)], kept)
        if not post:
            raise Conflict("批示当日没有登记任职，无从更正", advice="请先补登任职，或撤销后重新登记")
        of = resolving.class_of(packs.pack_of(found.office_id, found.on), post.klass)
        words = runs.rules_in_force(found.office_id, found.on)[1].words
        resolving.scored(words, of, found.carrier)
        before = f"{found.leader_post}（{found.class_title}）"
        crediting.take_back(actor, found.items, f"按任职更正：{reason}")
        found.leader_class, found.class_title, found.leader_post = of.id, of.title, post.post
        found.level, found.level_title, found.post_id = of.level, words.outlets.levels[of.level], post.id
        crediting.count(actor, found)
        audit.note(
            actor, "按任职更正批示", found, office_id=found.office_id, instruction=found.id, reason=reason,
            before=before, now=f"{found.leader_post}（{found.class_title}）",
        )  # fmt: skip
    return found


def _recorded(office_id: int) -> list[Kept]:
    query = select(Instruction).where(Instruction.office_id == office_id, Instruction.withdrawn_at.is_(None))
    return [_kept(found) for found in db.session.scalars(query.order_by(Instruction.on.desc()))]


def _kept(found: Instruction) -> Kept:
    who = who_is(found.leader_id, found.leader_name)
    return Kept(found.id, who, found.on, found.leader_class, found.leader_post, found.post_id)


def _held(post: LeaderPost, number: int) -> Held:
    who = who_is(post.user_id, post.name)
    return Held(number, who, post.post, post.leader_class, post.since, post.until)


def _as_held(new: NewPost, number: int) -> Held:
    return Held(number, who_is(new.user_id, new.name), new.post, new.leader_class, new.since, new.until)


def _checked(office_id: int, new: NewPost) -> NewPost:
    """A post that can be kept. Raises InvalidInput."""
    user = db.session.get(User, new.user_id) if new.user_id else None
    if new.user_id and (not user or user.office_id != office_id):
        raise InvalidInput("所选账号不在本机构", where="账号", advice="请重新选择")
    name = user.name if user else clean_line(new.name)[:40]
    if not name:
        raise InvalidInput("请填写姓名", where="姓名")
    title = clean_line(new.post)[:60]
    if not title:
        raise InvalidInput("请填写职务", where="职务")
    classes = {
        each.id: each.title for each in packs.pack_of(office_id, clock.today()).get(Instructions).classes
    }
    klass = next((key for key, said in classes.items() if new.leader_class in (key, said)), None)
    if not klass:
        raise InvalidInput(
            f"没有“{new.leader_class}”这个领导类别" if new.leader_class else "请选择领导类别", where="领导类别",
            advice=near(new.leader_class, classes) or f"可选：{'、'.join(classes.values())}",
        )  # fmt: skip
    if not FIRST_YEAR <= new.since.year <= 2199 or (new.until and new.until.year > 2199):
        raise InvalidInput("任职日期不对", where="任职起", advice="请核对年份")
    if new.until and new.until < new.since:
        raise InvalidInput("任职止日早于起日", where="任职止", advice="请核对日期；仍在任的留空")
    return NewPost(name, title, klass, new.since, new.until, new.user_id)


def _not_twice(office_id: int, new: Held) -> None:
    with db.session.no_autoflush:
        known = [_held(each, each.id) for each in listing(office_id)]
    if twice := holding.clashes([each for each in known if each.id != new.id], new):
        until = f"至{clock.written(twice[0].until)}" if twice[0].until else "起"
        raise Conflict(
            "同一职务的任职时间重叠", where="任职起", reason=f"已登记{clock.written(twice[0].since)}{until}",
            advice="请先填写前一段的止日",
        )  # fmt: skip
