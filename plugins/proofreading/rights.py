"""Who may decide that a remark need not be shown again: in one text whoever mends it, in all texts the editors."""

from core.hookspecs import Permission

PERMISSIONS = (
    Permission(
        "proofreading.dismiss",
        "编辑信息时把核查提示设为不再提示",
        {"editor": "office"},
    ),
    Permission(
        "proofreading.own",
        "撰写信息时把核查提示设为不再提示",
        {"informant": "unit", "signing_leader": "unit"},
    ),
    Permission("proofreading.phrases", "维护本机构不再提示的用语", {"editor": "office"}),
)
