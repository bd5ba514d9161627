"""The demo: an invented city with a year of work, done through the same services people use."""

from core.hookspecs import hookimpl
from demo.command import demo

TITLE = "演示：示例市一年的报送、编发与考核"


@hookimpl
def commands():
    return [demo]
