"""Local changes are carried over to a new version, by key, with a choice where both changed the same."""

import pytest

from core.errors import InvalidInput
from core.packs.editing.conflict_words import in_words
from core.packs.editing.merging import OURS, TEXT, THEIRS, Choice, answers, merge
from core.packs.editing.next_version import joined, local_id, noted, raised
from core.packs.wording.difference import lexicon_of
from core.packs.wording.speech import Speech
from core.strict_yaml.loader import load as read

BASE = """\
awards:
  # 市级
  - id: city
    title: 市级采用
    points: {2024-01-01: 5}

  # 省级
  - id: province
    title: 省厅采用
    points: {2024-01-01: 40}  # 第四条

sharing: {policy: equal}
ranking: {by: [cumulative], ties: competition}
"""


def merged(ours, theirs, choices=None, base=BASE):
    """The merge of one file: its text and the names of its conflicts."""
    sides = ({"a.yaml": text.encode()} for text in (base, ours, theirs))
    found = merge(*sides, choices)
    return found.files["a.yaml"].decode(), found


def edit(*changes, text=BASE):
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_changes_of_one_side_are_taken_from_it():
    ours = edit(("title: 市级采用", "title: 市级刊物采用"), ("ties: competition", "ties: dense"))
    theirs = edit(("{2024-01-01: 40}", "{2024-01-01: 40, 2026-03-01: 50}"), ("# 省级", "# 省级，2026年调整"))

    text, found = merged(ours, theirs)

    assert found.conflicts == []
    assert text == edit(
        ("title: 市级采用", "title: 市级刊物采用"), ("ties: competition", "ties: dense"), text=theirs
    )


def test_a_file_only_one_side_changed_is_taken_whole():
    ours = edit(("# 市级", "# 本地改过的注释"))

    assert merged(ours, BASE)[0] == ours
    assert merged(BASE, ours)[0] == ours


@pytest.mark.parametrize(
    ("choice", "value"),
    [(None, "50"), (Choice(OURS), "45"), (Choice(THEIRS), "50"), (Choice(TEXT, "47.5"), "47.5")],
)
def test_a_value_both_changed_is_a_conflict_with_a_choice(choice, value):
    name = "a.yaml/awards/province/points/2024-01-01"
    sides = (edit(("2024-01-01: 40", f"2024-01-01: {points}")) for points in (45, 50))

    text, found = merged(*sides, {name: choice} if choice else {})

    assert [c.name for c in found.conflicts] == [name]
    assert len(found.open) == (0 if choice else 1)
    assert f"{{2024-01-01: {value}}} # 第四条" in text.replace("}  #", "} #")


def test_days_added_on_both_sides_stand_together_and_are_pointed_out():
    sides = (
        edit(("2024-01-01: 40", f"2024-01-01: 40, {more}")) for more in ("2026-05-01: 45", "2026-03-01: 50")
    )

    text, found = merged(*sides)

    assert "{2024-01-01: 40, 2026-03-01: 50, 2026-05-01: 45}" in text
    assert found.conflicts == [] and found.both_dated == [("a.yaml", ("awards", "province", "points"))]


def test_a_rule_added_locally_stands_where_it_stood_with_its_comment():
    ours = edit(
        (
            "  # 省级\n",
            "  # 本地加的\n  - id: mine\n    title: 本地项\n    points: {2026-01-01: 1}\n\n  # 省级\n",
        )
    )
    theirs = edit(("by: [cumulative]", "by: [score]"))

    assert merged(ours, theirs)[0] == edit(("by: [cumulative]", "by: [score]"), text=ours)


