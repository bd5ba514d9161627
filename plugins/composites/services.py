"""Merge items into a composite, rearrange it, take a source out, dissolve it, bring it back.

Each takes the actor first, checks the right over every item itself, and is one transaction with states, credits,
notices and trail. A source keeps its own fact of having been submitted; whatever is counted later is counted for the
composite, with every unit's and author's share.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput
from core.submissions import leases, workflow
from core.submissions import services as submissions
from core.submissions.credit import ROLES as ROLE_TITLES
from core.submissions.models import Submission
from core.submissions.services import Composed
from core.submissions.text import Block
from core.submissions.vocabulary import GENRES, URGENCIES
from plugins.composites import guards, queries, shares, telling
from plugins.composites.crediting import ROLES, Given, credits_of
from plugins.composites.models import ALL, OUT, Link

LEAST, MOST = 2, 30


@dataclass(frozen=True)
class Chosen:
    """A source as the editor chose it: its part, its share as written, the version the editor had before them."""

    submission_id: int
    version: int
    role: str = "part"
    share: str = ""


@dataclass(frozen=True)
class Wanted:
    """A composite as written: its sources in order, the main one marked by its role, and its text."""

    sources: Sequence[Chosen]
    title: str
    body: list[Block]
    genre: str = "work_news"
    urgency: str = "normal"
    note: str = field(default="")


def merge(actor: Actor, wanted: Wanted) -> Submission:
    """Make several items into one composite. All or nothing."""
    with transaction():
        order, given = _given(actor, wanted.sources)
        items = [each.source for each in given]
        for item in items:
            guards.free(item, "并入综合稿")
        _same_office(items)
        received = max(item.received_at or item.created_at for item in items)
        composite = submissions.compose(
            actor,
            Composed(
                items[0].office_id, wanted.genre, wanted.title, wanted.body, credits_of(given), wanted.urgency, received
            ),
            "综合采编",
        )  # fmt: skip
        for position, (chosen, each) in enumerate(zip(order, given, strict=True)):
            _take_in(actor, composite, chosen, each, position, len(order) - 1)
        audit.note(
            actor, "合并为综合稿", composite, office_id=composite.office_id,
            sources=[_noted(each, chosen.share) for chosen, each in zip(order, given, strict=True)],
        )  # fmt: skip
    return composite


def arrange(actor: Actor, composite_id: int, version: int, wanted: Wanted) -> Submission:
    """Save a composite: sources in another order, other parts and shares, further sources, a new text.

    Raises InvalidInput when a source is missing: taking one out is a decision of its own, with a reason.
    """
    with transaction():
        composite = queries.composite(actor, composite_id)
        guards.same_version(composite, version)
        links = {link.source_id: link for link in queries.sources(composite.id)}
        order, given = _given(actor, wanted.sources, known=set(links))
        if _as_before(order, links):
            return _rewritten(actor, composite, wanted)
        guards.still_ours(composite, "调整来源")
        leases.guard(actor, composite)
        if absent := [
            link.source for number, link in links.items() if number not in {c.submission_id for c in order}
        ]:
            raise InvalidInput(
                f"来源中少了{absent[0]}", where="来源", advice="要移出来源，请用“移出”并说明理由"
            )
        _same_office([composite, *(each.source for each in given)])
        credits = credits_of(given)
        for position, (chosen, each) in enumerate(zip(order, given, strict=True)):
            if link := links.get(chosen.submission_id):
                link.position, link.role, link.share = position, chosen.role, chosen.share
            else:
                guards.free(each.source, "并入综合稿")
                _take_in(actor, composite, chosen, each, position, len(order) - 1)
        submissions.credit(composite, credits)
        composite.updated_at = clock.now()
        audit.note(
            actor, "调整综合稿来源", composite, office_id=composite.office_id,
            sources=[_noted(each, chosen.share) for chosen, each in zip(order, given, strict=True)],
        )  # fmt: skip
        db.session.flush()
        return _rewritten(actor, composite, wanted)


def take_out(actor: Actor, composite_id: int, source_id: int, version: int, reason: str) -> Submission:
    """Put one source back where it was before; the composite keeps its text and loses the source's credit."""
    with transaction():
        composite = queries.composite(actor, composite_id)
        guards.same_version(composite, version)
        reason = guards.reason_of(reason, "移出来源")
        guards.still_ours(composite, "移出来源")
        leases.guard(actor, composite)
        links = queries.sources(composite.id)
        link = next((each for each in links if each.source_id == source_id), None)
        if not link:
            raise Conflict("这条来源已不在综合稿中", advice="请刷新页面查看最新状态")
        if len(links) <= LEAST:
            raise Conflict(
                f"移出后只剩 {len(links) - 1} 条来源，不成其为综合稿",
                advice="请改用“撤销综合”，全部来源恢复原状",
            )
        rest = [each for each in links if each is not link]
        if link.role == "main":
            rest[0].role = "main"
        if link.share.endswith("%"):
            # What is left of a hundred percent: the others keep their proportion.
            for each in rest:
                each.share = each.share.removesuffix("%")
        _put_back(actor, link, reason, OUT)
        for position, each in enumerate(rest):
            each.position = position
        values = shares.read([each.share for each in rest])
        told = [Given(each.source, each.role, share) for each, share in zip(rest, values, strict=True)]
        submissions.credit(composite, credits_of(told))
        composite.updated_at = clock.now()
        audit.note(
            actor,
            "移出综合稿来源",
            composite,
            office_id=composite.office_id,
            item=str(link.source),
            reason=reason,
        )
    return composite


