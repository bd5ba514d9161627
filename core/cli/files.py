"""`yaoqing files`: stored files that nothing refers to."""

from datetime import timedelta

import click

from core import migrate, orphans
from core.cli.base import Group, table
from core.filters import minute

group = Group("files", help="存档文件：列出、清理无人引用的。")


@group.command("orphans")
@click.option(
    "--days",
    default=orphans.GRACE.days,
    show_default=True,
    type=click.IntRange(1, 3650),
    help="至少放了多少天",
)
@click.option("--sweep", is_flag=True, help="清理掉（每天 03:40 自动清理放满 7 天的）")
def listing(days: int, sweep: bool) -> None:
    """列出没有任何记录引用的文件，如印制后没有印发的 PDF；加 --sweep 清理。"""
    migrate.require_up_to_date()
    grace = timedelta(days=days)
    if sweep:
        count, size = orphans.sweep(grace)
        click.echo(f"已清理 {count} 个文件，共 {size / 1e6:.1f} MB")
        return
    rows = [
        (found.digest[:16] or found.path.name, f"{found.size / 1e3:.1f}", minute(found.since))
        for found in orphans.orphans(grace)
    ]
    table(rows, ("文件", "大小（KB）", "存入时间"))
