"""Keys of people who sign packs: a private key file that stays with the signer, a public key of one line.

A public key can be read out, mailed or pasted:

    yaoqing-pack-key ed25519 GVGvOlKzWk… 某市人民政府办公室

Its number (`key_id`) is a digest of algorithm and key; two people compare it by telephone. The holder's name is what
the signer calls himself: whoever adds the key to an installation says whose it really is.
"""

import base64
import hashlib
import json
import re
import secrets
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core.errors import InvalidInput
from core.packs.files.algorithms import algorithm

WORD = "yaoqing-pack-key"
KIND = "yaoqing-pack-private-key"
KEY_ID = re.compile(r"[0-9a-f]{32}")
MAX_FILE = 4096
MAX_HOLDER = 100
# What an attempt at a passphrase costs: 64 MB and a few tenths of a second. Part of format 1, never read from a file.
SCRYPT = {"n": 1 << 16, "r": 8, "p": 1}


@dataclass(frozen=True)
class PublicKey:
    """A key that verifies, and who says it is theirs."""

    algorithm: str
    value: bytes
    holder: str

    @property
    def id(self) -> str:
        """The number of the key: 128 bits of a digest, as 32 hexadecimal digits."""
        return hashlib.sha256(f"{KIND} {self.algorithm}\n".encode() + self.value).hexdigest()[:32]

    def line(self) -> str:
        """The key as one line of text."""
        return f"{WORD} {self.algorithm} {base64.b64encode(self.value).decode()} {self.holder}"


@dataclass(frozen=True)
class PrivateKey:
    """A key that signs."""

    secret: bytes
    public: PublicKey

    def __repr__(self) -> str:
        return f"PrivateKey({self.public.id})"


def new_key(holder: str, algorithm_name: str = "ed25519") -> PrivateKey:
    """A fresh key."""
    way = algorithm(algorithm_name)
    secret = way.new_secret()
    return PrivateKey(secret, PublicKey(way.name, way.public_of(secret), holder_name(holder)))


def holder_name(text: str) -> str:
    """The holder's name as one clean line."""
    name = " ".join(text.split())
    if not name or len(name) > MAX_HOLDER or any(unicodedata.category(char)[0] == "C" for char in name):
        raise InvalidInput(
            "持有人名称应为一行文字", where="持有人", advice=f"请写成 {MAX_HOLDER} 字以内的一行"
        )
    return name


def spaced(key_id: str) -> str:
    """A key's number in groups of four, to be read out."""
    return " ".join(key_id[n : n + 4] for n in range(0, len(key_id), 4))


def read_public(text: str) -> PublicKey:
    """A public key from its line. Raises InvalidInput."""
    parts = text.strip().split(None, 3)
    if len(text) > MAX_FILE or len(parts) != 4 or parts[0] != WORD:
        raise InvalidInput(
            "不是公钥", where="公钥", reason=f"应为以 {WORD} 开头的一行", advice="请粘贴公钥文件的全部内容"
        )
    way = algorithm(parts[1])
    value = from_base64(parts[2])
    if value is None or len(value) != way.public_size:
        raise InvalidInput("公钥不完整", where="公钥", advice="请重新复制公钥文件的全部内容")
    return PublicKey(way.name, value, holder_name(parts[3]))


def from_base64(text: str) -> bytes | None:
    """The bytes of a text that is exactly their Base64, or nothing."""
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return value if base64.b64encode(value).decode() == text else None


# ---- private key files ----------------------------------------------------------------------------------------------


def key_file(key: PrivateKey, passphrase: str = "") -> str:
    """The text of a private key file, protected by a passphrase if one is given."""
    head = {"kind": KIND, "format": 1, "algorithm": key.public.algorithm, "holder": key.public.holder}
    if not passphrase:
        return _written({**head, "secret": base64.b64encode(key.secret).decode()})
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, key.secret, _written(head).encode())
    return _written(
        {**head, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": base64.b64encode(sealed).decode()}
    )


def is_protected(text: str) -> bool:
    """Whether a private key file asks for a passphrase."""
    return "sealed" in _read(text)


def read_key_file(text: str, passphrase: str = "") -> PrivateKey:
    """The key of a private key file. Raises InvalidInput for a wrong passphrase or a damaged file."""
    data = _read(text)
    head = {name: data[name] for name in ("kind", "format", "algorithm", "holder")}
    way = algorithm(str(head["algorithm"]))
    secret = from_base64(str(data.get("secret", "")))
    if "sealed" in data:
        secret = _opened(data, head, passphrase)
    if secret is None or len(secret) != 32:
        raise _not_a_key()
    return PrivateKey(secret, PublicKey(way.name, way.public_of(secret), holder_name(str(head["holder"]))))


def _opened(data: dict[str, object], head: dict[str, object], passphrase: str) -> bytes:
    if not passphrase:
        raise InvalidInput("私钥有口令保护", where="私钥", advice="请输入口令")
    try:
        salt, nonce = bytes.fromhex(str(data["salt"])), bytes.fromhex(str(data["nonce"]))
        sealed = base64.b64decode(str(data["sealed"]), validate=True)
        return AESGCM(_stretched(passphrase, salt)).decrypt(nonce, sealed, _written(head).encode())
    except InvalidTag:
        raise InvalidInput("口令不对，或私钥文件被改动", where="私钥", advice="请重新输入口令") from None
    except (KeyError, ValueError):
        raise _not_a_key() from None


def _stretched(passphrase: str, salt: bytes) -> bytes:
    same = unicodedata.normalize("NFKC", passphrase).encode()
    return Scrypt(salt=salt, length=32, **SCRYPT).derive(same)


def _written(data: dict[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _read(text: str) -> dict[str, object]:
    try:
        data = json.loads(text) if len(text) <= MAX_FILE else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("kind") != KIND or data.get("format") != 1:
        raise _not_a_key()
    if not {"algorithm", "holder"} <= data.keys():
        raise _not_a_key()
    return data


def _not_a_key() -> InvalidInput:
    return InvalidInput(
        "不是私钥文件，或文件已损坏", where="私钥", advice="请使用 ./yaoqing pack key new 生成的文件"
    )
