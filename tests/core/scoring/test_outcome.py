"""Further rule sets over the same facts: payments read what scoring gives each fact."""

from core.scoring.results.outcome import priced
from core.scoring.values.periods import period_by_key

TASKS = """\
awards: [{id: daily, title: 采用, when: {fact: adopted, outlet: daily}, points: {2024-01-01: 10}, basis: 第三条}]
measures: [{id: sent, title: 报送条数, count: items, where: {fact: submitted}}]
quotas: [{id: monthly, title: 任务, done: sent, need: {2024-01-01: 2}, period: month, points: "if(met, 1, 0)", basis: 第四条}]
ranking: {by: [cumulative]}
"""


def test_with_tasks_and_no_fact_at_all_there_is_nothing_to_pay(book, units):
    rules = book(TASKS)
    known = {unit.key: unit for unit in units}

    ledger = priced([], rules, rules, units, known, period_by_key(rules.calendar, "2024-05"))

    assert {entry.kind for entry in ledger.entries()} == {"task"}
