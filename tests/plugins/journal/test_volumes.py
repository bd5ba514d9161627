"""Volumes: what is bound and where its contents say it stands, who may bind and read, when one is out of date."""

import io
import re
from datetime import date, timedelta
from urllib.parse import unquote

import pdfplumber
import pikepdf
import pytest
from docx import Document

from core import jobs
from core.db import db, transaction
from core.documents import derived, making
from core.documents.rendering.volumes import Laid
from core.errors import Conflict, NotFound, PermissionDenied
from core.files import store
from core.jobs.models import Job
from core.orphans import orphans
from core.testing import actor_of, login
from plugins.journal import binding, outdating, publishing, volumes, withdrawing
from plugins.journal.binding import Bound, Cover, Entry
from plugins.journal.models import JournalIssue
from plugins.journal.spans import Span
from plugins.journal.volume_models import JournalVolume
from tests.core.test_document_formats import a_format
from tests.tools.measure_gb9704 import measure

YEAR = 2026


@pytest.fixture
def publish(issuer, awaiting, real_pages, watch):
    """Publish an issue with the layout engine."""
    return lambda *titles: publishing.publish(issuer, awaiting(*titles).id)


@pytest.fixture
def bind(run_jobs):
    """Bind the year in the background; gives the volume."""

    def run(actor):
        volumes.start(actor, "zwyq", YEAR)
        assert run_jobs() >= 1
        return db.session.scalars(volumes.listing(actor)).first()

    return run


@pytest.fixture
def year_of_issues(publish):
    return [publish("示例县启动春耕", "示例县整治村容"), publish("示例县修复水渠")]


def test_contents_and_index_give_the_page_on_which_each_item_stands(
    year_of_issues, editor, bind, tmp_path, unit
):
    made = bind(editor)
    file = tmp_path / "volume.pdf"
    file.write_bytes(store().get(made.pdf_sha256))

    with pdfplumber.open(file) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
    front = next(n for n, text in enumerate(pages) if "— 1 —" in text)
    contents = "\n".join(pages[:front])
    for title in ("示例县启动春耕", "示例县整治村容", "示例县修复水渠"):
        told = re.findall(rf"{title}\.+(\d+)", contents)
        assert len(told) == 2 and len(set(told)) == 1  # in the contents and in the index
        assert title in pages[front + int(told[0]) - 1].replace("\n", "")
    assert "编印说明" in contents.replace(" ", "") and "2期，共收录信息3条" in contents.replace("\n", "")
    assert f"{unit.short}（3条）" in contents
    assert measure(str(file))["ok"]
    with pikepdf.open(file) as opened, opened.open_outline() as outline:
        assert [str(one.title) for one in outline.root][-2:] == [issue.label for issue in year_of_issues]


def test_the_same_issues_give_the_same_bytes(year_of_issues, editor, bind):
    assert bind(editor).pdf_sha256 == bind(editor).pdf_sha256


def test_a_withdrawn_or_further_issue_makes_a_volume_out_of_date(
    year_of_issues, editor, issuer, publish, bind
):
    made = bind(editor)
    assert outdating.outdated([made]) == {}

    withdrawing.withdraw(issuer, year_of_issues[0].id, "数据有误")
    publish("示例县又有新事")

    assert outdating.outdated([made]) == {made.id: "其中 1 期已撤回或更正，另有 1 期没有编入"}
    again = bind(editor)
    assert outdating.outdated([again]) == {} and year_of_issues[0].id not in again.issues


def test_an_adoption_taken_back_makes_a_volume_out_of_date(year_of_issues, editor, issuer, bind, watch):
    made = bind(editor)
    watch.move(minutes=1)

    publishing.withdraw_adoption(issuer, year_of_issues[0].items[0].id, "数据有误")

    assert outdating.outdated([made]) == {made.id: "其中 1 条已撤销采用"}


def test_the_cover_bears_the_highest_mark_of_the_issues(year_of_issues, editor, bind):
    first, second = year_of_issues
    first.secrecy = "内部"
    db.session.commit()
    assert bind(editor).classification == "内部"

    second.secrecy, second.secrecy_years = "秘密", 1
    db.session.commit()
    assert bind(editor).classification == "秘密★1年"


