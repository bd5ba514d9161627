"""With every plugin folder removed the core still boots, and the core's own tests pass."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import PROJECT

TAKEN_ALONG = (
    "core",
    "demo",
    "templates",
    "static",
    "migrations",
    "rulepacks",
    "tests",
    "manage.py",
    "wsgi.py",
    "pyproject.toml",
)


@pytest.fixture(scope="module")
def bare_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project without a single plugin; the demo, which uses them, stays and stands aside."""
    root = tmp_path_factory.mktemp("bare")
    for name in TAKEN_ALONG:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
        else:
            shutil.copy(source, root / name)
    (root / "plugins").mkdir()
    shutil.copy(PROJECT / "plugins" / "__init__.py", root / "plugins")
    return root


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "YAOQING_DATA": str(root / "data"), "YAOQING_TEST_POSTGRES": ""}
    environment.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, timeout=900, check=False
    )


def test_the_command_line_works_without_plugins(bare_tree):
    upgraded = run(bare_tree, "manage.py", "db", "upgrade")
    listed = run(bare_tree, "manage.py", "plugin", "list")

    assert (upgraded.returncode, listed.returncode) == (0, 0), upgraded.stderr + listed.stderr
    assert "core_0" in upgraded.stdout


def test_the_site_answers_without_plugins(bare_tree):
    asked = "from wsgi import app; c = app.test_client(); print(c.get('/healthz').status_code, c.get('/login').status_code)"

    answered = run(bare_tree, "-c", asked)

    assert answered.stdout.split() == ["200", "200"], answered.stderr


def test_the_tests_of_accounts_and_submissions_pass_without_plugins(bare_tree):
    areas = [
        "tests/core/accounts",
        "tests/core/submissions",
        "tests/core/facts",
        "tests/core/audit",
        "tests/core/test_plugins.py",
    ]

    done = run(bare_tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *areas)

    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
