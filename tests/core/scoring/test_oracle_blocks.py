"""The oracle block by block: cases worked out by hand from scoring-semantics.md, one idea each."""

from fractions import Fraction

import pytest

from tests.core.scoring.oracle.cases import amounts, fact, points, scored, statuses, withdrawn

WORDS = """\
attributes:
  - {id: form, title: 采用形式, options: [{id: short, title: 简讯}, {id: full, title: 全文}, {id: long, title: 长文}]}
  - {id: words, title: 字数, type: integer}
  - {id: front-page, title: 头版, type: flag}
  - {id: printed, title: 印发日期, type: date}
  - {id: leader, title: 领导类别, options: [主要, 其他]}
"""


def award(points="{2024-01-01: 10}", when="{fact: adopted}", name="any", **more):
    keys = "".join(f", {key}: {value}" for key, value in more.items())
    return f"  - {{id: {name}, title: 计{name}, when: {when}, points: {points}, basis: 一{keys}}}\n"


def rules(*awards, **blocks):
    """A scoring.yaml of some awards, and other blocks as text."""
    written = "".join(f"{name}: {text}\n" for name, text in blocks.items())
    return f"{WORDS}awards:\n{''.join(awards or [award()])}{written}"


# ---- 1 and 4: rows, conditions, awards


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("{fact: adopted, outlet: special}", True),
        ("{fact: 采用, outlet: 市政府办}", True),
        ("{fact: adopted, outlet: [daily, special-red]}", True),
        ("{fact: adopted, outlet: {not: special}}", False),
        ("{fact: adopted, outlet: daily}", False),
        ("{fact: adopted, level: city}", True),
        ("{fact: adopted, level: {'>=': county}}", True),
        ("{fact: adopted, level: {'>': 市级}}", False),
        ("{fact: adopted, ladder: 政府系统}", True),
        ("{fact: adopted, form: {not: short}}", True),
        ("{fact: adopted, form: {'<': 长文}}", True),
        ("{fact: adopted, words: {'>=': 100, '<': 800}}", False),
        ("{fact: adopted, words: {'>=': 100}, front-page: true}", True),
        ("{fact: adopted, front-page: {not: true}}", False),
        ("{fact: adopted, leader: 主要}", False),
        ("{fact: adopted, leader: {not: 主要}}", True),
        ("{fact: adopted, group: 县区, class: [大县], key: true}", True),
        ("{fact: adopted, weekday: 1, month: 5, year: 2024}", True),
        ("{fact: [sent_up, submitted]}", False),
    ],
)
def test_conditions_of_awards(when, holds):
    one = fact(outlet="red-lead", form="full", words=800, **{"front-page": True})

    assert bool(points(scored(rules(award(when=when)), [one]))) == holds


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ("字数 >= 800 且 采用形式 = '全文'", True),
        ("form 属于 ['简讯', '全文'] 且 非 头版", False),
        ("front-page = 是 and ways = 1 and position = 1 and authors = 2", True),
        ("recorded - on = 3 and 登记日期 > 发生日期", True),
        ("staff / 3 = 10 and unit = '甲县' and group = '县区'", True),
        ("printed - on > 0", False),
    ],
)
def test_formulas_of_awards(where, holds):
    one = fact(
        form="full", words=900, persons=["张三", "李四"], recorded="2024-05-09", **{"front-page": True}
    )

    assert bool(points(scored(rules(award(where=f'"{where}"')), [one]))) == holds


def test_a_unit_named_twice_counts_once_and_strangers_take_their_share_along():
    result = scored(rules(), [fact(units=["甲县", "甲县", "外地县"])])

    assert amounts(result) == [5]
    assert "外地县" not in result["totals"]


def test_a_unit_that_takes_no_part_yet_has_no_row():
    assert amounts(scored(rules(), [fact(units=["戊局"], on="2024-06-30")]), "戊局") == []
    assert amounts(scored(rules(), [fact(units=["戊局"], on="2024-07-01")]), "戊局") == [10]


