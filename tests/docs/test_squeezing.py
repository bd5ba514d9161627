"""Marks give up blank so that a line keeps what would be pushed out of it, and only as much as is needed."""

import itertools
import random
import re

import pytest

from core.documents.engine import squeezing
from core.documents.engine.quick import paragraphs
from tests.docs import samples
from tests.tools import measure_gb9704

SIZE, LEADING, ACROSS = 20, 40, 10
# The engine writes places in whole thousandths of the size: so much in a line.
ROUNDED = 1
PAGE = f"""<!doctype html><html lang="zh-CN"><title>x</title><style>@page {{ size: SHEET; margin: 0 }}
body {{ margin: 0; font: {SIZE}pt/{LEADING}pt FandolFang }} p {{ margin: 0; text-align: justify }}</style><p>"""
NAMES = "张三、李四、王小明、赵六、钱七和"
CLOSING, OPENING = "，。、；：！？）》”", "（《“"


@pytest.fixture
def lines_of(renderer, open_pdf):
    """lines_of(text): the characters of each line of a paragraph as wide as the page, ten characters if nothing else."""

    def lines(text, size=f"{SIZE * ACROSS}pt 400pt"):
        found = []
        height = lambda char: (char["top"] + char["bottom"]) / 2  # noqa: E731
        for char in sorted(open_pdf(renderer.pdf(PAGE.replace("SHEET", size) + text))[0].chars, key=height):
            if not found or height(char) > height(found[-1][0]) + SIZE * 0.8:
                found.append([])
            found[-1].append(char)
        return [sorted(line, key=lambda char: char["x0"]) for line in found]

    return lines


def words(line):
    return "".join(char["text"] for char in line)


def steps(line):
    """How wide each character but the last is set, in squares."""
    return [(b["x0"] - a["x0"]) / SIZE for a, b in zip(line, line[1:], strict=False)]


def test_a_mark_that_has_no_room_is_drawn_into_its_line(lines_of):
    first = lines_of("张三、李四、王小五一、" + NAMES)[0]

    assert words(first) == "张三、李四、王小五一、"
    # A square from the two marks within the line, so that the last one ends with it.
    assert first[-1]["x1"] / SIZE == pytest.approx(ACROSS, abs=0.02)
    assert steps(first) == pytest.approx([1, 1, 0.5, 1, 1, 0.5, 1, 1, 1, 1], abs=0.02)


def test_the_mark_at_the_end_gives_what_the_others_have_not(lines_of):
    first = lines_of("张三李四、王小五一六、" + NAMES)[0]

    assert words(first) == "张三李四、王小五一六、"
    assert steps(first) == pytest.approx([1, 1, 1, 1, 0.5, 1, 1, 1, 1, 1], abs=0.02)
    assert (first[-1]["x0"] + SIZE / 2) / SIZE == pytest.approx(ACROSS, abs=0.02)


def test_the_same_in_a_paragraph_of_several_pieces(lines_of):
    whole = lines_of("报送张三、李四、王小明、" + NAMES + NAMES)
    pieces = lines_of("<b>报送</b>张三、李四、王小明、" + NAMES + NAMES)

    assert [words(line) for line in pieces] == [words(line) for line in whole]
    assert words(whole[0]) == "报送张三、李四、王小明、"[:ACROSS]
    assert any(len(line) > ACROSS for line in whole)


def test_an_opening_bracket_gives_up_its_left_side(lines_of):
    first = lines_of("市县（区）要报送了数，按时按质按量报送信息")[0]

    assert words(first) == "市县（区）要报送了数，"
    # The bracket comes nearer to what is before it, not to what it holds.
    assert steps(first) == pytest.approx([1, 0.5, 1, 1, 0.5, 1, 1, 1, 1, 1], abs=0.02)


@pytest.mark.parametrize(
    "text",
    [
        "会议强调了各项的工作，要抓紧抓实抓好。",  # one mark has only half a square
        "各县各区各部门各单位工作，要抓紧抓实抓好。",  # the line is full as it is
        "“十四五”规划、纲要和”，报送的信息",  # two marks would need two squares
    ],
)
def test_a_line_is_left_alone_where_that_is_not_enough_or_not_needed(lines_of, text):
    first = lines_of(text)[0]

    assert len(first) <= ACROSS
    assert min(steps(first)) > 0.98


