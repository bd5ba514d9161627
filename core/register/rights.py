"""The permissions of the register: editors record and withdraw, units see the facts of their own."""

from core.hookspecs import Permission

_DESK = {"editor": "office", "issuer": "office", "leader": "office"}
_UNIT = {"informant": "unit", "signing_leader": "unit"}

PERMISSIONS = (
    Permission("fact.view", "查看计分事项", _DESK | _UNIT),
    Permission("fact.record", "登记和撤销计分事项", {"editor": "office"}),
)