def test_old_words_are_renamed_before_anything_is_asked():
    text = rules(
        award(when="{fact: adopted, form: short}"),
        renames="[{attribute: form, values: {旧简讯: short}, basis: 二}]",
    )

    assert points(scored(text, [fact(form="旧简讯")])) == 10


def test_the_award_that_names_the_outlet_most_closely_is_taken():
    text = rules(
        award("{2024-01-01: 1}", name="all"),
        award("{2024-01-01: 2}", "{fact: adopted, outlet: city}", "city"),
        award("{2024-01-01: 3}", "{fact: adopted, outlet: [special, red-lead]}", "near"),
        award("{2024-01-01: 4}", "{fact: adopted, outlet: special-red}", "far"),
        award("{2024-01-01: 5}", "{fact: adopted, outlet: [red-lead]}", "second"),
    )

    found = {
        name: amounts(scored(text, [fact(outlet=name)]))
        for name in ("red-lead", "special-red", "special", "daily", "state")
    }

    assert found == {"red-lead": [3], "special-red": [4], "special": [3], "daily": [2], "state": [1]}


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2023-12-31", 2), ("2024-02-01", 7), ("2024-03-01", 8), ("2024-04-01", 2), ("2022-12-31", 0)],
)
def test_an_award_in_force_comes_before_a_nearer_one_that_is_not(on, expected):
    near = award(
        "{2024-01-01: 7, 2024-03-01: 8}", "{fact: adopted, outlet: daily}", "near", until="2024-03-31"
    )
    wide = award("{2023-01-01: 2}", name="wide")

    assert sum(amounts(scored(rules(near, wide), [fact(on=on)], on[:4]))) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("words / 300", 3),
        ("{formula: words, min: 1, max: 50}", 50),
        ("{formula: -words, min: -5}", -5),
        ("table(grid)", 8),
        ("table(bands)", 2),
        ("table(grid, 'long', 'daily')", 1),
        ("10 / 0", 0),
        ("default(printed - on, 4)", 4),
    ],
)
def test_values_of_awards(value, expected):
    tables = """
  - {id: grid, title: 表, keys: [form, outlet], rows: [[full, daily, 8], [简讯, daily, 9]], default: 1}
  - {id: bands, title: 段, keys: [words], rows: [[800, 2], [100, 1], [1000, 3]], steps: true, default: 0}"""
    text = rules(
        award(f'{{2024-01-01: "{value}"}}' if "{" not in value else f"{{2024-01-01: {value}}}"), tables=tables
    )

    assert points(scored(text, [fact(form="full", words=900)])) == expected


def test_a_dated_table_holds_from_its_day():
    tables = "[{id: grid, title: 表, keys: [form], from: {2024-03-01: [[full, 3]], 2024-06-01: [[full, 6]]}}]"
    text = rules(award('{2024-01-01: "table(grid)"}'), tables=tables)

    assert amounts(scored(text, [fact(form="full", on=f"2024-0{n}-01") for n in (2, 3, 6)])) == [0, 3, 6]


def test_one_award_per_stage_and_stages_side_by_side():
    text = rules(award(name="a"), award(name="b"), award("{2024-01-01: 3}", name="c", stage="extra"))

    assert amounts(scored(text, [fact()])) == [10, 3]


# ---- 3: counters


COUNTERS = """
  - {id: nth, title: 第几次, of: {fact: instructed}, per: [unit, item]}
  - {id: whole, title: 共几次, of: {fact: instructed}, per: [unit, item], running: false}
  - {id: this-month, title: 当月次数, of: {fact: [instructed, adopted]}, per: [unit], period: month}
  - {id: items, title: 条数, count: items, of: {fact: [instructed, adopted]}, per: [unit]}
  - {id: total-words, title: 总字数, sum: words, of: {fact: adopted}, per: [group]}
  - {id: paid, title: 已得分, count: points, awards: [any], per: [unit, item]}
  - {id: paid-times, title: 得分次数, awards: [any], per: [unit], period: year}"""


