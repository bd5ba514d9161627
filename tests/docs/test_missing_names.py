"""In a trial print a name that the data does not give stands in red, whichever of a form's names it is."""

import pytest

from tests.docs import forms, samples

FORMS = {
    "circular": samples.circular(seal=True),
    "letter": samples.circular(seal=False),
    "minutes": forms.minutes(),
    "order": forms.order(),
    "briefing": samples.briefing(),
}
# What every form cannot do without.
NEEDED = {
    "circular": ["title", "mark", "office", "date", "printed_on"],
    "letter": ["title", "mark", "office", "date"],
    "minutes": ["title", "mark", "office", "date", "printed_on"],
    "order": ["mark", "number", "date", "signers"],
    "briefing": ["title", "masthead", "office", "date", "columns", "distribution"],
}


@pytest.mark.parametrize(("form", "name"), [(form, name) for form, names in NEEDED.items() for name in names])
def test_a_name_that_is_not_given_is_noted_and_the_page_is_made(make_html, form, name):
    values = {key: value for key, value in FORMS[form].items() if key != name}
    noted = {}

    html = make_html(f"print/{form}.html", values, missing=noted)

    assert list(noted) == [name]
    assert f"〔{name}〕" in html or name in ("columns", "distribution", "signers")


@pytest.mark.parametrize("form", FORMS)
def test_a_form_without_any_data_is_shown_too(make_html, form):
    noted = {}

    make_html(f"print/{form}.html", {}, missing=noted)

    assert set(noted) >= set(NEEDED[form]) - {"printed_on"}
