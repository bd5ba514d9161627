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
]
OF_DATA = [
    ({"body": "正文"}, "正文应为段落的列表"),
    ({"body": ["正文"]}, "正文第 1 段的写法不对。没有“type”"),
    ({"body": [samples.paragraph("略。"), {"type": "paragraph", "text": "略。"}]}, "正文第 2 段的写法不对。没有“runs”"),
    ({"body": [{"type": "list", "runs": []}]}, "正文第 1 段的写法不对。没有“items”"),
    ({"body": [{"type": "paragraph", "runs": "略。"}]}, "段内文字应为列表。给出的是“略。”"),
    ({"body": [{"type": "paragraph", "runs": [{"words": "略。"}]}]}, "段内文字没有“text”"),
    ({"date": "2024年5月6日"}, "“2024年5月6日”不是日期。日期写成 2024-05-06"),
    ({"annexes": ["得分表"]}, "这里给出的是一段文字，里面没有“forwarded”这一项"),
    ({"annexes": [{"body": []}]}, "版式模板需要的“title”没有给出。数据中有一处（如某一条、某一栏）没有“title”"),
    ({"tables": ["得分表"]}, "表格的写法不对。应写 head（表头）、rows（各行）等项"),
    ({"tables": [{"rows": [["1"]], "columns": [{"width": "20mm"}]}]}, "列的宽度“20mm”不是数字"),
]  # fmt: skip


def told(fill, **values):
    with pytest.raises(YaoqingError) as caught:
        fill(**values)
    return str(caught.value)


def is_plain(message):
    return not re.search(r"[A-Z][a-z]+Error|object|expected|Jinja|tags?\b", message)


@pytest.mark.parametrize(("source", "message"), OF_TEMPLATES)
def test_a_mistake_in_a_template_is_told_in_chinese(make_html, source, message):
    values = samples.short_circular() | {"count": 5}

    said = told(make_html, template="template.html", values=values, files={"template.html": source})

    assert message in said and is_plain(said)


@pytest.mark.parametrize(("more", "message"), OF_DATA)
def test_a_mistake_in_the_data_is_told_in_chinese(make_html, more, message):
    said = told(make_html, template="print/circular.html", values=samples.short_circular() | more)

    assert message in said and is_plain(said)


def test_a_name_like_another_may_be_a_slip_or_just_lacking(make_html):
    values = samples.circular()
    values.pop("printed_on")

    said = told(make_html, template="print/circular.html", values=values)

    assert said.endswith("是否应为“printed_by”？如果不是，请在数据中补上。")
