"""Mistakes of pack authors in templates and data: said in plain Chinese, with the place, never as Python or English."""

import re

import pytest

from core.errors import YaoqingError
from tests.docs import samples

PARTS = '{% import "print/parts.html" as parts %}'
OF_TEMPLATES = [
    ("{{ title ", "模板 template.html 第 1 行：版式模板有错误。模板已到末尾，缺少“}}”"),
    ("{% for one in body %}字", "“for”还没有用“endfor”结束"),
    ("字{% endif %}", "“endif”"),
    ("{% foreach one in body %}{% endfor %}", "没有“foreach”这个语句"),
    ("{% if title %}{% else if office %}{% endif %}", "这里应为“%}”，却是“if”"),
    ("{{ }}", "应写名称或算式"),
    ("{{ title，1 }}", "语句中不能写“，”；标点和引号请用英文（半角）的"),
    ("{{ title | default(“无”) }}", "标点和引号请用英文（半角）的"),
    ("{{ title | upper_case }}", "没有名为“upper_case”的过滤器"),
    ("{% block a %}{% endblock %}{% block a %}{% endblock %}", "块“a”写了两次"),
    ("{% if title > 3 %}字{% endif %}", "文字和数字不能比较大小"),
    ("{% for one in count %}字{% endfor %}", "这里应为列表"),
    ("{{ title | title(1, 2, 3) }}", "多写、少写了一项"),
    ("{{ title.upper() }}", "不能取用“upper”。这里给出的是一段文字，里面没有“upper”这一项"),
    ("{{ title | date_cn }}", "不是日期。日期写成 2024-05-06"),
    ("{{ '' | date_hanzi }}", "日期空着"),
    ("{{ 'abc }}", "引号（'）没有成对"),
    ('{{ "abc }}', '引号（"）没有成对'),
    ("{{ title | uper }}", "没有名为“uper”的过滤器。是否应为“upper”？"),
    ("{{ title is strng }}", "is 之后不能写“strng”。是否应为“string”？"),
    ("{% esle %}", "没有“esle”这个语句。是否应为“else”？"),
    ("{% for one in body %}字{% endfr %}", "没有“endfr”这个语句。是否应为“endfor”？"),
    ("{% while title %}{% endwhile %}", "没有“while”这个语句；能用的语句见"),
    ("{{ 1 / 2 }}", "不能用“/”作除法"),
    ("{{ 1 // 0 }}", "除数为 0"),
    ("{% filter upper %}字{% endfilter %}", "不能用 filter 语句"),
    ("{{ foo(1) }}", "没有名为“foo”的函数或宏。可用的函数见"),
    ("{{ row(1) }}", "没有名为“row”的函数或宏。是否应为“rows”？"),
    ("{{ upper(title) }}", "“upper”是过滤器，不是函数。写成 {{ 值 | upper }}"),
    ("{{ title() }}", "这里给出的是一段文字，后面不能写括号"),
    (PARTS + "{{ parts.sig() }}", "“print/parts.html”中没有名为“sig”的部件（宏）。是否应为“signers”？"),
    (PARTS + "{{ signature(office) }}", "没有名为“signature”的函数或宏。是否应为“parts.signature”？"),
    (PARTS + "\n{{ parts.annex_list() }}", "第 2 行：用到部件（宏）时少写了“names”一项"),
    (
        "{% extends 'print/circulr.html' %}",
        "没有名为“print/circulr.html”的模板文件。是否应为“print/circular.html”？",
    ),
    (
        "{% extends 'print/notice.html' %}",
        "没有名为“print/notice.html”的模板文件。底版有：print/base.html、print/briefing.html、print/circular.html",
    ),
    (
        "{% extends 'print/circular.html' %}"
        + PARTS
        + "{% block signature %}\n{{ parts.signature(office) }}{% endblock %}",
        "模板 template.html 第 2 行：用到部件（宏）时少写了“seal”一项",
    ),
    ("{% include 'stile.css' %}", "没有名为“stile.css”的模板文件。是否应为“style.css”？"),
    ("{{ date.yaer }}", "里面没有“yaer”这一项。是否应为“year”？"),
    ("{% for one in body %}{{ loop.indx }}{% endfor %}", "是否应为“index”？"),
    ("{{ body[99] }}", "没有第 100 项"),
    ("{{ (title if false) | upper }}", "“值 if 条件”没有写 else"),
    ("{{ self.heading() }}", "没有名为“heading”的块"),
    ("{% include 'template.html' %}", "嵌套过深"),
]
# One of every kind that the engine, its functions and Python itself refuse.
SWEEP = """
{% do x %}|{% autoescape true %}字{% endautoescape %}|{% raw %}字|{# 字|{% call %}字{% endcall %}|{% call title %}字{% endcall %}
{% macro %}字{% endmacro %}|{% macro a(x=1, y) %}字{% endmacro %}|{% macro a(caller) %}{{ caller() }}{% endmacro %}{% call a() %}字{% endcall %}
{% for x y in z %}字{% endfor %}|{% for loop in body %}字{% endfor %}|{% for a, b in [1, 2] %}字{% endfor %}|{% for a, b in [[1, 2, 3]] %}字{% endfor %}
{% block a-b %}字{% endblock %}|{% block a required %}字{% endblock %}|{% block a required %}{% endblock %}|{% if true %}{% extends 'x' %}{% endif %}
{% include 5 %}|{% include [] %}|{% from 'print/parts.html' import _x %}|{{ title[1000] }}|{{ 5[0] }}|{{ title[] }}|{{ 1.2.3 }}|{{ 2 ** 3 }}
{% for x in body %}{{ loop(x) }}{% endfor %}|{% for x in body %}{{ loop.cycle() }}{% endfor %}|{{ rows('x') }}|{{ rows(1, 2, 3) }}|{{ range('x') }}
{{ range(1, 2, 0) }}|{{ namespace('x') }}|{% set n = namespace(a=1) %}{{ n.b }}|{% set title.x = 1 %}|{% set 5 = 1 %}|{{ below_row('x', 1) }}
{{ mark_rows('x') }}|{{ joint_mark(5) }}|{{ 5 % 0 }}|{{ 5 in 5 }}|{{ 5 in title }}|{{ title is odd }}|{{ -title }}|{{ body < 5 }}
{{ title. }}|{{ title is string is string }}|{{ '\\x' }}|{{ rows(a=1, 2) }}|{{ rows(a=1, a=1) }}|{% %}|{% 5 %}|{{ {[]: 1} }}|{{ title & 1 }}
{{ {'rows': [[1]], 'columns': [5]} } table }}|{{ [{'type': 'table', 'rows': [[5]]}] } blocks }}|{{ title } abs }}|{{ 'x' } int }}|{{ 5 } length }}
{{ 5 } fixed('x') }}|{{ 'x' } chinese_number }}|{{ 5 } title_lines }}|{{ title } qr('x') }}|{{ title } length(5) }}|{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}
"""
KINDS = [one.replace(" } ", " | ") for line in SWEEP.strip().splitlines() for one in line.split("|")]
OF_DATA = [
    ({"annexes": {"title": "得分表"}}, "数据“annexes”：“annexes”应写成列表。给出的是一组“键: 值”。每一项前写“- ”"),
    ({"tables": {"rows": [["甲"]]}}, "数据“tables”：“tables”应写成列表。给出的是一组“键: 值”"),
    (
        {"annexes": [{"title": "甲"}, {"title": "乙", "tables": {"rows": [["甲"]]}}]},
        "数据“annexes”第 2 项“tables”：“tables”应写成列表",
    ),
    ({"annexes": "得分表"}, "“annexes”应写成列表。给出的是一段文字"),
    ({"title": ["甲", "乙"]}, "数据“title”：列表和字典不能直接输出。应为一段文字的，请改数据"),
    ({"body": [{"type": "table", "rows": [["单位", "得分"]]}]}, "数据“body”：正文第 1 个表格第 1 行的写法不对。有一格是“单位”。每行写成列表，每格写成"),
    ({"body": [{"type": "table", "rows": ["单位"]}]}, "数据“body”：正文第 1 个表格第 1 行的写法不对。有一格是“单位”"),
    ({"body": "正文"}, "正文应为段落的列表"),
    ({"body": ["正文"]}, "正文第 1 段的写法不对。没有“type”"),
    ({"body": [samples.paragraph("略。"), {"type": "paragraph", "text": "略。"}]}, "正文第 2 段的写法不对。没有“runs”"),
    ({"body": [{"type": "list", "runs": []}]}, "正文第 1 段的写法不对。没有“items”"),
    ({"body": [{"type": "paragraph", "runs": "略。"}]}, "段内文字应为列表。给出的是“略。”"),
    ({"body": [{"type": "paragraph", "runs": [{"words": "略。"}]}]}, "段内文字没有“text”"),
    ({"date": "2024年5月6日"}, "“2024年5月6日”不是日期。日期写成 2024-05-06"),
    ({"annexes": ["得分表"]}, "这里给出的是一段文字，里面没有“forwarded”这一项"),
    ({"annexes": [{"body": []}]}, "版式模板需要的“title”没有给出。数据中有一处（如某一条、某一栏）没有“title”"),
    ({"urgency": True}, "是（true）、否（false）不能直接输出"),
    ({"tables": ["得分表"]}, "表格的写法不对。应写 head（表头）、rows（各行）等项"),
    ({"tables": [{"rows": [["1"]], "columns": [{"width": "20mm"}]}]}, "列的宽度“20mm”不是数字"),
]  # fmt: skip


