"""Filling templates: what pack authors get, and how their mistakes are explained."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from markupsafe import Markup

from core.documents.templating.loading import PRINT_FOLDER
from core.documents.typesetting.grid import Style
from core.errors import RenderError
from tests.docs import samples


@pytest.fixture
def fill(make_html):
    def fill_one(source, **values):
        return make_html(
            "t.html", values, {"t.html": source, "part.html": "{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}"}
        )

    return fill_one


def test_values_are_escaped_and_rare_characters_set_apart(fill):
    assert fill("{{ name }}", name="<王堃>") == '&lt;王<span class="rare">堃</span>&gt;'


def test_loops_macros_imports_and_namespaces_work(fill):
    source = """{% import "part.html" as p %}{% set ns = namespace(sum=0) %}
{% for n in numbers if n is odd %}{{ p.m(loop.index ~ "：" ~ n) }}{% set ns.sum = ns.sum + n %}{% endfor %}
={{ ns.sum }}"""

    assert fill(source, numbers=[1, 2, 3]) == "<i>1：1</i><i>2：3</i>=4"


def test_dates_numbers_and_numerals_are_written_the_official_way(fill):
    source = "{{ day|date_cn }} {{ day|date_hanzi }} {{ 12|chinese_number }} {{ points|fixed(1) }} {{ raw }}"

    assert fill(source, day=date(2024, 5, 6), points=Decimal("2.25"), raw=Decimal("1E+1")) == (
        "2024年5月6日 二〇二四年五月六日 十二 2.3 10"
    )


def test_lengths_follow_the_grid_of_the_chosen_size(make_html):
    sizes = {
        make_html("t.html", {}, {"t.html": "{{ rows(2) }}"}, style=Style(size=size)) for size in (16, 15.75)
    }

    assert sizes == {"59.2186pt", "59.2424pt"}


def test_latin_switch_wraps_digits(make_html):
    html = make_html("t.html", {"n": "采用12条"}, {"t.html": "<p>{{ n }}</p>"}, style=Style(latin="times"))

    assert html == '<p>采用<span class="latin">12</span>条</p>'


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a\n{{ officce }}", "模板 t.html 第 2 行：版式模板需要的“officce”没有给出。数据中没有这一项。是否应为“office”？"),
        ("{{ office.name }}", "不能取用“name”"),
        ("{% for one in [{}] %}{{ one.office }}{% endfor %}", "请在数据中补上，或在模板中写默认值"),
        ("{% for x in %}", "模板 t.html 第 1 行：版式模板有错误"),
        ("{% include 'other.html' %}", "没有名为“other.html”的模板文件"),
        ("{{ office|attr('x') }}", "没有名为“attr”的过滤器"),
        ("{{ office|safe }}", "没有名为“safe”的过滤器"),
        ("\n\n{{ [office] }}", "第 3 行：列表和字典不能直接输出"),
        ("{{ office + 1 }}", "不支持这样的运算"),
        ("{{ 200|chinese_number }}", "200 不能写成汉字序号"),
        ("{{ 'x'|fixed }}", "“x”不是数字"),
        ("{% set a %}x{% endset %}", "set 语句不能用 endset 结束"),
        ("{{ ('字' * 3) }}", "不支持这样的运算"),
        ("{{ office|title(4) }}", "标题过长"),
        ("{{ nothing|table }}", "没有给出"),
        ("{% if x %}", "模板 t.html 第 1 行"),
    ],
)  # fmt: skip
def test_a_mistake_is_explained_with_template_and_line(fill, source, message):
    with pytest.raises(Exception) as caught:
        fill(source, office="临江市人民政府办公室及其直属机构和各部门各县区联合行文单位")

    assert message in str(caught.value)
    assert "模板 t.html" in str(caught.value)


class Sly(str):
    pass


@pytest.mark.parametrize(
    "value",
    [object(), Markup("<b>"), datetime(2024, 1, 1), 1.5, b"x", {1, 2}, len, Decimal("NaN"), Sly("x"), 10**30,
     {"_x": 1}, {1.5: 2}, [object()], range(3)],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_only_plain_data_reaches_a_template(fill, value):
    with pytest.raises(RenderError, match="传给版式模板的数据不合要求"):
        fill("x", value=value)


def test_nesting_and_amount_of_data_are_limited(fill):
    deep = []
    for _ in range(40):
        deep = [deep]

    for value in (deep, ["x"] * 600_000, "字" * 17_000_000):
        with pytest.raises(RenderError, match="嵌套过深或数量过大"):
            fill("x", value=value)


def test_data_may_not_take_the_name_of_a_function(fill):
    with pytest.raises(RenderError, match="数据不能叫“rows”"):
        fill("x", rows=[1])


def test_a_missing_value_of_the_base_is_named(make_html):
    values = samples.short_circular()
    del values["office"]

    with pytest.raises(RenderError, match="版式模板需要的“office”没有给出"):
        make_html("print/circular.html", values)


def test_base_templates_name_no_place():
    text = "".join(path.read_text("utf-8") for path in PRINT_FOLDER.glob("*"))

    assert "六安" not in text and "临江" not in text and "政务要情" not in text
