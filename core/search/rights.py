"""The permission of the search: everybody who has texts to read; what they find is decided by each kind of text."""

from core.hookspecs import Permission

_UNIT = {"informant": "unit", "signing_leader": "unit"}
_OFFICE = {"editor": "office", "issuer": "office", "leader": "office"}

PERMISSIONS = (Permission("search.use", "全文检索", _UNIT | _OFFICE),)
