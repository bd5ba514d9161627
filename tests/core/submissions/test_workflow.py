"""The life of a submission as data: every move from every state."""

import pytest

from core.errors import Conflict, InvalidInput
from core.submissions import workflow
from core.submissions.workflow import MOVES, STATES, target

# Written out once more by hand, so that a slip in the table is seen: move → {state before: state after}.
LEGAL = {
    "send": {"draft": "awaiting", "returned": "awaiting"},
    "sign": {"awaiting": "received"},
    "send_back": {"awaiting": "returned"},
    "withdraw": dict.fromkeys(("awaiting", "received", "returned", "draft"), "withdrawn"),
    "take": {"received": "editing", "editing": "editing"},
    "transfer": {"received": "editing", "editing": "editing"},
    "return": {"received": "returned", "editing": "returned"},
    "decline": {"received": "unused", "editing": "unused"},
    "reconsider": {"unused": "editing"},
    "select": {"received": "selected", "editing": "selected"},
    "deselect": {"selected": "editing"},
    "deselect_untaken": {"selected": "received"},
    "adopt": {"selected": "adopted"},
    "cancel_adoption": {"adopted": "editing"},
    "readopt": {"editing": "adopted"},
    "merge": {"received": "merged", "editing": "merged"},
    "unmerge": {"merged": "editing"},
    "unmerge_untaken": {"merged": "received"},
    "split": {"received": "split", "editing": "split"},
    "unsplit": {"split": "editing"},
    "unsplit_untaken": {"split": "received"},
    "void": {"editing": "void"},
    "revive": {"void": "editing"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", MOVES)
def test_a_move_is_legal_from_its_own_states_only(move, state):
    if state in LEGAL[move]:
        assert target(state, move, "理由") == LEGAL[move][state]
    else:
        with pytest.raises(Conflict) as refused:
            target(state, move, "理由")
        assert STATES[state].title in str(refused.value) and MOVES[move].title in str(refused.value)


def test_the_table_has_no_other_moves():
    assert set(LEGAL) == set(MOVES)


@pytest.mark.parametrize("move", [m for m in MOVES.values() if m.needs_reason], ids=lambda m: m.name)
@pytest.mark.parametrize("reason", ["", "  ", "　\n"])
def test_a_move_that_hurts_needs_a_reason(move, reason):
    with pytest.raises(InvalidInput, match="理由"):
        target(move.sources[0], move.name, reason)


def test_moves_that_take_something_away_need_a_reason():
    assert {m.name for m in MOVES.values() if m.needs_reason} == {
        "send_back", "withdraw", "return", "decline", "cancel_adoption", "void",
    }  # fmt: skip


def test_what_has_an_editor_is_not_claimed_again():
    with pytest.raises(Conflict, match="编辑中"):
        target("editing", "take", claimed=True)

    assert (
        target("received", "take", claimed=True) == "editing"
    )  # sent in again: its editor of then has no say
    assert "take" not in {m.name for m in workflow.moves_from("editing", claimed=True)}
    assert "take" in {m.name for m in workflow.moves_from("received", claimed=True)}


def test_an_unknown_move_names_the_nearest():
    with pytest.raises(InvalidInput, match="是否应为“withdraw”"):
        target("draft", "withdrow")


@pytest.mark.parametrize("state", STATES)
def test_the_moves_offered_are_the_legal_ones(state):
    assert {m.name for m in workflow.moves_from(state)} == {
        name for name, ways in LEGAL.items() if state in ways
    }


def test_every_state_can_be_reached_from_a_draft():
    reached, fresh = {"draft"}, {"draft"}
    while fresh:
        fresh = {m.target for m in MOVES.values() if set(m.sources) & fresh} - reached
        reached |= fresh

    assert reached == set(STATES)


def test_every_open_state_has_a_way_on():
    assert all(workflow.moves_from(s.name) for s in STATES.values() if not s.final)


def test_only_states_in_one_hand_are_editable():
    assert set(workflow.EDITABLE_BY_UNIT) <= set(workflow.WITH_UNIT)
    assert set(workflow.EDITABLE_BY_EDITOR) <= set(workflow.WITH_EDITORS)
    assert set(workflow.WITH_UNIT) | set(workflow.WITH_EDITORS) == set(STATES)


def test_what_the_office_composed_cannot_go_back_to_a_unit():
    assert {m.name for m in workflow.moves_from("editing")} - {
        m.name for m in workflow.moves_from("editing", composed=True)
    } == {"return"}


def test_absorbed_items_are_with_the_editors_and_not_counted():
    assert set(workflow.ABSORBED) == {"merged", "split", "void"}
    assert set(workflow.COUNTABLE) == set(workflow.WITH_EDITORS) - {"merged", "split", "void"}
