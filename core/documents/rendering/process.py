"""One confined process that lays out or converts documents, and the conversation with it."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.documents.engine import wire
from core.documents.fonts.font_set import FontSet
from core.errors import RenderError

MB = 1024 * 1024
PROJECT = Path(__file__).resolve().parents[3]
# Called with the number of the page being laid out, now and then.
Told = Callable[[int], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What one document may cost, when a child is replaced, how many there are and how long one waits for them."""

    cpu_seconds: int = 30
    wall_seconds: float = 60.0
    memory_mb: int = 1500
    output_mb: int = 64
    input_mb: int = 32
    start_seconds: float = 60.0
    renders: int = 200
    keep_mb: int = 400
    children: int = 2
    queue_seconds: float = 120.0


@dataclass(frozen=True)
class Work:
    """What a process is for: its program, and the words people read when it fails."""

    module: str
    arguments: tuple[str, ...] = ()
    name: str = "排版"
    advice: str = "请减少内容，或检查版式模板"


IN_THE_LOG = "详情已记入系统日志"
LAYOUT = Work("core.documents.engine.child")


class Child:
    """One process and the conversation with it."""

    def __init__(self, fonts: FontSet | None, limits: Limits, work: Work = LAYOUT) -> None:
        self._limits, self._work = limits, work
        self.renders, self.timed_out, self._last_words = 0, False, ""
        # Nobody may ask it again: worn out, or in the middle of an answer.
        self.is_spoilt = False
        budget = {
            "cpu_seconds": limits.cpu_seconds,
            "memory_mb": limits.memory_mb,
            "output_mb": limits.output_mb,
        }
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", work.module, json.dumps(budget), *work.arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, bufsize=0, cwd="/",
            env=_environment(fonts), start_new_session=True,
        )  # fmt: skip
        self.pid = self._process.pid
        try:
            with self._deadline(limits.start_seconds):
                ready, _ = wire.receive(self._process.stdout)
        except (EOFError, OSError) as error:
            self.end()
            self._note_last_words()
            raise RenderError(
                f"{work.name}进程无法启动", reason=IN_THE_LOG, advice="请检查排版组件和字体是否安装完整"
            ) from error
        if not ready["patched"]:
            _log.warning("排版引擎版本未经验证：中文行右端可能不齐，仿宋加粗不生效，排版较慢")
        if not ready["walled"]:
            _log.warning("本机内核不支持系统调用过滤，%s进程只受其余限制约束", work.name)

    def ask(
        self,
        head: Mapping[str, object],
        parts: Mapping[str, bytes],
        told: Told | None = None,
        numbering: Callable[[int], int] | None = None,
    ) -> tuple[dict, dict[str, bytes]]:
        """Hand over one document and wait for the answer, no longer than the limit.

        A chapter asks on its way for its first page number; the time `numbering` takes is not the process's.
        """
        self.renders += 1
        self.is_spoilt = True
        left = self._limits.wall_seconds
        said: tuple[Mapping[str, object], Mapping[str, bytes]] | None
        said = {**head, "tell": told is not None}, parts
        while True:
            started = time.monotonic()
            with self._deadline(left):
                if said:
                    wire.send(self._process.stdin, *said)
                answer, made = wire.receive(self._process.stdout)
            left = max(left - (time.monotonic() - started), 0.1)
            said = None
            if "laid" in answer and numbering:
                said = {"first": numbering(answer["laid"])}, {}
            elif "page" in answer:
                if told:
                    told(answer["page"])
            else:
                self.is_spoilt = self._is_worn(answer)
                return answer, made

    def _is_worn(self, answer: Mapping) -> bool:
        """Whether another process should do the next document."""
        limits = self._limits
        return (
            bool(answer.get("leave"))
            or self.renders >= limits.renders
            or answer.get("memory_mb", 0) > limits.keep_mb
        )

    def lost(self) -> RenderError:
        """Why there was no answer, as far as the end of the process tells."""
        self._note_last_words()
        return _lost(self, self._limits, self._work)

    def _note_last_words(self) -> None:
        """In the words of libraries: for whoever looks after the system."""
        if self._last_words:
            _log.warning("%s进程最后的输出：%s", self._work.name, self._last_words)

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
            self._last_words = lines[-1][:200] if lines else ""
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


def _environment(fonts: FontSet | None) -> dict[str, str]:
    """Nothing of ours but what the child needs: no proxies, no settings, no secrets."""
    return {
        **({"FONTCONFIG_FILE": str(fonts.config)} if fonts else {}),
        "PYTHONPATH": str(PROJECT),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
    }


def _lost(child: Child, limits: Limits, work: Work) -> RenderError:
    """The child did not answer: say why, as far as its end tells."""
    code = child.exit_code()
    if child.timed_out or code == -signal.SIGXCPU:
        return RenderError(
            f"文书{work.name}超时，已停止",
            reason=f"用时超过上限（{limits.wall_seconds if child.timed_out else limits.cpu_seconds:g} 秒）",
            advice=work.advice,
        )
    if code in (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV, -signal.SIGBUS):
        return RenderError(
            f"文书{work.name}所需内存超过上限，已停止",
            reason=f"上限为 {limits.memory_mb} MB",
            advice=work.advice,
        )
    # Killed from outside it left no words; what kills is mostly the system that runs out of memory.
    killed = code == -signal.SIGKILL
    return RenderError(
        f"{work.name}进程意外中止",
        reason="进程被强行终止，可能是服务器内存不足" if killed else IN_THE_LOG,
        advice="请重试；仍不成功请联系系统管理员",
    )
