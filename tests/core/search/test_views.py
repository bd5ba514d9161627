"""The search page and the box at the top of every page."""

import pytest

from core.testing import login
from tests.shape.page_rules import faults_of

WORD = "稻谷收储"


@pytest.fixture
def editor(make_user, client):
    user = make_user("editor")
    login(client, user)
    return user


def page(client, **args):
    return client.get("/search", query_string=args)


def test_every_page_has_the_box_for_who_has_something_to_find(editor, client):
    html = client.get("/").text

    assert '<form class="search-box no-print" action="/search"' in html


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_have_neither_box_nor_page(make_user, client, role):
    login(client, make_user(role))

    assert "search-box" not in client.get("/").text
    assert page(client, q="稻谷").status_code == 403


def test_nobody_is_shown_the_box_before_signing_in(app, client):
    assert "search-box" not in client.get("/login").text


def test_a_result_shows_title_snippet_unit_state_and_day(editor, client, make_submission, watch):
    item = make_submission("received", title=f"甲县{WORD}见成效", body=f"今年以来，{WORD}进度加快。")

    response = page(client, q="稻谷收储")
    html = response.text

    assert f'<a href="/submissions/{item.id}">甲县<mark>{WORD}</mark>见成效</a>' in html
    assert f"今年以来，<mark>{WORD}</mark>进度加快。" in html
    for word in ("甲县", "工作动态", "已报送", "2026年3月18日", "共 1 条"):
        assert word in html
    assert not list(faults_of(response))


def test_markup_in_texts_and_query_stays_text(editor, client, make_submission):
    make_submission("received", title="<b>稻谷</b><script>alert(1)</script>", body="<img src=x> & 稻谷")

    html = page(client, q='稻谷 <script>alert(1)</script>"><b>').text

    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert "<b>" not in html
    assert "&lt;" in html


def test_filters_and_tabs_keep_what_was_typed(editor, client, make_submission):
    make_submission("received", title=WORD)

    html = page(client, q="稻谷", kind="submission", state="received", sort="newest", since="2020-01-01").text

    assert 'name="q" value="稻谷"' in html
    assert 'name="kind" value="submission"' in html
    assert '<option value="received" selected>' in html
    assert '<option value="newest" selected>' in html
    assert "清除条件" in html


def test_pages_are_linked_with_everything_asked_for(editor, client, make_submission):
    for n in range(21):
        make_submission("received", title=f"{WORD}{n}")

    html = page(client, q="稻谷", genre="work_news", kind="submission").text

    assert "共 21 条" in html
    assert "genre=work_news" in html.split('rel="next"')[1][:200]


def test_nothing_typed_explains_how_to_search(editor, client):
    response = page(client)

    assert response.status_code == 200
    assert "几个词用空格隔开" in response.text


def test_nothing_found_says_what_to_do(editor, client):
    assert "没有找到" in page(client, q="没有这样的词").text


def test_a_year_narrows_to_its_days_and_stays_in_the_address(editor, client, make_submission, watch):
    make_submission("received", title=WORD)

    this, last = page(client, q="稻谷", year="2026").text, page(client, q="稻谷", year="2025").text

    assert "共 1 条" in this
    assert '<option value="2026" selected>2026年</option>' in this
    assert 'href="/search?q=%E7%A8%BB%E8%B0%B7&amp;year=2026&amp;kind=submission"' in this
    assert "没有找到" in last
    assert '<option value="2025" selected>2025年</option>' in last


def test_a_year_and_days_mean_the_days_of_that_year(editor, client, make_submission, watch):
    make_submission("received", title=WORD)

    html = page(client, q="稻谷", year="2026", since="2026-03-19").text

    assert "没有找到" in html
    assert 'name="since" value="2026-03-19"' in html


def test_other_kinds_are_counted_without_the_filters_of_this_one(editor, client, make_submission):
    make_submission("received", title=WORD)

    html = page(client, q="稻谷", kind="submission", state="editing").text

    assert "在全部种类中查" not in html
    assert 'href="/search?q=%E7%A8%BB%E8%B0%B7&amp;kind=submission">去掉全部筛选条件</a>' in html


def test_when_no_text_has_all_words_each_can_be_looked_for_alone(editor, client, make_submission):
    make_submission("received", title=WORD)

    html = page(client, q="稻谷 查无此词").text

    assert '<a href="/search?q=%E7%A8%BB%E8%B0%B7">只查“稻谷”</a>' in html


def test_a_long_word_that_stands_nowhere_can_be_taken_apart(editor, client, make_submission):
    make_submission("received", title="稻谷进度和收储进度")

    html = page(client, q="稻谷收储").text

    assert ">拆开查“稻谷 收储”</a>" in html
    assert "共 1 条" in page(client, q="稻谷 收储").text


def test_what_cannot_be_looked_for_is_explained_and_kept(editor, client):
    response = page(client, q="-林业")

    assert response.status_code == 422
    assert "只有要排除的词" in response.text
    assert 'value="-林业"' in response.text


@pytest.mark.parametrize(
    "args",
    [
        {"q": "稻谷", "kind": "nonsense", "genre": "x", "state": "'", "unit": "abc", "since": "yesterday", "page": "-5"},
        {"q": "稻谷", "unit": "99999999999999999999", "page": "99999999999999999999", "sort": "<b>"},
        {"q": "稻谷", "kind": "submission", "state": "x' OR 1=1", "unit": "-1"},
        {"q": "\x00\ud7ff稻谷"},
        {"q": "稻" * 100_000},
    ],
)  # fmt: skip
def test_nonsense_in_the_address_breaks_nothing(editor, client, args):
    response = page(client, **args)

    assert response.status_code in (200, 422)
    assert not list(faults_of(response))


def test_another_units_draft_is_neither_shown_nor_counted(make_user, client, make_submission, make_unit):
    make_submission(title=WORD)
    login(client, make_user("informant", unit=make_unit("乙县人民政府")))

    html = page(client, q="稻谷").text

    assert WORD not in html
    assert "没有找到" in html


def test_the_years_reach_back_to_the_office_s_own_oldest_text(
    editor, client, make_submission, make_office, make_unit, watch
):
    at = watch.instant
    watch.set(at.replace(year=2019))
    make_submission("received", title="别处的稻谷", unit=make_unit(office=make_office()))
    watch.set(at.replace(year=2024))
    make_submission("received", title="本机构的稻谷")
    watch.set(at)

    html = page(client, q="稻谷").text

    assert 'value="2024"' in html and 'value="2026"' in html
    assert 'value="2019"' not in html and 'value="2023"' not in html