def dissolve(actor: Actor, composite_id: int, version: int, reason: str) -> Submission:
    """Put every source back where it was before; the composite becomes void and stays for the record."""
    with transaction():
        composite = queries.composite(actor, composite_id)
        guards.same_version(composite, version)
        reason = guards.reason_of(reason, "撤销综合")
        guards.still_ours(composite, "撤销综合", ("editing", "unused"))
        if composite.state == "unused":
            submissions.compile_move(actor, composite, "reconsider")
        now = clock.now()
        for link in queries.sources(composite.id):
            _put_back(actor, link, reason, ALL)
            link.ended_at = now
        submissions.compile_move(actor, composite, "void", reason)
    return composite


def revive(actor: Actor, composite_id: int, version: int) -> Submission:
    """Undo `dissolve`: the same sources, parts, shares and text again. Refused when a source has gone elsewhere."""
    with transaction():
        composite = queries.composite(actor, composite_id)
        guards.same_version(composite, version)
        if composite.state != "void":
            title = workflow.STATES[composite.state].title
            raise Conflict(f"不能恢复：{composite.called}现在是“{title}”", advice="请刷新页面查看最新状态")
        before = queries.last_sources(composite.id)
        order = [Chosen(link.source_id, 0, link.role, link.share) for link in before]
        order, given = _given(actor, order, known={link.source_id for link in before})
        for each in given:
            guards.free(each.source, "恢复综合稿")
        submissions.compile_move(actor, composite, "revive")
        submissions.credit(composite, credits_of(given))
        for position, (chosen, each) in enumerate(zip(order, given, strict=True)):
            _take_in(actor, composite, chosen, each, position, len(order) - 1)
    return composite


def _given(
    actor: Actor,
    sources: Sequence[Chosen],
    known: set[int] = frozenset(),  # type: ignore[assignment]
) -> tuple[list[Chosen], list[Given]]:
    """The sources with the main one first, found, unchanged since the editor saw them, their shares read."""
    if not LEAST <= len(sources) <= MOST:
        raise InvalidInput(f"综合稿要有 {LEAST} 至 {MOST} 条来源", where="来源", advice="请重新选择")
    if len({each.submission_id for each in sources}) < len(sources):
        raise InvalidInput("同一条信息选了两次", where="来源", advice="请去掉重复的一条")
    if any(each.role not in ROLES for each in sources):
        raise InvalidInput("没有这种作用", where="作用", advice="请选择主报、协报或参与")
    if [each.role for each in sources].count("main") != 1:
        raise InvalidInput("请选定一条主要来源", where="主要来源", advice="主要来源的单位为主报单位")
    order = sorted(sources, key=lambda each: each.role != "main")
    values = shares.read([each.share for each in order])
    given = []
    for chosen, share in zip(order, values, strict=True):
        item = queries.editable(actor, chosen.submission_id)
        if chosen.submission_id not in known:
            guards.same_version(item, chosen.version, where="来源")
        given.append(Given(item, chosen.role, share))
    return order, given


