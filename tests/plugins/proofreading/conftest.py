"""A copy of the template pack, to be given a section."""

import shutil

import pytest

from core.config import PROJECT


@pytest.fixture
def pack_folder(tmp_path):
    """The pack every new one starts from."""
    return shutil.copytree(PROJECT / "rulepacks" / "template", tmp_path / "pack")
