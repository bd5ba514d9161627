"""Kinds of jobs the tests start, as a plugin; slow ones note every start in a file, so that processes can be counted."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core import clock
from core.errors import Conflict, InvalidInput
from core.hookspecs import JobKind, Permission, ScheduledJob, hookimpl
from core.jobs import Result, Task

STEP = 0.1


def _note(task: Task, word: str) -> None:
    with open(Path(task.args["file"]), "a", encoding="utf-8") as file:
        file.write(f"{word} {task.job_id} {task.attempt} {os.getpid()}\n")


def slow(task: Task) -> Result:
    """Takes `seconds`, step by step."""
    _note(task, "start")
    steps = round(task.args["seconds"] / STEP)
    for n in range(steps):
        task.progress(n, steps, f"第 {n} 步")
        time.sleep(STEP)
    _note(task, "end")
    return Result(message="做完了")


def report(task: Task) -> Result:
    """Makes a file that says for whom."""
    return Result(f"给{task.who.name}".encode(), "报告.txt", "text/plain", message="已生成")


def poison(task: Task) -> None:
    """Kills its process."""
    _note(task, "start")
    os.kill(os.getpid(), 9)


def stubborn(task: Task) -> None:
    """Fails by an accident until the third attempt."""
    if task.attempt < 3:
        raise OSError("磁盘已满")


def refused(task: Task) -> None:
    raise InvalidInput("没有可以汇总的内容", advice="请先选好月份")


def not_late(_actor: Any, args: Mapping[str, Any]) -> None:
    """What a kind may ask besides the right: here, whether it is late."""
    if clock.today().isoformat() > args["until"]:
        raise Conflict("已经过期", advice="请重新提交")


def nightly(_task: Task) -> Result:
    return Result(message="已检查 3 项")


@hookimpl
def permissions() -> list[Permission]:
    return [
        Permission("test.work", "测试任务", {"editor": "office"}),
        Permission("test.unit_work", "单位的测试任务", {"informant": "unit"}),
    ]


@hookimpl
def job_kinds() -> list[JobKind]:
    kinds = [
        ("slow", slow),
        ("report", report),
        ("poison", poison),
        ("stubborn", stubborn),
        ("refused", refused),
    ]
    return [
        *(JobKind(f"test.{name}", name, run, "test.work") for name, run in kinds),
        JobKind("test.checked", "checked", report, "test.work", check=not_late),
        JobKind("test.of_unit", "of_unit", report, "test.unit_work"),
    ]


@hookimpl
def scheduled_jobs() -> list[ScheduledJob]:
    return [
        ScheduledJob("test.nightly", "夜间检查", nightly, daily="02:30"),
        ScheduledJob("test.often", "经常检查", nightly, every_minutes=30),
    ]
