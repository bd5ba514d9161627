"""The demo's texts: enough of them, consistent with the units, varied, and in known marks."""

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from ruamel.yaml import YAML

CONTENT = Path(__file__).parents[2] / "demo" / "content"
AT_LEAST = {
    "work_news": 45,
    "experience": 25,
    "problem": 25,
    "research": 12,
    "brief": 25,
    "commissioned": 10,
    "special": 10,
}
LENGTHS = {
    "work_news": (180, 350),
    "experience": (350, 600),
    "problem": (300, 600),
    "research": (600, 1000),
    "brief": (60, 120),
    "commissioned": (300, 700),
    "special": (500, 900),
}
KINDS = {"county": 8, "bureau": 22, "section": 6, "direct_report_point": 12}
GROUPS = {"county": "县区组", "bureau": "部门组", "section": "内设科室", "direct_report_point": "直报点组"}
HEADING = re.compile(r"^(?:[一二三四五六七八九十]、|（[一二三四五六七八九十]）)")


def load(path):
    return YAML(typ="safe").load(path)


@pytest.fixture(scope="module")
def office():
    return load(CONTENT / "units.yaml")


@pytest.fixture(scope="module")
def units(office):
    return {unit["short"]: unit for unit in office["units"]}


@pytest.fixture(scope="module")
def items():
    return [item for path in sorted((CONTENT / "items").glob("*.yaml")) for item in load(path)]


@pytest.fixture(scope="module")
def instructions():
    return load(CONTENT / "instructions.yaml")


def texts(item):
    return [item[field] for field in ("body", "edited_body") if field in item]


def letters(text):
    return "".join(text.replace("|", "").split())


def everyone(office):
    return office["people"] + [unit[role] for unit in office["units"] for role in ("head", "informant")]


def items_with(items, line_start):
    return sum(any(line.startswith(line_start) for line in item["body"].splitlines()) for item in items)


def test_units_are_those_of_one_city(office, units):
    assert len(units) == len(office["units"]) == 48
    assert len({unit["name"] for unit in office["units"]}) == 48
    assert Counter(unit["kind"] for unit in office["units"]) == KINDS
    assert [unit["order"] for unit in office["units"]] == list(range(1, 49))
    for unit in office["units"]:
        assert unit["group"] == GROUPS[unit["kind"]]
        assert unit["optional"] is (unit["kind"] == "section")
        assert unit.get("class") in (("一类", "二类") if unit["kind"] == "bureau" else (None,))


def test_direct_report_points_sit_in_a_county(units):
    for unit in units.values():
        if unit["kind"] == "direct_report_point":
            assert units[unit["host"]]["kind"] == "county"
        else:
            assert "host" not in unit


def test_one_unit_joins_and_one_leaves_during_the_year(units):
    dates = [(u.get("valid_from"), u.get("valid_to")) for u in units.values()]
    given = [pair for pair in dates if pair != (None, None)]
    assert sorted(given, key=str) == [("07-01", None), (None, "09-30")]


def test_people_have_unique_logins_and_all_roles(office):
    people = everyone(office)
    logins = [person["login"] for person in people]
    assert len(set(logins)) == len(logins) == 108
    assert all(re.fullmatch(r"[a-z]+[0-9]*", login) for login in logins)
    assert len({person["name"] for person in people}) == len(people)
    assert Counter(person["role"] for person in office["people"]) == {
        "editor": 3,
        "issuer": 2,
        "leader": 4,
        "system_admin": 1,
        "security_admin": 1,
        "audit_admin": 1,
    }
    names = "".join(person["name"] for person in people) + "".join(unit["name"] for unit in office["units"])
    assert all(char in names for char in "堃喆祎昇")


def test_items_cover_every_genre(items):
    counts = Counter(item["genre"] for item in items)
    assert set(counts) == set(AT_LEAST)
    assert all(counts[genre] >= least for genre, least in AT_LEAST.items()), counts
    assert len(items) >= 150
    assert len({item["title"] for item in items}) == len(items)


def test_items_name_known_units_and_people_within_their_time(items, units, office):
    names = {person["name"] for person in everyone(office)}
    for item in items:
        where = item["title"]
        assert item["urgency"] in ("normal", "urgent", "very_urgent"), where
        assert item["authors"] and set(item["authors"]) <= names, where
        for short in [item["unit"], *item.get("joint", [])]:
            unit = units[short]
            assert int(unit.get("valid_from", "01-01")[:2]) <= item["month"], where
            assert item["month"] <= int(unit.get("valid_to", "12-31")[:2]), where
        assert item["unit"] not in item.get("joint", []), where


