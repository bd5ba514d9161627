"""The permissions of instructions: a leader records their own, an editor for a leader; units answer."""

from core.hookspecs import Permission

_DESK = {"leader": "office", "editor": "office", "issuer": "office"}
_UNIT = {"informant": "unit", "signing_leader": "unit"}

PERMISSIONS = (
    Permission("instruction.record", "登记领导批示", {"leader": "own", "editor": "office"}),
    Permission("instruction.desk", "批示转办和计分条目", {"editor": "office"}),
    Permission("instruction.answer", "签收和反馈批示", _UNIT),
    Permission("instruction.answer_sign", "审签批示反馈", {"signing_leader": "unit"}),
    Permission("instruction.posts", "维护领导任职", {"editor": "office"}),
    Permission("instruction.view", "查看领导批示", _DESK | _UNIT),
)
