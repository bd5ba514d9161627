"""The permissions of accounts, units and the audit trail."""

from core.hookspecs import Permission

_OFFICE_DESK = {"editor": "office", "issuer": "office", "leader": "office"}
_ADMINS = {"system_admin": "office", "security_admin": "office", "audit_admin": "office"}

PERMISSIONS = (
    Permission(
        "unit.view",
        "查看单位",
        _OFFICE_DESK
        | {
            "system_admin": "office",
            "security_admin": "office",
            "informant": "unit",
            "signing_leader": "unit",
        },
    ),
    Permission("unit.edit", "维护单位", {"system_admin": "office"}),
    Permission("user.view", "查看用户", _ADMINS),
    Permission("user.edit", "维护用户账号", {"system_admin": "office"}),
    Permission("user.roles", "用户授权", {"security_admin": "office"}),
    Permission("user.secure", "解锁账号、终止会话", {"security_admin": "office"}),
    Permission("audit.view", "查看操作留痕", {"audit_admin": "office"}),
)
