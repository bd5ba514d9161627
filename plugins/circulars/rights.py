"""The permissions of circulars: an editor drafts, an issuer (somebody else) issues, everybody reads.

Letters and messages are read by the desk, the leaders and the unit they go to.
"""

from core.hookspecs import Permission

_DESK = ("editor", "issuer", "leader")
_ALL = ("editor", "issuer", "leader", "informant", "signing_leader")

PERMISSIONS = (
    Permission("circular.draft", "起草通报", {"editor": "office"}),
    Permission("circular.issue", "签发通报", {"issuer": "office"}),
    Permission("circular.view", "查看通报", dict.fromkeys(_ALL, "office")),
    Permission("circular.file", "查看发给各单位的函件和短信", dict.fromkeys(_DESK, "office")),
    Permission(
        "circular.letter",
        "查看发给本单位的函件和短信",
        {**dict.fromkeys(_DESK, "office"), "informant": "unit", "signing_leader": "unit"},
    ),  # fmt: skip
)