def counted(name, facts):
    """The values of a counter, told by a stage of its own on every fact."""
    tell = award(
        f'{{2020-01-01: "{name} * 1000"}}', "{fact: [adopted, instructed, submitted]}", "tell", stage="told"
    )
    result = scored(
        rules(award("{2024-01-01: words}"), tell, counters=COUNTERS, sharing="{policy: each}"), facts
    )
    return [
        line["value"] / 1000
        for line in result["entries"]
        if line["award"] == "tell" and line["account"] == "甲县"
    ]


def test_counters_count_up_to_the_fact_itself_and_later_facts_see_them():
    story = [
        fact("instructed", leader="主要", item="A1", on="2024-01-31", words=1),
        fact("instructed", leader="其他", item="A1", on="2024-02-01", words=1),
        fact(item="A1", on="2024-02-02", words=100),
        fact(item="A2", on="2024-02-02", words=0, units=["甲县", "乙县"]),
    ]

    assert counted("nth", story) == [1, 2, 2, 0]
    assert counted("whole", story) == [2, 2, 2, 0]
    assert counted("this-month", story) == [1, 1, 2, 3]
    assert counted("items", story) == [1, 1, 1, 2]
    assert counted("total-words", story) == [0, 0, 100, 100]
    assert counted("paid", story) == [0, 0, 100, 0]
    assert counted("paid-times", story) == [0, 0, 1, 1]


def test_a_withdrawn_fact_is_not_counted():
    story = [
        fact("instructed", leader="主要", item="A1", id="first"),
        fact("instructed", leader="主要", item="A1"),
        withdrawn("first"),
    ]

    assert counted("nth", story)[1] == 1


# ---- 4 and 5: once_per, resolution


def test_once_per_counts_inside_its_stage_and_list_only():
    notes = "{fact: instructed, leader: 主要}", "{fact: instructed, leader: 其他}"
    text = rules(
        award("{2024-01-01: 9}", notes[0], "main", once_per="[item]"),
        award("{2024-01-01: 5}", notes[1], "other", once_per="[item]"),
        award("{2024-01-01: 1}", "{fact: instructed}", "extra", stage="extra", once_per="[item, leader]"),
    )
    story = [fact("instructed", leader=leader, item="A1") for leader in ("其他", "主要", "主要")]

    assert amounts(scored(text, story)) == [5, 1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        ("sum", [3, 9, 9, 1, 4]),
        ("max", [0, 9, 0, 0, 4]),
        ("min", [0, 0, 0, 1, 4]),
        ("first", [3, 0, 0, 0, 4]),
        ("last", [0, 0, 0, 1, 4]),
        ("{best: 2}", [0, 9, 9, 0, 4]),
        ("{first: 2}", [3, 9, 0, 0, 4]),
        ("{last: 3}", [0, 9, 9, 1, 4]),
    ],
)
def test_what_an_item_keeps(keep, expected):
    text = rules(award("{2024-01-01: words}"), resolution=f"[{{id: r, title: r, keep: {keep}, basis: 二}}]")
    story = [fact(item="A1", words=n) for n in (3, 9, 9, 1)] + [fact(item="A2", words=4)]

    assert amounts(scored(text, story)) == expected


def test_resolution_looks_at_its_scope_and_its_lines_only():
    blocks = "[{id: r, title: r, keep: max, stages: [adopted], per: [outlet], period: quarter, where: words < 50, basis: 二}]"
    text = rules(
        award("{2024-01-01: words}"), award(when="{fact: instructed}", name="note"), resolution=blocks
    )
    story = [
        fact(words=5, on="2024-01-05"),
        fact(words=7, on="2024-03-31"),
        fact(words=6, on="2024-04-01"),
        fact(words=60, on="2024-04-01"),
        fact(words=1, on="2024-04-02", outlet="special"),
        fact("instructed", leader="主要", on="2024-04-02"),
    ]

    assert amounts(scored(text, story)) == [0, 7, 6, 60, 1, 10]


