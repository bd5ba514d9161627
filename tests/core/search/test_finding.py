"""Searching: what is found equals reading everything, in order, by page, filtered, and never what one may not see."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from core import clock
from core.db import db, transaction
from core.errors import InvalidInput
from core.search import finding, folding, put
from core.search.engines import engine
from core.search.finding import Wanted
from core.search.folding import fold
from core.search.models import SearchEntry, SearchText
from core.search.query import parse
from core.search.sources import Entry
from core.submissions import services
from core.submissions.models import Submission
from core.submissions.services import Draft
from core.submissions.text import from_plain, plain

pytestmark = pytest.mark.postgres
WORD = "稻谷收储"
BODY = f"我县做好{WORD}工作，开仓收购。"


def titles(actor, text, **wanted):
    """The titles found, in order."""
    found = finding.search(actor, Wanted(text, **wanted))
    return ["".join(piece for piece, _ in hit.title) for hit in found.page.rows]


def counts(actor, text, **wanted):
    """Tab → count."""
    return {tab.kind: tab.count for tab in finding.search(actor, Wanted(text, **wanted)).tabs}


@pytest.fixture
def editor(staff, unit):
    return staff("editor", unit)


@pytest.fixture
def writer(staff, unit):
    return staff("informant", unit)


# ---- what is found --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [WORD, "稻谷", "稻", "稻谷 开仓", "“储工作，开”", "收储 -小麦", "ＧＢ", "gb97"]
)
def test_words_of_title_and_body_are_found(editor, make_submission, text):
    make_submission("received", title="GB9704培训", body=BODY)
    make_submission("received", title="小麦收储", body="没有别的。")

    assert titles(editor, text) == ["GB9704培训"]


def test_words_may_stand_in_title_and_body_apart(editor, make_submission):
    make_submission("received", title="秋粮", body="开仓收购。")

    assert titles(editor, "秋粮 开仓") == ["秋粮"]
    assert titles(editor, "秋粮开仓") == []


def test_titles_stand_before_bodies_and_the_newest_first(editor, make_submission, watch):
    for title, body in (
        ("旧题稻谷", "甲。"),
        ("新文", "稻谷乙。"),
        ("新题稻谷", "丙。"),
        ("更新文", "稻谷丁。"),
    ):
        make_submission("received", title=title, body=body)
        watch.move(days=1)

    assert titles(editor, "稻谷") == ["新题稻谷", "旧题稻谷", "更新文", "新文"]
    assert titles(editor, "稻谷", sort="newest") == ["更新文", "新题稻谷", "新文", "旧题稻谷"]


def test_a_changed_text_is_found_by_its_new_words_only(editor, make_submission):
    item = make_submission("received", title="稻谷收储", body="甲。")

    services.revise(editor, item.id, item.version, "小麦收储", from_plain("乙。"))

    assert titles(editor, "小麦") == ["小麦收储"]
    assert titles(editor, "稻谷") == []


def test_a_saved_draft_is_found_at_once_and_a_deleted_one_no_more(writer, make_submission):
    item = make_submission(title="稻谷", body="甲。")
    services.save(writer, item.id, item.version, Draft(item.unit_id, "brief", "小麦", from_plain("乙。")))
    found = titles(writer, "小麦"), titles(writer, "稻谷")

    services.discard(writer, item.id)

    assert found == (["小麦"], [])
    assert titles(writer, "小麦") == []
    assert db.session.query(SearchEntry).count() == db.session.query(SearchText).count() == 0


def test_a_move_changes_the_state_a_filter_sees_and_nothing_else(editor, make_submission):
    item = make_submission("received", title="稻谷", body="甲。")
    before = db.session.query(SearchEntry.id).scalar()

    services.move(editor, item.id, "take")

    assert db.session.query(SearchEntry.id, SearchEntry.state).one() == (before, "editing")
    assert titles(editor, "稻谷", kind="submission", state="editing") == ["稻谷"]
    assert titles(editor, "稻谷", kind="submission", state="received") == []


def test_filters_narrow_by_unit_genre_and_days(editor, make_submission, make_unit, watch):
    other = make_unit("乙县人民政府")
    make_submission("received", title="甲的稻谷")
    watch.move(days=10)
    make_submission("received", unit=other, title="乙的稻谷", genre="problem")
    day = clock.today()

    assert titles(editor, "稻谷", unit_id=other.id) == ["乙的稻谷"]
    assert titles(editor, "稻谷", genre="work_news") == ["甲的稻谷"]
    assert titles(editor, "稻谷", since=day) == ["乙的稻谷"]
    assert titles(editor, "稻谷", until=day - timedelta(days=1)) == ["甲的稻谷"]
    assert titles(editor, "稻谷", since=day - timedelta(days=10), until=day) == ["乙的稻谷", "甲的稻谷"]


def test_pages_follow_each_other_without_gap_or_repeat(editor, make_submission):
    for n in range(45):
        make_submission("received", title=f"稻谷{n:03}", body="甲。")

    pages = [titles(editor, "稻谷", page=n) for n in (1, 2, 3)]

    assert [len(page) for page in pages] == [20, 20, 5]
    assert sorted(title for page in pages for title in page) == [f"稻谷{n:03}" for n in range(45)]
    assert titles(editor, "稻谷", page=99) == pages[2]


def test_counting_stops_and_says_so(editor, make_submission, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 25)
    monkeypatch.setattr(finding, "PROBE", 30)
    for n in range(28):
        make_submission("received", title=f"稻谷{n}", body="甲。")

    found = finding.search(editor, Wanted("稻谷", page=9))

    assert [(tab.count, tab.more) for tab in found.tabs] == [(25, True)]
    assert (found.page.number, len(found.page.rows), found.page.has_next) == (2, 5, False)
    assert not found.page.total_is_exact


def test_the_rest_is_looked_at_when_few_of_the_newest_may_be_seen(editor, make_submission, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 3)
    monkeypatch.setattr(finding, "PROBE", 4)
    for n in range(3):
        make_submission("received", title=f"稻谷{n}", body="甲。")
    for n in range(6):
        make_submission(title=f"未报送的稻谷{n}", body="甲。")

    assert titles(editor, "稻谷") == ["稻谷2", "稻谷1", "稻谷0"]


@pytest.mark.parametrize("recent", [4, 9, 99])
def test_what_many_have_is_looked_for_among_the_newest_and_further_back_when_need_be(
    editor, make_submission, watch, monkeypatch, recent
):
    for name, number in {"MOST": 3, "PROBE": 6, "COMMON": 0, "RECENT": recent}.items():
        monkeypatch.setattr(finding, name, number)
    for n in range(12):
        make_submission("received" if n % 2 else "draft", title=f"稻谷{n}", body="甲。")
        watch.move(days=1)

    assert titles(editor, "稻谷") == ["稻谷11", "稻谷9", "稻谷7"]
    assert titles(editor, "稻谷", until=clock.today() - timedelta(days=7)) == [
        "稻谷5",
        "稻谷3",
        "稻谷1",
    ]


def test_a_filter_reaches_behind_the_newest_it_leaves_out(editor, make_submission, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 3)
    monkeypatch.setattr(finding, "PROBE", 4)
    for n in range(2):
        make_submission("editing", title=f"稻谷{n}", body="甲。")
    for n in range(6):
        make_submission("received", title=f"新到的稻谷{n}", body="甲。")

    assert titles(editor, "稻谷", state="editing") == ["稻谷1", "稻谷0"]


def test_words_that_share_a_hint_are_told_apart(editor, make_submission, monkeypatch):
    monkeypatch.setattr(folding, "hint", lambda piece: "q00000")
    make_submission("received", title="其一", body="抓好春耕备，耕备耕工作。")
    make_submission("received", title="其二", body="抓好春耕备耕工作。")

    assert titles(editor, "春耕备耕") == ["其二"]


# ---- equal to reading everything ------------------------------------------------------------------------------------

ALPHABET = "春耕备补贴，。 ａA1-“”\n"
TEXTS = st.lists(
    st.tuples(st.text(ALPHABET, max_size=12), st.text(ALPHABET, max_size=30)), min_size=1, max_size=6
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.text(ALPHABET, max_size=10))
def test_what_is_found_equals_reading_every_text(app, office, text_source, texts, typed):
    try:
        query = parse(typed)
    except InvalidInput:
        return
    with transaction():
        for table in (SearchText, SearchEntry):
            db.session.execute(delete(table), execution_options={"synchronize_session": False})
        finding.engine().clear()
        for n, (title, body) in enumerate(texts, 1):
            put(Entry("submission", n, office.id, title, body, clock.today()))

    found = set(text_source(query)) if query else set()

    assert found == {n for n, (title, body) in enumerate(texts, 1) if query and holds(query, title, body)}


def holds(query, title, body):
    """The plain meaning: every word in the folded title or text, no excluded word in either."""
    title, body = fold(title), fold(body)
    return all(word in title or word in body for word in query.words) and not any(
        word in title or word in body for word in query.excluded
    )


@pytest.fixture
def text_source():
    """Ids by the index alone, without the things themselves."""

    def ids(query):
        words = finding._exactly(query, False)
        tokens = finding.Tokens(
            finding.tokens_needed(query.words),
            (),
            [finding.token(w) for w in query.excluded if finding.is_exact(w)],
        )
        found, entry_id, _ = finding.engine().candidates(tokens, 100)
        rows = found.join(SearchEntry, SearchEntry.id == entry_id)
        rows = rows.join(SearchText, SearchText.entry_id == SearchEntry.id)
        return db.session.scalars(select(SearchEntry.thing_id).select_from(rows).where(*words)).all()

    return ids


# ---- who may see what -----------------------------------------------------------------------------------------------


def test_a_unit_finds_its_own_drafts_and_editors_do_not(writer, editor, make_submission):
    make_submission(title="稻谷草稿", body="甲。")

    assert titles(writer, "稻谷") == ["稻谷草稿"]
    assert (titles(editor, "稻谷"), counts(editor, "稻谷")) == ([], {"submission": 0})


@pytest.mark.parametrize("state", ["draft", "awaiting", "returned", "withdrawn", "received", "adopted"])
def test_another_unit_finds_nothing_in_any_state(staff, make_unit, make_submission, state):
    make_submission(state, title="稻谷", body="甲。")
    stranger = staff("informant", make_unit("乙县人民政府"))

    assert (titles(stranger, "稻谷"), sum(counts(stranger, "稻谷").values())) == ([], 0)


def test_a_joint_unit_finds_the_item_once_it_is_sent(staff, make_unit, make_submission, unit):
    other = make_unit("乙县人民政府")
    joint = staff("informant", other)
    item = make_submission("awaiting", title="稻谷", joint=[other])
    before = titles(joint, "稻谷")

    services.sign(staff("signing_leader", unit), item.id, item.version)

    assert (before, titles(joint, "稻谷")) == ([], ["稻谷"])


def test_what_editors_write_is_not_found_by_the_unit_before_it_is_published(editor, writer, make_submission):
    item = make_submission("received", title="原题稻谷", body="单位写的稻谷。")
    services.revise(editor, item.id, item.version, "编辑的小麦", from_plain("编辑写的小麦，与稻谷无关。"))
    during = [
        (titles(actor, word), counts(actor, word)) for actor in (writer, editor) for word in ("小麦", "稻谷")
    ]

    for name in ("select", "adopt"):
        with transaction():
            services.compile_move(editor, item, name)

    assert during == [
        ([], {"": 0, "submission": 0, "own": 0}),
        (["原题稻谷"], {"": 1, "submission": 0, "own": 1}),
        (["编辑的小麦"], {"submission": 1}),
        (["编辑的小麦"], {"submission": 1}),
    ]
    assert titles(writer, "小麦") == ["编辑的小麦"]
    assert counts(writer, "稻谷") == {"": 1, "submission": 1, "own": 0}


def test_another_office_finds_nothing(staff, make_office, make_unit, make_submission):
    make_submission("received", title="稻谷", body="甲。")
    elsewhere = make_unit("丙县人民政府", office=make_office("other", "别市人民政府办公室"))
    stranger = staff("editor", elsewhere)

    assert (titles(stranger, "稻谷"), sum(counts(stranger, "稻谷").values())) == ([], 0)


def test_the_unit_filter_opens_nothing(staff, make_unit, make_submission, unit):
    make_submission(title="稻谷", body="甲。")
    stranger = staff("informant", make_unit("乙县人民政府"))

    assert titles(stranger, "稻谷", unit_id=unit.id) == []


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_are_offered_nothing(staff, unit, make_submission, role):
    make_submission("received", title="稻谷", body="甲。")

    found = finding.search(staff(role, unit), Wanted("稻谷"))

    assert (found.page.rows, sum(tab.count for tab in found.tabs)) == ([], 0)


# ---- the database's own language ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ['" OR *', "稻谷 OR 小麦", "NEAR(稻谷 小麦)", "title:稻谷", "{title} : 稻谷", "^稻谷", "稻谷*", "稻谷 AND NOT 小麦",
     "稻谷' | '小麦", "稻谷 & !小麦", "稻谷:*", "'; DROP TABLE search_entry; --", "%稻谷_", "\\", "稻谷\x00"],
)  # fmt: skip
def test_nothing_typed_is_read_by_the_database_as_its_language(editor, make_submission, text):
    make_submission("received", title="稻谷收储", body="甲。")
    make_submission("received", title="小麦收储", body="乙。")

    try:
        found = titles(editor, text)
    except InvalidInput:
        return

    words = parse(text).words
    assert found == [t for t in ("小麦收储", "稻谷收储") if all(word in t for word in words)]


def test_a_hundred_thousand_characters_are_refused_at_once(editor):
    with pytest.raises(InvalidInput):
        finding.search(editor, Wanted("稻" * 100_000))


def test_the_longest_query_that_is_allowed_is_answered(editor, make_submission):
    text = "".join(chr(0x4E00 + n) for n in range(200))
    make_submission("received", title="长", body=text)

    assert titles(editor, text) == ["长"]


def test_a_rare_character_is_found(editor, make_submission):
    make_submission("received", title="𠮷堃镇", body="䶮。")

    assert titles(editor, "𠮷") == titles(editor, "𠮷堃") == titles(editor, "䶮") == ["𠮷堃镇"]


# ---- all or nothing -------------------------------------------------------------------------------------------------


def test_a_transaction_that_fails_leaves_text_and_index_as_they_were(editor, make_submission, monkeypatch):
    item = make_submission("received", title="稻谷", body="甲。")

    def broken(*_):
        raise RuntimeError("cut off")

    monkeypatch.setattr("core.search.engines.Sqlite.insert", broken)
    monkeypatch.setattr("core.search.engines.Postgresql.insert", broken)
    with pytest.raises(RuntimeError):
        services.revise(editor, item.id, item.version, "小麦", from_plain("乙。"))
    monkeypatch.undo()

    assert titles(editor, "稻谷") == ["稻谷"]
    assert titles(editor, "小麦") == []
    assert db.session.get(Submission, item.id).title == "稻谷"


def test_what_a_rolled_back_transaction_wrote_is_not_indexed_later(editor, make_submission):
    item = make_submission("received", title="稻谷", body="甲。")
    with pytest.raises(RuntimeError), transaction():
        db.session.get(Submission, item.id).title = "小麦"
        db.session.flush()
        raise RuntimeError

    services.move(editor, item.id, "take")

    assert titles(editor, "小麦") == []
    assert plain(item.body) == "甲。"


def test_questions_are_planned_for_what_they_ask_and_the_settings_end_with_them(app, dialect):
    # SQLite has nothing to set.
    names = ["enable_seqscan", "plan_cache_mode", "jit"] if dialect == "postgresql" else []
    show = [text(f"SHOW {name}") for name in names]
    before = [db.session.scalar(each) for each in show]

    with engine().steered():
        within = [db.session.scalar(each) for each in show]

    assert within == ["off", "force_custom_plan", "off"][: len(show)]
    assert [db.session.scalar(each) for each in show] == before
    assert before[:2] == ["on", "auto"][: len(show)]
