#!/usr/bin/env python3
"""Print the same documents with the product, Typst, LibreOffice and Chromium, in turn, and report ratios.

    python bench/pdf/run.py --peers-python PYTHON [--only circular,journal,ranking,letters,ofd,compilation] [--reps 5]

See README.md beside this file.
"""

import argparse
import contextlib
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(PROJECT), str(HERE)]

import content
from ours import html_of
from typst_source import typst_of

from core.documents.fonts.font_set import resolve
from core.documents.rendering.converter import converted
from core.documents.rendering.preview import page_count
from core.documents.rendering.renderer import Job, Limits, Renderer
from core.documents.rendering.volumes import Chapter, Laid, volume
from core.documents.word.binding import volume_docx
from core.documents.word.media import no_drawing
from core.hookspecs import DocumentFormat

KINDS = {
    "circular": content.circular,
    "journal": content.journal,
    "ranking": lambda seed: content.circular(seed, 200, 12),
    "compilation": lambda seed: content.compilation(520_000, seed),
}
FRONT = "<html lang=zh-CN><title>年度汇编</title><h1>年度汇编</h1>"
OFD = DocumentFormat("ofd", "OFD", "ofd", "application/ofd", "plugins.ofd.convert:ofd")
PATIENT = Limits(cpu_seconds=600, wall_seconds=900, memory_mb=3000, keep_mb=3000, output_mb=200)


class Bench:
    """The engines, kept warm where they can be."""

    def __init__(self, fonts_dir: Path, peers: str, folder: Path) -> None:
        self.folder, self.peers = folder, peers
        self.fonts = resolve(fonts_dir, folder / "fonts")
        self.renderer = Renderer(self.fonts, PATIENT)
        self.environ = {**os.environ, "BENCH_FONTS": str(fonts_dir), "PYTHONPATH": str(HERE),
                        "FONTCONFIG_FILE": str(self.fonts.config), "HOME": str(folder)}  # fmt: skip
        self.typst_process = subprocess.Popen(
            [peers, str(HERE / "typst_worker.py")], env=self.environ, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ours(self, made) -> tuple[float, bytes]:
        html = html_of(made, self.fonts)
        started = time.perf_counter()
        pdf = self.renderer.pdf(html)
        return time.perf_counter() - started, pdf

    def typst(self, made) -> tuple[float, bytes]:
        source = self.folder / "document.typ"
        source.write_text(typst_of(made), encoding="utf-8")
        self.typst_process.stdin.write(f"{source}\n")
        self.typst_process.stdin.flush()
        seconds = float(self.typst_process.stdout.readline().split()[0])
        time.sleep(0.1)  # the worker writes the file after it has answered
        return seconds, Path(f"{source}.pdf").read_bytes()

    def libreoffice(self, made) -> tuple[float, bytes]:
        raw, word = self.folder / "document.pickle", self.folder / "document.docx"
        raw.write_bytes(pickle.dumps(made))
        subprocess.run([self.peers, str(HERE / "word_file.py"), raw, word], env=self.environ, check=True)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{self.folder}/lo",
                   "--convert-to", "pdf", "--outdir", self.folder, word]  # fmt: skip
        return self._timed(command, self.folder / "document.pdf")

    def chromium(self, made) -> tuple[float, bytes]:
        page, pdf = self.folder / "document.html", self.folder / "chromium.pdf"
        page.write_text(html_of(made, self.fonts), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                   f"--print-to-pdf={pdf}", page.as_uri()]  # fmt: skip
        return self._timed(command, pdf)

    def _timed(self, command: list, pdf: Path) -> tuple[float, bytes]:
        started = time.perf_counter()
        subprocess.run(command, env=self.environ, capture_output=True, check=True)
        return time.perf_counter() - started, pdf.read_bytes()


def compare(bench: Bench, kind: str, reps: int, engines: list[str]) -> None:
    """One line per engine: the best time of repetitions in turn, and how it stands to ours."""
    best: dict[str, tuple[float, bytes]] = {}
    for rep in range(reps + 1):  # the first warms up
        made = KINDS[kind](3 + rep)
        for engine in engines:
            found = getattr(bench, engine)(made)
            if rep and (engine not in best or found[0] < best[engine][0]):
                best[engine] = found
    mine = best["ours"][0]
    for engine, (seconds, pdf) in best.items():
        row = f"{page_count(pdf)} 页 | {len(pdf) // 1024} KB | 本系统为其 {mine / seconds:.2f} 倍"
        print(f"| {kind} | {engine} | {seconds * 1000:.0f} 毫秒 | {row} |", flush=True)


def letters(bench: Bench) -> None:
    """Two hundred letters with check codes, both children at work."""
    jobs = [Job(html_of(content.letter(seed), bench.fonts, checked=True)) for seed in range(200)]
    list(bench.renderer.batch(jobs[:4]))
    started = time.perf_counter()
    done = list(bench.renderer.batch(jobs))
    each = (time.perf_counter() - started) / len(done) * 1000
    print(f"| letters | ours | 每件 {each:.1f} 毫秒 | 200 件 | 要求 45 毫秒 |", flush=True)


