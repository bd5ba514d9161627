"""Walls around a process that works on what others wrote: limits the kernel keeps, and files it may not open."""

import ctypes
import os
import resource
import select
import sys
from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024
# Of glibc; other C libraries have nothing like it. Looked up before anybody is walled in.
_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
_DENIED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "ftplib.",
    "http.client.",
    "smtplib.",
    "ctypes.dlopen",
    "urllib.Request",
    "os.remove",
    "os.rename",
    "os.chmod",
    "os.chown",
    "os.link",
    "os.symlink",
    "os.mkdir",
    "os.rmdir",
    "shutil.",
    "os.kill",
)


@dataclass
class Budget:
    """Limits the parent set, kept by the kernel."""

    cpu_seconds: int
    memory_mb: int
    output_mb: int

    def confine(self) -> None:
        """Once, after everything needed is loaded."""
        size = self.memory_mb * MB
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MB, MB))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def allow_cpu(self) -> None:
        """Before each document: so many seconds more than were used so far."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + self.cpu_seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def leave_with_parent() -> None:
    """End at once when the parent's end of our input is closed, even in the middle of a document."""
    poll = select.poll()
    poll.register(0, 0)  # hang-ups are always reported
    poll.poll()
    os._exit(0)


def memory_mb(statm: int) -> int:
    """What we hold now. The kernel's own peak figure would include the parent's memory at the time of the fork."""
    return int(os.pread(statm, 200, 0).split()[1]) * resource.getpagesize() // MB


def give_back() -> None:
    """Give memory that is free again back to the system: the C library would keep it for the next document."""
    if _TRIM:
        _TRIM(0)


def guard_files(refusal: type[Exception]) -> None:
    """Second wall behind the fetcher: from here on Python opens nothing but its own library, for reading."""
    project = Path(__file__).resolve().parents[3]
    library = tuple(
        f"{folder.rstrip('/')}/" for folder in sys.path if folder and Path(folder).resolve() != project
    )
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def hook(event: str, args: tuple) -> None:
        if event == "open":
            path, _, flags = args
            inside = isinstance(path, str) and os.path.abspath(path).startswith(library)
            if not (isinstance(path, int) or (inside and not flags & writing)):
                raise refusal("本机的文件")
        elif event.startswith(_DENIED):
            raise refusal("排版以外的系统功能")

    sys.addaudithook(hook)
