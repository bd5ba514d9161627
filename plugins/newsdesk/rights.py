"""The permissions of the desk."""

from core.hookspecs import Permission

PERMISSIONS = (
    Permission("newsdesk.use", "使用编辑台", {"editor": "office"}),
    Permission("newsdesk.share", "维护本机构共用的常用语和筛选", {"editor": "office", "issuer": "office"}),
)
