"""A throw-away project with the real launcher, in a world of a few system tools and a pretended Python."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# What the launcher may find on a minimal system, besides what a test adds.
TOOLS = """
cat chmod cksum cmp cp cut dirname du env find flock grep id locale mkdir mktemp mv readlink rm sh sha256sum
sleep tail tr uname wc
"""
FACES = ("Fang-Regular", "Kai-Regular", "Hei-Regular", "Hei-Bold", "Song-Regular", "Song-Bold")

# Answers the launcher's questions without being Python; FAKE_PIP is what pip does, every call is noted.
PYTHON = """#!/bin/sh
echo "$*" | tr '\\n' ' ' | cut -c -200 >>"$CALLS"
case "$1 $2" in
"-I -c") case $3 in
    *_base_executable*) echo "${FAKE_VERDICT:-ok $0}" ;;
    *CDLL*) case " $* " in *" ${FAKE_ABSENT:-none} "*) echo "$FAKE_ABSENT" ;; esac ;;
    esac ;;
"-I -X") echo "$*" >>"$CALLS.pip"; eval "${FAKE_PIP:-true}" ;;
"-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo "version = 3.11" >"$3/pyvenv.cfg" ;;
"-m pytest") echo "pytest in $PWD require=${YAOQING_REQUIRE_ALL:-} args=$*" ;;
*)  shift
    echo "in $PWD utf8=$PYTHONUTF8"
    echo "data=${YAOQING_DATA:-} fonts=${YAOQING_FONTS:-}"
    for word; do echo "<$word>"; done
    exit "${FAKE_EXIT:-0}" ;;
esac
"""


@dataclass
class World:
    """One project folder and the programs its launcher can see."""

    folder: Path
    programs: Path
    calls: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def launcher(self) -> Path:
        return self.folder / "yaoqing"

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def program(self, name: str, text: str) -> None:
        """Put a small program on the launcher's PATH."""
        path = self.programs / name
        path.unlink(missing_ok=True)  # it may be a link to the real one
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def start(self, *words: str, launcher: Path | str | None = None, cwd: Path | None = None, **extra: str):
        """Start the launcher and return the process."""
        environ = {"PATH": str(self.programs), "CALLS": str(self.calls), **self.environ, **extra}
        return subprocess.Popen(
            [str(launcher or self.launcher), *words],
            cwd=cwd or self.folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def run(self, *words: str, **how) -> subprocess.CompletedProcess[str]:
        """Run the launcher to its end."""
        process = self.start(*words, **how)
        out, err = process.communicate(timeout=30)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def python_calls(self) -> list[str]:
        return self.calls.read_text(encoding="utf-8").splitlines() if self.calls.exists() else []

    def pip_calls(self) -> list[str]:
        path = self.calls.with_name(self.calls.name + ".pip")
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture
def bare(tmp_path):
    """A machine without Python and without apt, the project just unpacked; fonts are there."""
    folder, programs = tmp_path / "要情 系统", tmp_path / "bin"
    programs.mkdir()
    (folder / "var" / "fonts").mkdir(parents=True)
    (folder / "tools").mkdir()
    for name in ("yaoqing", "tools/setup.sh"):
        shutil.copy(PROJECT / name, folder / name)
    for name in ("requirements.lock", "requirements-dev.lock"):
        (folder / name).write_text("one==1\n", encoding="utf-8")
    for face in FACES:
        (folder / "var" / "fonts" / f"Fandol{face}.otf").write_text("face", encoding="utf-8")
    for tool in TOOLS.split():
        os.symlink(shutil.which(tool), programs / tool)
    world = World(folder, programs, tmp_path / "calls")
    world.program("fc-match", "#!/bin/sh\n")
    world.program("fc-list", "#!/bin/sh\necho 'Noto Serif CJK SC, AR PL UKai CN, Liberation Serif'\n")
    return world


@pytest.fixture
def world(bare):
    """The same with a Python that is good enough."""
    bare.program("python3.11", PYTHON)
    return bare


@pytest.fixture
def ready(world):
    """The same with everything set up."""
    done = world.run("setup")
    assert done.returncode == 0, done.stderr
    world.calls.unlink()
    world.calls.with_name(world.calls.name + ".pip").unlink()
    return world
