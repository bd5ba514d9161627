"""A web server of our own on the loopback: start it, wait for it, weigh it, end it by its pid."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

TICKS = os.sysconf("SC_CLK_TCK")
WORKERS, THREADS = 2, 4


class Server:
    """gunicorn, gthread, two workers of four threads: what `yaoqing serve` starts."""

    def __init__(self, target: str, folder: Path, probe: str, env: dict[str, str] | None = None):
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.probe = probe
        self.command = [
            sys.executable, "-m", "gunicorn", target, "--bind", f"127.0.0.1:{self.port}", "--workers", str(WORKERS),
            "--worker-class", "gthread", "--threads", str(THREADS), "--log-level", "warning", "--no-control-socket",
        ]  # fmt: skip
        self.folder, self.env = folder, {**os.environ, **(env or {})}

    def __enter__(self) -> Self:
        started = time.monotonic()
        self.log = TemporaryFile()
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=self.env,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        try:
            self._wait(started + 60)
        except BaseException:
            self.stop()
            raise
        self.start_seconds = time.monotonic() - started
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wait(self, deadline: float) -> None:
        """Until the first good answer."""
        while True:
            try:
                urllib.request.urlopen(self.url + self.probe, timeout=5).read()
                return
            except urllib.error.HTTPError as error:
                raise SystemExit(f"{self.probe} 返回 {error.code}：\n{self.said()}") from None
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"服务没有启动：\n{self.said()}") from None
                time.sleep(0.01)

    def said(self) -> str:
        """What the server has written, for an error message."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-3000:]

    def stop(self) -> None:
        """End the server and its workers."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                for pid in self.pids():
                    os.kill(pid, 9)
                self.process.wait(15)
        self.log.close()

    def pids(self) -> list[int]:
        """The server's process and everything below it."""
        children: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            if fields := _stat(stat):
                children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        found = [self.process.pid]
        for pid in found:
            found += children.get(pid, [])
        return found

    def cpu(self) -> float:
        """Seconds of processor time, user and system, used by the whole tree so far."""
        used = 0
        for pid in self.pids():
            if fields := _stat(Path(f"/proc/{pid}/stat")):
                used += int(fields[11]) + int(fields[12])
        return used / TICKS

    def memory(self) -> list[dict[str, float]]:
        """RSS and PSS of every worker in MB; PSS shares out what workers have in common."""
        return [_memory(pid) for pid in self.pids()[1:]]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stat(path: Path) -> list[str]:
    """The fields after the process name (which may hold blanks); empty when the process has gone."""
    try:
        return path.read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _memory(pid: int) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return {"rss_mb": round(sizes["Rss"] / 1024, 1), "pss_mb": round(sizes["Pss"] / 1024, 1)}
