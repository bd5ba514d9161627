"""The life of a submission as data: states, legal moves, who may make them. No database, no web.

A move is one row of MOVES. `needs_reason` moves are refused without one; `permission` names the right
whose reach must cover the submission.
"""

from dataclasses import dataclass

from core.errors import Conflict, InvalidInput, near


@dataclass(frozen=True)
class State:
    """A state with its Chinese title; `with_unit` states are invisible to the editors.

    An `absorbed` item stands in another one, or no longer for itself: nothing is counted for it any more.
    way_out: what has to be taken back first where most steps are refused, for whoever tries one all the same.
    """

    name: str
    title: str
    with_unit: bool = False
    final: bool = False
    absorbed: bool = False
    way_out: str = ""


STATES = {
    state.name: state
    for state in (
        State("draft", "草稿", with_unit=True),
        State("awaiting", "待审签", with_unit=True),
        State("returned", "已退回", with_unit=True),
        State("withdrawn", "已撤回", with_unit=True, final=True),
        State("received", "已报送"),
        State("editing", "编辑中"),
        State("selected", "已入选", way_out="它已编入刊物，要先在编排页移出那一期"),
        State("adopted", "已采用", final=True, way_out="要改变的，由签发人先撤销采用"),
        State("unused", "未采用", final=True),
        State("merged", "已并入综合稿", absorbed=True, way_out="要先从综合稿移出，或撤销综合"),
        State("split", "已拆分", absorbed=True, way_out="要先撤销拆分"),
        State("void", "已作废", absorbed=True),
    )
}
WITH_UNIT = tuple(state.name for state in STATES.values() if state.with_unit)
WITH_EDITORS = tuple(state.name for state in STATES.values() if not state.with_unit)
ABSORBED = tuple(state.name for state in STATES.values() if state.absorbed)
# What may still be sent up, adopted and instructed as itself.
COUNTABLE = tuple(name for name in WITH_EDITORS if name not in ABSORBED)


@dataclass(frozen=True)
class Move:
    """A legal step: where from, where to, by which right, and whether a reason must be given.

    `reported` moves exist only for items that a unit reported, not for those the office composed.
    undo: an editor can take it back on the item's page while nothing else has happened to the item since.
    internal: the unit's own people do not see it in the item's history before the item is published.
    unclaimed: in these states only while nobody is the item's editor.
    told: how the one who did it is told, where 已 before the title would not do.
    """

    name: str
    title: str
    sources: tuple[str, ...]
    target: str
    permission: str
    needs_reason: bool = False
    reported: bool = False
    undo: bool = False
    internal: bool = False
    unclaimed: tuple[str, ...] = ()
    told: str = ""

    @property
    def done(self) -> str:
        """What is said once it is done."""
        return self.told or f"已{self.title}"


