"""The confined child: same bytes every time, limits kept, one clear error and a new child afterwards."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from core.documents.engine import child
from core.documents.fonts.font_set import resolve
from core.documents.rendering.renderer import Limits, Renderer, made_of
from core.errors import RenderError
from tests.docs import samples

PAGE = "<!doctype html><html lang='zh-CN'><title>试印</title><p>要情"
ENDLESS = "<div style='display:flex'>" * 24 + "x"


@pytest.fixture
def own(fonts):
    """own(limits…): a renderer of the test's own, closed afterwards."""
    made = []

    def make(**limits):
        made.append(Renderer(fonts, Limits(**limits)))
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()


def test_same_page_same_bytes_in_any_process_and_order(make_html, renderer, fonts_dir, tmp_path):
    page = make_html("print/briefing.html", samples.briefing(4, 2))
    first = renderer.pdf(page)
    renderer.pdf(make_html("print/circular.html", samples.circular()))
    other = Renderer(resolve(fonts_dir, tmp_path))

    try:
        assert renderer.pdf(page) == first
        assert other.pdf(page) == first
    finally:
        other.close()


def test_threads_share_one_renderer(renderer):
    pages = [f"{PAGE}{number}" for number in range(6)]
    expected = [renderer.pdf(page) for page in pages]
    got = {}

    threads = [threading.Thread(target=lambda n=n: got.update({n: renderer.pdf(pages[n])})) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [got[number] for number in range(6)] == expected


def test_given_pictures_are_printed_and_others_refused(renderer):
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301"
        "0100c9fe92ef0000000049454e44ae426082"
    )

    assert renderer.pdf(f"{PAGE}<img src='asset:dot.png'>", {"dot.png": dot})
    with pytest.raises(RenderError, match="版式引用了外部资源，已拒绝。asset:other.png"):
        renderer.pdf(f"{PAGE}<img src='asset:other.png'>", {"dot.png": dot})
    with pytest.raises(RenderError, match="图片名称"):
        renderer.pdf(PAGE, {"../dot.png": dot})


def test_a_child_killed_between_documents_is_replaced_silently(own):
    renderer = own()
    first = renderer.pdf(PAGE)
    gone = renderer.child_pid
    os.kill(gone, signal.SIGKILL)
    wait_for_end(gone, zombie_is_gone=True)

    assert renderer.pdf(PAGE) == first
    assert renderer.child_pid != gone


def test_a_child_killed_at_work_is_one_error_and_then_a_new_child(own):
    renderer = own()
    renderer.pdf(PAGE)
    timer = threading.Timer(0.5, os.kill, (renderer.child_pid, signal.SIGKILL))
    timer.start()

    with pytest.raises(RenderError, match="排版进程意外中止.*请重试"):
        renderer.pdf(ENDLESS)
    timer.join()
    assert renderer.pdf(PAGE)


def test_a_hung_child_is_stopped_at_the_wall_limit(own):
    renderer = own(wall_seconds=2)
    renderer.pdf(PAGE)
    hung = renderer.child_pid
    os.kill(hung, signal.SIGSTOP)
    started = time.monotonic()

    with pytest.raises(RenderError, match="文书排版超时，已停止"):
        renderer.pdf(PAGE)

    assert time.monotonic() - started < 15
    assert renderer.pdf(PAGE)
    assert renderer.child_pid != hung


def test_a_library_that_gets_no_memory_and_does_not_say_so_is_told_as_that():
    def fails():
        raise SystemError("error return without exception set")

    head, pdf = child._answer(fails)

    assert head["leave"] and not pdf
    with pytest.raises(RenderError, match="内存超过上限") as caught:
        made_of(head, {})
    assert "SystemError" not in str(caught.value)


def test_an_endless_layout_is_stopped_by_its_processor_time(own):
    renderer = own(cpu_seconds=1)
    renderer.pdf(PAGE)
    started = time.monotonic()

    with pytest.raises(RenderError, match="文书排版超时，已停止。用时超过上限（1 秒）"):
        renderer.pdf(ENDLESS)

    assert time.monotonic() - started < 60
    assert renderer.pdf(PAGE)


def test_a_child_is_replaced_after_its_share_of_documents(own):
    renderer = own(renders=2)
    pids = []

    for _ in range(4):
        renderer.pdf(PAGE)
        pids.append(renderer.child_pid)

    assert pids[0] is not None and pids[2] is not None
    assert pids[1] is None and pids[3] is None
    assert pids[0] != pids[2]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("", "文书没有内容"),
        ("  \n", "文书没有内容"),
        ("\ud800", "无法排印的字符"),
        ("字" * 12_000_000, "文书过大"),
    ],
    ids=["empty", "blank", "surrogate", "huge"],
)
def test_unprintable_input_is_refused_before_the_child_sees_it(renderer, page, message):
    with pytest.raises(RenderError, match=message):
        renderer.pdf(page)


@pytest.mark.parametrize(
    "page", ["\x00", "<", "%PDF-1.7", "<p>\x1b[31m字", "{}", "<svg><rect width='-1'", "\ufffe"]
)
def test_odd_input_gives_a_pdf_or_a_clear_error(renderer, page):
    try:
        assert renderer.pdf(page).startswith(b"%PDF")
    except RenderError as error:
        assert "文书" in str(error)


SCRIPT = """
import os, sys
from pathlib import Path
from core.documents.fonts.font_set import resolve
from core.documents.rendering.renderer import Renderer
renderer = Renderer(resolve(Path(sys.argv[1]), Path(sys.argv[2])))
page = "<!doctype html><p>x"
first = renderer.pdf(page)
"""


def run_script(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SCRIPT + code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )


def test_after_a_fork_each_process_has_its_own_child(fonts_dir, tmp_path):
    code = """
parents_child = renderer.child_pid
child = os.fork()
if child == 0:
    same = renderer.pdf(page) == first and renderer.child_pid != parents_child
    renderer.close()
    os._exit(0 if same else 1)
_, status = os.waitpid(child, 0)
again = renderer.pdf(page) == first and renderer.child_pid == parents_child
print(os.waitstatus_to_exitcode(status), again)
renderer.close()
"""
    with run_script(code, fonts_dir, tmp_path) as process:
        output, _ = process.communicate(timeout=60)

    assert output.split() == ["0", "True"]


@pytest.mark.parametrize("state", ["idle", "at work"])
def test_children_end_when_their_parent_is_killed(fonts_dir, tmp_path, state):
    code = """
print(renderer.child_pid, flush=True)
if sys.argv[3] == "at work":
    renderer.pdf("<div style='display:flex'>" * 24 + "x")
sys.stdin.read()
"""
    with run_script(code, fonts_dir, tmp_path, state) as process:
        child = int(process.stdout.readline())
        time.sleep(0.4)
        process.kill()
        process.wait()

        wait_for_end(child)


def wait_for_end(pid, seconds=20, zombie_is_gone=False):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                # A dead leader can only be collected once its other threads are gone too.
                is_zombie = stat.read().rsplit(")", 1)[1].split()[0] == "Z"
                if is_zombie and zombie_is_gone and len(os.listdir(f"/proc/{pid}/task")) == 1:
                    return
        except FileNotFoundError:
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} is still there")
