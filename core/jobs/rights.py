"""The permissions of background jobs."""

from core.hookspecs import Permission
from core.permissions import ROLES

PERMISSIONS = (
    Permission("job.view", "查看自己的后台任务", dict.fromkeys(ROLES, "own")),
    Permission("job.health", "查看后台任务运行情况", {"system_admin": "office"}),
)