def test_the_files_of_a_discarded_volume_are_left_to_the_sweep(year_of_issues, editor, bind):
    made = bind(editor)
    digests = {made.pdf_sha256, made.docx_sha256}
    assert not digests & {one.digest for one in orphans(timedelta())}

    volumes.discard(editor, made.id)

    assert digests <= {one.digest for one in orphans(timedelta())}


def test_a_year_without_issues_is_refused_before_anything_begins(editor):
    with pytest.raises(Conflict, match="2026年没有可以编入汇编的刊物"):
        volumes.start(editor, "zwyq", YEAR)
    assert db.session.query(Job).count() == 0


def test_a_failure_leaves_no_volume(year_of_issues, editor, run_jobs, monkeypatch):
    def fails(*args):
        raise RuntimeError("engine")

    monkeypatch.setattr(volumes, "bind", fails)
    volumes.start(editor, "zwyq", YEAR)
    run_jobs()

    assert db.session.query(JournalVolume).count() == 0


def test_a_cancelled_job_stops_the_chapters_too(year_of_issues, editor, monkeypatch):
    task = jobs.Task(1, editor, editor.office_id, {"journal": "zwyq", "year": YEAR}, 1)
    heard = []

    def slow(renderer, chapters, front, hear):
        for number, _ in enumerate(chapters, 1):
            task.stop = jobs.Cancelled
            volumes.wait_for([], timeout=0)
            while not heard:
                try:
                    hear(number)
                except Exception as error:
                    heard.append(error)
                    raise

    monkeypatch.setattr(volumes, "bind", slow)
    with pytest.raises(jobs.Cancelled):
        volumes.run(task)
    assert "停止" in str(heard[0]) and db.session.query(JournalVolume).count() == 0


def test_readers_get_what_holds_nothing_restricted_and_only_editors_bind(
    client, year_of_issues, editor, bind, make_user, make_office, run_jobs
):
    made = bind(editor)
    leader, desk, stranger = (
        make_user("leader"),
        make_user("editor"),
        make_user("editor", office=make_office()),
    )
    with pytest.raises(PermissionDenied):
        volumes.start(actor_of(leader), "zwyq", YEAR)

    def seen(person):
        login(client, person)
        listed = made.label in client.get("/journals/volumes").text
        return listed, client.get(f"/journals/volumes/{made.id}.pdf").status_code

    assert seen(leader) == (True, 200) and seen(stranger) == (False, 404)
    made.restricted = True
    db.session.commit()
    assert seen(leader) == (False, 404) and seen(desk) == (True, 200)


def test_an_editor_binds_looks_and_discards_on_the_page(client, year_of_issues, make_user, run_jobs):
    login(client, make_user("editor"))
    assert "编印" in client.get("/journals/volumes").text

    begun = client.submit("/journals/volumes", {"journal": "zwyq", "year": YEAR})
    assert "/jobs/" in begun.location
    run_jobs()
    made = db.session.query(JournalVolume).one()
    file, label = f"/journals/volumes/{made.id}.pdf", made.label
    assert label in client.get("/journals/volumes").text
    assert client.get(file).data.startswith(b"%PDF")
    client.submit(f"/journals/volumes/{made.id}/discard")

    assert label not in client.get("/journals/volumes").text and client.get(file).status_code == 404
    answer = client.submit("/journals/volumes", {"journal": "nowhere", "year": "x"}, follow_redirects=True)
    assert "没有可以编入汇编的刊物" in answer.text


def test_another_office_finds_no_volume(year_of_issues, editor, bind, make_user, make_office):
    made = bind(editor)

    with pytest.raises(NotFound):
        volumes.discard(actor_of(make_user("editor", office=make_office())), made.id)


# ---- some months of a year ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "named"),
    [
        (1, 12, "2026年"), (1, 6, "2026年上半年"), (7, 12, "2026年下半年"), (10, 12, "2026年第四季度"),
        (3, 3, "2026年3月"), (3, 11, "2026年3—11月"),
    ],
)  # fmt: skip
def test_months_are_called_as_in_official_papers(since, until, named):
    assert Span(YEAR, since, until).text == named
    assert binding.values(
        Cover("《要情》", YEAR, "某办", since=since, until=until),
        [Bound("第1期", date(YEAR, 3, 1), "", [])],
        [Laid("第1期", 1, 1, {})],
    )["title"] == f"《要情》{named}汇编"  # fmt: skip


