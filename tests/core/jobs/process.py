"""A real process that works on the jobs of a test: `python -m tests.core.jobs.process SETTINGS PROCESSES`."""

import json
import sys
from pathlib import Path

from core.app import create_app
from core.jobs.keeper import Keeper
from tests.core.jobs import kinds

if __name__ == "__main__":
    settings = json.loads(sys.argv[1])
    settings["DATA"] = Path(settings["DATA"])
    app = create_app(settings, plugin_package="no_plugins", extra_plugins=[kinds])
    Keeper(app, int(sys.argv[2])).run()
