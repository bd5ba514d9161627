"""Pages of circulars: the way from draft to document, who sees what, links behind numbers."""

import pytest

from core.accounts.models import User
from core.db import db
from core.errors import InvalidInput
from core.scoring import runs
from core.testing import login
from plugins.circulars import queries, services
from plugins.circulars.compose import Texts
from plugins.circulars.models import CircularDraft


def page(client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.text
    return response.text


@pytest.fixture
def as_(client, user_of):
    """Sign an actor in."""
    return lambda actor: login(client, user_of(actor))


def test_an_editor_mends_and_hands_in(client, desk, closed, quick, as_):
    as_(desk.editor)
    text = page(client, f"/circulars/{closed.id}")
    assert "共报送政务信息3条" in text
    assert "联合报送只计一条" in text

    values = {"version": closed.version, "opening": "改过的开头。\n第二段。", "requirements": "要求。"}
    response = client.submit(f"/circulars/{closed.id}/save", values, follow_redirects=True)
    assert "草稿已保存" in response.text
    response = client.submit(f"/circulars/{closed.id}/submit", {"version": 2}, follow_redirects=True)
    assert "已送签发人签发" in response.text


def test_a_refused_text_is_not_lost(client, desk, closed, quick, as_):
    as_(desk.editor)
    response = client.submit(
        f"/circulars/{closed.id}/save", {"version": 99, "opening": "写了很久的<b>开头</b>𠮷"}
    )

    assert response.status_code == 422
    assert "已被别人修改" in response.text
    assert "写了很久的&lt;b&gt;开头&lt;/b&gt;𠮷" in response.text


def test_an_issuer_issues_and_everybody_reads(client, desk, submitted, quick, as_):
    as_(desk.issuer)
    assert "签发" in page(client, f"/circulars/{submitted.id}")
    response = client.submit(
        f"/circulars/{submitted.id}/issue", {"version": submitted.version}, follow_redirects=True
    )
    assert "示政办秘〔2026〕1号" in response.text

    for who in (desk.leader, desk.informant, desk.editor):
        as_(who)
        assert "示政办秘〔2026〕1号" in page(client, f"/circulars/{submitted.id}")
        assert "示政办秘〔2026〕1号" in page(client, "/circulars/")


def test_numbers_lead_to_entries_only_where_the_reader_may_look(client, desk, issued, as_):
    as_(desk.informant)
    text = page(client, f"/circulars/{issued.id}")

    assert f'href="/ranking/2026-02/{desk.units.jia.id}"' in text
    assert f"/ranking/2026-02/{desk.units.yi.id}" not in text
    assert "乙县" in text
    assert page(client, f"/ranking/2026-02/{desk.units.jia.id}")


def test_informants_do_not_draft(client, desk, closed, quick, as_):
    as_(desk.informant)

    page(client, f"/circulars/{closed.id}", 404)
    page(client, f"/circulars/{closed.id}/preview.pdf", 404)
    for step in ("save", "submit", "redraft", "issue", "send-back"):
        assert client.submit(f"/circulars/{closed.id}/{step}", {"version": 1}).status_code == 403
    assert client.submit("/circulars/draft", {"period": "2026-02"}).status_code == 403


def test_another_office_finds_nothing(client, desk, issued, make_office, make_user):
    login(client, make_user("editor", "issuer", office=make_office("qita")))

    page(client, f"/circulars/{issued.id}", 404)
    page(client, f"/documents/{issued.document_id}", 404)
    for step in ("save", "submit", "redraft", "issue", "send-back"):
        assert client.submit(f"/circulars/{issued.id}/{step}", {"version": 1}).status_code == 404


def test_the_home_page_tells_whose_turn_it_is(client, desk, closed, quick, as_):
    as_(desk.editor)
    assert "待印发通报" in page(client, "/")
    as_(desk.issuer)
    assert "待签发通报" in page(client, "/")


def test_a_period_without_draft_is_offered(client, desk, closed, quick, as_):
    db.session.delete(db.session.get_one(CircularDraft, closed.id))
    db.session.commit()
    as_(desk.editor)

    assert "已结账、待起草" in page(client, "/circulars/")
    response = client.submit(
        "/circulars/draft", {"period": "2026-02", "kind": "ranking"}, follow_redirects=True
    )
    assert "版式预览" in response.text


def test_previews_are_pictures_and_a_pdf(client, desk, closed, quick, as_):
    as_(desk.editor)

    assert client.get(f"/circulars/{closed.id}/preview.pdf").mimetype == "application/pdf"
    assert client.get(f"/circulars/{closed.id}/preview/1.png").mimetype == "image/png"
    assert client.get(f"/circulars/{closed.id}/preview/9.png").status_code == 404


def test_the_author_of_a_draft_is_not_offered_to_issue(client, desk, closed, quick, make_user, as_):
    both = make_user("editor", "issuer")
    login(client, both)
    client.submit(f"/circulars/{closed.id}/submit", {"version": closed.version})

    assert "确认签发" not in page(client, f"/circulars/{closed.id}")
    assert client.submit(f"/circulars/{closed.id}/issue").status_code == 403
    assert isinstance(both, User)


def test_a_circular_is_not_issued_unseen(client, desk, submitted, quick, as_):
    seen = submitted.version
    services.send_back(desk.issuer, submitted.id, "请核对")
    found = queries.of_period(desk.office_id, "ranking", "2026-02")
    found = services.save(desk.editor, found.id, found.version, Texts(("改过的开头。",), ()))
    services.submit(desk.editor, found.id, found.version)
    as_(desk.issuer)

    for form in ({"version": seen}, {}, {"version": "x"}):
        text = client.submit(f"/circulars/{found.id}/issue", form, follow_redirects=True).text
        assert "您打开之后，这份通报已被改动" in text and "待签发" in text
    assert quick == []


@pytest.mark.postgres
def test_a_corrected_circular_goes_through_the_pages(client, desk, reclosed, quick, as_):
    as_(desk.editor)
    assert "重新结账后结果有变化" in page(client, "/circulars/")
    assert "起草更正通报" in page(client, f"/circulars/{reclosed.id}")
    form = {"period": "2026-02", "kind": "ranking"}
    draft = client.submit("/circulars/draft", form, follow_redirects=True)
    assert "这是更正通报" in draft.text and "示政办秘〔2026〕1号" in draft.text
    found = queries.unissued(desk.office_id, "ranking", "2026-02")
    assert "更正通报正在办理" in page(client, f"/circulars/{reclosed.id}")
    client.submit(f"/circulars/{found.id}/submit", {"version": found.version})

    as_(desk.issuer)
    assert "更正通报正在办理" in page(client, f"/circulars/{reclosed.id}")
    version = queries.unissued(desk.office_id, "ranking", "2026-02").version
    client.submit(f"/circulars/{found.id}/issue", {"version": version})

    for who in (desk.informant, desk.leader, desk.editor):
        as_(who)
        text = page(client, f"/circulars/{found.id}")
        assert "示政办秘〔2026〕2号" in text and "更正 示政办秘〔2026〕1号（2026年3月18日）" in text
        old = page(client, f"/circulars/{reclosed.id}")
        assert "这份通报已由示政办秘〔2026〕2号更正" in old and f'href="/circulars/{found.id}"' in old
        assert client.get(f"/documents/{reclosed.document_id}.pdf").status_code == 200
        assert "已更正" in page(client, "/circulars/")
    assert "起草更正" not in page(client, f"/circulars/{reclosed.id}")


def test_a_correction_nobody_wants_is_given_up(client, desk, reclosed, quick, as_):
    found = services.draft(desk.editor, desk.office_id, "2026-02")
    as_(desk.editor)
    assert f'action="/circulars/{found.id}/discard"' in page(client, f"/circulars/{found.id}")

    text = client.submit(f"/circulars/{found.id}/discard", {"version": 1}, follow_redirects=True).text

    assert "原通报继续有效" in text and "起草更正" in text


def test_readers_are_not_offered_to_correct(client, desk, reclosed, as_):
    services.draft(desk.editor, desk.office_id, "2026-02")
    as_(desk.informant)
    text = page(client, f"/circulars/{reclosed.id}")

    assert "重新结过账" in text or "重新结账" in text
    assert "起草更正" not in text and "正在办理" not in text


def test_the_home_page_survives_a_new_calendar(client, desk, closed, quick, as_, monkeypatch):
    def gone(office_id, key):
        raise InvalidInput(f"没有考核周期“{key}”")

    monkeypatch.setattr(runs, "period", gone)
    db.session.delete(closed)
    db.session.commit()
    as_(desk.editor)

    assert "待印发通报" in page(client, "/")
    assert client.submit("/circulars/draft", {"period": "2026-02", "kind": "ranking"}).status_code == 302
