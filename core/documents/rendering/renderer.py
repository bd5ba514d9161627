"""Turn HTML into PDF in confined child processes that stay warm between documents.

The layout engine may run for ever or take all memory on a few hostile lines. It therefore runs outside the web
process, under limits the kernel keeps; when it exceeds them the child is lost, the document fails with one
clear message, and the next document gets a new child.
"""

import contextlib
import logging
import os
import re
import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from core.documents.fonts.font_set import FontSet
from core.documents.rendering.cache import Cache, key_of
from core.documents.rendering.process import MB, Child, Limits, Told
from core.errors import RenderError

__all__ = ["Job", "Limits", "Renderer"]

_log = logging.getLogger(__name__)
_ASSET_NAME = re.compile(r"[\w.-]{1,100}")


@dataclass(frozen=True)
class Job:
    """A page to print: its HTML, the pictures it may use as `asset:name`, files to attach to the PDF as data."""

    html: str
    assets: Mapping[str, bytes] = field(default_factory=dict)
    attached: Mapping[str, bytes] = field(default_factory=dict)


class Renderer:
    """Makes PDFs, as many at once as there are children. Safe to share between threads; after a fork each
    process has its own children."""

    def __init__(self, fonts: FontSet, limits: Limits | None = None, cache: Cache | None = None) -> None:
        self._fonts, self._limits, self._cache = fonts, limits or Limits(), cache
        self._start_afresh()
        _renderers.add(self)

    def pdf(
        self,
        html: str,
        assets: Mapping[str, bytes] | None = None,
        *,
        attached: Mapping[str, bytes] | None = None,
        told: Told | None = None,
    ) -> bytes:
        """The PDF of a page. It may use `asset:name` for the given files, and nothing else outside it.

        `attached` are data files put into the PDF; `told` hears which page is being laid out.
        """
        parts = self.parts(Job(html, assets or {}, attached or {}))
        key = key_of(parts, self._fonts) if self._cache else ""
        kept = self._cache.get(key) if self._cache else None
        if kept is not None:
            return kept
        pdf = self._rendered(parts, told)
        if self._cache:
            self._cache.put(key, pdf)
        return pdf

    def batch(self, jobs: Iterable[Job]) -> Iterator[bytes | RenderError]:
        """The PDFs of many pages in their order, each as soon as it is ready; one that fails is its error.

        All children work, and only a few pages are ever under way: `jobs` may be endless.
        """
        with ThreadPoolExecutor(self._limits.children, "render") as pool:
            waiting = []
            for job in jobs:
                waiting.append(pool.submit(self._outcome, job))
                if len(waiting) >= 2 * self._limits.children:
                    yield waiting.pop(0).result()
            for outcome in waiting:
                yield outcome.result()

    def parts(self, job: Job) -> dict[str, bytes]:
        """A page as it is handed to a child. Raises RenderError when it may not be."""
        return _parts(job, self._limits)

    @property
    def children(self) -> int:
        """How many documents can be under way at once."""
        return self._limits.children

    def close(self) -> None:
        """End the children; the next document starts another."""
        with self._changed:
            idle, self._idle = self._idle, []
            self._busy += len(idle)
        for child in idle:
            child.end()
            self._put_back(None)

    @property
    def child_pid(self) -> int | None:
        """The process that will get the next document, if any."""
        return self._idle[-1].pid if self._idle else None

    def _outcome(self, job: Job) -> bytes | RenderError:
        try:
            return self.pdf(job.html, job.assets, attached=job.attached)
        except RenderError as error:
            return error

    @contextlib.contextmanager
    def lent(self) -> Iterator[Child]:
        """A child for one document, waited for if need be; how the engine fails in it becomes a RenderError."""
        child = self._taken()
        try:
            yield child
        except (EOFError, OSError, ValueError) as error:
            child.end()
            raise child.lost() from error
        finally:
            # Whatever happened: when the conversation is out of step, this child is not used again.
            if child.is_spoilt:
                child.end()
            self._put_back(None if child.is_spoilt else child)

    def _rendered(self, parts: Mapping[str, bytes], told: Told | None) -> bytes:
        with self.lent() as child:
            head, answer = child.ask({}, parts, told)
        return made_of(head, answer)

    def _taken(self) -> Child:
        """An idle child, or a new one while there is room; nobody waits for ever."""
        deadline = time.monotonic() + self._limits.queue_seconds
        with self._changed:
            while not self._idle and self._busy >= self._limits.children:
                if not self._changed.wait(deadline - time.monotonic()):
                    raise RenderError(
                        "排版任务较多，本次没有轮到",
                        reason=f"已等候 {self._limits.queue_seconds:g} 秒",
                        advice="请稍后再试",
                    )
            child = self._idle.pop() if self._idle else None
            self._busy += 1
        try:
            if child and not child.is_alive():
                child.end()
                child = None
            return child or Child(self._fonts, self._limits)
        except BaseException:
            self._put_back(None)
            raise

    def _put_back(self, child: Child | None) -> None:
        with self._changed:
            self._busy -= 1
            if child:
                self._idle.append(child)
            self._changed.notify()

    def _start_afresh(self) -> None:
        self._changed = threading.Condition()
        self._idle: list[Child] = []
        self._busy = 0

    def _after_fork(self) -> None:
        """In the new process: the children belong to the old one. Let go of their pipes, take a fresh lock."""
        for child in self._idle:
            with contextlib.suppress(OSError):
                child.let_go()
        self._start_afresh()


