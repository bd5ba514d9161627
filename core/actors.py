"""Who acts: a signed-in person as services see them."""

from dataclasses import dataclass, field

from flask_login import UserMixin

from core.permissions import ROLES, Grant


@dataclass(frozen=True, eq=False)
class Actor(UserMixin):
    """A signed-in person as services see them: plain values, loaded in one query."""

    id: int
    login: str
    name: str
    office_id: int
    office_name: str
    grants: tuple[Grant, ...]
    must_change: bool = False
    session_id: int | None = None
    post: str = ""
    token: str = field(default="", repr=False)

    def get_id(self) -> str:
        """What the signed cookie keeps: the session's token, so that ending the session ends the sign-in."""
        return self.token

    def has(self, *roles: str) -> bool:
        """Whether the actor holds one of these roles anywhere."""
        return any(grant.role in roles for grant in self.grants)

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(grant.unit_id for grant in self.grants if grant.unit_id)

    @property
    def roles_text(self) -> str:
        """The actor's roles in Chinese."""
        held = {grant.role for grant in self.grants}
        return "、".join(role.title for role in ROLES.values() if role.name in held) or "未授权"
