"""Issued documents in formats that plugins offer, each made in a confined process of its own and kept by its contents."""

import hashlib
import json
import logging
import threading
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from core.documents.rendering.process import Child, Limits, Told, Work
from core.errors import RenderError
from core.hookspecs import DocumentFormat

# What is made while somebody waits.
LIMITS = Limits(cpu_seconds=60, wall_seconds=90.0)
# What is made in the background: a compilation of thousands of pages.
LIMITS_OF_JOBS = Limits(cpu_seconds=900, wall_seconds=1800.0, output_mb=256)
_ADVICE = "请下载 PDF 文件使用，或联系系统管理员"
_at_once = threading.BoundedSemaphore(2)


def converted(
    form: DocumentFormat,
    pdf: bytes,
    about: Mapping[str, str],
    limits: Limits = LIMITS,
    told: Told | None = None,
) -> bytes:
    """The document in another format. Takes a while: never call it in a transaction. Raises RenderError.

    `told` hears of every page done, from functions that tell; what it raises ends the conversion.
    """
    if not _at_once.acquire(timeout=limits.queue_seconds):
        raise RenderError(
            "转换任务较多，本次没有轮到", reason=f"已等候 {limits.queue_seconds:g} 秒", advice="请稍后再试"
        )
    try:
        return _in_a_child(form, pdf, about, limits, told)
    finally:
        _at_once.release()


def key_of(form: DocumentFormat, pdf_sha256: str, about: Mapping[str, str]) -> str:
    """One name for everything that decides the bytes of a converted file."""
    said = json.dumps([form.name, _program(form.convert), pdf_sha256, dict(about)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _in_a_child(
    form: DocumentFormat, pdf: bytes, about: Mapping[str, str], limits: Limits, told: Told | None
) -> bytes:
    child = Child(None, limits, Work("core.documents.engine.converting", (form.convert,), "转换", _ADVICE))
    try:
        head, answer = child.ask({"about": dict(about)}, {"source": pdf}, told)
    except (EOFError, OSError, ValueError) as error:
        child.end()
        raise child.lost() from error
    finally:
        child.end()
    if not head.get("ok"):
        if technical := head.get(
            "technical"
        ):  # for whoever looks after the system; readers are told what it means
            logging.getLogger(__name__).warning("%s：%s", form.convert, technical)
        reason = _DAMAGED if head["error"] == "broken" else head.get("detail", "")
        raise RenderError(_EXPLAINED[head["error"]].format(form.title), reason=reason, advice=_ADVICE)
    return answer["made"]


_DAMAGED = "PDF 文件可能已损坏，或含有转换程序不认识的内容"
_EXPLAINED = {
    "memory": "文书转换为 {} 所需内存超过上限，已停止",
    "depth": "文书结构嵌套过深，无法转换为 {}",
    "size": "文书内容过多，无法转换为 {}",
    "refused": "转换为 {} 时要使用文书以外的内容，已拒绝",
    "failed": "文书无法转换为 {}",
    "broken": "文书无法转换为 {}",
}


@cache
def _program(function: str) -> str:
    """Another version of the plugin makes earlier results worthless."""
    found = find_spec(function.partition(":")[0])
    whole = hashlib.sha256()
    for path in sorted(Path(found.origin).parent.glob("*.py")) if found and found.origin else ():
        whole.update(path.read_bytes())
    return whole.hexdigest()
