"""Files are written again with only what changed."""

from datetime import date
from difflib import ndiff

import pytest

from core.config import PROJECT
from core.packs.editing.round_trip import (
    find,
    lead_of,
    mark_of,
    opened,
    place_after,
    plain,
    put,
    scalar,
    take_out,
    written,
)
from core.strict_yaml.loader import load

FILES = sorted((PROJECT / "rulepacks").glob("*/*.yaml"))
TEXT = """\
# 头
list:
  - id: one  # 第一
    points:
      2024-01-01: 5   # 原值

  # 第二项之前
  - id: two
    points: {2024-01-01: 0.50, 2025-01-01: 6}

# 尾
after: "引号"
"""


def changes(before, after):
    """Lines that came and went."""
    return [line for line in ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_bundled_files_come_out_as_they_went_in(path):
    raw = path.read_bytes()

    assert written(opened(raw), raw) == raw
    assert plain(opened(raw)) == load(raw, path.name).plain()


def test_a_new_day_is_one_more_line_and_comments_stay_where_they_were():
    tree = opened(TEXT.encode())
    put(find(tree, ("list", "one", "points"))[0]["points"], date(2026, 3, 1), scalar("7.5"))

    assert changes(TEXT, written(tree, TEXT.encode()).decode()) == ["+       2026-03-01: 7.5"]


def test_one_day_in_two_places_is_written_out_twice():
    tree, day = opened(TEXT.encode()), date(2026, 3, 1)
    for name in ("one", "two"):
        put(find(tree, ("list", name, "points"))[0]["points"], day, scalar("7"))

    assert written(tree).decode().count("2026-03-01: 7") == 2 and b"&" not in written(tree)


def test_entries_come_and_go_with_the_comments_before_them():
    tree = opened(TEXT.encode())
    place_after(tree["list"], 0, scalar("{id: new}"), "\n  # 新的一项\n")
    text = written(tree).decode()

    assert changes(TEXT, text) == ["+ ", "+   # 新的一项", "+   - {id: new}"]
    assert lead_of(tree["list"], 1) == "\n  # 新的一项\n"
    take_out(tree["list"], 1)
    take_out(tree["list"], 1)
    assert written(tree).decode().endswith('      2024-01-01: 5   # 原值\n\n# 尾\nafter: "引号"\n')


def test_what_was_written_oddly_stays_odd():
    odd = "a:   1\nb: [1,2,   3]\nc:\n- {id: x,  title:  y}\n- {id: z, title: 乙}\n"
    tree = opened(odd.encode())
    put(tree, "a", scalar("2"))

    assert written(tree, odd.encode()).decode() == odd.replace("a:   1", "a: 2")


def test_items_of_a_list_are_told_apart_by_one_mark():
    assert mark_of([{"id": "a"}, "b"], [{"id": "a"}]) == "id"
    assert mark_of([{"label": "报", "to": "x"}]) == "label"
    assert mark_of([{"id": "a"}, {"id": "a"}]) is None
    assert mark_of(["a", "b"]) is None
    with pytest.raises(KeyError):
        find(opened(TEXT.encode()), ("list", "three"))
