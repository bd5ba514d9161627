"""Tables of accounts: office, unit, unit group, user, role, session, failed login."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UtcDateTime
from core.permissions import ADMIN_ROLES, ROLES, Grant, Place

UNIT_KINDS = {
    "county": "县区",
    "bureau": "部门",
    "section": "内设科室",
    "direct_report_point": "直报点",
    "other": "其他单位",
}


class Office(Base):
    """A government office that runs an information scheme (信息工作机构)."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    place_name: Mapped[str] = mapped_column(String(40))

    def place(self) -> Place:
        return Place(self.id)

    def __str__(self) -> str:
        return self.name


class UnitGroup(Base):
    """Units that compete with one another (参评分组)."""

    __tablename__ = "unit_group"
    __table_args__ = (UniqueConstraint("office_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str] = mapped_column(String(40))
    sort_no: Mapped[int] = mapped_column(default=0)


class Unit(Base):
    """A body that reports: county government, bureau, own section or direct-report point."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("office_id", "name"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="dates"),
        CheckConstraint(f"kind IN ({', '.join(map(repr, UNIT_KINDS))})", name="kind"),
        Index(None, "office_id", "sort_no"),
        # For lists of submissions in the order of their units; the ids make the order one of its own.
        Index(None, "pinyin", "id"),
        Index(None, "sort_no", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str] = mapped_column(String(80))
    short_name: Mapped[str] = mapped_column(String(30), default="")
    pinyin: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(24))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("unit_group.id"))
    unit_class: Mapped[str] = mapped_column(String(40), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    # The office below that reports as this unit: how an item travels up from office to office.
    represents_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    sort_no: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(40), default="")
    optional: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)

    office: Mapped[Office] = relationship(foreign_keys=[office_id])
    group: Mapped[UnitGroup | None] = relationship()
    parent: Mapped["Unit | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])
    host: Mapped["Unit | None"] = relationship(foreign_keys=[host_id], remote_side=[id])

    __mapper_args__ = {"version_id_col": version}

    def place(self) -> Place:
        return Place(self.office_id, frozenset({self.id}))

    @property
    def short(self) -> str:
        return self.short_name or self.name

    def valid_on(self, day: date) -> bool:
        """Whether the unit exists on this day."""
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)

    def __str__(self) -> str:
        return self.name


class User(Base):
    """A named person; never shared by several."""

    __tablename__ = "user_account"
    __table_args__ = (Index(None, "office_id", "pinyin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    pinyin: Mapped[str] = mapped_column(String(200), default="")
    post: Mapped[str] = mapped_column(String(60), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=True)
    password_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled: Mapped[bool] = mapped_column(default=False)
    expires_on: Mapped[date | None]
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    office: Mapped[Office] = relationship()
    roles: Mapped[list["RoleAssignment"]] = relationship(back_populates="user", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}

    def place(self) -> Place:
        return Place(self.office_id, owner_id=self.id)

    def __str__(self) -> str:
        return f"{self.name}（{self.login}）"


class RoleAssignment(Base):
    """A role of a person, held in an office and, for unit roles, in one unit.

    The partial unique index lets one person hold at most one of the three administrator roles:
    系统、安全、审计 administrators check one another and are never the same person.
    """

    __tablename__ = "role_assignment"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "office_id", "unit_id"),
        CheckConstraint(f"role IN ({', '.join(map(repr, ROLES))})", name="role"),
        Index(
            "uq_role_assignment_one_admin_role",
            "user_id",
            unique=True,
            sqlite_where=text(f"role IN ({', '.join(map(repr, ADMIN_ROLES))})"),
            postgresql_where=text(f"role IN ({', '.join(map(repr, ADMIN_ROLES))})"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(String(24))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    user: Mapped[User] = relationship(back_populates="roles")
    unit: Mapped[Unit | None] = relationship()

    def grant(self) -> Grant:
        return Grant(self.role, self.office_id, self.unit_id)


class LoginSession(Base):
    """A signed-in browser; the cookie holds the token, the table only its hash."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(60), default="")
    browser: Mapped[str] = mapped_column(String(120), default="")


class LoginFailure(Base):
    """A failed attempt to sign in, kept for the lock-out; also for names that do not exist."""

    __tablename__ = "login_failure"
    __table_args__ = (Index(None, "login", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
