"""The mark of a proof and the way days are written come from the print bases, once, also for packs that bring their own."""

from datetime import date

import pytest

from tests.docs import forms, samples
from tests.docs.test_pack_documents import HOMES, made, sample

# What packs carried themselves before the bases did.
OWN = """{%% extends "print/%s.html" %%}
{%% block style %%}
{%% if proof %%}
@page { @top-center { content: "校　样（未签发，文号以签发时为准）"; font-size: 12pt; color: #767676; vertical-align: middle } }
{%% endif %%}
{%% endblock %%}
{%% block signature %%}
{%% set day = date | date_hanzi if date_style == "chinese" else date | date_cn %%}
{{ parts.signature(office, day, seal) }}
{%% endblock %%}
"""
FORMS = {
    "circular": samples.short_circular,
    "letter": samples.short_circular,
    "briefing": lambda: samples.briefing(4, 1),
    "minutes": forms.minutes,
    "order": forms.order,
}


def marks(pages):
    """How often the mark stands on each page."""
    return ["".join(page.extract_text().split()).count("校样") for page in pages]


@pytest.mark.parametrize("home", HOMES, ids=lambda home: f"{home.parts[-3]} {home.name}")
def test_a_proof_of_a_bundled_pack_is_marked_once_on_every_page(make_pdf, open_pdf, home):
    proof = open_pdf(made(make_pdf, home, {**sample(home), "proof": True}))
    issued = open_pdf(made(make_pdf, home, {**sample(home), "proof": False}))

    assert set(marks(proof)) == {1}
    assert set(marks(issued)) == {0}


@pytest.mark.parametrize("base", ["circular", "letter"])
@pytest.mark.parametrize("style", ["arabic", "chinese"])
def test_a_pack_with_blocks_of_its_own_prints_the_same(make_pdf, base, style):
    values = {**samples.short_circular(), "proof": True, "date_style": style, "seal": False}

    own = make_pdf("template.html", values, {"template.html": OWN % base})

    assert own == make_pdf("template.html", values, {"template.html": f'{{% extends "print/{base}.html" %}}'})


def test_the_words_of_the_mark_are_the_packs_when_it_has_some(make_html):
    own = '{% extends "print/circular.html" %}{% block proof_mark %}送审稿{% endblock %}'

    html = make_html("template.html", {**samples.short_circular(), "proof": True}, {"template.html": own})

    assert 'content: "送审稿"' in html and "未签发" not in html


@pytest.mark.parametrize("base", FORMS)
def test_days_are_written_in_either_way(make_html, base):
    values = {**FORMS[base](), "date": date(2024, 6, 5)}
    values.pop("printed_on", None)
    values.pop("printed_by", None)

    plain = make_html(f"print/{base}.html", values)
    chinese = make_html(f"print/{base}.html", {**values, "date_style": "chinese"})

    assert "2024年6月5日" in plain and "二〇二四年六月五日" not in plain
    assert "二〇二四年六月五日" in chinese and "2024年6月5日" not in chinese
