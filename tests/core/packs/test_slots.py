"""Common values as fields: a change adds a date, old values stay."""

from datetime import date

import pytest

from core.errors import Findings
from core.packs.editing.slots import applied, changed, slots
from core.packs.wording.difference import lexicon_of
from core.packs.wording.speech import Speech

SINCE = date(2026, 3, 1)
POINTS = "scoring.yaml/awards/bulletin/points"


@pytest.fixture
def fields(load, sections):
    def listed(files):
        pack = load(files)
        return slots(pack, sections, Speech(lexicon_of(sections), pack.sections))

    return listed


def test_values_are_found_with_their_titles_and_what_holds_now(fields, files):
    found = {slot.name: slot for slot in fields(files)}

    points = found[POINTS]
    assert (points.group, points.label, points.kind, points.value, points.unit, points.history, points.last) == (
        "计分项", "《每日信息》采用", "dated", "5", "分", "自2024年起5分", date(2024, 1, 1),
    )  # fmt: skip
    assert found["units.yaml/groups/counties/title"].value == "县区"
    outlet = found["outlets.yaml/ladders/government/levels/city/outlets/bulletin/title"]
    assert (outlet.group, outlet.label) == ("体系", "政府系统 · 市级 · 《每日信息》")
    assert (found["scoring.yaml/printing/places"].group, found["scoring.yaml/printing/places"].unit) == (
        "分值印法",
        "位",
    )


def test_a_new_value_gets_a_date_and_the_old_one_stays(fields, files, load):
    wanted = changed(fields(files), {POINTS: " 7.5 ", "units.yaml/groups/counties/title": "县（区）"})

    made = applied(files, wanted, SINCE)

    assert made["scoring.yaml"] == files["scoring.yaml"].replace(
        b"{2024-01-01: 5}", b"{2024-01-01: 5, 2026-03-01: 7.5}"
    )
    assert made["units.yaml"].decode() == files["units.yaml"].decode().replace(
        "title: 县区", "title: 县（区）"
    )
    assert load(made).digest != load(files).digest


def test_what_is_left_empty_or_unchanged_is_no_change(fields, files):
    assert changed(fields(files), {POINTS: "", "scoring.yaml/printing/places": "1", "strange": "5"}) == []


def test_a_bare_word_gets_a_title_of_its_own(fields, files, load):
    files["units.yaml"] = "groups: [县区, 市直部门]\n".encode()
    made = applied(files, changed(fields(files), {"units.yaml/groups/县区/title": "县（市、区）"}), None)

    assert [(g.id, g.title) for g in load(made).sections["units"].groups][0] == ("县区", "县（市、区）")


@pytest.mark.parametrize(
    ("text", "since", "message"),
    [
        ("五", SINCE, "应为数值"), ("1e3", SINCE, "应为数值"), ("7", None, "自哪一天起"), ("9" * 300, SINCE, "一行文字"),
        ("7", date(2024, 1, 1), "日期应晚于"), ("7", date(2023, 1, 1), "日期应晚于"),
    ],
)  # fmt: skip
def test_what_cannot_be_accepted_is_named(fields, files, text, since, message):
    with pytest.raises(Findings) as found:
        applied(files, changed(fields(files), {POINTS: text}), since)

    assert message in str(found.value)


def test_formulas_may_be_replaced_by_formulas_or_numbers(fields, files, load):
    files["scoring.yaml"] = files["scoring.yaml"].replace(b"{2024-01-01: 5}", b"{2024-01-01: 'ways * 5'}")
    for text in ("家数 * 6", "6"):
        load(applied(files, changed(fields(files), {POINTS: text}), SINCE))
    assert next(s for s in fields(files) if s.name == POINTS).history == "自2024年起按“家数 × 5”计算"


def test_a_new_title_is_followed_where_rules_and_examples_name_the_old_one(fields, files, load):
    files["tests/a.yaml"] = (
        "# 用例\nunits: {县区: {group: 县区}}\nexamples:\n  - name: 县区\n    facts:\n"
        "      - {fact: adopted, outlet: 《每日信息》, units: [县区], on: 2024-05-06}\n    points: {县区: 5}\n"
    ).encode()
    files["scoring.yaml"] = files["scoring.yaml"].replace(
        b"outlet: bulletin", "outlet: {not: [《每日信息》]}".encode()
    )
    outlet = "outlets.yaml/ladders/government/levels/city/outlets/bulletin/title"
    answers = {"units.yaml/groups/counties/title": "县（区）", outlet: "《每日要情》"}

    made = applied(files, changed(fields(files), answers), None)

    assert made["tests/a.yaml"].decode() == files["tests/a.yaml"].decode().replace(
        "group: 县区", "group: 县（区）"
    ).replace("《每日信息》", "《每日要情》")
    assert b"{not: [%s]}" % "《每日要情》".encode() in made["scoring.yaml"]
    assert "title: 《每日信息》采用".encode() in made["scoring.yaml"]
    load(made)
