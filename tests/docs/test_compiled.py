"""Templates are compiled once for their place and text; what is kept is bounded, and a refused one is refused each time."""

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.documents.templating import environment
from core.documents.templating.sandbox import render_html
from core.errors import RenderError


@pytest.fixture
def compiled(monkeypatch):
    """The names of templates compiled from now on."""
    names, compile_one = [], ImmutableSandboxedEnvironment.compile

    def noted(own, source, name=None, *more):
        names.append(name)
        return compile_one(own, source, name, *more)

    monkeypatch.setattr(ImmutableSandboxedEnvironment, "compile", noted)
    monkeypatch.setattr(environment, "_compiled", {})
    return names


def page(text: str, fonts, **values) -> str:
    return render_html("t.html", {"t.html": text}, values, fonts)


def test_the_same_text_is_compiled_once_and_filled_each_time(compiled, fonts):
    pages = [page("<p>{{ word }}</p>", fonts, word=word) for word in ("一", "二")]

    assert compiled == ["t.html"]
    assert ["一" in pages[0], "二" in pages[1], "一" in pages[1]] == [True, True, False]


def test_another_text_under_the_same_name_is_another_template(compiled, fonts):
    first, second = page("<p>甲</p>", fonts), page("<p>乙</p>", fonts)

    assert compiled == ["t.html", "t.html"]
    assert "甲" in first and "乙" in second


def test_what_is_kept_is_bounded(compiled, fonts, monkeypatch):
    monkeypatch.setattr(environment, "MOST_COMPILED", 100)

    for number in range(20):
        page(f"<p>{number:040}</p>", fonts)

    assert len(compiled) == 20
    assert sum(len(source) for _, _, source in environment._compiled) <= 100


def test_a_refused_template_is_refused_every_time(compiled, fonts):
    for _ in range(2):
        with pytest.raises(RenderError, match="以下划线开头的名称"):
            page("{{ ''.__class__ }}", fonts)

    assert len(environment._compiled) == 0


def test_a_kept_template_is_paid_for_like_a_new_one(compiled, fonts):
    costly = "{% for a in many %}{% for b in many %}{% for c in many %}x{% endfor %}{% endfor %}{% endfor %}"
    many = list(range(300))

    for _ in range(2):
        with pytest.raises(RenderError, match="运算量过大"):
            page(costly, fonts, many=many)

    assert compiled == ["t.html"]