def told(fill, **values):
    with pytest.raises(YaoqingError) as caught:
        fill(**values)
    return str(caught.value)


def is_plain(message):
    """No two English words in a row but what the author wrote: that stands in quotes or braces."""
    own = re.sub(r"“.*?”|\{.*?\}|模板 \S+ 第", "", message)
    return not re.search(r"[A-Za-z]+ ?(?:Error|object)|expected|[a-z]{2,} [a-z]{2,}|'[a-z]", own)


@pytest.mark.parametrize(("source", "message"), OF_TEMPLATES)
def test_a_mistake_in_a_template_is_told_in_chinese(make_html, source, message):
    values = samples.short_circular() | {"count": 5}

    said = told(
        make_html, template="template.html", values=values, files={"template.html": source, "style.css": ""}
    )

    assert message in said and is_plain(said)


def test_no_kind_of_mistake_is_told_in_english(make_html):
    values = samples.short_circular()

    said = {kind: told(make_html, template="t.html", values=values, files={"t.html": kind}) for kind in KINDS}

    assert {kind: message for kind, message in said.items() if not is_plain(message)} == {}
    assert {kind for kind, message in said.items() if not message.startswith("模板 t.html")} == set()


@pytest.mark.parametrize(("more", "message"), OF_DATA)
def test_a_mistake_in_the_data_is_told_in_chinese(make_html, more, message):
    said = told(make_html, template="print/circular.html", values=samples.short_circular() | more)

    assert message in said and is_plain(said)


