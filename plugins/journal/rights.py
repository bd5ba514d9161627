"""The permissions of journals: editors compile, issuers sign, everybody of the office reads what was published."""

from core.hookspecs import Permission

_DESK = {"editor": "office", "issuer": "office"}

PERMISSIONS = (
    Permission("journal.compile", "编发刊物", {"editor": "office"}),
    Permission("journal.publish", "签发刊物", {"issuer": "office"}),
    Permission("journal.draft", "查看未签发的刊物", _DESK),
    Permission(
        "journal.read",
        "阅读已签发的刊物",
        _DESK | {"leader": "office", "informant": "office", "signing_leader": "office"},
    ),
)
