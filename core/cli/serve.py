"""`yaoqing serve`, `yaoqing fonts`, `yaoqing settings`."""

import os
import sys

import click
from flask import current_app

from core import migrate
from core.cli.base import Group, table
from core.config import PROJECT, SETTINGS
from core.documents import store

fonts = Group("fonts", help="公文字体：检查。")


@click.command("serve", options_metavar="[选项]")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, help="监听端口")
@click.option("--workers", default=2, show_default=True, help="进程数")
def serve(host: str, port: int, workers: int) -> None:
    """启动网站（按 Ctrl+C 停止）。"""
    migrate.require_up_to_date()
    click.echo(f"网站地址：http://{host}:{port}/（按 Ctrl+C 停止）")
    sys.stdout.flush()
    start(host, port, workers)


def start(host: str, port: int, workers: int) -> None:
    """Replace this process by the web server."""
    os.chdir(PROJECT)
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"{host}:{port}", "--workers", str(workers),
               "--worker-class", "gthread", "--threads", "4", "--log-level", "warning", "--no-control-socket"]  # fmt: skip
    os.execv(sys.executable, command)


@fonts.command("check")
def check() -> None:
    """列出公文各字体角色实际使用的字体。"""
    rows = [
        (row["face"], row["wanted"], row["used"], "官方字体" if row["official"] else "开源替代")
        for row in store.fonts().report()
    ]
    table(rows, ("用途", "官方字体", "实际使用", "说明"))


@click.command("settings", options_metavar="[选项]")
def settings() -> None:
    """列出全部设置及当前值（用环境变量 YAOQING_… 修改）。"""
    now = current_app.config["YAOQING"]
    rows = [
        (f"YAOQING_{s.name}", "（已设置）" if s.name == "SECRET_KEY" and now[s.name] else now[s.name], s.help)
        for s in SETTINGS
    ]
    table(rows, ("设置", "当前值", "说明"))
