"""Tables that grow with the years, as workbooks to download: short ones at once, long ones made in the background.

Both are made by the same function from the same words and rights, so they have the same bytes.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from core import clock, jobs
from core.actors import Actor
from core.documents.workbook import MIMETYPE, Sheet, Told, no_one, workbook
from core.errors import PermissionDenied
from core.hookspecs import JobKind
from core.jobs.models import Job

# So many lines take about a second; nobody's request waits for more.
SHORT = 2_000
# What a page's filter asks for, word by word.
Asked = Mapping[str, str]


@dataclass(frozen=True)
class Export:
    """A table: the kind of its jobs, its title, the right it needs.

    `count` says how many lines a person gets for what they ask; `sheets` reads them, telling how many it has read.
    """

    kind: str
    title: str
    permission: str
    count: Callable[[Actor, Asked], int]
    sheets: Callable[[Actor, Asked, Told], Sequence[Sheet]]

    @property
    def job(self) -> JobKind:
        """The kind of job that makes it when it is long; the plugin gives it to the hook `job_kinds`."""
        return JobKind(
            self.kind, f"导出{self.title}", partial(_run, self), self.permission, check=_same_rights
        )


@dataclass(frozen=True)
class Made:
    """A finished workbook under the name it is saved as."""

    content: bytes
    name: str


def made(export: Export, actor: Actor, asked: Asked, read: Told = no_one, written: Told = no_one) -> Made:
    """The table as this person may see it now."""
    today = clock.today()
    content = workbook(export.sheets(actor, asked, read), today, written)
    return Made(content, f"{export.title}{today.isoformat()}.xlsx")


def start(actor: Actor, export: Export, asked: Asked) -> Job:
    """Make it in the background; asked for once more meanwhile, the person gets the job there is."""
    args = {"asked": dict(asked), "rights": _rights(actor)}
    digest = hashlib.sha256(json.dumps(args, sort_keys=True).encode()).hexdigest()
    return jobs.start(
        actor, export.kind, f"导出{export.title}", args, office_id=actor.office_id, key=f"{actor.id}:{digest}"
    )


def _run(export: Export, task: jobs.Task) -> jobs.Result:
    """The job. A line counts half when it is read and half when it is written."""
    lines = export.count(task.who, task.args["asked"])
    task.progress(0, lines, "正在读取")

    def read(number: int) -> None:
        task.progress(min(number, lines) // 2, lines, "正在读取")

    def written(number: int) -> None:
        number = min(number, lines)
        task.progress((lines + number) // 2, lines, "正在写入表格" if number < lines else "正在生成文件")

    file = made(export, task.who, task.args["asked"], read, written)
    return jobs.Result(file.content, file.name, MIMETYPE, message=f"表格已备好，共 {lines} 条")


def _rights(actor: Actor) -> list[list[Any]]:
    return sorted([grant.role, grant.office_id, grant.unit_id or 0] for grant in actor.grants)


def _same_rights(actor: Actor | None, args: Mapping[str, Any]) -> None:
    """The file holds what its reader could see with the roles they had: with others they ask anew."""
    if actor is None or _rights(actor) != args["rights"]:
        raise PermissionDenied(
            "您的角色在提交以后有变动，这份表格不再提供", advice="请重新下载，按现在的权限生成"
        )
