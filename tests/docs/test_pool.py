"""Several documents at once: each has its own child, nobody waits for ever, batches come as they are ready."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from core.documents.rendering import cache
from core.documents.rendering.cache import Cache
from core.documents.rendering.renderer import Job, Limits, Renderer
from core.errors import RenderError

PAGE = "<!doctype html><html lang='zh-CN'><title>试印</title><p>要情"
ENDLESS = "<div style='display:flex'>" * 24 + "x"


@pytest.fixture
def own(fonts):
    """own(limits…): a renderer of the test's own, closed afterwards."""
    made = []

    def make(cache=None, **limits):
        made.append(Renderer(fonts, Limits(**limits), cache))
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()


def in_thread(renderer, page, results):
    def work():
        try:
            results.append(renderer.pdf(page))
        except RenderError as error:
            results.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_short_page_does_not_wait_behind_an_endless_one(own):
    renderer = own(cpu_seconds=60)
    renderer.pdf(PAGE)
    busy, results = renderer.child_pid, []
    endless = in_thread(renderer, ENDLESS, results)
    time.sleep(0.3)

    assert renderer.pdf(PAGE).startswith(b"%PDF")
    assert results == []
    os.kill(busy, signal.SIGKILL)  # nobody need wait out its limit
    endless.join()
    assert "排版进程意外中止" in str(results[0])


def test_one_of_two_killed_at_work_leaves_the_other_alone(own):
    renderer = own(cpu_seconds=3)
    renderer.pdf(PAGE)
    victim, results, others = renderer.child_pid, [], []
    hit = in_thread(renderer, ENDLESS, results)
    time.sleep(0.3)
    spared = in_thread(renderer, PAGE + "字" * 30_000, others)
    time.sleep(0.3)
    os.kill(victim, signal.SIGKILL)
    hit.join()
    spared.join()

    assert "排版进程意外中止" in str(results[0])
    assert others[0].startswith(b"%PDF")


def test_who_waits_too_long_is_told_so(own):
    renderer = own(children=1, queue_seconds=0.5, cpu_seconds=1)
    renderer.pdf(PAGE)
    results = []
    endless = in_thread(renderer, ENDLESS, results)
    time.sleep(0.3)

    with pytest.raises(RenderError, match="排版任务较多，本次没有轮到。已等候 0.5 秒。请稍后再试"):
        renderer.pdf(PAGE)
    endless.join()
    assert renderer.pdf(PAGE)


def test_a_batch_comes_in_order_and_a_failure_is_only_its_own(own):
    renderer = own(cpu_seconds=1)
    pages = [f"{PAGE}{number}" for number in range(8)]
    pages[3] = ENDLESS
    asked = []

    def jobs():
        for page in pages:
            asked.append(page)
            yield Job(page)

    outcomes = renderer.batch(jobs())
    first = next(outcomes)

    assert len(asked) < len(pages)
    assert first == renderer.pdf(pages[0])
    rest = list(outcomes)
    assert "超时" in str(rest[2])
    assert [one == renderer.pdf(page) for one, page in zip(rest, pages[1:], strict=True) if page != ENDLESS]


def test_a_long_document_tells_which_page_it_is_at(own):
    told = []

    own().pdf(PAGE + "<p>字</p>" * 3000, told=told.append)

    assert told and max(told) > 1


def test_a_listener_that_fails_costs_only_its_own_document(own):
    renderer = own()

    with pytest.raises(ZeroDivisionError):
        renderer.pdf(PAGE + "<p>字</p>" * 3000, told=lambda page: 1 / 0)
    assert renderer.pdf(PAGE).startswith(b"%PDF")


def test_the_same_page_is_laid_out_once(own, tmp_path):
    first = own(Cache(tmp_path)).pdf(PAGE)
    second = own(Cache(tmp_path))

    assert second.pdf(PAGE) == first
    assert second.child_pid is None
    assert second.pdf(PAGE, {"a.png": b"x"}) == first and second.child_pid


def test_a_damaged_or_absent_kept_file_is_made_again(own, tmp_path):
    renderer = own(Cache(tmp_path / "new"))
    first = renderer.pdf(PAGE)
    (kept,) = (tmp_path / "new").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])

    assert renderer.pdf(PAGE) == first
    assert renderer.pdf(PAGE) == first


@pytest.mark.parametrize(
    "changed",
    ["engine/child.py", "engine/quick/cuts.py", "typesetting/grid.py", "fonts/faces.py", "store.py"],
)
def test_what_was_kept_is_worthless_once_any_room_of_documents_changes(monkeypatch, fonts, changed):
    before, read = cache.key_of({}, fonts), Path.read_bytes
    cache._program.cache_clear()
    monkeypatch.setattr(
        Path,
        "read_bytes",
        lambda path: read(path) + b"#" * path.as_posix().endswith(f"core/documents/{changed}"),
    )
    try:
        assert cache.key_of({}, fonts) != before
    finally:
        cache._program.cache_clear()


def test_kept_files_make_room_for_newer_ones(tmp_path):
    cache = Cache(tmp_path, most=1000)
    for number in range(9):
        cache.put(str(number), bytes(300))
        os.utime(tmp_path / str(number), (number, number))

    assert cache.get("8") == bytes(300)
    assert cache.get("0") is None
    assert len(list(tmp_path.iterdir())) == 3


def test_where_nothing_can_be_kept_documents_are_printed_all_the_same(own, tmp_path):
    (tmp_path / "file").write_text("not a folder")

    assert own(Cache(tmp_path / "file")).pdf(PAGE).startswith(b"%PDF")
