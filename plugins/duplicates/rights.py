"""Who may see what resembles an item: for all units those who decide whether it is used, else only the unit's own."""

from core.hookspecs import Permission

PERMISSIONS = (
    Permission("duplicates.view", "查看重复和相关信息", {"editor": "office", "issuer": "office"}),
    Permission("duplicates.own", "查看与本单位此前报送重复的信息", {"informant": "unit", "signing_leader": "unit"}),
)  # fmt: skip