def test_a_volume_holds_the_issues_of_its_months(year_of_issues, editor, run_jobs, tmp_path):
    first, second = year_of_issues
    first.dated, second.dated = date(YEAR, 6, 30), date(YEAR, 7, 1)
    db.session.commit()

    jobs_of = [
        volumes.start(editor, "zwyq", YEAR, 1, 6),
        volumes.start(editor, "zwyq", YEAR, 7, 7),
        volumes.start(editor, "zwyq", YEAR),
    ]
    titles = [each.title.partition("年")[2] for each in jobs_of]
    run_jobs()

    made = db.session.scalars(db.select(JournalVolume).order_by(JournalVolume.id)).all()
    assert titles == ["上半年汇编", "7月汇编", "汇编"]
    assert {each.label.partition("年")[2]: each.issues for each in made} == {
        "上半年汇编": [first.id], "7月汇编": [second.id], "汇编": [first.id, second.id],
    }  # fmt: skip
    # What lies in other months makes it no older.
    assert outdating.outdated(made) == {}
    half = next(each for each in made if each.until == 6)
    with pdfplumber.open(io.BytesIO(store().get(half.pdf_sha256))) as pdf:
        assert f"{YEAR}年上半年汇编" in (pdf.pages[0].extract_text() or "").replace(" ", "")
    with pytest.raises(Conflict, match="2026年8月没有可以编入汇编的刊物"):
        volumes.start(editor, "zwyq", YEAR, 8, 8)


def test_a_correction_stays_in_the_months_of_the_issue_it_corrects():
    original = JournalIssue(dated=date(YEAR, 6, 20))
    correction = JournalIssue(dated=date(YEAR, 7, 3), corrects=original)

    assert outdating.belongs(correction, Span(YEAR, 1, 6)) and not outdating.belongs(
        correction, Span(YEAR, 7, 12)
    )


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [(9, 3, "起始月份晚于截止月份"), (0, 3, "没有这个月份"), (1, 13, "没有这个月份")],
)
def test_months_that_are_none_are_told_on_the_page(client, make_user, since, until, told):
    login(client, make_user("editor"))

    answer = client.submit(
        "/journals/volumes",
        {"journal": "zwyq", "year": YEAR, "since": since, "until": until},
        follow_redirects=True,
    )

    assert told in answer.text


def test_the_form_offers_months(client, year_of_issues, make_user):
    login(client, make_user("editor"))
    page = client.get("/journals/volumes").text
    assert "起始月份" in page and '<option value="12" selected>12月' in page

    begun = client.submit("/journals/volumes", {"journal": "zwyq", "year": YEAR, "since": 1, "until": 12})

    assert "/jobs/" in begun.location


# ---- further formats -----------------------------------------------------------------------------------------------


def test_a_long_volume_is_made_into_another_format_in_the_background(
    year_of_issues, editor, make_user, bind, client, app, run_jobs, monkeypatch
):
    made = bind(editor)
    app.extensions["yaoqing"].plugins.contribute("document_formats", lambda: [a_format()])
    address = f"/journals/volumes/{made.id}/formats/plain"
    login(client, make_user("leader"))
    assert client.get(address).data.startswith(
        b"%PDF"
    )  # a short one at once; this converter gives what it got

    monkeypatch.setattr(making, "SHORT", 0)
    monkeypatch.setattr(derived, "is_kept", lambda *_: False)
    asked = client.get(address).text
    started = client.submit(address)
    monkeypatch.undo()
    run_jobs()

    assert address in client.get("/journals/volumes").text
    assert f"共 {made.pages} 页" in asked and "开始生成" in asked and made.label in asked
    page = client.get(started.location).text
    assert f"转换为 纯文本：{made.label}" in page and address in page and "纯文本 文件已备好" in page
    file = client.get(address)
    assert file.mimetype == "text/x-plain" and made.label in unquote(file.headers["Content-Disposition"])


