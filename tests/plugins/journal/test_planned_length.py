"""An issue longer than planned is remarked upon wherever it is checked and signed, and nobody is kept from signing it."""

from datetime import date

import pytest

from core.accounts.models import User
from core.db import db
from core.packs import services as packs
from core.testing import BLANK_PDF, login
from plugins.journal import publishing, sheets
from tests.plugins.journal.conftest import JOURNALS

PLANNED = "    copies: 120\n    budget: {words: 5, pages: 2}\n"
WORDS, PAGES = "全期计划 5 字，现有", "全期计划 2 页，现有 3 页"


@pytest.fixture
def planned(pack, pack_folder, office, monkeypatch):
    found, _ = packs.install(None, pack_folder(JOURNALS.replace("    copies: 120\n", PLANNED), "1.1.0"))
    packs.activate(None, office.id, found.id, date(2024, 1, 2))
    monkeypatch.setattr(publishing, "proof_pdf", lambda html: BLANK_PDF)
    monkeypatch.setattr(sheets, "page_looks", lambda pdf: ["a", "b", "c"])
    monkeypatch.setattr(sheets, "headlines", lambda pdf: [])


def test_who_signs_sees_that_it_is_longer_than_planned(planned, client, awaiting, issuer, quick_pages):
    issue = awaiting()
    login(client, db.session.get_one(User, issuer.id))

    page = client.get(f"/journals/{issue.id}").text
    part = client.get(f"/journals/{issue.id}/remarks?fragment=1").text
    proof = client.get(f"/journals/{issue.id}/proof").text

    assert WORDS in page and f'data-load="/journals/{issue.id}/remarks?fragment=1"' in page
    there = f'<a href="/journals/{issue.id}/proof">校样上的提醒</a>'
    assert there in page and there not in part, "without script the way to them stays"
    for text in (part, proof):
        assert WORDS in text and PAGES in text
    client.submit(f"/journals/{issue.id}/publish", {"version": issue.version})
    assert (
        issue.state == "published"
        and client.get(f"/journals/{issue.id}/remarks?fragment=1").status_code == 302
    )


def test_pages_are_not_laid_out_where_no_number_of_them_is_planned(client, awaiting, issuer):
    issue = awaiting()
    login(client, db.session.get_one(User, issuer.id))

    page = client.get(f"/journals/{issue.id}").text
    assert "/remarks" not in page and "校样上的提醒" not in page