def ofd(bench: Bench, reps: int) -> None:
    """The journal turned into OFD behind the walls, start of the process included, beside laying it out."""
    laid, turned = [], []
    for rep in range(reps + 1):  # the first warms up
        seconds, pdf = bench.ours(KINDS["journal"](3 + rep))
        started = time.perf_counter()
        file = converted(OFD, pdf, {"title": "政务要情", "kind": "刊物", "number": "", "dated": "2026-10-09"})
        if rep:
            laid.append(seconds)
            turned.append(time.perf_counter() - started)
    row = f"{page_count(pdf)} 页 | {len(file) // 1024} KB | 为排版用时的 {min(turned) / min(laid):.2f} 倍"
    print(f"| ofd | ours | {min(turned) * 1000:.0f} 毫秒 | {row} |", flush=True)


def compilation(bench: Bench, engines: list[str]) -> None:
    """Once each: a thousand pages. Ours lays out a chapter for each month, both children at work, and joins them.

    Processor time beside the clock: on a machine with other work the clock says little.
    """
    made, mine = KINDS["compilation"](9), 0.0
    for engine in engines:
        before = _processor_seconds(bench)
        if engine == "ours":
            list(bench.renderer.batch([Job("<p>热身") for _ in range(2)]))
            with Memory(bench.typst_process.pid) as memory:  # a run of its own: looking on takes time of both
                volume_of(made, bench)
                word_of(made, bench)
            before = _processor_seconds(bench)
            seconds, pdf = mine, _ = volume_of(made, bench)
            note = (
                f"内存合计（含 Word 文件）{memory.peak_mb} MB；Word 文件另用 {word_of(made, bench)[0]:.1f} 秒"
            )
        else:
            (seconds, pdf), note = getattr(bench, engine)(made), ""
        spent = _processor_seconds(bench) - before
        row = f"{page_count(pdf)} 页 | {len(pdf) // 1024} KB | 处理器 {spent:.1f} 秒"
        print(
            f"| compilation | {engine} | {seconds:.1f} 秒 | {row} | 本系统为其 {mine / seconds:.2f} 倍 {note} |",
            flush=True,
        )


def volume_of(made: content.Journal, bench: Bench) -> tuple[float, bytes]:
    """The same text as chapters with a cover, timed like the other engines: from finished pages to the file."""
    pages, front = chapters_of(made, bench), Job(FRONT)
    started = time.perf_counter()
    pdf = volume(bench.renderer, pages, lambda laid: front)
    return time.perf_counter() - started, pdf


def word_of(made: content.Journal, bench: Bench) -> tuple[float, bytes]:
    """The same as a Word file, in one process; where its chapters were laid out does not matter here."""
    pages = chapters_of(made, bench)
    laid = [Laid(page.title, n, 1, {}) for n, page in enumerate(pages, 1)]
    started = time.perf_counter()
    file = volume_docx(FRONT, pages, laid, date(2026, 12, 31), no_drawing)
    return time.perf_counter() - started, file


def chapters_of(made: content.Journal, bench: Bench) -> list[Chapter]:
    """A chapter for each column."""
    return [
        Chapter(column[0], html_of(content.Journal([column], False), bench.fonts)) for column in made.columns
    ]


def _processor_seconds(bench: Bench) -> float:
    """What we, our children so far and those still there have used."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    there = 0.0
    for stat in _children():
        fields = Path(f"/proc/{stat}/stat").read_text().rpartition(")")[2].split()
        there += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return ended.ru_utime + ended.ru_stime + own.ru_utime + own.ru_stime + there


def _children() -> list[int]:
    """The processes we started that are still there, whichever thread did."""
    found = []
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with contextlib.suppress(OSError):  # the thread ended meanwhile
            found += map(int, (task / "children").read_text().split())
    return found


class Memory:
    """The most that this process and its children hold together, shared pages counted once, looked at while it lasts.

    Without the engine compared with, which waits beside ours and keeps what it has set before.
    """

    def __init__(self, other: int) -> None:
        self._other = other

    def __enter__(self) -> "Memory":
        self.peak_mb, self._ended = 0, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            held = sum(_held_kb(pid) for pid in [os.getpid(), *_children()] if pid != self._other)
            self.peak_mb = max(self.peak_mb, held // 1024)


def _held_kb(pid: int) -> int:
    try:
        found = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # gone meanwhile
        return 0
    return int(found.split("\nPss:")[1].split()[0])


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers-python", required=True)
    parser.add_argument("--only", default="circular,journal,ranking,letters,ofd,compilation")
    parser.add_argument("--engines", default="ours,typst,libreoffice,chromium")
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--fonts", type=Path, default=PROJECT / "var" / "fonts")
    options = parser.parse_args()
    engines = options.engines.split(",")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.fonts.resolve(), options.peers_python, Path(folder))
        try:
            for kind in options.only.split(","):
                if kind == "letters":
                    letters(bench)
                elif kind == "ofd":
                    ofd(bench, options.reps)
                elif kind == "compilation":
                    compilation(bench, engines)
                else:
                    compare(bench, kind, options.reps, engines)
        finally:
            bench.renderer.close()
            bench.typst_process.stdin.close()
            bench.typst_process.wait()


if __name__ == "__main__":
    main()
