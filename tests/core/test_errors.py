"""Errors say what is wrong, where, why and what to do."""

import pytest

from core import errors
from core.errors import Conflict, Findings, InvalidInput, NotFound, PermissionDenied, YaoqingError, at, near


def test_an_error_reads_as_one_paragraph():
    error = InvalidInput(
        "渠道未定义", where=at("scoring.yaml", 12, "points"), reason="不在表中", advice="请改正后重试。"
    )

    assert str(error) == "scoring.yaml 第 12 行，points：渠道未定义。不在表中。请改正后重试。"


def test_only_the_parts_that_are_known_are_said():
    assert str(NotFound("没有这个单位")) == "没有这个单位。"


def test_the_same_error_gives_its_parts():
    error = InvalidInput("甲", where="乙", reason="丙", advice="丁")

    assert error.as_dict() == {"message": "甲", "where": "乙", "reason": "丙", "advice": "丁"}


def test_a_place_without_line_or_key_is_the_file():
    assert at("pack.yaml") == "pack.yaml"


def test_the_nearest_word_is_offered_and_a_far_one_is_not():
    assert near("zwyp", ["zwyq", "zbxx"]) == "是否应为“zwyq”？"
    assert near("完全不同", ["zwyq"]) == ""
    assert near(2013, [2012, 99]) == "是否应为“2012”？"


def test_findings_are_numbered():
    found = Findings("未通过检查", [InvalidInput("甲"), InvalidInput("乙")])

    assert str(found) == "未通过检查（共 2 处）\n  1. 甲。\n  2. 乙。"


@pytest.mark.parametrize(
    ("kind", "status"), [(InvalidInput, 400), (PermissionDenied, 403), (NotFound, 404), (Conflict, 409)]
)
def test_every_kind_has_its_answer_on_the_web(kind, status):
    assert kind.status == status


def test_every_error_belongs_to_the_family():
    kinds = [
        thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, Exception)
    ]

    assert all(issubclass(kind, YaoqingError) for kind in kinds)
