"""The permissions of submissions."""

from core.hookspecs import Permission

_UNIT = {"informant": "unit", "signing_leader": "unit"}

PERMISSIONS = (
    Permission("submission.view", "查看报送信息", _UNIT | {"editor": "office", "issuer": "office"}),
    Permission("submission.browse", "浏览全部报送信息", {"editor": "office", "issuer": "office"}),
    Permission("submission.write", "撰写和报送信息", _UNIT),
    Permission("submission.sign", "审签本单位信息", {"signing_leader": "unit"}),
    Permission("submission.edit", "编辑、退回和选用信息", {"editor": "office"}),
    Permission("submission.adopt", "采用信息、撤销采用", {"editor": "office", "issuer": "office"}),
)
