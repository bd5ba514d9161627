"""The way back when the application cannot start: an app of core alone, for `yaoqing pack rollback`."""

import sys

from flask import Flask, current_app

from core.app import create_app

COMMAND = ["pack", "rollback"]
REDUCED = "YAOQING_REDUCED"


def serves(argv: list[str] | None) -> bool:
    """Whether this command must work although a plugin, or what it brings, keeps the application from starting."""
    given = sys.argv[1:] if argv is None else argv
    return given[:2] == COMMAND


def reduced_app() -> Flask:
    """The application without any plugin: enough to read what an office has activated and to write one row more."""
    app = create_app(plugin_package="")
    app.config[REDUCED] = True
    return app


def is_reduced() -> bool:
    """Whether the running app is such a one."""
    return bool(current_app.config.get(REDUCED))