# ---- 6: shares, credit, caps

THREE = [
    {"unit": "甲县", "role": "主报", "weight": 3},
    {"unit": "乙县", "role": "协报"},
    {"unit": "丙县", "weight": 2},
]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("equal", [4, 4, 4]),
        ("each", [12, 12, 12]),
        ("first", [12, 0, 0]),
        ("{weights: [3, 2, 1]}", [6, 4, 2]),
        ("{weights: [1, 1]}", [6, 6, 0]),
        ('{weights: {"2": [0.6, 0.4], "3": [0.5, 0.25, 0.25]}}', [6, 3, 3]),
        ('{weights: {"2": [0.6, 0.4]}}', [4, 4, 4]),
        ("{roles: {主报: 2, 协报: 1}}", [6, 3, 3]),
        ("{roles: {主报: 3}}", [9, 0, 3]),
        ("{main: 0.5}", [6, 3, 3]),
        ("recorded", [6, 2, 4]),
        ('{formula: "if(position = 1, points, 分值 / 2 / ways)"}', [12, 2, 2]),
        ("{main: 0.4, places: 0}", [5, 4, 4]),
    ],
)
def test_shares(policy, expected):
    result = scored(rules(award("{2024-01-01: 12}", share=policy)), [fact(units=THREE)])

    assert [points(result, unit) for unit in ("甲县", "乙县", "丙县")] == expected


def test_an_award_s_share_comes_before_that_of_the_rules_and_the_lonely_get_all():
    text = rules(award(share="{weights: [1, 3]}"), sharing="{policy: first}")

    assert points(scored(text, [fact()])) == 10
    assert points(scored(text, [fact(units=["甲县", "乙县"])]), "乙县") == Fraction("7.5")


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        ("{groups: [direct], to: host}", (0, 10, 0)),
        ("{groups: [直报点], to: parent}", (0, 0, 10)),
        ("{groups: [direct], to: nobody}", (0, 0, 0)),
        ("{groups: [direct], to: {unit: 0.5, host: 0.5, parent: 1}}", (5, 5, 10)),
        ("{groups: [direct], to: {host: 1}}", (0, 10, 0)),
        ("{groups: [direct], awards: [other], to: host}", (10, 0, 0)),
        ("{where: optional or words > 5, to: host}", (10, 0, 0)),
        ("{where: words = 3, to: host}", (0, 10, 0)),
    ],
)
def test_credit(credit, expected):
    text = rules(
        award(), award(when="{fact: submitted}", name="other"), credit=f"[{credit[:-1]}, basis: 二}}]"
    )

    result = scored(text, [fact(units=["某企业"], words=3)])

    assert tuple(points(result, account) for account in ("某企业", "甲县", "丁局")) == expected


def test_without_a_host_a_line_counts_nowhere():
    result = scored(rules(credit="[{groups: [direct], to: host, basis: 二}]"), [fact(units=["孤企业"])])

    assert amounts(result, "孤企业") == [0]
    assert statuses(result, "孤企业") == ["uncredited"]


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        ("max: {2024-01-01: 10}", [4, 6, 0, 2, -3]),
        ("max: {2024-01-01: 10}, overflow: overshoot", [4, 7, 0, 2, -3]),
        ("max: {2024-01-01: 10}, overflow: drop", [4, 0, 5, 2, -3]),
        ("max: {2024-01-01: 10}, best: true", [0, 7, 3, 2, -3]),
        ("min: {2024-01-01: -1}", [4, 7, 5, 2, -1]),
        ("items: {2024-01-01: 2}", [4, 7, 0, 2, -3]),
        ("items: {2024-01-01: 1}, best: true", [0, 7, 0, 2, -3]),
        ("max: {2024-02-09: 6}", [4, 6, 0, 2, -3]),
        ("max: {2024-01-01: staff / 5}", [4, 2, 0, 2, -3]),
        ("max: {2024-01-01: 1}, where: words = 5", [4, 7, 1, 2, -3]),
        ("max: {2024-01-01: 5}, per: [outlet]", [4, 1, 5, 2, -3]),
        ("max: {2024-01-01: 5}, awards: [other]", [4, 7, 5, 2, -3]),
    ],
)
def test_caps(cap, expected):
    text = rules(
        award("{2024-01-01: words}"),
        award(when="{fact: submitted}", name="other"),
        caps=f"[{{id: c, title: c, period: month, basis: 二, {cap}}}]",
    )
    story = [
        fact(words=4, on="2024-02-08"),
        fact(words=7, on="2024-02-09"),
        fact(words=5, on="2024-02-10", outlet="special"),
        fact(words=2, on="2024-03-01"),
        fact(words=-3, on="2024-03-02"),
    ]

    assert amounts(scored(text, story)) == expected


