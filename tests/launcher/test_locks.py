"""The lock files: complete, hashed, free of addresses, agreeing with each other and with pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(lock: str) -> dict[str, str]:
    """Name and version of every package in a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ \\]+)", (PROJECT / lock).read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock):
    entries = re.split(r"^(?=[a-z0-9-]+==)", (PROJECT / lock).read_text(encoding="utf-8"), flags=re.M)[1:]

    assert entries and all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_of_a_package_index_is_written_down(lock):
    text = (PROJECT / lock).read_text(encoding="utf-8")

    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted-host", text)


def test_test_tools_are_locked_around_the_delivered_versions():
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_direct_dependencies_are_locked_within_their_bounds():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]

    for lock, lines in zip(LOCKS, (project["dependencies"], project["dependencies"] + extras), strict=True):
        locked = pins(lock)
        for wanted in map(Requirement, lines):
            assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)]), (lock, str(wanted))
