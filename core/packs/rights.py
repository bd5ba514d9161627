"""The permissions of rule packs: the system administrator brings them, the security administrator activates.

Whose signatures are trusted is for the security administrator to say, too.
"""

from core.hookspecs import Permission

PERMISSIONS = (
    Permission(
        "pack.view",
        "查看规则包",
        {"system_admin": "office", "security_admin": "office", "editor": "office", "issuer": "office"},
    ),
    Permission("pack.install", "安装规则包", {"system_admin": "office"}),
    Permission("pack.confirm", "确认规则包的依据有效", {"system_admin": "office"}),
    Permission("pack.activate", "启用规则包", {"security_admin": "office"}),
    Permission("pack.trust", "管理可信密钥", {"security_admin": "office"}),
)
