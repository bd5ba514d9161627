"""The ways to sign: Ed25519 always, SM2 with SM3 where the optional package gmssl is installed.

An algorithm makes keys, signs and verifies bytes, and knows nothing of packs. gmssl is used for the arithmetic of
the curve only: it would take its random numbers from a source that can be guessed, and checks neither the range
of a signature nor whether a public key lies on the curve.
"""

import importlib
import re
import secrets
from types import ModuleType
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.errors import PackError


class Algorithm(Protocol):
    """A way to sign. Keys and signatures are bytes of fixed length."""

    name: str
    title: str
    public_size: int

    def new_secret(self) -> bytes: ...

    def public_of(self, secret: bytes) -> bytes: ...

    def sign(self, secret: bytes, message: bytes) -> bytes: ...

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool: ...


class Ed25519:
    """RFC 8032, by OpenSSL."""

    name, title, public_size = "ed25519", "Ed25519", 32

    def new_secret(self) -> bytes:
        return secrets.token_bytes(32)

    def public_of(self, secret: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()

    def sign(self, secret: bytes, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(secret).sign(message)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class Sm2:
    """GB/T 32918 with SM3 and the usual identity; public keys and signatures as two numbers of 32 bytes each."""

    name, title, public_size = "sm2", "SM2（SM3）", 64
    identity = b"1234567812345678"

    def new_secret(self) -> bytes:
        # Between 1 and n-2, as the standard asks.
        return (secrets.randbelow(self._number("n") - 2) + 1).to_bytes(32, "big")

    def public_of(self, secret: bytes) -> bytes:
        curve = self._curve("")
        return bytes.fromhex(curve._kg(int.from_bytes(secret, "big"), curve.ecc_table["g"]))

    def sign(self, secret: bytes, message: bytes) -> bytes:
        public = self.public_of(secret)
        curve, digest = self._curve(public.hex(), secret.hex()), self._digest(public, message)
        while True:
            nonce = secrets.randbelow(self._number("n") - 1) + 1
            if signature := curve.sign(digest, f"{nonce:064x}"):
                return bytes.fromhex(signature)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        order = self._number("n")
        numbers = [int.from_bytes(half, "big") for half in (signature[:32], signature[32:])]
        if len(signature) != 64 or not all(0 < number < order for number in numbers):
            return False
        if not self._on_curve(public):
            return False
        try:
            return bool(self._curve(public.hex()).verify(signature.hex(), self._digest(public, message)))
        except (TypeError, ValueError):  # the sum of points may be none
            return False

    def _digest(self, public: bytes, message: bytes) -> bytes:
        table = self._table()
        known = bytes.fromhex("".join(str(table[part]) for part in ("a", "b", "g")))
        bits = (len(self.identity) * 8).to_bytes(2, "big")
        return _sm3(_sm3(bits + self.identity + known + public) + message)

    def _on_curve(self, public: bytes) -> bool:
        x, y = int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big")
        p, a, b = (self._number(part) for part in ("p", "a", "b"))
        return len(public) == 64 and x < p and y < p and (y * y - (x * x * x + a * x + b)) % p == 0

    def _number(self, part: str) -> int:
        return int(str(self._table()[part]), 16)

    def _table(self) -> dict[str, Any]:
        return dict(_gmssl().default_ecc_table)

    def _curve(self, public: str, secret: str = "") -> Any:
        curve = _gmssl().CryptSM2(private_key=secret, public_key="")
        # Not through the constructor, which takes a leading 04 of the number itself for a mark and cuts it off.
        curve.public_key = public
        return curve


def _sm3(message: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(message)
    return digest.finalize()


def _gmssl() -> ModuleType:
    try:
        return importlib.import_module("gmssl.sm2")
    except ImportError:
        raise PackError(
            "本机没有 SM2 算法库",
            reason="签名或密钥使用 SM2，需要 Python 软件包 gmssl",
            advice="请安装 gmssl 后重试，或改用 Ed25519 密钥",
        ) from None


ALGORITHMS: dict[str, Algorithm] = {one.name: one for one in (Ed25519(), Sm2())}


def algorithm(name: str) -> Algorithm:
    """An algorithm by name. Raises PackError for one this version does not know."""
    if name not in ALGORITHMS:
        shown = f"“{name}”" if re.fullmatch(r"[\w-]{1,20}", name) else ""
        raise PackError(
            f"不认识签名算法{shown}",
            reason=f"可用：{'、'.join(ALGORITHMS)}",
            advice="请升级本系统，或换用其他密钥",
        )
    return ALGORITHMS[name]
