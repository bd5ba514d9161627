"""Papers behind the values, and when somebody should look at them again."""

from datetime import date

import pytest

from core.errors import Findings
from core.packs.content.sources import Source, months_later, standing_on, titles_of
from core.packs.wording.words import Lexicon

PAPER = Source(
    id="rules", title="计分办法", number="某政办〔2024〕5号", confirmed=date(2024, 1, 1), valid_for_months=24
)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 1), 24, date(2026, 1, 1)), (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)), (date(2024, 8, 31), 1, date(2024, 9, 30)),
        (date(2024, 5, 15), 9, date(2025, 2, 15)),
    ],
)  # fmt: skip
def test_months_are_counted_by_the_calendar(day, months, later):
    assert months_later(day, months) == later


def test_a_paper_is_overdue_when_its_months_are_over():
    assert not standing_on(date(2025, 12, 31), PAPER).overdue
    assert standing_on(date(2026, 1, 1), PAPER).overdue
    assert PAPER.name == "计分办法（某政办〔2024〕5号）"


def test_the_later_confirmation_counts():
    here = standing_on(date(2026, 6, 1), PAPER, date(2025, 7, 1), "周系统")
    assert (here.overdue, here.until, here.by) == (False, date(2027, 7, 1), "周系统")
    older = standing_on(date(2025, 6, 1), PAPER, date(2023, 7, 1), "周系统")
    assert (older.confirmed, older.by) == (date(2024, 1, 1), "")


def test_what_a_paper_covers_is_checked_and_told(files, load):
    lines = "sources:\n  - {{id: rules, title: 办法, confirmed: 2024-01-01, covers: [{}]}}\n"
    good = {
        **files,
        "pack.yaml": files["pack.yaml"] + lines.format("scoring, scoring.awards.bulletin").encode(),
    }
    pack = load(good)

    assert titles_of(pack.manifest.sources[0].covers, pack.sections, Lexicon()) == [
        "计分办法",
        "计分项“《每日信息》采用”",
    ]
    for wrong in ("scoring.awards.none", "scoring.nothing"):
        with pytest.raises(Findings, match="涉及这部分内容"):
            load({**files, "pack.yaml": files["pack.yaml"] + lines.format(wrong).encode()})


@pytest.mark.parametrize(
    "lines",
    [
        "derived_from: sample", "sources: [{id: a, title: x}]", "sources: [{id: a, title: x, confirmed: 2024-01-01, url: 'javascript:x'}]",
        "sources: [{id: a, title: x, confirmed: 2024-01-01}, {id: a, title: y, confirmed: 2024-01-01}]",
        "sources: [{id: a, title: x, confirmed: 2024-01-01, valid_for_months: 0}]",
    ],
)  # fmt: skip
def test_slips_in_the_manifest_are_refused(files, load, lines):
    with pytest.raises(Findings):
        load({**files, "pack.yaml": files["pack.yaml"] + f"{lines}\n".encode()})