PLACES = [
    ({"date": "昨天"}, "数据“date”：“昨天”不是日期", ("date",)),
    ({"mark": 12}, "数据“mark”：版式模板运行出错。这里应为列表", ("mark",)),
    ({"mark": "长" * 50}, "数据“mark”：发文机关标志（刊名）过长", ("mark",)),
    ({"office": "长" * 40}, "数据“office”：署名过长", ("office",)),
    ({"body": "正文"}, "数据“body”：", ("body",)),
    ({"annexes": [{"title": "表"}, {"body": []}]}, "数据“annexes”第 2 项：版式模板需要的“title”没有给出", ("annexes", 1)),
    ({"annexes": [{"title": "表", "tables": ["得分表"]}]}, "数据“annexes”第 1 项“tables”第 1 项：", ("annexes", 0, "tables", 0)),
]  # fmt: skip


@pytest.mark.parametrize(("more", "message", "path"), PLACES)
def test_what_the_base_cannot_use_is_told_by_its_place_in_the_data(make_html, more, message, path):
    files = {"template.html": '{% extends "print/circular.html" %}'}

    with pytest.raises(YaoqingError) as caught:
        make_html("template.html", samples.short_circular() | more, files)

    assert message in str(caught.value) and "print/" not in str(caught.value)
    assert caught.value.path == path


def test_what_the_data_lacks_is_told_of_the_data(make_html):
    values = samples.short_circular()
    del values["mark"]

    assert told(make_html, template="print/circular.html", values=values).startswith(
        "数据：版式模板需要的“mark”没有给出"
    )


def test_a_value_the_author_wrote_is_told_by_the_line_it_stands_on(make_html):
    source = PARTS + "\n{{ parts.day_of('昨天') }}"

    said = told(make_html, template="t.html", values=samples.short_circular(), files={"t.html": source})

    assert said.startswith("模板 t.html 第 2 行：“昨天”不是日期")


def test_a_name_like_another_may_be_a_slip_or_just_lacking(make_html):
    source = '{% extends "print/circular.html" %}{% block content %}{{ recieved }}{% endblock %}'
    values = samples.circular(received=10)

    said = told(make_html, template="t.html", values=values, files={"t.html": source})

    assert said.endswith("是否应为“received”？如果不是，请在数据中补上。")
