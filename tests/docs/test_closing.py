"""The last two paragraphs before a signature are marked, whoever wrote them, at a cost that does not grow with the rest."""

import pytest

from core.documents.templating.closing import marked
from tests.docs import samples

END = '<div class="signature"></div>'


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (f"<p>一</p>\n<p>二</p>\n<p>三</p>\n{END}",
         f'<p>一</p>\n<p class="before-closing">二</p>\n<p class="closing">三</p>\n{END}'),
        (f'<h2>一</h2><p class="flush">二</p>{END}', f'<h2>一</h2><p class="flush closing">二</p>{END}'),
        (f"<p>一</p><table></table>{END}", f"<p>一</p><table></table>{END}"),
        (f"<pre>一</pre>{END}", f"<pre>一</pre>{END}"),
        (f'<p>一</p><div class="blank keep-with"></div>{END}',
         f'<p class="closing">一</p><div class="blank keep-with"></div>{END}'),
        ("<p>一</p>", "<p>一</p>"),
    ],
)  # fmt: skip
def test_paragraphs_before_the_end_of_the_text_are_marked(html, said):
    assert marked(html) == said


def test_a_paragraph_written_in_the_template_is_marked_too(make_html):
    template = '{% extends "print/circular.html" %}{% block content %}<p>特此通报。</p>{% endblock %}'

    html = make_html("t.html", samples.short_circular(), {"t.html": template})

    assert '<p class="closing">特此通报。</p>' in html


def test_the_style_of_a_long_document_does_not_look_at_all_paragraphs_for_each(make_html):
    html = make_html("print/circular.html", samples.circular(3))

    assert ":has(" not in html


def test_marking_looks_at_the_end_of_a_long_page_only():
    """At a cost that grew with the square of its length this page would take hours."""
    html = "<p>一</p>" * 100_000

    assert marked(html + END) == html.removesuffix("<p>一</p>" * 2) + (
        f'<p class="before-closing">一</p><p class="closing">一</p>{END}'
    )
