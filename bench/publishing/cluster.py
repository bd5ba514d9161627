"""A private PostgreSQL for one run: a cluster of its own in a temporary folder, on the loopback, gone afterwards."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAMS = Path("/usr/lib/postgresql")


@contextmanager
def cluster() -> Iterator[str]:
    """The address of an empty database. Commits reach the disk, as they would in service."""
    found = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise SystemExit("没有 PostgreSQL：apt-get install postgresql")
    programs, password, port = found[-1].parent, secrets.token_hex(16), _free_port()
    folder = Path(tempfile.mkdtemp(prefix="yaoqing-bench-postgres-"))
    # The server refuses to run as root; the package brings a user for it.
    who: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    secret = folder / "password"
    secret.write_text(password)
    if who:
        for path in (secret, folder):
            shutil.chown(path, **who)

    def run(program: str, *arguments: str, **environment: str) -> None:
        subprocess.run([programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder,
                       env={**os.environ, **environment}, **who)  # fmt: skip

    try:
        run("initdb", "-D", f"{folder}/data", "-U", "yaoqing", f"--pwfile={secret}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip
        run("pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "-s", "start",
            "-o", f"-p {port} -k {folder} -c listen_addresses=127.0.0.1")  # fmt: skip
        try:
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "yaoqing", "bench", PGPASSWORD=password)
            yield f"postgresql+psycopg://yaoqing:{password}@127.0.0.1:{port}/bench"
        finally:
            run("pg_ctl", "-D", f"{folder}/data", "-m", "fast", "-w", "-s", "stop")
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
