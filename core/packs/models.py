"""Tables of rule packs: installed versions, signatures, keys, confirmed papers, and which one an office uses when."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, UtcDateTime


class PackVersion(Base):
    """An installed version of a pack; its files lie unchanged under `<id>@<version>` in the packs folder."""

    __tablename__ = "pack_version"
    __table_args__ = (UniqueConstraint("pack", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    installed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    installed_by: Mapped[str] = mapped_column(String(100))
    installer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    signature: Mapped["PackSignature | None"] = relationship()

    @property
    def ref(self) -> str:
        """`id@version`"""
        return f"{self.pack}@{self.version}"

    def __str__(self) -> str:
        return f"{self.title}（{self.ref}）"


class PackSignature(Base):
    """The signature an installed version came with, exactly as it stood in the pack file (`block`)."""

    __tablename__ = "pack_signature"

    version_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(32))
    block: Mapped[str] = mapped_column(Text)


class PackKey(Base):
    """A key whose signatures this installation trusts, until it is revoked; rows are never removed."""

    __tablename__ = "pack_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(String(32), unique=True)
    line: Mapped[str] = mapped_column(Text)
    replaces: Mapped[str] = mapped_column(String(32), default="")
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(100))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(String(200))

    def __str__(self) -> str:
        return self.key_id


class PackConfirmation(Base):
    """Somebody looked at a paper behind a pack's values and found that it still holds; rows are never changed."""

    __tablename__ = "pack_confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(60))
    document: Mapped[str] = mapped_column(String(420), index=True)
    confirmed_on: Mapped[date]
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(String(200), default="")


class PackActivation(Base):
    """From a day on an office scores and prints by this version; the newest activation of a day counts."""

    __tablename__ = "pack_activation"
    __table_args__ = (Index(None, "office_id", "starts_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id"))
    starts_on: Mapped[date]
    activated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_by: Mapped[str] = mapped_column(String(100))

    pack_version: Mapped[PackVersion] = relationship()
