"""Whoever signs while too many pages are being made waits on a page that sends the same form again."""

import re

import pytest

from core.accounts.models import User
from core.db import db
from core.documents import turns
from core.testing import login
from plugins.journal.models import JournalIssue


@pytest.fixture
def crowd(app):
    """As many others as may have a turn at once."""
    places = turns._places[str(db.engine.url)]
    for _ in range(turns.MOST_AT_ONCE):
        assert places.acquire(blocking=False)

    def gone():
        for _ in range(turns.MOST_AT_ONCE):
            places.release()

    return gone


def test_the_page_waits_with_what_was_typed_and_the_same_form_succeeds(
    client, issuer, awaiting, quick_pages, crowd, watch
):
    issue = awaiting()
    login(client, db.session.get_one(User, issuer.id))
    url, form = f"/journals/{issue.id}/publish", {"version": issue.version, "remark": "同意\n印发"}

    refused = client.submit(url, form, headers={"Referer": f"http://localhost/journals/{issue.id}"})

    assert refused.status_code == 409 and "前面还有几期正在签发，本次没有签发" in refused.text
    assert 'data-again="120"' in refused.text and f'href="/journals/{issue.id}">返回' in refused.text
    assert f'<form method="post" action="{url}"' in refused.text
    carried = dict(re.findall(r'<input type="hidden" name="(waiting_\w+)" value="([^"]*)"', refused.text))
    again = dict(re.findall(r'<textarea name="(\w+)" hidden[^>]*>\n([^<]*)</textarea>', refused.text))
    assert again == {"version": str(form["version"]), "remark": form["remark"]}

    watch.move(seconds=90)
    assert 'data-again="30"' in client.submit(url, {**again, **carried}).text
    watch.move(seconds=31)
    over = client.submit(url, {**again, **carried}).text
    assert 'data-again="0"' in over and "不再自动再办" in over and "停止等候" not in over
    assert 'data-again="120"' in client.submit(url, {**again, **carried, "waiting_since": "9" * 11}).text
    assert db.session.get_one(JournalIssue, issue.id).state == "awaiting"

    crowd()
    done = client.submit(url, {**again, **carried}, follow_redirects=True)
    assert "已签发" in done.text and db.session.get_one(JournalIssue, issue.id).state == "published"


def test_what_changed_meanwhile_is_not_signed_unseen(client, issuer, awaiting, quick_pages, crowd):
    issue = awaiting()
    login(client, db.session.get_one(User, issuer.id))
    form = {"version": issue.version}
    assert client.submit(f"/journals/{issue.id}/publish", form).status_code == 409
    crowd()
    issue.version += 1
    db.session.commit()

    answer = client.submit(f"/journals/{issue.id}/publish", form, follow_redirects=True)

    assert answer.status_code == 200 and db.session.get_one(JournalIssue, issue.id).state == "awaiting"
