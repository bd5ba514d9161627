"""Document templates that try to leave their sandbox: published escapes of Jinja, and attempts to exhaust it."""

import time
from datetime import date

import pytest

from core.documents.templating.sandbox import render_html
from core.errors import RenderError, YaoqingError
from tests.docs.fixtures import fonts, fonts_dir

__all__ = ["fonts", "fonts_dir"]

VALUES = {
    "text": "要情",
    "data": {"a": 1, "b": [1, 2]},
    "rows_": [{"n": 1}],
    "day": date(2024, 5, 6),
    "number": 7,
}

ESCAPES = {
    "classes of a text": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "classes of an empty tuple": "{% for c in ().__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}",
    "attribute by item": "{{ text['__class__'] }}",
    "attribute of a list by item": "{{ data.b['__class__'] }}",
    "attr filter": "{{ text|attr('__class__') }}",
    "format method (CVE-2016-10745)": "{{ '{0.__class__.__init__.__globals__}'.format(rows) }}",
    "format_map method (CVE-2019-10906)": "{{ '{a.__class__}'.format_map({'a': rows}) }}",
    "format kept in a variable (CVE-2024-56326)": "{% set f = '{0.__class__}'.format %}{{ f(rows) }}",
    "format through attr (CVE-2025-27516)": "{{ ('{0.__class__}'|attr('format'))(rows) }}",
    "format passed to a filter": "{{ ['{0.__class__}'].__class__|map('format', rows)|list }}",
    "format filter": "{{ '%s'|format(rows) }}",
    "percent formatting": "{{ '%s' % rows }}",
    "map by attribute": "{{ rows_|map(attribute='__class__')|list }}",
    "selectattr": "{{ rows_|selectattr('__class__')|list }}",
    "groupby": "{{ rows_|groupby('__class__') }}",
    "sort by attribute": "{{ rows_|sort(attribute='__class__') }}",
    "sum by attribute": "{{ rows_|sum(attribute='__class__') }}",
    "xmlattr with hostile keys (CVE-2024-22195)": "{{ {'a onclick=x': 1}|xmlattr }}",
    "urlize": "{{ 'javascript:x'|urlize }}",
    "pprint": "{{ self|pprint }}",
    "cycler globals": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "lipsum globals": "{{ lipsum.__globals__['os'] }}",
    "joiner globals": "{{ joiner.__init__.__globals__ }}",
    "namespace globals": "{{ namespace.__init__.__globals__ }}",
    "namespace instance": "{{ namespace(a=1)._Namespace__attrs }}",
    "flask names": "{{ url_for.__globals__ }}{{ config }}{{ request }}{{ g }}",
    "function globals": "{{ rows.__globals__ }}",
    "method owner": "{{ rows.__self__ }}",
    "plain member of a function": "{{ rows.func }}",
    "closure": "{{ style_sheet.__closure__ }}",
    "own context": "{{ self._TemplateReference__context }}",
    "own init": "{{ self.__init__.__globals__ }}",
    "macro members": "{% macro m() %}{% endmacro %}{{ m.name }}",
    "macro internals": "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "caller": "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "loop internals": "{% for x in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "loop iterator": "{% for x in [1] %}{{ loop._iterator }}{% endfor %}",
    "loop as a door": "{% for x in [1] %}{{ loop.cycle.__self__ }}{% endfor %}",
    "module of an import": "{% import 'part.html' as p %}{{ p.__class__ }}",
    "body of an import": "{% import 'part.html' as p %}{{ p._body_stream }}",
    "private name in an import": "{% from 'part.html' import _secret %}",
    "undefined object": "{{ nothing.__class__ }}",
    "undefined internals": "{{ nothing._undefined_exception }}",
    "date method": "{{ day.strftime('%s') }}",
    "date class": "{{ day.today() }}",
    "dict methods": "{{ data.items() }}",
    "changing data": "{{ data.update({'a': 2}) }}",
    "changing a list": "{{ data.b.append(3) }}",
    "text methods": "{{ text.encode('utf-8') }}",
    "calling data": "{{ text() }}",
    "calling a number": "{{ (7)() }}",
    "full-width underscores": "{{ ''.\uff3f\uff3fclass\uff3f\uff3f }}",
    "private name": "{{ _ }}{% set __builtins__ = 1 %}",
    "autoescape off": "{% autoescape false %}{{ text }}{% endautoescape %}",
    "safe filter": "{{ '<b>'|safe }}",
    "do statement": "{% do data.update({}) %}",
    "debug statement": "{% debug %}",
    "block assignment": "{% set x %}{{ text }}{% endset %}",
    "filter block": "{% filter upper %}a{% endfilter %}",
    "translation": "{% trans %}a{% endtrans %}",
    "absolute file": "{% include '/etc/passwd' %}",
    "file above": "{% include '../../core/config.py' %}",
    "file above the base": "{% include 'print/../../core/config.py' %}",
    "list of files": "{% include ['/etc/passwd', 'print/../layout.html'] %}",
    "page of the site": "{% extends 'layout.html' %}",
    "readme of the base": "{% include 'print/README.md' %}",
    "import of a module": "{% import 'os' as os %}{{ os.system('id') }}",
    "true division": "{{ 1 / 0.000001 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "repeated text": "{{ 'a' * 1000000000 }}",
    "repeated list": "{{ [1] * 1000000000 }}",
    "printing a structure": "{{ data }}",
}

