"""The permissions of fees: an editor draws lists up, an issuer approves; units read theirs, people their own."""

from core.hookspecs import Permission

PERMISSIONS = (
    Permission("fee.prepare", "编制稿酬清单", {"editor": "office"}),
    Permission("fee.approve", "核准稿酬清单", {"issuer": "office"}),
    Permission(
        "fee.view",
        "查看稿酬",
        {"editor": "office", "issuer": "office", "signing_leader": "unit", "informant": "own"},
    ),
)
