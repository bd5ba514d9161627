"""The permissions of escalation: editors record what went up and what was adopted there; units see their own."""

from core.hookspecs import Permission

_DESK = {"editor": "office", "issuer": "office", "leader": "office"}
_UNIT = {"informant": "unit", "signing_leader": "unit"}

PERMISSIONS = (
    Permission("escalation.record", "登记上报和上级采用", {"editor": "office"}),
    Permission("escalation.view", "查看上报和上级采用", _DESK | _UNIT),
)
