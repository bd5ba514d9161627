"""The permissions of journals: editors compile, issuers sign, everybody of the office reads what was published."""

from core.hookspecs import Permission

_DESK = {"editor": "office", "issuer": "office"}

PERMISSIONS = (
    Permission("journal.compile", "编发刊物", {"editor": "office"}),
    Permission("journal.check", "核稿、审核刊物", _DESK),
    Permission("journal.publish", "签发刊物", {"issuer": "office"}),
    Permission("journal.force", "先签发刊物、后补审批", {"issuer": "office"}),
    Permission("journal.withdraw", "撤回、恢复已刊发的刊物", {"issuer": "office"}),
    Permission("journal.draft", "查看未签发的刊物", _DESK),
    Permission(
        "journal.read",
        "阅读已签发的刊物",
        _DESK | {"leader": "office", "informant": "office", "signing_leader": "office"},
    ),
)

# The roles that may take a step of signature, and those that may take the last one.
CHECKERS, ISSUERS = (
    tuple(next(one.grants for one in PERMISSIONS if one.name == name))
    for name in ("journal.check", "journal.publish")
)
