"""The command line's composition root: core's commands, the plugins', and the demo's."""

import sys

from core.cli import run

try:
    import demo
except Exception as error:
    # The demo uses the bundled plugins; without one of them everything but the demo still works. One that is broken
    # is told about by the command line itself, whose way back must stay open.
    if not (getattr(error, "name", None) or "").startswith("plugins"):
        print(f"演示功能无法加载：{error}", file=sys.stderr)
    EXTRA = []
else:
    EXTRA = [demo]

if __name__ == "__main__":
    sys.exit(run(extra_plugins=EXTRA))
