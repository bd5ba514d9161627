"""Every test may use the fixtures that core publishes for plugin authors."""

import pytest
from hypothesis import settings

pytest_plugins = ["core.testing", "tests.city"]

# A busy machine is no reason for a property test to fail.
settings.register_profile("yaoqing", deadline=None)
settings.load_profile("yaoqing")
# Minutes each: at the end they would keep one worker busy while the others have nothing left.
LONG = (
    "shape/test_without_plugins.py", "shape/test_route_matrix.py", "attacks/test_desk_words.py",
    "attacks/test_canaries.py", "browser/test_pages.py", "core/scoring/test_against_oracle.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first."""
    items.sort(key=lambda item: not str(item.path).endswith(LONG))
