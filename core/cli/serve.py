"""`yaoqing serve`, `yaoqing fonts`, `yaoqing settings`."""

import os
import subprocess
import sys
from collections.abc import Iterator

import click
from flask import current_app

from core import migrate
from core.cli.base import Group, table
from core.config import PROJECT, SETTINGS
from core.documents import store
from core.documents.fonts.faces import ROLES
from core.documents.fonts.font_set import FontSet

SHOWN = 20
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
    """Replace this process by the web server, with the processes that work on background jobs beside it."""
    os.chdir(PROJECT)
    if processes := current_app.config["YAOQING"]["JOB_PROCESSES"]:
        subprocess.Popen(
            [
                sys.executable,
                "manage.py",
                "jobs",
                "work",
                "--processes",
                str(processes),
                "--beside",
                str(os.getpid()),
            ]
        )
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"{host}:{port}", "--workers", str(workers),
               "--worker-class", "gthread", "--threads", "4", "--log-level", "warning", "--no-control-socket"]  # fmt: skip
    os.execv(sys.executable, command)


@fonts.command("check")
@click.argument("text", required=False, metavar="[文字]")
def check(text: str | None) -> None:
    """列出公文各字体角色实际使用的字体、所缺的字；给出文字时另查其中有没有无法排印的字。"""
    found = store.fonts()
    table(*_faces(found))
    click.echo()
    table(*_coverage(found))
    for advice in _advice(found):
        click.echo(advice)
    if text:
        _check_text(text, found)


def _faces(found: FontSet) -> tuple[list[tuple], tuple[str, ...]]:
    rows = [
        (
            row["face"],
            row["wanted"],
            row["used"],
            "官方字体" if row["official"] else "开源替代" if row["alike"] else "不是同类字体",
            _lacks(row["lacks"]),
        )
        for row in found.report()
    ]
    rows += [(none.label, none.official[0], "（没有）", "用正文字体", "") for none in found.without()]
    rows += [(face.label, "", face.family, "后备", _lacks(face.lacks)) for face in found.backups()]
    return rows, ("用途", "官方字体", "实际使用", "说明", "所缺汉字（常用/一级/二级）")


def _advice(found: FontSet) -> Iterator[str]:
    """What is to be done about faces that are not there."""
    for row in found.report():
        if not row["alike"]:
            yield f"“{row['face']}”没有同类字体，暂用“{row['used']}”：请执行 ./yaoqing setup，或把字体文件放进字体目录。"
    if any(none is ROLES["latin"] for none in found.without()):
        yield "没有西文字体，版面开关 digits: times 不起作用：请安装系统软件包 fonts-liberation。"
    if not found.backups():
        yield "没有罕用字后备字体，人名、地名中有生僻字的公文不能印发：请安装系统软件包 fonts-noto-cjk。"


def _lacks(counts: object) -> str:
    return "/".join(map(str, counts)) if isinstance(counts, tuple) else ""


def _coverage(found: FontSet) -> tuple[list[tuple], tuple[str, ...]]:
    rows = [
        (level.level, level.total, len(level.lacking) or "无", "".join(level.lacking[:SHOWN]))
        for level in found.coverage()
    ]
    return rows, ("各字体合起来", "字数", "缺", f"缺的字（前 {SHOWN} 个）")


def _check_text(text: str, found: FontSet) -> None:
    lacking = found.missing(text)
    for char, place in lacking:
        click.echo(f"第 {place + 1} 个字“{char}”（U+{ord(char):04X}）没有字体，校样上显示为“〓”，不能印发。")
    if lacking:
        raise click.exceptions.Exit(1)
    click.echo("这些文字都可以排印。")


@click.command("settings", options_metavar="[选项]")
def settings() -> None:
    """列出全部设置及当前值（用环境变量 YAOQING_… 修改）。"""
    now = current_app.config["YAOQING"]
    rows = [
        (f"YAOQING_{s.name}", "（已设置）" if s.name == "SECRET_KEY" and now[s.name] else now[s.name], s.help)
        for s in SETTINGS
    ]
    table(rows, ("设置", "当前值", "说明"))
