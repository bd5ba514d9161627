"""`yaoqing db`: bring the database up to date, check it."""

import click

from core import migrate
from core.cli.base import Group, table

group = Group("db", help="数据库：升级、检查。")


@group.command("upgrade")
def upgrade() -> None:
    """建立或升级数据库结构（可重复执行）。"""
    for owner, before, now in migrate.upgrade():
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


@group.command("revision", hidden=True)
@click.argument("owner")
@click.argument("message")
def revision(owner: str, message: str) -> None:
    """（开发用）按模型与数据库的差别生成一个升级脚本。"""
    click.echo(migrate.draft(owner, message))
