"""The examples in journals.yaml: issues made up for checking, and what the checks must say about them. Pure."""

from core.packs.content.format import ExampleResult, Pack
from core.packs.content.outlets import OutletTree, tree_of
from core.packs.content.sections import Outlets
from plugins.journal.checks import Laid, Placed, remarks
from plugins.journal.schema import JournalExample, Journals

FILE = "journals.yaml"


def reached(tree: OutletTree, outlet: str) -> set[str]:
    """An outlet, everything it lies in, and its level: what `taken_by` of a column may name."""
    found: set[str] = set()
    while (node := tree.nodes.get(outlet)) and outlet not in found:
        found |= {outlet, node.level}
        if not node.parent:
            break
        outlet = node.parent
    return found


def run_examples(pack: Pack) -> list[ExampleResult]:
    """Every example of the section; a remark is met by words that occur in it, and none may be left over."""
    own, tree = pack.get(Journals), tree_of(pack.get(Outlets))
    return [_run(pack, own, tree, n, example) for n, example in enumerate(own.examples)]


def _run(pack: Pack, own: Journals, tree: OutletTree, n: int, example: JournalExample) -> ExampleResult:
    journal = own.journal(example.journal)
    assert journal  # the section's check has refused unknown ones
    journal = journal.in_edition(example.edition) if example.edition else journal
    assert journal
    items = [
        Placed(
            one.column, one.title, one.genre, (one.unit,), one.unit_kind, one.words,
            frozenset().union(*(reached(tree, outlet) for outlet in one.taken)),
        )
        for one in example.items
    ]  # fmt: skip
    said = remarks(journal, items, Laid(example.pages))
    told = {
        "不能送签": [remark.text for remark in said if remark.blocking],
        "提醒": [remark.text for remark in said if not remark.blocking],
    }
    wanted = {"不能送签": example.refused, "提醒": example.remarks}
    if example.steps:
        left_out = [step.id for step in journal.sign_off.optional(example.urgency or "")]
        told["审签步骤"] = [step.title for step in journal.sign_off.without(left_out).steps]
        wanted["审签步骤"] = example.steps
    expected = {key: "；".join(words) for key, words in wanted.items()}
    got = {key: "；".join(_answered(told[key], list(wanted[key]))) for key in wanted}
    where = pack.where(FILE, ("examples", n))
    return ExampleResult(example.name, where, expected == got, expected, got)


def _answered(said: list[str], wanted: list[str]) -> list[str]:
    """What was said, each line by the promised words it contains; an unexpected line stands for itself."""
    left, found = list(said), []
    for words in wanted:
        if match := next((line for line in left if words in line), None):
            left.remove(match)
            found.append(words)
    return found + left