def test_caps_follow_one_another_each_on_what_is_left():
    caps = """
  - {id: month, title: 月, period: month, max: {2024-01-01: 15}, basis: 二}
  - {id: year, title: 年, period: year, max: {2024-01-01: 20}, basis: 二}"""

    found = amounts(scored(rules(caps=caps), [fact(on=f"2024-0{n}-01", times=2) for n in (1, 2)]))

    assert found == [10, 5, 5, 0]


def test_lines_moved_to_a_unit_are_capped_with_its_own():
    text = rules(
        credit="[{groups: [direct], to: host, basis: 二}]",
        caps="[{id: c, title: c, period: month, max: {2024-01-01: 15}, basis: 二}]",
    )

    assert points(scored(text, [fact(units=["某企业"]), fact(units=["甲县"])])) == 15


# ---- 7: booking, tasks


def test_a_line_belongs_to_the_period_of_its_day_of_credit():
    text = rules(booking="[{title: 印发, basis: 二, when: {fact: adopted}, day: printed}]")
    story = [fact(on="2024-05-06", printed="2024-06-01"), fact(on="2024-05-07")]

    assert points(scored(text, story, "2024-05")) == points(scored(text, story, "2024-06")) == 10


TASK = "{id: t, title: 任务, done: sent, basis: 二, "
SENT = "[{id: sent, title: 报送, count: items, where: {fact: submitted}}, {id: short, title: 缺, sum: missing, where: {award: t}}]"


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("need: {2024-01-01: 2}, period: quarter, points: -missing", [0, -2]),
        ("need: {2024-01-01: 2}, period: 2, points: extra", [2, 0, 0]),
        ("need: {2024-01-01: 2}, period: 4", [0]),
        ("need: {2024-04-01: 2}, points: '如果(met, 10, 0)'", [0, 0, 0]),
        ("need: {2024-01-01: staff / 10}, period: half, points: rate * 10, max: 12", [12]),
        ("need: {2024-01-01: 2}, period: half, points: -missing, where: class = 'small'", []),
        ("need: {2024-01-01: 2}, period: half, groups: [bureaus]", []),
        ("need: {2024-01-01: 0}, period: half, points: rate * 10", [0]),
    ],
)
def test_tasks(task, expected):
    text = rules(quotas=f"[{TASK}{task}}}]", measures=SENT)

    result = scored(text, [fact("submitted", on="2024-02-10", times=4)], "2024-H1")

    assert [line["amount"] for line in result["quotas"] if line["unit"] == "甲县"] == expected


def test_a_unit_has_the_tasks_of_periods_it_ends_in_and_measures_see_them():
    text = rules(quotas=f"[{TASK}need: {{2024-01-01: 1}}, period: half}}]", measures=SENT)

    result = scored(text, [])

    assert [line["on"].month for line in result["quotas"] if line["unit"] == "戊局"] == [12]
    assert result["measures"]["戊局"]["short"] == 1
    assert result["measures"]["甲县"]["short"] == 2


