"""Commendation, letters and messages under the pack that has them: composed, issued together, read by those concerned."""

import csv
import io

import pdfplumber
import pytest
from sqlalchemy import func, select

from core.db import db
from core.documents.models import IssuedDocument, NumberSeries
from core.documents.store import document, fonts, renderer
from core.errors import Conflict, InvalidInput, NotFound
from core.files import store
from core.jobs.models import Job
from core.scoring import runs
from core.testing import login
from plugins.circulars import batches, issuing, messages, queries, services
from plugins.circulars.models import CircularDraft
from plugins.circulars.sources import circular
from plugins.circulars.texts import texts_of
from tests.plugins.circulars.year import HALF, QUARTER, YEAR, closed, year_of
from tests.tools.measure_gb9704 import measure


@pytest.fixture
def settings():
    return {}


@pytest.fixture
def desk(app, office, make_unit, make_user, watch):
    return year_of(office, make_unit, make_user)


@pytest.fixture
def quick_batch(quick, monkeypatch):
    monkeypatch.setattr(
        batches, "render_each", lambda files, many: (issuing.render(files, one) for one in many)
    )
    return quick


def sent(desk, key, kind):
    """A draft, handed in."""
    found = closed(desk, key, kind)
    return services.submit(desk.editor, found.id, found.version)


def job_of(job_id):
    return db.session.get_one(Job, job_id, populate_existing=True)


def cut_short(desk, found):
    """Print one letter and stop."""

    def stop(done, _of):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batches.issue(desk.issuer, found.id, None, stop)


def body_of(made, found):
    return ["".join(run["text"] for run in block["runs"]) for block in made.body(texts_of(found.texts))]


def test_a_commendation_names_winners_and_nobody_barred(desk):
    found = closed(desk, YEAR, "commendation")

    made = circular(runs.frozen_run(desk.office_id, YEAR), "commendation")
    annexes = made.values(texts_of(found.texts), "1", found.drafted_at.date())["annexes"]
    text = ["".join(run["text"] for run in block["runs"]) for block in annexes[0]["body"]]
    # 先进单位 is barred to units with more than three months missed: its part is left out, the others renumbered.
    assert text[:2] == ["一、鼓励奖", "县区和开发区（1个）：甲县。"]
    assert text[2:4] == ["市直部门（1个）：市财政局。", "二、先进个人"]
    assert any("王建国（甲县）" in line for line in text)
    assert any(line.startswith("1.") and line.endswith("（甲县）") for line in text)


def test_a_name_struck_out_is_not_printed(desk):
    found = closed(desk, YEAR, "commendation")
    told = texts_of(found.texts)
    made = circular(runs.frozen_run(desk.office_id, YEAR), "commendation")
    person = made.ledger.prizes["advanced-persons"].chosen[0].key

    saved = services.save(
        desk.editor, found.id, found.version,
        type(told)(told.opening, told.requirements, {}, {"persons": (person, "nobody"), "nothing": ("x",)}),
    )  # fmt: skip

    assert texts_of(saved.texts).struck == {"persons": (person,)}
    annexes = made.values(texts_of(saved.texts), "1", found.drafted_at.date())["annexes"]
    assert "王建国" not in str(annexes[0])


def test_letters_go_to_those_on_the_list_each_with_its_own_numbers(desk):
    found = closed(desk, HALF, "warning")

    letters = texts_of(found.texts).letters
    assert found.form == "letters" and found.restricted
    assert str(desk.units.jia.id) not in letters
    assert letters[str(desk.units.jiao.id)][0].startswith("2025年上半年，你单位没有报送政务信息。")
    made = circular(runs.frozen_run(desk.office_id, HALF), "warning")
    row = next(row for row in made.recipients if row.unit == str(desk.units.cai.id))
    assert made.to(row).values(texts_of(found.texts), "1", found.drafted_at.date())["to"] == row.name


def test_a_batch_is_printed_in_the_background_and_issued_together(desk, quick_batch, run_jobs):
    found = sent(desk, HALF, "warning")
    total = len(texts_of(found.texts).letters)
    assert total > 1

    job = batches.start(desk.issuer, found.id, found.version)
    assert batches.start(desk.issuer, found.id, found.version).id == job.id == batches.under_way(found).id
    assert not quick_batch and found.state == "submitted"
    run_jobs()

    job = job_of(job.id)
    assert (job.state, job.done, job.total, job.result_url) == (
        "done",
        total,
        total,
        f"/circulars/{found.id}",
    )
    assert len(quick_batch) == total and job.message == f"{total} 份函件已全部印发"
    numbers = [letter.document.number for letter in found.letters]
    assert numbers == [f"示政办函〔2026〕{n}号" for n in range(1, total + 1)]
    assert found.state == "issued" and found.document is None


def test_a_batch_cut_short_goes_on_where_it_was(desk, quick_batch):
    found = sent(desk, HALF, "warning")
    total = len(texts_of(found.texts).letters)

    cut_short(desk, found)
    assert len(quick_batch) == 1 and db.session.scalar(select(func.count()).select_from(IssuedDocument)) == 0
    batches.issue(desk.issuer, found.id)

    assert len(quick_batch) == total  # nothing was printed twice


