"""Core is tested as it stands with every plugin folder removed."""

import pytest


@pytest.fixture
def plugin_package():
    """A package that does not exist: no plugins."""
    return "no_plugins"