def test_a_cap_that_names_a_task_holds_its_lines():
    text = rules(
        quotas=f"[{TASK}need: {{2024-01-01: 1}}, points: -missing}}]",
        measures=SENT,
        caps="[{id: c, title: c, period: year, min: {2024-01-01: -5}, awards: [t], basis: 二}]",
    )

    assert points(scored(text, [])) == -5


# ---- 8: measures, components, totals

MEASURES = """
  - {id: facts, title: 次, count: facts, where: {fact: adopted}}
  - {id: items, title: 条, count: items, where: {fact: adopted}, over: year}
  - {id: outlets, title: 家, count: outlet}
  - {id: words-sum, title: 字, sum: words}
  - {id: top, title: 最高, max: points, over: year}
  - {id: before, title: 前, sum: points, over: before}
  - {id: previous, title: 上期, sum: points, over: previous}
  - {id: month, title: 末月, count: facts, over: month}
  - {id: lost, title: 未计, count: facts, where: {status: superseded}}
  - {id: long, title: 长, count: facts, when: words >= 7 且 award = 'any'}"""


def test_measures():
    text = rules(
        award("{2024-01-01: words}"),
        measures=MEASURES,
        resolution="[{id: r, title: r, keep: max, basis: 二}]",
    )
    story = [
        fact(words=9, on="2024-01-05", item="A0"),
        fact(words=4, on="2024-03-31", item="A1"),
        fact(words=2, on="2024-04-01", item="A2"),
        fact(words=8, on="2024-06-01", item="A2", outlet="special"),
        fact("submitted", on="2024-06-02", item="A2"),
        fact(words=7, on="2024-06-03", id="gone"),
        withdrawn("gone"),
    ]

    assert scored(text, story, "2024-Q2")["measures"]["甲县"] == {
        "facts": 2, "items": 3, "outlets": 2, "words-sum": 10, "top": 9, "before": 13, "previous": 13, "month": 2,
        "lost": 1, "long": 1,
    }  # fmt: skip


def test_lines_moved_away_are_counted_where_they_went():
    text = rules(measures=MEASURES, credit="[{groups: [direct], to: host, basis: 二}]")

    result = scored(text, [fact(units=["某企业"])])

    assert result["measures"]["某企业"]["facts"] == 0
    assert result["measures"]["甲县"]["facts"] == 1


def test_components_are_rounded_then_cut_and_know_the_group():
    components = """
  - {id: third, title: 三分之一, formula: entries / 3, places: 1}
  - {id: held, title: 限, formula: third, max: 3, min: staff / 10}
  - {id: share-of-best, title: 折算, formula: entries / best(entries) * 100}
  - {id: behind, title: 落后, formula: count_of(entries > 5) + 组内合计(staff) + worst(entries) + 组内平均(third)}"""
    text = rules(components=components, total="held + 100")

    result = scored(text, [fact(), fact(units=["乙县"], times=2)])

    assert result["components"]["甲县"]["third"] == Fraction("3.3")
    assert result["components"]["甲县"]["held"] == 3
    assert result["components"]["甲县"]["share-of-best"] == 50
    assert result["components"]["甲县"]["behind"] == 2 + 60 + 0 + Fraction(10, 3)
    assert points(result) == 103


def test_a_total_is_taken_over_each_span_with_its_measures():
    text = rules(measures=MEASURES, total="facts * 2 + months")

    result = scored(text, [fact(on="2024-01-05"), fact(on="2024-02-05", times=3)], "2024-02")

    assert result["totals"]["甲县"] == {"score": 7, "before": 3, "cumulative": 10}


# ---- 9: places, prizes, lists