_renderers: "weakref.WeakSet[Renderer]" = weakref.WeakSet()


def _forget_children() -> None:
    for renderer in list(_renderers):
        renderer._after_fork()


os.register_at_fork(after_in_child=_forget_children)


def _parts(job: Job, limits: Limits) -> dict[str, bytes]:
    try:
        parts = {"html": job.html.encode()}
    except UnicodeEncodeError as error:
        raise RenderError(
            "文书含有无法排印的字符", reason="文字编码不完整", advice="请删除正文中的异常字符后重试"
        ) from error
    if not job.html.strip():
        raise RenderError("文书没有内容，无法排版")
    for kind, files, what in (("asset", job.assets, "图片"), ("attach", job.attached, "附带文件")):
        for name, data in files.items():
            if not _ASSET_NAME.fullmatch(name):
                raise RenderError(f"{what}名称“{name}”不合要求", advice="只能用文字、数字、点、横线和下划线")
            parts[f"{kind}:{name}"] = data
    if sum(map(len, parts.values())) > limits.input_mb * MB:
        raise RenderError(
            "文书过大，无法排版", reason=f"超过 {limits.input_mb} MB", advice="请减少内容或缩小图片"
        )
    return parts


_EXPLAINED = {
    "refused": ("版式引用了外部资源，已拒绝", "文书只能使用模板自带的内容和随附的图片"),
    "memory": ("文书排版所需内存超过上限，已停止", "请减少内容，或检查版式模板"),
    "depth": ("文书结构嵌套过深，无法排版", "请简化版式模板"),
    "size": ("排出的文件过大，已停止", "请减少内容或缩小图片"),
    "picture": ("图片已损坏，文书没有印出", "请换一个能正常打开的图片文件后重试"),
    "table": ("表格比所在的位置宽，按比例缩小后排不下", "请减少列、改小列宽，或把表格移到边框之外"),
    "engine": ("文书排版失败", "请检查版式模板；查不出原因的请联系系统管理员"),
}


def made_of(head: Mapping, answer: Mapping[str, bytes]) -> bytes:
    """The PDF of an answer. Raises RenderError when it is none."""
    if not head.get("ok"):
        message, advice = _EXPLAINED[head["error"]]
        technical = str(head.get("technical", ""))
        if technical:  # readers are told what it means, whoever looks after the system what it was
            _log.warning("%s：%s", message, technical)
        raise RenderError(message, reason=head.get("detail") or _meaning(technical), advice=advice)
    return answer["pdf"]


def _meaning(technical: str) -> str:
    """What a failure of the engine means for who wrote the page."""
    return _MEANINGS.get(technical.partition(":")[0], _UNKNOWN) if technical else ""


_MEANINGS = {
    "ZeroDivisionError": "版式中有字号、行距或尺寸为 0，或大得无法计算",
    "OverflowError": "版式中有字号、行距或尺寸大得无法计算",
    "UnicodeDecodeError": "文书中的图片或文字编码不完整",
    "UnicodeEncodeError": "文书中的图片或文字编码不完整",
}
_UNKNOWN = "排版组件不能处理文书中的某种写法，详情已记入系统日志"
