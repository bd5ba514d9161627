"""Put the command line together and run it."""

from collections.abc import Iterable
from types import ModuleType

import click
from flask import Flask

from core.app import VERSION, create_app
from core.cli import (  # noqa: F401 - pack_changeover, pack_files, pack_life, pack_print and pack_try add to `pack`
    audit,
    db,
    files,
    jobs,
    pack_changeover,
    pack_files,
    pack_life,
    pack_print,
    pack_try,
    people,
    rescue,
    scoring,
    search,
    serve,
)
from core.cli import packs as pack_commands
from core.cli.base import Group, speak_chinese
from core.errors import YaoqingError
from core.plugins import Plugins

GROUPS = (db.group, pack_commands.pack, pack_commands.plugin, people.office, people.unit, people.user,
          scoring.fact, scoring.period, audit.group, jobs.group, files.group, search.group, serve.serve,
          serve.fonts, serve.settings)  # fmt: skip


def build(plugins: Plugins) -> click.Group:
    """The whole command line."""
    root = Group("yaoqing", help="要情：政务信息报送、编发与考核系统的管理命令。", no_args_is_help=True)
    click.version_option(VERSION, message="要情 %(version)s")(root)
    for command in (*GROUPS, *plugins.collect("commands")):
        root.add_command(command)
    return root


def run(argv: list[str] | None = None, *, extra_plugins: Iterable[ModuleType] = ()) -> int:
    """Run a command; returns the exit code. Errors are one Chinese paragraph on stderr."""
    speak_chinese()
    try:
        app = _started(argv, extra_plugins)
        with app.app_context():
            root = build(app.extensions["yaoqing"].plugins)
            code = root.main(args=argv, prog_name="yaoqing", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except YaoqingError as error:
        click.echo(str(error), err=True)
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("已取消。", err=True)
        return 1


def _started(argv: list[str] | None, extra_plugins: Iterable[ModuleType]) -> Flask:
    """The app; without its plugins when it cannot start and the command is one that must work all the same."""
    try:
        return create_app(extra_plugins=extra_plugins)
    except Exception as error:
        if not rescue.serves(argv):
            raise
        click.echo(f"程序没有完整启动：{error}", err=True)
        return rescue.reduced_app()
