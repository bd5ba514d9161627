"""Publish issues through the service and see where the time goes; LibreOffice prints the same Word file in between."""

import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

from office import SIZES, Office

from core.db import db
from core.documents import store
from core.documents.rendering.preview import page_count
from core.documents.rendering.renderer import Renderer
from core.files import store as files
from plugins.journal import publishing

# What is timed inside a publication: its name, and where the function is found.
PARTS = (
    ("制作网页", store, "render_html"),
    ("PDF", Renderer, "pdf"),
    ("DOCX", store, "docx"),
    ("登记（一个事务）", publishing, "_write"),
)


def publish(office: Office, issues: int, folder: Path) -> Iterator[str]:
    """Rows of a table: the whole, its parts, and the peer."""
    spent: defaultdict[str, list[float]] = defaultdict(list)
    pages, printed = [], []
    for number in range(issues + 1):
        issue_id = office.awaiting_signature(SIZES[12])
        db.session.rollback()
        with _watched() as parts:
            started = time.perf_counter()
            done = publishing.publish(office.issuer, issue_id)
            whole = time.perf_counter() - started
        document = done.document
        word = files().get(document.docx_sha256)
        if not number:  # the first starts the layout process
            yield f"| 首次（启动排版进程） | {whole * 1000:.0f} | | |"
            libreoffice(word, folder)
            continue
        parts["其余（编号、校验、存储文件）"] = whole - sum(parts.values())
        for name, seconds in {"签发一期": whole, **parts}.items():
            spent[name].append(seconds)
        pages.append(document.pages)
        seconds, pdf = libreoffice(word, folder)
        spent["LibreOffice 由 DOCX 转 PDF"].append(seconds)
        printed.append(page_count(pdf))
    peer = median(spent["LibreOffice 由 DOCX 转 PDF"])
    for name, all_seconds in spent.items():
        middle, late = spread(all_seconds)
        yield f"| {name} | {middle:.0f} | {late:.0f} | {middle / peer / 1000:.2f} |"
    yield f"\n{issues} 期，{min(pages)} 至 {max(pages)} 页（LibreOffice 排成 {min(printed)} 至 {max(printed)} 页）。"


def spread(seconds: list[float]) -> tuple[float, float]:
    """Median and p95 in milliseconds."""
    return median(seconds) * 1000, quantiles(seconds, n=20, method="inclusive")[-1] * 1000


def libreoffice(word: bytes, folder: Path) -> tuple[float, bytes]:
    """What a fresh LibreOffice needs to print a Word file."""
    source = folder / "issue.docx"
    source.write_bytes(word)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/lo",
               "--convert-to", "pdf", "--outdir", folder, source]  # fmt: skip
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - started, source.with_suffix(".pdf").read_bytes()


@contextmanager
def _watched() -> Iterator[dict[str, float]]:
    """Seconds spent in each part while the block runs."""
    spent = dict.fromkeys((name for name, _, _ in PARTS), 0.0)
    patches = [
        patch.object(owner, name, _timed(getattr(owner, name), spent, part)) for part, owner, name in PARTS
    ]
    for one in patches:
        one.start()
    try:
        yield spent
    finally:
        for one in patches:
            one.stop()


def _timed(function: Any, spent: dict[str, float], part: str) -> Any:
    def timed(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[part] += time.perf_counter() - started

    return timed