EXHAUSTIONS = {
    "long range": "{% for a in range(10 ** 9) %}{% endfor %}",
    "long plain range": "{% for a in range(1000000000) %}{% endfor %}",
    "nested loops": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "loops over data": "{% for a in many %}{% for b in many %}{% for c in many %}{% endfor %}{% endfor %}{% endfor %}",
    "endless macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "doubling macro": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "template including itself": "{% include 't.html' %}",
    "template extending itself": "{% extends 't.html' %}",
    "template importing itself": "{% import 't.html' as t %}",
    "recursive loop": "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "doubling text": "{% set n = namespace(s='x') %}{% for a in range(64) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
    "doubling by plus": "{% set n = namespace(s='x') %}{% for a in range(64) %}{% set n.s = n.s + n.s %}{% endfor %}",
    "doubling list": "{% set n = namespace(s=[1]) %}{% for a in range(64) %}{% set n.s = n.s + n.s %}{% endfor %}",
    "nested list": "{% set n = namespace(s=[1]) %}{% for a in range(64) %}{% set n.s = [n.s, n.s] %}{% endfor %}",
    "nested dict": "{% set n = namespace(s={}) %}{% for a in range(64) %}{% set n.s = {'a': n.s} %}{% endfor %}",
    "growing number": "{% set n = namespace(s=9) %}{% for a in range(999) %}{% set n.s = n.s * n.s %}{% endfor %}",
    "replace": "{% set n = namespace(s='x') %}{% for a in range(9) %}{% set n.s = n.s|replace('x', 'x' ~ n.s) %}{% endfor %}"
    "{{ big|replace('a', big) }}",
    "join": "{{ range(99999)|join(big) }}",
    "flood": "{% for a in range(99999) %}{{ big }}{% endfor %}",
    "flood of fixed text": "{% for a in range(99999) %}" + "字" * 10_000 + "{% endfor %}",
    "flood inside a macro": "{% macro m() %}{% for a in range(99999) %}"
    + "字" * 50_000
    + "{% endfor %}{% endmacro %}{{ m() }}",
    "flood of includes": "{% macro m() %}{% for a in range(99999) %}{% include ['big.html'] %}{% endfor %}"
    "{% endmacro %}{{ m() }}",
    "deep expression": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "deep blocks": "{% if 1 %}" * 3000 + "{% endif %}" * 3000,
    "wide table": "{{ {'rows': [[{'text': 'x', 'colspan': 1000000, 'rowspan': 1000000}]]}|table }}",
    "huge template": "字" * 600_000,
}  # fmt: skip


def fill(source, fonts, **more):
    files = {"t.html": source, "part.html": "{% macro m() %}x{% endmacro %}", "big.html": "字" * 400_000}
    return render_html("t.html", files, {**VALUES, **more}, fonts)


@pytest.mark.parametrize("name", ESCAPES)
def test_an_escape_is_refused(fonts, name):
    with pytest.raises(YaoqingError) as caught:
        fill(ESCAPES[name], fonts)

    assert "模板 t.html" in str(caught.value)


def test_text_from_units_never_becomes_markup_or_template(fonts):
    hostile = "</title><script>x</script>{{ 7 * 7 }}{% include '/etc/passwd' %}\"'<!--"

    html = fill("<title>{{ text }}</title><p title='{{ text }}'>{{ text }}</p>", fonts, text=hostile)

    assert "<script" not in html and "49" not in html and "root:" not in html
    assert html.count("<") == 4


@pytest.mark.parametrize(
    "name", ["a'.html", 'b".html', "c\n.html", "{{ 1 }}.html", "d'; import os #.html", "é要情.html"]
)
def test_a_hostile_template_name_is_only_a_name(fonts, name):
    """CVE-2024-56201: names of templates reached the generated code."""
    html = render_html(name, {name: "{% block b %}{{ text }}{% endblock %}"}, VALUES, fonts)

    assert html == "要情"


@pytest.mark.parametrize("name", EXHAUSTIONS)
def test_a_template_that_would_not_end_is_stopped(fonts, name):
    started = time.monotonic()

    with pytest.raises(RenderError):
        fill(EXHAUSTIONS[name], fonts, many=list(range(3000)), big="a" * 1_000_000)

    assert time.monotonic() - started < 30
