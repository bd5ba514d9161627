"""`yaoqing audit`: verify the trail."""

import click

from core.audit import trail
from core.cli.base import Group

group = Group("audit", help="操作留痕：校验、记下末条校验值。")


@group.command("verify")
@click.option("--head", metavar="编号:校验值", help="先前用 audit head 记下的末条，可发现末尾被截去的情况")
def verify(head: str | None) -> None:
    """校验全部操作留痕，指出被改动、删除或插入的记录。"""
    noted = None
    if head:
        number, colon, value = head.partition(":")
        if not (colon and number.isdigit() and len(value) == 64):
            raise click.ClickException("--head 的写法不对，应为 编号:64位校验值")
        noted = (int(number), value)
    breaks = list(trail.verify(noted))
    for found in breaks:
        click.echo(f"第 {found.record_id} 条：{found.reason}", err=True)
    if breaks:
        raise click.ClickException(f"发现 {len(breaks)} 处异常")
    last = trail.head()
    click.echo(f"操作留痕完整，共 {last[0] if last else 0} 条。")


@group.command("head")
def head() -> None:
    """显示末条记录的编号和校验值，请抄存到本机之外。"""
    last = trail.head()
    click.echo(f"{last[0]}:{last[1]}" if last else "尚无记录")
