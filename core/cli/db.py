"""`yaoqing db`: bring the database up to date, check it, back it up, restore it."""

from pathlib import Path

import click
from flask import current_app

from core import backup, migrate
from core.cli.base import Group, data_folder, table

group = Group("db", help="数据库：升级、检查、备份、恢复。")
ARCHIVE = click.Path(dir_okay=False, path_type=Path)


@group.command("upgrade")
def upgrade() -> None:
    """建立或升级数据库结构（可重复执行）。"""
    for owner, before, now in migrate.upgrade(click.echo):
        click.echo(f"{owner}：{now}" if before == now else f"{owner}：{before or '空'} → {now}")


@group.command("status")
def status() -> None:
    """显示各部分的数据库版本。"""
    behind = set(migrate.pending())
    table([(o.name, "待升级" if o.name in behind else "最新") for o in migrate.owners()], ("所属", "状态"))


@group.command("check")
def check() -> None:
    """检查数据库结构与程序是否一致。"""
    migrate.require_up_to_date()
    found = migrate.differences()
    for difference in found:
        click.echo(str(difference), err=True)
    if found:
        raise click.ClickException(f"数据库结构与程序有 {len(found)} 处不一致")
    click.echo("数据库结构与程序一致。")


@group.command("backup")
@click.argument("archive", type=ARCHIVE, metavar="文件.tar.gz")
def back_up(archive: Path) -> None:
    """备份数据库、附件和规则包到一个文件并自动校验；网站运行时也可进行。"""
    digests = backup.create(data_folder(), archive, current_app.extensions["yaoqing"].version)
    click.echo(f"已备份并校验 {len(digests)} 个文件：{archive}")


@group.command("restore")
@click.argument("archive", type=ARCHIVE, metavar="文件.tar.gz")
def restore(archive: Path) -> None:
    """把备份恢复到空的数据目录（用 YAOQING_DATA 指定）。"""
    digests = backup.restore(archive, data_folder())
    click.echo(f"已恢复 {len(digests)} 个文件。请运行 ./yaoqing db upgrade 和 ./yaoqing audit verify 核对。")


@group.command("revision", hidden=True)
@click.argument("owner")
@click.argument("message")
def revision(owner: str, message: str) -> None:
    """（开发用）按模型与数据库的差别生成一个升级脚本。"""
    click.echo(migrate.draft(owner, message))
