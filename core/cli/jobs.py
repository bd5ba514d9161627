"""`yaoqing jobs`: work on background jobs, list them."""

import click
from flask import current_app

from core import migrate
from core.cli.base import Group, table
from core.filters import minute
from core.jobs import queries
from core.jobs.keeper import Keeper

group = Group("jobs", help="后台任务：处理、列出。")


@group.command("work")
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 32), help="进程数")
@click.option("--beside", default=0, hidden=True)
def work(processes: int, beside: int) -> None:
    """处理后台任务（按 Ctrl+C 停止）。网站随 serve 自带处理进程；另开机器或进程时用。"""
    migrate.require_up_to_date()
    if not beside:
        click.echo(f"正在处理后台任务，{processes} 个进程（按 Ctrl+C 停止）")
    Keeper(current_app._get_current_object(), processes, beside).run()  # type: ignore[attr-defined]


@group.command("list")
@click.option("--all", "everything", is_flag=True, help="包括已结束的")
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 1000), help="最多列出多少条")
def listing(everything: bool, limit: int) -> None:
    """列出后台任务，新的在前。"""
    rows = [
        (job.id, job.state_title, _progress(job.done, job.total), minute(job.created_at), job.actor_name, job.title, job.error)
        for job in queries.latest(everything, limit)
    ]  # fmt: skip
    table(rows, ("编号", "状态", "进度", "提交时间", "发起人", "任务", "原因"))


def _progress(done: int, total: int) -> str:
    return f"{done}/{total}" if total else ""