def test_a_job_killed_after_its_last_step_finds_all_done(desk, quick_batch, run_jobs):
    found = sent(desk, HALF, "warning")
    job = batches.start(desk.issuer, found.id, found.version)
    batches.issue(desk.issuer, found.id)
    quick_batch.clear()

    run_jobs()

    assert job_of(job.id).state == "done" and not quick_batch


def test_a_draft_sent_back_meanwhile_is_not_issued(desk, quick_batch, run_jobs):
    found = sent(desk, HALF, "warning")
    job = batches.start(desk.issuer, found.id, found.version)
    services.send_back(desk.issuer, found.id, "再核实")

    run_jobs()

    assert job_of(job.id).state == "failed" and "拟稿" in job_of(job.id).error
    assert found.state == "draft"


def test_a_batch_that_fails_leaves_nothing(desk, quick_batch, monkeypatch):
    found = sent(desk, HALF, "warning")
    real, calls = batches.put_on_record, []

    def fail(*args):
        calls.append(args)
        if len(calls) == 2:
            raise OSError("磁盘已满")
        return real(*args)

    monkeypatch.setattr(batches, "put_on_record", fail)
    with pytest.raises(OSError):
        batches.issue(desk.issuer, found.id)

    again = db.session.get_one(CircularDraft, found.id, populate_existing=True)
    assert again.state == "submitted"
    assert db.session.scalar(select(func.count()).select_from(IssuedDocument)) == 0
    assert db.session.scalar(select(func.count()).select_from(NumberSeries)) == 0
    monkeypatch.setattr(batches, "put_on_record", real)
    batches.issue(desk.issuer, found.id)
    assert again.state == "issued"


def test_a_number_taken_meanwhile_has_all_printed_again(desk, quick_batch):
    found = sent(desk, HALF, "warning")
    cut_short(desk, found)
    issuing.numbering.take(desk.office_id, "政办函:2026", 1)
    db.session.commit()

    batches.issue(desk.issuer, found.id)

    assert found.letters[0].document.number == "示政办函〔2026〕2号"


def test_a_unit_whose_letter_is_emptied_gets_none(desk, quick_batch):
    found = closed(desk, HALF, "warning")
    told = texts_of(found.texts)
    cai = str(desk.units.cai.id)
    services.save(
        desk.editor, found.id, found.version, type(told)((), told.requirements, {**told.letters, cai: ()})
    )
    services.submit(desk.editor, found.id, found.version)

    batches.issue(desk.issuer, found.id)

    assert desk.units.cai.id not in {letter.unit_id for letter in found.letters}


def test_at_least_one_letter_is_kept(desk):
    found = closed(desk, HALF, "warning")

    with pytest.raises(InvalidInput, match="至少保留一个单位"):
        services.save(desk.editor, found.id, found.version, texts_of({}))


def test_a_letter_is_read_by_its_unit_and_the_desk_only(desk, quick_batch):
    found = sent(desk, HALF, "warning")
    batches.issue(desk.issuer, found.id)
    letter = next(each for each in found.letters if each.unit_id == desk.units.jiao.id)

    assert queries.letter(desk.behind, letter.id).document.number
    assert list(db.session.scalars(queries.letters(desk.behind))) == [letter]
    for who in (desk.editor, desk.leader):
        assert queries.letter(who, letter.id)
        assert document(who, letter.document_id)
    with pytest.raises(NotFound):
        queries.letter(desk.informant, letter.id)
    for who in (desk.informant, desk.behind):
        with pytest.raises(NotFound):
            queries.one(who, found.id)
        with pytest.raises(NotFound):
            document(who, letter.document_id)


def test_who_wrote_a_batch_does_not_issue_it(desk, make_user, quick_batch):
    found = sent(desk, HALF, "warning")
    both = desk.editor.__class__(**{**vars(desk.issuer), "id": desk.editor.id})

    with pytest.raises(Exception, match="两人分别办理"):
        batches.start(both, found.id, found.version)


def test_a_list_without_units_has_no_letter_drafted_and_none_is_missed(desk):
    for month in range(1, 7):
        for unit in vars(desk.units).values():
            desk.fact("adopted", unit, month=month, outlet="zbxx")

    assert closed(desk, HALF, "warning") is None
    assert [gap.kind.id for gap in queries.gaps(desk.editor)] == []
    with pytest.raises(InvalidInput):
        services.draft(desk.editor, desk.office_id, HALF, "warning")


def test_messages_are_short_texts_with_their_length(desk, quick):
    found = sent(desk, QUARTER, "reminder")
    issuing.issue(desk.issuer, found.id)

    told = {letter.unit_id: messages.text_of(letter.paragraphs) for letter in found.letters}
    text = told[desk.units.jiao.id]
    assert text.startswith("【政务信息】市教育局：2025年第一季度没有报送政务信息。")
    assert text.endswith("今年有3个月未完成报送任务，请抓紧报送。")
    assert f"市教育局（{len(text)}字）：{text}" in str(quick[0]["body"])
    assert found.document.read_permission == "circular.file"