def _noted(given: Given, share: str) -> str:
    """A source as the trail names it."""
    return f"{given.source}{ROLE_TITLES[given.role]}，份额{f' {share} ' if share else '均等'}".rstrip()


def _same_office(items: Sequence[Submission]) -> None:
    if len({item.office_id for item in items}) > 1:
        raise InvalidInput("来源不属于同一机构", where="来源", advice="请只选本机构收到的信息")


def _take_in(
    actor: Actor, composite: Submission, chosen: Chosen, each: Given, position: int, others: int
) -> None:
    link = Link(
        kind="merge", source=each.source, target=composite, position=position, role=chosen.role, share=chosen.share[:20],
        was=each.source.state, was_editor_id=each.source.editor_id, by_id=actor.id, at=clock.now(),
    )  # fmt: skip
    db.session.add(link)
    submissions.compile_move(actor, each.source, "merge", f"与另外 {others} 条来稿合编")
    db.session.flush()
    telling.gone(actor, link, "已并入综合稿，综合稿采用后计入各来源单位")


def _put_back(actor: Actor, link: Link, reason: str, how: str) -> None:
    link.ended_at, link.ended_by_id, link.ended_why, link.ended_as = clock.now(), actor.id, reason, how
    submissions.compile_move(
        actor, link.source, "unmerge" if link.was == "editing" else "unmerge_untaken", reason
    )
    editor = guards.editor_of(link.was_editor_id)
    link.source.editor_id = editor.id if editor else None
    telling.back([link], reason)


def _as_before(order: Sequence[Chosen], links: dict[int, Link]) -> bool:
    now = [(each.submission_id, each.role, each.share) for each in order]
    return now == [(link.source_id, link.role, link.share) for link in links.values()]


def _rewritten(actor: Actor, composite: Submission, wanted: Wanted) -> Submission:
    """The new text, kind and urgency, each recorded if it differs."""
    if (composite.genre, composite.urgency) != (wanted.genre, wanted.urgency):
        _reclassify(actor, composite, wanted)
    if (composite.title, composite.body) != (wanted.title, wanted.body):
        submissions.revise(actor, composite.id, composite.version, wanted.title, wanted.body, wanted.note)
    return composite


def _reclassify(actor: Actor, composite: Submission, wanted: Wanted) -> None:
    if wanted.genre not in GENRES or wanted.urgency not in URGENCIES:
        raise InvalidInput("信息类型或紧急程度不在可选范围内", where="信息类型", advice="请重新选择")
    if composite.state not in workflow.EDITABLE_BY_EDITOR:
        title = workflow.STATES[composite.state].title
        raise Conflict(
            f"不能修改信息类型和紧急程度：{composite.called}现在是“{title}”", advice="请刷新页面查看最新状态"
        )
    leases.guard(actor, composite)
    if composite.genre != wanted.genre:
        # What has been counted was counted under the kind it had.
        guards.uncounted(composite, "修改信息类型")
    before = f"{GENRES[composite.genre]}、{URGENCIES[composite.urgency]}"
    composite.genre, composite.urgency, composite.updated_at = wanted.genre, wanted.urgency, clock.now()
    after = f"{GENRES[composite.genre]}、{URGENCIES[composite.urgency]}"
    audit.note(actor, "修改综合稿类型", composite, office_id=composite.office_id, before=before, after=after)
    db.session.flush()
