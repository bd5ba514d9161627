"""The permissions of scoring: everybody sees the ranking, a unit the entries of its own points."""

from core.hookspecs import Permission

_DESK = {"editor": "office", "issuer": "office", "leader": "office"}
_UNIT = {"informant": "unit", "signing_leader": "unit"}
_UNIT_WIDE = {"informant": "office", "signing_leader": "office"}

PERMISSIONS = (
    Permission("ranking.view", "查看得分排名", _DESK | _UNIT_WIDE),
    Permission("entry.view", "查看得分台账", _DESK | _UNIT),
    Permission("period.view", "查看考核周期", {"editor": "office", "issuer": "office"}),
    Permission("period.close", "结账和撤销结账", {"issuer": "office"}),
    Permission("document.view", "查看公文", _DESK | _UNIT_WIDE),
    Permission("document.reprint", "加印公文", {"editor": "office", "issuer": "office"}),
)