STORY = [
    fact(units=["甲县"], times=3),
    fact(units=["乙县"], times=3),
    fact(units=["丙县"], times=2),
    fact(units=["丁局"], times=2),
]


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        ("{}", [1, 1, 3, 1]),
        ("{ties: dense}", [1, 1, 2, 1]),
        ("{ties: ordinal, order: [-staff]}", [2, 1, 3, 1]),
        ("{by: [-cumulative]}", [2, 2, 1, 2]),
        ("{by: [cumulative, staff]}", [1, 2, 3, 1]),
        ("{within: class}", [1, 1, 1, 1]),
        ("{within: all, ties: dense}", [1, 1, 2, 2]),
        ("{among: staff < 30}", [None, 1, 2, None]),
    ],
)
def test_places(ranking, expected):
    result = scored(rules(ranking=ranking), STORY)

    assert [
        result["places"].get(unit, {}).get("place") for unit in ("甲县", "乙县", "丙县", "丁局")
    ] == expected


def test_units_without_anything_have_a_place_and_the_office_s_own_have_none():
    result = scored(rules(), [fact(units=["信息科"])], "2024-05")

    assert "戊局" not in result["places"]
    assert result["places"]["甲县"]["place"] == 1
    assert "信息科" not in result["places"]


@pytest.mark.parametrize(
    ("prize", "winners"),
    [
        ("take: 1, groups: [counties]", ["甲县", "乙县"]),
        ("take: 1, groups: [counties], ties: exclude", []),
        ("take: {counties: 3, bureaus: 1}", ["甲县", "乙县", "丙县", "丁局"]),
        ("share: 0.3, groups: [counties], by: [staff]", ["甲县"]),
        ("take: 1, groups: [counties], after: [first], by: [cumulative]", ["丙县"]),
        ("take: 2, groups: [counties], by: [-staff], where: staff > 10", ["乙县", "甲县"]),
        (
            "take: 2, groups: [counties], by: [staff], unless: [{title: 否决, where: unit = '甲县'}]",
            ["乙县", "丙县"],
        ),
        ("for: items, by: [points], take: 1", ["A9"]),
    ],
)
def test_prizes(prize, winners):
    first = "{id: first, title: 一等, take: 2, groups: [counties], basis: 二}"
    text = rules(
        award("{2024-01-01: '如果(has(words), words, 10)'}"),
        prizes=f"[{first}, {{id: p, title: p, basis: 二, {prize}}}]",
    )
    story = [*STORY, fact(units=["戊局", "孤企业"], words=11, item="A9", on="2024-08-01")]

    assert scored(text, story)["prizes"]["p"]["winners"] == winners


def test_those_barred_are_listed_with_the_reason():
    text = rules(prizes="[{id: p, title: p, basis: 二, unless: [{title: 否决, where: unit = '甲县'}]}]")

    assert scored(text, STORY)["prizes"]["p"]["barred"] == {"甲县": "否决"}


def test_lists_come_in_the_order_of_places_or_their_own():
    lists = (
        "[{id: a, title: a, where: staff > 0}, {id: b, title: b, where: staff > 0, by: [-staff], take: 2}]"
    )

    assert scored(rules(lists=lists), STORY)["lists"] == {
        "a": ["甲县", "乙县", "丙县"],
        "b": ["丙县", "乙县"],
    }


# ---- 10: persons


def test_authors_share_by_rules_of_their_own():
    text = rules(persons="{sharing: {policy: {weights: [3, 2]}}, basis: 二}")

    result = scored(
        text, [fact(units=["甲县", "乙县"], persons=["张三", {"person": "李四", "unit": "乙县"}])]
    )

    assert {who: each["score"] for who, each in result["persons"].items()} == {"张三": 6, "李四": 4}


def test_persons_may_have_awards_of_their_own():
    text = rules(
        persons="{awards: [{id: own, title: 署名, when: {fact: adopted, position: 1}, points: {2024-01-01: ways}, share: each, basis: 二}], basis: 二}"
    )

    result = scored(text, [fact(persons=["张三", "李四"]), fact()])

    assert {who: each["score"] for who, each in result["persons"].items()} == {"张三": 2, "李四": 0}