def test_the_last_digits_of_a_number_are_drawn_into_its_line(lines_of):
    first = lines_of("其中、报送、采用了123条信息，累计报送了的信息")[0]

    assert words(first) == "其中、报送、采用了123"
    assert first[-1]["x1"] <= SIZE * ACROSS + 0.6


@pytest.mark.parametrize("lead", ["报送、采用、", "<b>报送</b>、采用、"])
def test_a_character_is_drawn_into_what_is_left_of_a_square(lines_of, lead):
    # The digits leave half a square, and the next character lacks the other half.
    first = lines_of(lead + "信息123条信息累计报送了的信息")[0]

    assert words(first) == "报送、采用、信息123条"
    assert first[-1]["x1"] / SIZE == pytest.approx(ACROSS, abs=0.02)


@pytest.mark.parametrize(
    "text",
    [
        "报送、采用、信息12.30条信息累计报送了",  # the line is full
        "报送采用的信息有123条信息累计报送了的",  # no mark gives way
        "报送采用信息、有123条、信息累计报送了",  # a square and a half is more than what is left
    ],
)
def test_it_stays_out_where_it_lacks_more_than_is_left_or_no_mark_gives_way(lines_of, text):
    first = lines_of(text)[0]

    assert first[-1]["text"] in "0123"


@pytest.mark.parametrize("sign", ["‰", "℃", "Ⅳ", "①", "×", "•"])
def test_a_sign_among_the_words_does_not_keep_marks_from_giving_way(lines_of, sign):
    first = lines_of(f"张三、李四、王小五一、为3{sign}，{NAMES}")[0]

    assert words(first) == "张三、李四、王小五一、"


@pytest.mark.parametrize("spacing", ["-0.207pt", "0", "0.043pt", "0.333px"])
@pytest.mark.parametrize(
    "digits", ["{}", "<b>{}</b>", "<span style='font-family: Liberation Serif'>{}</span>"]
)
@pytest.mark.parametrize("seed", range(3))
def test_any_text_keeps_its_characters_its_order_and_the_rules_of_lines(lines_of, seed, digits, spacing):
    chance = random.Random(seed)
    words_of_text, ends = (
        ["报送", "信息", "全市各县", "的"],
        ["，", "、", "。", "（试行）", "《要情》", "“好”", "；"],
    )
    numbers = ["2026年", "38%", "12.6"]
    pieces = [
        chance.choice(words_of_text) + chance.choice([*ends, *ends, *map(digits.format, numbers)])
        for _ in range(160)
    ]
    wide = 28 * (SIZE + float(spacing.rstrip("ptx"))) + 0.2

    lines = lines_of(
        f"<p style='width: {wide}pt; letter-spacing: {spacing}'>" + "".join(pieces), "620pt 1400pt"
    )

    assert "".join(map(words, lines)) == re.sub("<.*?>", "", "".join(pieces))
    for before, line in itertools.pairwise(lines):
        assert line[0]["text"] not in CLOSING and before[-1]["text"] not in OPENING
    for line in lines[:-1]:
        last = line[-1]
        edges = (last["x0"] + SIZE / 2, last["x1"]) if last["text"] in CLOSING else (last["x1"], last["x1"])
        assert edges[0] <= wide + ROUNDED and edges[1] >= wide - ROUNDED, words(line)
        narrow = [
            step for char, step in zip(line, steps(line), strict=False) if char["text"] in CLOSING + OPENING
        ]
        assert min(narrow, default=1) > 0.42


@pytest.mark.parametrize("seed", [5, 17, 18, 20, 22, 27])
def test_a_list_of_names_has_28_characters_in_a_line(make_pdf, tmp_path, seed):
    # Pushed out as the engine does it, most lines of these lists have 27.
    chance = random.Random(seed)
    family, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "明华国强丽敏静伟芳勇军杰涛超秀娟"
    names = [
        chance.choice(family) + "".join(chance.choices(given, k=chance.randint(1, 2))) for _ in range(44)
    ]
    body = [samples.paragraph("、".join(names) + "。")]
    made = tmp_path / "names.pdf"
    made.write_bytes(make_pdf("print/circular.html", samples.short_circular() | {"body": body}))

    found = measure_gb9704.measure(str(made))

    assert found["ok"], found["checks"]


def test_without_the_short_cuts_nothing_is_replaced(monkeypatch):
    monkeypatch.setattr(paragraphs, "installed", lambda: False)
    before = paragraphs.cut

    assert squeezing.install() is False
    assert paragraphs.cut is before
