"""The list of issued documents can be narrowed down, and never tells of what the reader may not open."""

from datetime import date

import pytest

from core.testing import login


@pytest.fixture
def documents(make_document):
    """Two circulars, a letter, and what only the desk may read."""
    make_document(title="关于一月情况的通报", dated=date(2026, 2, 3))
    make_document(title="关于二月情况的通报", dated=date(2026, 3, 3))
    make_document(
        title="致甲县的函",
        kind="letter",
        kind_title="函件",
        number="示政办函〔2026〕7号",
        dated=date(2026, 3, 9),
    )
    make_document(title="内部名单", kind="list", kind_title="名单", read_permission="submission.edit")


def titles(client, **asked):
    page = client.get("/documents/", query_string=asked)
    assert page.status_code == 200
    known = ("关于一月情况的通报", "关于二月情况的通报", "致甲县的函", "内部名单")
    return [title for title in known if f">{title}</a>" in page.text]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"text": "二月"}, ["关于二月情况的通报"]),
        ({"text": "函〔2026〕7"}, ["致甲县的函"]),
        ({"text": "%"}, []),
        ({"kind": "notice"}, ["关于一月情况的通报", "关于二月情况的通报"]),
        ({"kind": "notice", "since": "2026-03-01", "until": "2026-03-05"}, ["关于二月情况的通报"]),
        ({"kind": "no such kind"}, []),
        ({"since": "2026-13-99"}, ["关于一月情况的通报", "关于二月情况的通报", "致甲县的函"]),
    ],
)
def test_the_list_is_narrowed_down(client, make_user, documents, asked, found):
    login(client, make_user("leader"))

    assert titles(client, **asked) == found


def test_kinds_one_may_not_read_are_not_offered(client, make_user, documents):
    login(client, make_user("leader"))
    theirs = client.get("/documents/").text
    login(client, make_user("editor"))
    ours = client.get("/documents/?text=没有这样的").text

    assert '<option value="letter">函件</option>' in theirs and "名单</option>" not in theirs
    assert '<option value="list">名单</option>' in ours and "没有符合条件的公文" in ours


def test_an_empty_list_offers_nothing_to_narrow_down(client, make_user):
    login(client, make_user("leader"))

    assert "还没有印发的公文" in (page := client.get("/documents/").text) and "filter-kind" not in page


def test_a_document_names_its_pack_as_people_call_it(client, make_user, make_document, make_pack, office):
    pack = make_pack(office)
    document = make_document(pack_ref=pack.ref)
    login(client, make_user("leader"))

    page = client.get(f"/documents/{document.id}").text

    assert f"{pack.title}（第 {pack.version} 版）" in page and pack.ref not in page