def test_a_rule_removed_by_one_side_is_removed_unless_the_other_changed_it():
    city = BASE[BASE.index("  # 市级") : BASE.index("  # 省级")]
    other = edit(("by: [cumulative]", "by: [score]"))

    assert "市级采用" not in merged(edit((city, "")), other)[0]
    assert "市级采用" not in merged(other, edit((city, "")))[0]
    changed = edit(("2024-01-01: 5", "2024-01-01: 6"))
    text, found = merged(changed, edit((city, "")))
    assert [(c.name, c.fillable) for c in found.conflicts] == [
        ("a.yaml/awards/city", False)
    ] and "市级" not in text
    kept, _ = merged(changed, edit((city, "")), {"a.yaml/awards/city": Choice(OURS)})
    assert read(kept.encode(), "a").plain()["awards"][1 if "省厅" in kept.split("市级采用")[0] else 0][
        "points"
    ] == {"2024-01-01": 6}


def test_lists_without_a_mark_are_one_value():
    _, found = merged(edit(("[cumulative]", "[score]")), edit(("[cumulative]", "[cumulative, score]")))

    assert [(c.name, c.fillable) for c in found.conflicts] == [("a.yaml/ranking/by", False)]


def test_files_that_are_no_rules_are_taken_whole_or_written_anew():
    base, ours, theirs = ({"documents/d/style.css": text} for text in (b"a\n", b"b\n", b"c\n"))

    found = merge(base, ours, theirs)
    assert [c.name for c in found.open] == ["documents/d/style.css"]
    assert found.files == theirs
    chosen = merge(base, ours, theirs, {"documents/d/style.css": Choice(TEXT, "d\r\n")})
    assert chosen.files == {"documents/d/style.css": b"d\n"}
    assert merge(base, {}, base).files == {} and merge(base, base, {}).files == {}
    assert merge(base, {}, theirs).open and merge({}, ours, {}).files == ours


@pytest.mark.parametrize("text", ["", "五十", "[1]", "{a: 1}", "1\n2"])
def test_what_is_filled_in_must_be_of_the_kind_that_stands_there(text):
    sides = (edit(("2024-01-01: 40", f"2024-01-01: {points}")) for points in (45, 50))

    with pytest.raises(InvalidInput):
        merged(*sides, {"a.yaml/awards/province/points/2024-01-01": Choice(TEXT, text)})


def test_choices_are_read_from_a_form():
    form = {"take:a/b": "text", "text:a/b": "5", "take:c": "ours", "take:d": "nonsense", "theirs": "3"}

    assert dict(answers(form)) == {"a/b": Choice(TEXT, "5"), "c": Choice(OURS)}


def test_a_conflict_is_told_in_words(files, load, sections):
    texts = [
        {**files, "scoring.yaml": files["scoring.yaml"].replace(b"2024-01-01: 5", b"2024-01-01: %d" % points)}
        for points in (5, 6, 7)
    ]
    found = merge(*texts)
    speech = Speech(lexicon_of(sections), load(files).sections)

    assert str(in_words(found.open[0], sections, speech)) == (
        "计分项“《每日信息》采用”的分值（自2024年起）：原为5分，本地为6分，新版为7分"
    )


def test_change_logs_are_joined_and_get_an_entry_on_top():
    ours, theirs = (
        "# 变更\n\n## 1.1\n\n- 本地\n\n## 1.0\n\n- 初\n",
        "# 变更\n\n## 2.0\n\n- 新\n\n## 1.0\n\n- 初\n",
    )

    both = joined(ours, theirs)
    assert both == "# 变更\n\n## 1.1\n\n- 本地\n\n## 2.0\n\n- 新\n\n## 1.0\n\n- 初\n"
    text = noted({"CHANGELOG.md": both.encode()}, "2.1.0", ["甲。", "乙"])["CHANGELOG.md"].decode()
    assert text.startswith("# 变更\n\n## 2.1.0\n\n- 甲。\n- 乙。\n\n## 1.1\n")
    assert noted({}, "1.0.0", ["甲"])["CHANGELOG.md"].decode() == "# 变更记录\n\n## 1.0.0\n\n- 甲。\n"


def test_the_next_version_is_higher_than_every_other():
    assert raised("1.2.3", "1.10", "0.9.9") == "1.11.0"
    assert local_id("city-2013") == local_id("city-2013-local") == "city-2013-local"
    assert len(local_id("a" * 60)) == 60