def test_a_message_too_long_is_not_handed_in(desk):
    found = closed(desk, QUARTER, "reminder")
    told = texts_of(found.texts)
    unit = next(iter(told.letters))
    services.save(
        desk.editor, found.id, found.version, type(told)((), (), {**told.letters, unit: ("字" * 141,)})
    )

    with pytest.raises(InvalidInput, match="1 条短信超过 140 字"):
        services.submit(desk.editor, found.id, found.version)


@pytest.mark.parametrize(("count", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_message_is_counted_as_operators_do(count, parts):
    assert messages.parts("字" * count) == parts


def test_corrected_letters_say_which_letter_they_replace(desk, quick_batch):
    found = sent(desk, HALF, "warning")
    batches.issue(desk.issuer, found.id)
    old = {letter.unit_id: letter.document.number for letter in found.letters}
    runs.reopen(desk.issuer, desk.office_id, HALF, "漏登")
    desk.fact("submitted", desk.units.jiao, item="Z")
    runs.close(desk.issuer, desk.office_id, HALF)

    assert [gap.correction for gap in queries.gaps(desk.editor)] == [True]
    mended = services.draft(desk.editor, desk.office_id, HALF, "warning")
    services.submit(desk.editor, mended.id, mended.version)
    quick_batch.clear()
    batches.issue(desk.issuer, mended.id)

    first = quick_batch[0]["body"][0]["runs"][0]["text"]
    assert any(number in first for number in old.values())
    assert db.session.get_one(CircularDraft, found.id, populate_existing=True).replaced_at


def test_pages_show_the_job_the_letters_and_the_messages(desk, quick_batch, client, user_of, run_jobs):
    found, reminder = sent(desk, HALF, "warning"), sent(desk, QUARTER, "reminder")
    commendation = closed(desk, YEAR, "commendation")
    login(client, user_of(desk.editor))
    assert "王建国（甲县）" in client.get(f"/circulars/{commendation.id}").text
    assert "建议名单" in client.get(f"/circulars/{commendation.id}").text
    login(client, user_of(desk.issuer))
    assert "哪个单位的函件" in client.get(f"/circulars/{found.id}").text
    page = client.submit(f"/circulars/{found.id}/issue", {"version": found.version}, follow_redirects=True)
    assert "等待中" in page.text and "data-live=" in page.text
    page = client.get(f"/circulars/{found.id}").text
    assert "正在印制函件" in page and "data-live=" in page and "/issue" not in page
    run_jobs()
    page = client.get(f"/circulars/{found.id}")
    assert "示政办函〔2026〕1号" in page.text and "市教育局" in page.text
    client.submit(f"/circulars/{reminder.id}/issue", {"version": reminder.version})
    rows = list(
        csv.reader(io.StringIO(client.get(f"/circulars/{reminder.id}/messages.csv").text.lstrip("\ufeff")))
    )
    assert rows[0] == ["序号", "单位", "短信内容", "字数"]
    assert all(int(row[3]) == len(row[2]) for row in rows[1:])
    assert "data-copy" in client.get(f"/circulars/{reminder.id}").text
    assert client.get(f"/circulars/{found.id}/messages.csv").status_code == 404
    listed = client.get("/circulars/?kind=warning").text
    assert "督促函" in listed and "短信提醒</a>" not in listed

    login(client, user_of(desk.behind))
    home = client.get("/circulars/").text
    assert "发给本单位的函件和短信" in home
    letter = next(each for each in found.letters if each.unit_id == desk.units.jiao.id)
    assert client.get(f"/circulars/letters/{letter.id}").status_code == 200
    assert client.get(f"/circulars/letters/{letter.id}.pdf").mimetype == "application/pdf"
    assert client.get(f"/circulars/{found.id}").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(("key", "kind"), [(YEAR, "commendation"), (HALF, "warning"), (QUARTER, "reminder")])
def test_every_document_keeps_the_standard(desk, tmp_path, key, kind):
    fonts()
    found = sent(desk, key, kind)
    if kind == "warning":
        batches.issue(desk.issuer, found.id)
    else:
        issuing.issue(desk.issuer, found.id)
    documents = [found.document] if found.document else [letter.document for letter in found.letters]
    for n, each in enumerate(documents):
        path = tmp_path / f"{kind}-{n}.pdf"
        path.write_bytes(store().get(each.pdf_sha256))
        result = measure(str(path))
        assert result["ok"], (kind, {name: c for name, c in result["checks"].items() if not c["ok"]})
        with pdfplumber.open(path) as pdf:
            text = "".join("".join(page.extract_text().split()) for page in pdf.pages)
        assert "校样" not in text and each.number in text
    renderer().close()


def test_conflicts_of_a_batch_are_told(desk, quick_batch):
    found = sent(desk, HALF, "warning")

    with pytest.raises(Conflict, match="已被改动"):
        batches.start(desk.issuer, found.id, found.version - 1)