def test_only_three_competing_units_report_nothing(items, units):
    senders = Counter(item["unit"] for item in items)
    joined = {short for item in items for short in item.get("joint", [])}
    silent = {s for s, u in units.items() if not u["optional"] and s not in senders}
    assert silent == {"市科技局", "榆荡乡", "市三中"}
    assert not silent & joined
    assert sum(count >= 8 for count in senders.values()) >= 3


def test_months_and_urgency_are_spread(items):
    months = Counter(item["month"] for item in items)
    assert set(months) == set(range(1, 13))
    assert min(months.values()) >= 10
    urgencies = Counter(item["urgency"] for item in items)
    assert urgencies["normal"] > 0.9 * len(items)
    assert urgencies["urgent"] >= 2 and urgencies["very_urgent"] >= 1


def test_bodies_have_the_length_of_their_genre(items):
    for item in items:
        least, most = LENGTHS[item["genre"]]
        assert least <= len(letters(item["body"])) <= most, item["title"]


def test_edited_texts_are_shorter(items):
    edited = [item for item in items if "edited_body" in item]
    assert len(edited) >= 40
    for item in edited:
        assert len(letters(item["edited_body"])) < len(letters(item["body"])), item["title"]
        assert item["edited_title"] and item["edited_title"] != item["title"]
        assert item["edited_body"] != item["body"]


def test_marks_are_clean(items):
    for item in items:
        for text in texts(item):
            for line in text.strip().splitlines():
                assert line == line.strip(), item["title"]
                if HEADING.match(line):
                    assert len(line) <= 36 and not line.endswith("。"), line
                if line.startswith("|"):
                    assert line.endswith(" |"), line
                assert "lorem" not in line.lower() and "占位" not in line


def test_paragraphs_stand_apart(items):
    def plain(line):
        return line and not HEADING.match(line) and not line.startswith(("- ", "|"))

    for item in items:
        for text in texts(item):
            lines = text.strip().splitlines()
            touching = [pair for pair in zip(lines, lines[1:], strict=False) if all(map(plain, pair))]
            assert not touching, item["title"]


def test_a_heading_is_followed_by_something(items):
    for item in items:
        lines = [line for line in item["body"].strip().splitlines() if line]
        assert not HEADING.match(lines[-1]), item["title"]
        for line, after in zip(lines, lines[1:], strict=False):
            if line.startswith("（"):
                assert not HEADING.match(after), (item["title"], line)


def test_tables_are_rectangular_and_lists_and_joint_items_abound(items):
    assert items_with(items, "|") >= 3
    assert items_with(items, "- ") >= 10
    assert sum("joint" in item for item in items) >= 10
    for item in items:
        rows = [line for line in item["body"].splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1, item["title"]


def test_rare_characters_and_full_width_digits_occur(items):
    everything = "".join(item["body"] for item in items)
    assert all(char in everything for char in "𠮷㐂〇堃")
    assert re.search("[０-９]", everything)


def test_no_two_bodies_resemble_each_other(items):
    grams = {item["title"]: four_grams(letters(item["body"])) for item in items}
    for (one, left), (other, right) in combinations(grams.items(), 2):
        assert len(left & right) < 0.3 * min(len(left), len(right)), (one, other)


def four_grams(text):
    return {text[i : i + 4] for i in range(len(text) - 3)}


def test_instructions_fit_leaders_and_items(instructions, items, office):
    leaders = {person["login"] for person in office["people"] if person["role"] == "leader"}
    months = {item["title"]: item["month"] for item in items}
    assert len(instructions) >= 14
    assert {note["leader"] for note in instructions} == leaders
    assert {note["kind"] for note in instructions} == {"批示", "批转", "圈阅"}
    for note in instructions:
        assert months[note["item"]] <= note["month"] <= 12, note["item"]
        assert note["text"]


def test_phrases_are_complete_and_distinct():
    phrases = load(CONTENT / "phrases.yaml")
    assert len(set(phrases["return_reasons"])) == len(phrases["return_reasons"]) == 8
    assert len(set(phrases["not_adopted_reasons"])) == len(phrases["not_adopted_reasons"]) == 5
