"""`yaoqing demo`: build the demo city once, write its PDFs and summary, serve the site."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app

from core import clock, migrate
from core.app import create_app
from core.cli.serve import start
from demo import people, summary, year
from demo.content import load

SHOWN = (
    "informant",
    "signing_leader",
    "editor",
    "issuer",
    "leader",
    "system_admin",
    "security_admin",
    "audit_admin",
)


@click.command("demo", options_metavar="[选项]")
@click.option("--serve/--no-serve", default=True, help="建好后启动网站（默认启动）")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="把 PDF 和 summary.json 写到这个目录"
)
@click.option("--fresh", is_flag=True, help="删除已有的演示数据，重新建立")
@click.option("--port", default=8000, show_default=True, help="网站端口")
def demo(serve: bool, out: Path | None, fresh: bool, port: int) -> None:
    """建立示例市的演示数据并启动网站；与正式数据分开存放，可反复运行。"""
    home = current_app.config["YAOQING"]["DATA"] / "demo"
    out = (out or home / "out").resolve()
    if fresh and home.exists():
        shutil.rmtree(home)
    kept = home.exists()
    if kept:
        click.echo(f"演示数据已存在，全部保留：{home}")
    else:
        _build(home)
    app = create_app({"DATA": home})
    with app.app_context():
        for owner, before, now in migrate.upgrade(click.echo):
            if before != now:
                click.echo(f"数据库升级 {owner}：{before} → {now}")
        written = summary.write(out)
        click.echo(f"\nPDF 和汇总（{len(written)} 个文件）：")
        for path in written:
            click.echo(f"  {path}")
        if not serve:
            return
        _show_accounts(kept)
    click.echo(f"\n网站地址：http://127.0.0.1:{port}/  （按 Ctrl+C 停止）")
    os.environ["YAOQING_DATA"] = str(home)
    start("127.0.0.1", port, 2)


def _build(home: Path) -> None:
    """Build beside the final place and rename at the end: an interrupted run leaves nothing half-made."""
    staging = home.with_name("demo.building")
    shutil.rmtree(staging, ignore_errors=True)
    started = time.monotonic()
    app = create_app({"DATA": staging})
    with app.app_context():
        say = _progress(started)
        say("建立数据库")
        list(migrate.upgrade())
        content = load()
        say(f"建立机构、{len(content.units)} 个单位和人员，启用规则包")
        cast = people.set_up(content, year.first_day(clock.today()))
        year.work(content, cast, say)
    os.replace(staging, home)
    click.echo(f"演示数据已建立，用时 {time.monotonic() - started:.0f} 秒。")


def _progress(started: float) -> Callable[[str], None]:
    return lambda text: click.echo(f"[{time.monotonic() - started:5.1f} 秒] {text}")


def _show_accounts(kept: bool) -> None:
    accounts = summary.first_of_each_role(SHOWN, unchanged_only=kept)
    fresh = people.give_passwords([login for _, login, _ in accounts])
    if fresh:
        click.echo("\n演示账号（一次性密码，首次登录须修改）：")
    for role, login, name in accounts:
        click.echo(f"  {role}\t{name}\t登录名 {login}\t密码 {fresh[login]}")
    if len(accounts) < len(SHOWN):
        click.echo("  其余演示账号已改过密码，请用原密码登录。")
