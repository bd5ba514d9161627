"""The permissions of the working-day calendar."""

from core.hookspecs import Permission

PERMISSIONS = (
    Permission(
        "workday.view",
        "查看工作日历",
        {"editor": "office", "issuer": "office", "leader": "office", "system_admin": "office"},
    ),
    Permission("workday.edit", "维护工作日历", {"editor": "office", "system_admin": "office"}),
)