MOVES = {
    move.name: move
    for move in (
        Move("send", "送审", ("draft", "returned"), "awaiting", "submission.write"),
        Move("sign", "审签报送", ("awaiting",), "received", "submission.sign"),
        Move("send_back", "审签退回", ("awaiting",), "returned", "submission.sign", needs_reason=True),
        Move(
            "withdraw",
            "撤回",
            ("awaiting", "received", "returned", "draft"),
            "withdrawn",
            "submission.write",
            needs_reason=True,
            reported=True,
        ),
        # An item can be in hand and nobody's: its editor's account was closed, or it was there before this was kept.
        Move(
            "take",
            "认领编辑",
            ("received", "editing"),
            "editing",
            "submission.edit",
            undo=True,
            internal=True,
            unclaimed=("editing",),
        ),
        Move(
            "transfer",
            "转交",
            ("received", "editing"),
            "editing",
            "submission.edit",
            undo=True,
            internal=True,
        ),
        Move(
            "return",
            "退回",
            ("received", "editing"),
            "returned",
            "submission.edit",
            needs_reason=True,
            reported=True,
            undo=True,
        ),
        Move(
            "decline",
            "不采用",
            ("received", "editing"),
            "unused",
            "submission.edit",
            needs_reason=True,
            undo=True,
            told="已定为不采用",
        ),
        Move(
            "reconsider",
            "重新考虑",
            ("unused",),
            "editing",
            "submission.edit",
            undo=True,
            told="已转回编辑中，由您负责",
        ),
        Move("select", "入选", ("received", "editing"), "selected", "submission.edit"),
        Move("deselect", "移出", ("selected",), "editing", "submission.edit"),
        # Whoever put it in at once takes it back: nobody has it in hand, as before.
        Move("deselect_untaken", "撤销入选", ("selected",), "received", "submission.edit"),
        Move("adopt", "采用", ("selected",), "adopted", "submission.adopt"),
        Move("cancel_adoption", "撤销采用", ("adopted",), "editing", "submission.adopt", needs_reason=True),
        # What was taken back by mistake stands again.
        Move("readopt", "恢复采用", ("editing",), "adopted", "submission.adopt"),
        # Several items become one, one becomes several, and back to where each was before.
        Move("merge", "并入综合稿", ("received", "editing"), "merged", "submission.edit"),
        Move("unmerge", "移出综合稿", ("merged",), "editing", "submission.edit"),
        Move("unmerge_untaken", "移出综合稿", ("merged",), "received", "submission.edit"),
        Move("split", "拆分", ("received", "editing"), "split", "submission.edit"),
        Move("unsplit", "撤销拆分", ("split",), "editing", "submission.edit"),
        Move("unsplit_untaken", "撤销拆分", ("split",), "received", "submission.edit"),
        Move("void", "作废", ("editing",), "void", "submission.edit", needs_reason=True),
        Move("revive", "恢复", ("void",), "editing", "submission.edit"),
    )
}
# Moves that belong to whatever selects, adopts, merges and splits items; a person does not choose them on the item's page.
BY_COMPILING = (
    "select", "deselect", "deselect_untaken", "adopt", "cancel_adoption", "readopt", "merge", "unmerge", "unmerge_untaken",
    "split", "unsplit", "unsplit_untaken", "void", "revive",
)  # fmt: skip
# These have forms of their own.
BY_FORM = ("send", "sign", "transfer")
EDITABLE_BY_UNIT = ("draft", "returned")
EDITABLE_BY_EDITOR = ("received", "editing", "selected")
# What the editors changed is shown to the unit once the item is published.
SHOWN_TO_UNIT = ("adopted",)
# In these states it sees what it sent, whatever the editors have made of it.
WITHHELD = tuple(state for state in STATES if state not in (*WITH_UNIT, *SHOWN_TO_UNIT))


def target(state: str, move_name: str, reason: str = "", *, claimed: bool = False) -> str:
    """The state after a move; `claimed`: somebody is the item's editor.

    Raises Conflict when the move is not legal now, InvalidInput without a needed reason.
    """
    move = MOVES.get(move_name)
    if not move:
        raise InvalidInput(f"没有“{move_name}”这个操作", advice=near(move_name, MOVES))
    if state not in move.sources or (claimed and state in move.unclaimed):
        now = STATES[state]
        raise Conflict(
            f"不能{move.title}：这条信息现在是“{now.title}”",
            reason=now.way_out or "可能刚刚有人处理过",
            advice="请刷新页面查看最新状态",
        )
    if move.needs_reason and not reason.strip():
        raise InvalidInput(f"{move.title}须说明理由", where="理由", advice="请填写后再提交")
    return move.target


def undone(state: str, move_name: str, before: str) -> str:
    """The state an item returns to when its last move is taken back. Raises Conflict when that is not possible."""
    move = MOVES.get(move_name)
    if not move or not move.undo:
        title = f"“{move.title}”" if move else "这一步"
        raise Conflict(f"{title}不能在这里撤销", advice="编入刊物、采用等，请在办理它的页面上撤销")
    if state != move.target or before not in move.sources:
        raise Conflict(
            f"不能撤销{move.title}：这条信息现在是“{STATES[state].title}”",
            reason="可能刚刚有人处理过",
            advice="请刷新页面查看最新状态",
        )
    return before


def moves_from(state: str, *, composed: bool = False, claimed: bool = False) -> list[Move]:
    """Every move that is legal in a state, in the order of the table.

    composed: by the office, not reported. claimed: somebody is the item's editor.
    """
    return [
        move
        for move in MOVES.values()
        if state in move.sources
        and not (composed and move.reported)
        and not (claimed and state in move.unclaimed)
    ]
