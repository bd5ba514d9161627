"""Every test may use the fixtures that core publishes for plugin authors."""

from hypothesis import settings

pytest_plugins = ["core.testing", "tests.city"]

# A busy machine is no reason for a property test to fail.
settings.register_profile("yaoqing", deadline=None)
settings.load_profile("yaoqing")
