"""`yaoqing search`: build the full-text index anew, check it."""

import click

from core.cli.base import Group
from core.search import rebuilding

group = Group("search", help="全文检索：重建索引、核对索引。")


@group.command("rebuild")
def rebuild() -> None:
    """按现有内容重建全文索引；网站运行时也可进行，建成前查不全。"""
    rebuilding.tell(rebuilding.rebuild(), click.echo)
    click.echo("全文索引已建成。")


@group.command("check")
def check() -> None:
    """核对全文索引与内容是否一致。"""
    found = list(rebuilding.check())
    for problem in found:
        click.echo(problem, err=True)
    if found:
        raise click.ClickException(f"全文索引有 {len(found)} 处不符，请运行 ./yaoqing search rebuild")
    click.echo("全文索引与内容一致。")
