"""Passwords: policy, Argon2id hashing, one-time passwords."""

import secrets
import string

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from core.errors import InvalidInput

# Argon2id with the library's RFC 9106 low-memory profile: 64 MiB, 3 passes.
_hasher = PasswordHasher()
# Verified when a login name does not exist, so that the answer takes as long as for one that does.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZSBzYWx0IGhlcmU$WkzQ2C1f0E1m1W0xq8sD0qA3d0m7x2f3o4p5q6r7s8s"
KINDS = (
    ("大写字母", string.ascii_uppercase),
    ("小写字母", string.ascii_lowercase),
    ("数字", string.digits),
)
# Without characters that are mistaken for one another on paper.
_READABLE = "ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    """Argon2id hash. Takes a tenth of a second: never call it inside a transaction."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; as slow for a missing account as for a real one."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def one_time() -> str:
    """A random password to be changed at first sign-in: 14 characters, about 80 bits."""
    while True:
        password = "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
        if _kinds(password) >= 3:
            return password


def check(password: str, *, login: str, previous_hash: str | None = None) -> None:
    """Raise InvalidInput saying which rule the new password breaks."""
    shortest = current_app.config["YAOQING"]["PASSWORD_LENGTH"]
    advice = f"请设置不少于 {shortest} 位，且包含大写字母、小写字母、数字、符号中至少三类的密码"
    if len(password) < shortest:
        raise InvalidInput("新密码太短", where="新密码", advice=advice)
    if len(password) > 128:
        raise InvalidInput("新密码太长", where="新密码", advice="请不要超过 128 位")
    if _kinds(password) < 3:
        raise InvalidInput("新密码过于简单", where="新密码", advice=advice)
    if login.lower() in password.lower() or len(set(password)) < 5:
        raise InvalidInput(
            "新密码容易被猜到", where="新密码", reason="含有登录名或重复字符过多", advice=advice
        )
    if previous_hash and matches(previous_hash, password):
        raise InvalidInput("新密码不能与原密码相同", where="新密码", advice=advice)


def _kinds(password: str) -> int:
    found = sum(any(ch in letters for ch in password) for _, letters in KINDS)
    known = "".join(letters for _, letters in KINDS)
    return found + any(ch not in known for ch in password)
