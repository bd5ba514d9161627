"""The documentation is held to the code: reference pages, links, quoted commands and settings, examples."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from core.cli.main import build
from core.config import PROJECT, SETTINGS
from core.packs.registry import Registry
from tools import reference

PAGES = ("hooks.md", "settings.md", "permissions.md", "cli.md", "facts.md", "packs.md")
DOCUMENTS = sorted(
    [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "deploy").glob("*.md")]
)
# Besides the product's own settings: the launcher's, and those of the tests.
OTHER_VARIABLES = {"YAOQING_PYTHON", "YAOQING_REQUIRE_ALL", "YAOQING_TEST_POSTGRES"}
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
INLINE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:\./|/opt/yaoqing/)yaoqing((?: +[\w./@:=~+-]+)*)")
FILE = re.compile(r"^`([^`\n]+)`：\n\n```\w*\n(.*?)^```", re.M | re.S)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return reference.application(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def root(app):
    with app.app_context():
        return build(app.extensions["yaoqing"].plugins)


# ---- reference pages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_reference_page_says_what_the_code_says(app, page):
    written = (reference.FOLDER / page).read_text(encoding="utf-8")

    assert written == reference.pages(app)[page], f"请执行 {reference.COMMAND} 重新生成"


def test_every_generated_page_is_compared(app):
    assert set(reference.pages(app)) == set(PAGES)


def test_the_launcher_has_the_commands_of_its_own_that_the_page_lists():
    script = (PROJECT / "yaoqing").read_text(encoding="utf-8")

    assert set(re.findall(r"^(\w+)\)$", script, re.M)) == set(reference.LAUNCHER)


# ---- links, commands, settings --------------------------------------------------------------------------------------


def links(document: Path) -> Iterator[str]:
    text = INLINE.sub("", FENCE.sub("", document.read_text(encoding="utf-8")))
    return (target for target in LINK.findall(text) if not target.startswith(("http://", "https://")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_links_between_documents_resolve(document):
    broken = [target for target in links(document) if not resolves(document, target)]

    assert broken == []


def test_every_picture_is_there():
    wanted = [(d, name) for d in DOCUMENTS for name in PICTURE.findall(d.read_text(encoding="utf-8"))]

    assert [name for document, name in wanted if not (document.parent / name).exists()] == []


def resolves(document: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    found = (document.parent / path).resolve() if path else document
    if not found.exists():
        return False
    return not anchor or anchor in anchors(found)


def anchors(document: Path) -> set[str]:
    """The anchors GitHub and most viewers give to headings."""
    headings = re.findall(r"^#+ +(.+)$", FENCE.sub("", document.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def quoted(document: Path) -> str:
    """Everything that stands as code in a document."""
    text = document.read_text(encoding="utf-8")
    return "\n".join([*FENCE.findall(text), *INLINE.findall(FENCE.sub("", text))])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_quoted_commands_exist(document, root):
    unknown = [
        line.strip() for line in COMMAND.findall(quoted(document)) if not is_command(line.split(), root)
    ]

    assert unknown == []


def is_command(words: list[str], root: click.Group) -> bool:
    """Whether these words name a command that exists, with options it has."""
    if words and words[0] in reference.LAUNCHER:
        known = reference.LAUNCHER[words[0]][1]
        return not known or all(word in known for word in words[1:] if word.startswith("--"))
    command: click.Command = root
    for word in words:
        if word.startswith("--"):
            options = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
            if word.partition("=")[0] not in {*options, "--help", "--version"}:
                return False
        elif isinstance(command, click.Group):
            if word not in command.commands:
                return False
            command = command.commands[word]
    return True


def test_the_check_of_commands_notices_mistakes(root):
    assert is_command(["pack", "activate", "luan-2013", "--from"], root)
    assert not is_command(["pack", "enable"], root)
    assert not is_command(["pack", "activate", "--since"], root)


@pytest.mark.parametrize(
    "document",
    [*DOCUMENTS, *(path for path in (PROJECT / "deploy").iterdir() if path.suffix != ".md")],
    ids=lambda path: str(path.relative_to(PROJECT)),
)
def test_quoted_settings_exist(document):
    names = set(re.findall(r"YAOQING_[A-Z_]*[A-Z]", document.read_text(encoding="utf-8")))

    assert names <= {f"YAOQING_{setting.name}" for setting in SETTINGS} | OTHER_VARIABLES


# ---- examples -------------------------------------------------------------------------------------------------------


def write_out(document: str, folder: Path) -> list[str]:
    """Write the files a how-to shows into a folder; returns their names."""
    text = (PROJECT / "docs" / "howto" / document).read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return [name for name, _ in FILE.findall(text)]


def test_the_pack_of_the_how_to_loads_and_passes_its_examples(app, tmp_path):
    names = write_out("write-a-pack.md", tmp_path / "moushi-2024")
    shutil.rmtree(tmp_path / "moushi-2024" / "more")
    registry: Registry = app.extensions["yaoqing"].registry

    with app.app_context():
        pack, results = registry.examine(tmp_path / "moushi-2024")

    assert (pack.manifest.id, len(names)) == ("moushi-2024", 8)
    assert [result.name for result in results if not result.passed] == [] and len(results) == 5


def test_the_second_rules_of_the_how_to_load_and_pass_their_examples(app, tmp_path):
    write_out("write-a-pack.md", tmp_path / "moushi-2024")
    more = tmp_path / "moushi-2024" / "more"
    shutil.rmtree(tmp_path / "moushi-2024" / "tests")
    shutil.copytree(more, tmp_path / "moushi-2024", dirs_exist_ok=True)
    shutil.rmtree(more)
    registry: Registry = app.extensions["yaoqing"].registry

    with app.app_context():
        _, results = registry.examine(tmp_path / "moushi-2024")

    assert [(result.name, result.differences) for result in results if not result.passed] == []
    assert len(results) == 2


CONFTEST = """\
from pathlib import Path

import plugins

plugins.__path__.append(str(Path(__file__).parent / "plugins"))
pytest_plugins = ["core.testing"]
"""


def test_the_plugin_of_the_how_to_registers_and_passes_its_own_tests(tmp_path):
    """In a process of its own, because tables once declared stay declared."""
    write_out("write-a-plugin.md", tmp_path)
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--import-mode=importlib",
        "tests",
    ]

    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
