"""The guide for pack authors says what is true: its examples print, its lists are complete."""

import re
from datetime import date

import pytest

from core.documents.templating.filters import FILTERS
from core.documents.templating.loading import PRINT_FOLDER
from tests.docs import samples

GUIDE = (PRINT_FOLDER / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"```jinja\n(.*?)```", GUIDE, re.S)
ALIASES = {"d", "e", "escape", "count"}

VALUES = {
    **samples.short_circular(),
    **samples.briefing(4, 1),
    "title": "关于政务信息采用情况的通报",
    "period": "5月份",
    "received": 10,
    "adopted": 3,
    "praised": ["甲县", "乙局"],
    "silent": ["丙局"],
    "contact": "张三",
    "host": "李四",
    "date": date(2024, 5, 6),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_guide_prints(make_pdf, example):
    assert make_pdf("template.html", VALUES, {"template.html": example}).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["circular.html", "briefing.html"])
def test_every_block_and_value_of_a_base_is_in_the_guide_and_in_its_own_heading(name):
    source = (PRINT_FOLDER / name).read_text("utf-8")
    heading, body = source.split("#}", 1)
    blocks = set(re.findall(r"{% block (\w+)", body)) - {"base_style", "page"}
    values = set(re.findall(r"(\w+) is defined", body))

    for word in blocks | values:
        assert re.search(rf"`[^`\n]*\b{word}\b", GUIDE), word
        assert re.search(rf"\b{word}\b", heading), word


def test_every_filter_and_function_is_in_the_guide():
    table = GUIDE.split("## 六")[1]

    assert [name for name in FILTERS if name not in ALIASES and not re.search(rf"\b{name}\b", table)] == []


def test_an_example_of_a_briefing_prints_items_that_give_only_what_they_must(make_pdf):
    item = {"title": "某事", "body": [samples.paragraph("略。")]}
    examples = [example for example in EXAMPLES if "print/briefing.html" in example]

    assert examples
    for example in examples:
        values = {**VALUES, "columns": [{"items": [item]}]}
        assert make_pdf("template.html", values, {"template.html": example}).startswith(b"%PDF")
