"""What no page can show keeps a circular from being handed in, and is no fault of the system when it is issued."""

import pytest

from core.db import db
from core.errors import InvalidInput
from core.testing import login
from plugins.circulars import issuing, services
from plugins.circulars.compose import Texts
from plugins.circulars.models import CircularDraft
from plugins.circulars.texts import stored

ODD = "进展顺利😀，请继续保持。"


def test_the_editor_hears_of_it_on_saving_and_cannot_hand_it_in(client, desk, closed, quick, user_of):
    login(client, user_of(desk.editor))
    values = {"version": closed.version, "opening": ODD, "requirements": "要求。"}

    saved = client.submit(f"/circulars/{closed.id}/save", values, follow_redirects=True)
    answer = client.submit(f"/circulars/{closed.id}/submit", {"version": 2})

    assert "开头中，所有字体都没有“😀”（U+1F600，见“进展顺利😀，请继续保持。”）" in saved.text
    assert answer.status_code == 400 and "还不能送签" in answer.text and "系统出错" not in answer.text
    db.session.expire_all()
    assert db.session.get_one(CircularDraft, closed.id).state == "draft"


def test_names_and_tables_are_looked_at_too(desk, closed, monkeypatch):
    made = services.circular(services.current_run(closed), closed.kind)
    monkeypatch.setattr(type(made), "title", lambda _self, _replaces=None: "关于😀的通报")

    with pytest.raises(InvalidInput, match="排不出来，还不能送签.*“😀”（U\\+1F600"):
        services.submit(desk.editor, closed.id, closed.version)


def test_a_page_that_cannot_be_made_is_an_ordinary_refusal_for_the_issuer(client, desk, submitted, user_of):
    login(client, user_of(desk.issuer))
    submitted.texts = stored(Texts((ODD,), ()))
    db.session.commit()

    answer = client.submit(
        f"/circulars/{submitted.id}/issue", {"version": submitted.version}, follow_redirects=True
    )

    assert answer.status_code == 200 and "文书中有字体里没有的字，不能印发" in answer.text
    assert db.session.get_one(CircularDraft, submitted.id).state == "submitted"
    assert issuing.ready(desk.issuer, submitted.id, submitted.version)
