"""The command line's composition root: core's commands, the plugins', and the demo's."""

import sys

from core.cli import run

try:
    import demo
except ModuleNotFoundError as error:
    # The demo uses the bundled plugins; without one of them everything but the demo still works.
    if not (error.name or "").startswith("plugins"):
        raise
    EXTRA = []
else:
    EXTRA = [demo]

if __name__ == "__main__":
    sys.exit(run(extra_plugins=EXTRA))
