"""What may be registered by hand under a pack, and how what people type is read."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from core.errors import InvalidInput
from core.facts import Author, Part
from core.register import forms, words
from core.register.forms import UnitRow
from core.register.words import Parts, hand_kinds, parts_of
from core.scoring.kinds import CORE_KINDS
from tests.core.register.conftest import RULES, TODAY

NAMES = {"甲县": 1, "乙县": 2}


def test_what_other_pages_register_is_not_offered(kinds):
    assert not {"submitted", "adopted", "sent_up", "withdrawn"} & set(kinds)
    assert {"manual", "commissioned", "feedback", "urgent", "checked", "briefing"} <= set(kinds)


def test_a_plugins_kind_is_registered_by_the_plugin(rules):
    briefing = SimpleNamespace(name="briefing")

    assert "briefing" not in hand_kinds(rules, [*CORE_KINDS, briefing], (), TODAY)


def test_kinds_that_earn_points_come_first(kinds):
    rewarded = [kind.rewarded for kind in kinds.values()]

    assert rewarded == sorted(rewarded, reverse=True)
    assert {name for name, kind in kinds.items() if kind.rewarded} == {"manual", "commissioned"}


def test_the_reason_is_asked_last_and_needed_only_where_the_kind_says_so(kinds):
    asked = {name: kind.attributes[-1] for name, kind in kinds.items()}

    assert {each.name for each in asked.values()} == {"reason"}
    assert asked["manual"].required and not asked["checked"].required


def test_the_limits_of_an_award_are_told_at_its_number(kinds):
    points = kinds["manual"].attribute("分值")

    assert points.help == "加减分：-5 至 5" and kinds["checked"].attribute("points").help == ""


def test_a_choice_offers_the_words_of_the_pack(kinds):
    assert kinds["briefing"].attribute("rank").options == (("city", "市级", ""), ("province", "省级", ""))


def test_a_kind_offers_its_own_states_only(kinds):
    titles = {
        name: [title for _, title, _ in kinds[name].attribute("state").options]
        for name in ("commissioned", "urgent")
    }

    assert titles == {
        "commissioned": ["完成", "采用", "迟报", "未报"],
        "urgent": ["迟报", "未报", "按时", "瞒报"],
    }


def test_a_pack_may_add_a_state(compiled):
    more = "  - {id: state, title: 完成情况, of: [commissioned], options: [{id: missed, title: 未报}, {id: partly, title: 部分完成}]}\n"
    rules = compiled(RULES.replace("awards:\n", more + "awards:\n"))

    asked = hand_kinds(rules, CORE_KINDS, (), TODAY)["commissioned"].attribute("state")

    assert [title for _, title, _ in asked.options] == ["未报", "部分完成"]


def test_roles_and_weights_are_asked_for_where_the_rules_look_at_them(rules, compiled):
    by_role = RULES + "sharing: {policy: {roles: {牵头: 0.6, 协办: 0.4}}}\n"
    by_weight = RULES + "sharing: {policy: recorded}\n"

    assert parts_of(rules) == Parts()
    assert parts_of(compiled(by_role)).roles == ("牵头", "协办")
    assert parts_of(compiled(by_weight)) == Parts(weights=True)


# ---- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("points", "2", 2), ("points", "－1.5", Decimal("-1.5")), ("points", "＋1", 1), ("points", "1，000", 1000),
        ("rank", "省级", "province"), ("rank", "city", "city"),
        ("first", "是", True), ("first", "√", True), ("first", "否", None), ("first", "", None),
        ("reason", "承办会议", "承办会议"),
    ],
)  # fmt: skip
def test_values_are_read_as_people_write_them(kinds, rules, name, text, value):
    attribute = kinds["briefing"].attribute(name) or kinds["manual"].attribute(name)

    assert words.value_of(attribute, text, rules) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("points", "两分", "“两分”不是数字。请写成数字"),
        ("points", "NaN", "不是"),
        ("points", "9" * 60, ""),
        ("rank", "省部级", "没有“省部级”这一项"),
        ("first", "也许", "看不明白。请填“是”或留空"),
        ("reason", "长" * 201, "文字过长"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(kinds, rules, name, text, message):
    attribute = kinds["briefing"].attribute(name) or kinds["manual"].attribute(name)

    with pytest.raises(InvalidInput) as told:
        words.value_of(attribute, text, rules)

    assert message in str(told.value)


def test_all_attributes_are_read_and_all_slips_told(kinds, rules):
    read = words.read(kinds["manual"], {"points": "多", "reason": " "}, rules)

    assert read[0] == {} and [(error.where, error.message) for error in read[1]] == [
        ("分值", "“多”不是数字"),
        ("事由", "请填写"),
    ]


# ---- the form -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("", ()),
        ("张三", (Author("张三"),)),
        ("张三\n李四（乙县）\n\n王五 甲县", (Author("张三"), Author("李四", 2), Author("王五", 1))),
        ("张三、李四(乙县)；王五", (Author("张三"), Author("李四", 2), Author("王五"))),
    ],
)
def test_authors_are_read_from_lines_or_a_list(text, authors):
    assert forms.authors_of(text, NAMES) == (authors, [])


def test_an_authors_unknown_unit_is_told_with_the_nearest(kinds):
    error = forms.authors_of("张三（甲现）", NAMES)[1][0]

    assert (error.where, error.message) == (
        "作者",
        "作者“张三”的单位“甲现”不在名录中",
    ) and "甲县" in error.advice


def test_twenty_authors_are_enough():
    assert forms.authors_of("、".join(f"作者{n}" for n in range(20)), NAMES)[1] == []
    assert len(forms.authors_of("、".join(f"作者{n}" for n in range(21)), NAMES)[1]) == 1


def test_rows_of_units_are_taken_as_sent():
    assert forms.rows_from(["1", "x", ""], ["牵头"], ["", "0.5"]) == [
        UnitRow(1, "牵头"),
        UnitRow(0, "", "0.5"),
        UnitRow(0),
    ]


def test_what_is_typed_becomes_a_draft(app, kinds, rules):
    with app.test_request_context(method="POST", data={"on": "2026-03-05", "title": " 承办  培训 ", "a_points": "2", "a_reason": "承办"}):  # fmt: skip
        form = forms.form_for(kinds["manual"])
        rows = [UnitRow(1, "牵头", "0.6"), UnitRow(0), UnitRow(2)]

        draft, errors = forms.draft_of(kinds["manual"], form, rows, NAMES, rules)

    assert errors == []
    assert (draft.on, draft.title, draft.units) == (date(2026, 3, 5), "承办 培训", (1, 2))
    assert draft.parts == {1: Part("牵头", Decimal("0.6"))}
    assert draft.attrs == {"points": 2, "reason": "承办"}


def test_a_form_keeps_its_name_and_makes_one_for_a_foreign_one(app, kinds):
    for sent, kept in (("a" * 32, True), ("A" * 32, False), ("", False)):
        with app.test_request_context(method="POST", data={"token": sent}):
            assert (forms.form_for(kinds["manual"]).token_of() == sent) is kept


def test_drafts_that_differ_anywhere_have_other_seals(desk):
    base = desk.draft()
    others = [desk.draft(desk.yi), desk.draft(title="别的"), desk.draft(points=3), desk.draft(on=TODAY), desk.draft(kind="commissioned")]  # fmt: skip

    assert base.seal == desk.draft().seal and base.seal not in {other.seal for other in others}
