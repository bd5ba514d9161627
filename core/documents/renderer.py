"""Turn HTML into PDF in a confined child process that stays warm between documents.

The layout engine may run for ever or take all memory on a few hostile lines. It therefore runs outside the web
process, under limits the kernel keeps; when it exceeds them the child is lost, the document fails with one
clear message, and the next document gets a new child.
"""

import contextlib
import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.documents import wire
from core.documents.fonts import FontSet
from core.errors import RenderError

MB = 1024 * 1024
PROJECT = Path(__file__).resolve().parents[2]
_ASSET_NAME = re.compile(r"[\w.-]{1,100}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What one document may cost, and when a child is replaced."""

    cpu_seconds: int = 30
    wall_seconds: float = 60.0
    memory_mb: int = 1500
    output_mb: int = 64
    input_mb: int = 32
    start_seconds: float = 60.0
    renders: int = 200
    keep_mb: int = 400


class Renderer:
    """Makes PDFs one at a time. Safe to share between threads; after a fork each process has its own child."""

    def __init__(self, fonts: FontSet, limits: Limits | None = None) -> None:
        self._fonts, self._limits = fonts, limits or Limits()
        self._lock = threading.Lock()
        self._child: _Child | None = None
        _renderers.add(self)

    def pdf(self, html: str, assets: Mapping[str, bytes] | None = None) -> bytes:
        """The PDF of a page. The page may use `asset:name` for the given files, and nothing else outside it."""
        parts = _parts(html, assets or {}, self._limits)
        with self._lock:
            child = self._living()
            try:
                head, answer = child.ask(parts)
            except BaseException as error:
                # Whatever happened, the conversation is out of step: this child is not used again.
                self._child = None
                child.end()
                if isinstance(error, (EOFError, OSError, ValueError)):
                    raise _lost(child, self._limits) from error
                raise
            if head.get("leave") or self._is_worn(child, head):
                self._child = None
                child.end()
        if not head.get("ok"):
            raise _failed(head)
        return answer["pdf"]

    def close(self) -> None:
        """End the child; the next document starts another."""
        with self._lock:
            if self._child:
                self._child.end()
            self._child = None

    @property
    def child_pid(self) -> int | None:
        """The process at work, if any."""
        return self._child.pid if self._child else None

    def _living(self) -> "_Child":
        if self._child and not self._child.is_alive():
            self._child.end()
            self._child = None
        if self._child is None:
            self._child = _Child(self._fonts, self._limits)
        return self._child

    def _is_worn(self, child: "_Child", head: Mapping) -> bool:
        return child.renders >= self._limits.renders or head.get("memory_mb", 0) > self._limits.keep_mb

    def _after_fork(self) -> None:
        """In the new process: the child belongs to the old one. Let go of its pipes, take a fresh lock."""
        self._lock = threading.Lock()
        if self._child:
            self._child.let_go()
        self._child = None


_renderers: "weakref.WeakSet[Renderer]" = weakref.WeakSet()


def _forget_children() -> None:
    for renderer in list(_renderers):
        renderer._after_fork()


os.register_at_fork(after_in_child=_forget_children)


class _Child:
    """One process and the conversation with it."""

    def __init__(self, fonts: FontSet, limits: Limits) -> None:
        self._limits, self.renders, self.timed_out, self.last_words = limits, 0, False, ""
        budget = {
            "cpu_seconds": limits.cpu_seconds,
            "memory_mb": limits.memory_mb,
            "output_mb": limits.output_mb,
        }
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "core.documents.child", json.dumps(budget)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, bufsize=0, cwd="/",
            env=_environment(fonts), start_new_session=True,
        )  # fmt: skip
        self.pid = self._process.pid
        try:
            with self._deadline(limits.start_seconds):
                ready, _ = wire.receive(self._process.stdout)
        except (EOFError, OSError) as error:
            self.end()
            raise RenderError(
                "排版进程无法启动", reason=self.last_words, advice="请检查排版组件和字体是否安装完整"
            ) from error
        if not ready["patched"]:
            _log.warning("排版引擎版本未经验证：中文行右端可能不齐，仿宋加粗不生效")

    def ask(self, parts: Mapping[str, bytes]) -> tuple[dict, dict[str, bytes]]:
        """Hand over one document and wait for the answer, no longer than the limit."""
        self.renders += 1
        with self._deadline(self._limits.wall_seconds):
            wire.send(self._process.stdin, {}, parts)
            return wire.receive(self._process.stdout)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Stop the process and collect it, so that nothing is left behind."""
        self._kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        if not self._errors.closed:
            self._errors.seek(0)
            lines = self._errors.read(MB).decode("utf-8", "replace").strip().splitlines()
            self.last_words = lines[-1][:200] if lines else "没有更多说明"
        self._close()

    def let_go(self) -> None:
        """Close our copies of the pipes without touching a process that is not ours."""
        self._close()
        self._process.returncode = 0  # keeps Popen from waiting for somebody else's child

    def exit_code(self) -> int | None:
        return self._process.returncode

    @contextlib.contextmanager
    def _deadline(self, seconds: float):
        timer = threading.Timer(seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _time_out(self) -> None:
        self.timed_out = True
        self._kill()

    def _kill(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            with contextlib.suppress(OSError):
                stream.close()


def _environment(fonts: FontSet) -> dict[str, str]:
    """Nothing of ours but what the child needs: no proxies, no settings, no secrets."""
    return {
        "FONTCONFIG_FILE": str(fonts.config),
        "PYTHONPATH": str(PROJECT),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
    }


def _parts(html: str, assets: Mapping[str, bytes], limits: Limits) -> dict[str, bytes]:
    try:
        parts = {"html": html.encode()}
    except UnicodeEncodeError as error:
        raise RenderError(
            "文书含有无法排印的字符", reason="文字编码不完整", advice="请删除正文中的异常字符后重试"
        ) from error
    if not html.strip():
        raise RenderError("文书没有内容，无法排版")
    for name, data in assets.items():
        if not _ASSET_NAME.fullmatch(name):
            raise RenderError(f"图片名称“{name}”不合要求", advice="只能用文字、数字、点、横线和下划线")
        parts[f"asset:{name}"] = data
    if sum(map(len, parts.values())) > limits.input_mb * MB:
        raise RenderError(
            "文书过大，无法排版", reason=f"超过 {limits.input_mb} MB", advice="请减少内容或缩小图片"
        )
    return parts


def _lost(child: _Child, limits: Limits) -> RenderError:
    """The child did not answer: say why, as far as its end tells."""
    code = child.exit_code()
    if child.timed_out or code == -signal.SIGXCPU:
        return RenderError(
            "文书排版超时，已停止",
            reason=f"用时超过上限（{limits.wall_seconds if child.timed_out else limits.cpu_seconds:g} 秒）",
            advice="请减少内容，或检查版式模板",
        )
    if code in (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV, -signal.SIGBUS):
        return RenderError(
            "文书排版所需内存超过上限，已停止",
            reason=f"上限为 {limits.memory_mb} MB",
            advice="请减少内容，或检查版式模板",
        )
    return RenderError("排版进程意外中止", reason=child.last_words, advice="请重试；仍不成功请联系系统管理员")


_EXPLAINED = {
    "refused": ("版式引用了外部资源，已拒绝", "文书只能使用模板自带的内容和随附的图片"),
    "memory": ("文书排版所需内存超过上限，已停止", "请减少内容，或检查版式模板"),
    "depth": ("文书结构嵌套过深，无法排版", "请简化版式模板"),
    "size": ("排出的文件过大，已停止", "请减少内容或缩小图片"),
    "engine": ("文书排版失败", "请检查版式模板"),
}


def _failed(head: Mapping) -> RenderError:
    message, advice = _EXPLAINED[head["error"]]
    return RenderError(message, reason=head.get("detail", ""), advice=advice)
