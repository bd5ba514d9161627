"""What all commands share: Chinese help, the running app, the console as an actor, plain output."""

import gettext
import json
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import current_app

from core.accounts.models import Office
from core.accounts.units import office_by_key
from core.actors import Actor
from core.errors import Findings, YaoqingError
from core.permissions import ROLES, Grant

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def speak_chinese() -> None:
    """Let Click's own words come from our catalogue (built from messages.po by tools/catalogue.py)."""
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain("messages", str(LOCALE))
    gettext.textdomain("messages")


class Group(click.Group):
    """A group whose usage line is Chinese too."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("subcommand_metavar", "命令 [参数]…")
        kwargs.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **kwargs)

    def command(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("options_metavar", "[选项]")
        return super().command(*args, **kwargs)


def console(office: Office) -> Actor:
    """The administrator at the machine itself: may do what any role of the office may do."""
    grants = tuple(Grant(role.name, office.id) for role in ROLES.values() if role.held_in == "office")
    return Actor(0, "console", "本机命令行", office.id, office.name, grants)


def office_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --office and passes the office itself."""

    @click.option("--office", "office_key", metavar="代号", help="机构代号；只有一个机构时可省略")
    @wraps(command)
    def with_office(*args: Any, office_key: str | None, **kwargs: Any) -> Any:
        return command(*args, office=office_by_key(office_key), **kwargs)

    return with_office


@contextmanager
def reported(as_json: bool) -> Iterator[None]:
    """With --json, tell a refusal as an object with `ok` and `errors`; otherwise leave it to the last handler."""
    try:
        yield
    except YaoqingError as error:
        if not as_json:
            raise
        errors = error.errors if isinstance(error, Findings) else [error]
        report = {"ok": False, "message": error.message, "errors": [e.as_dict() for e in errors]}
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        raise SystemExit(1) from None


def data_folder() -> Path:
    """The data folder of the running app."""
    return Path(current_app.config["YAOQING"]["DATA"])


def table(rows: Iterable[Sequence[Any]], heads: Sequence[str]) -> None:
    """Print rows in columns; Chinese characters count as two."""
    lines = [[str(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(_width(line[n]) for line in lines) for n in range(len(heads))]
    for line in lines:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)