def test_who_may_not_read_a_volume_gets_no_other_format_either(
    year_of_issues, editor, make_user, bind, client, app
):
    made = bind(editor)
    with transaction():
        made.restricted = True
    app.extensions["yaoqing"].plugins.contribute("document_formats", lambda: [a_format()])
    login(client, make_user("leader"))

    assert client.get(f"/journals/volumes/{made.id}/formats/plain").status_code == 404
    assert client.submit(f"/journals/volumes/{made.id}/formats/plain").status_code == 404


def test_the_word_file_of_a_volume_is_given_to_whoever_may_read_it(
    year_of_issues, editor, make_user, bind, client
):
    made = bind(editor)
    login(client, make_user("leader"))
    address = f"/journals/volumes/{made.id}.docx"

    file = client.get(address)

    assert address in client.get("/journals/volumes").text
    assert f"{made.label}.docx" in unquote(file.headers["Content-Disposition"])
    said = "".join(paragraph.text for paragraph in Document(io.BytesIO(file.data)).paragraphs)
    assert all(title in said for title in ("示例县启动春耕", "示例县整治村容", "示例县修复水渠"))

    with transaction():
        made.restricted = True
    assert client.get(address).status_code == 404


def test_a_volume_bound_before_there_were_word_files_says_so(year_of_issues, editor, make_user, bind, client):
    made = bind(editor)
    with transaction():
        made.docx_sha256 = None
    login(client, make_user("leader"))

    answer = client.get(f"/journals/volumes/{made.id}.docx")

    assert answer.status_code == 404
    assert "没有 Word 文件" in answer.text and "请由编辑重新编印" in answer.text
    assert ".docx" not in client.get("/journals/volumes").text


# ---- the front part ------------------------------------------------------------------------------------------------


def page_of(*titles):
    return "".join(
        f'<h3 class="item-title" id="item-1-{n}"><span class="line">{title[:3]}</span><span>{title[3:]}</span></h3>'
        for n, title in enumerate(titles, 1)
    )


def test_items_are_found_by_their_headlines_also_two_of_one_title_and_one_without_anchor():
    entries = [
        Entry("甲县&乙县春耕", ["甲县", "乙县"]),
        Entry("简讯两则", ["甲县"]),
        Entry("简讯两则", ["丙局"]),
        Entry("没有锚点", []),
    ]
    html = page_of("甲县&amp;乙县春耕", "简讯两则", "简讯两则")
    issue = Bound("第1期", date(2024, 3, 1), html, entries)
    laid = Laid("第1期", 5, 4, {"item-1-1": 5, "item-1-2": 6, "item-1-3": 8})

    found = binding.values(Cover("要情", 2024, "某办", units=["丙局", "甲县"]), [issue], [laid])

    lines = [(one["title"], one["page"], one["link"]) for one in found["issues"][0]["entries"]]
    assert lines == [
        ("甲县&乙县春耕", "5", "volume:c1-item-1-1"), ("没有锚点", "5起", "volume:c1"),
        ("简讯两则", "6", "volume:c1-item-1-2"), ("简讯两则", "8", "volume:c1-item-1-3"),
    ]  # fmt: skip
    assert [(unit["name"], [one["page"] for one in unit["entries"]]) for unit in found["units"]] == [
        ("丙局", ["8"]), ("甲县", ["5", "6"]), ("乙县", ["5"]),
    ]  # fmt: skip


def test_an_adoption_that_was_taken_back_says_so():
    odd = "关于某条信息的说明（已撤销采用）"
    entries = [Entry("旧事", ["甲县"], is_withdrawn=True), Entry(odd, ["乙县"])]
    issue = Bound("第1期", date(2024, 3, 1), page_of("旧事", odd), entries)
    laid = Laid("第1期", 1, 2, {"item-1-1": 1, "item-1-2": 2})

    found = binding.values(Cover("要情", 2024, "某办"), [issue], [laid])

    assert [one["title"] for one in found["issues"][0]["entries"]] == ["旧事（已撤销采用）", odd]
    assert [unit["entries"][0]["page"] for unit in found["units"]] == ["1", "2"]
