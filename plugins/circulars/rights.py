"""The permissions of circulars: an editor drafts, an issuer (somebody else) issues, everybody reads."""

from core.hookspecs import Permission

_ALL = ("editor", "issuer", "leader", "informant", "signing_leader")

PERMISSIONS = (
    Permission("circular.draft", "起草通报", {"editor": "office"}),
    Permission("circular.issue", "签发通报", {"issuer": "office"}),
    Permission("circular.view", "查看通报", dict.fromkeys(_ALL, "office")),
)
