"""The command line's composition root: core's commands, the plugins', and the demo's."""

import sys

import demo
from core.cli import run

if __name__ == "__main__":
    sys.exit(run(extra_plugins=[demo]))
