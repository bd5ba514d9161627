"""Sign the list of contents of a pack file, and tell whether a signature is genuine.

What is signed is the list together with everything the signature says about itself: algorithm, key, signer, time.
The public key travels along, so that a reader without it can still tell an intact signature from a broken one;
whether that key is trusted is never decided by what the file says, but by the keys of the installation (`trust`).
"""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from core.errors import PackError
from core.packs.files.algorithms import algorithm
from core.packs.files.archive import SIGNATURE
from core.packs.files.keys import PrivateKey, PublicKey, from_base64, holder_name
from core.packs.files.listing import FORMAT, decoded, encoded, unreadable

PURPOSE = b"yaoqing rule pack, signature format 1\n"
MAX_BYTES = 4096
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@dataclass(frozen=True)
class Signature:
    """A signature as it stands in a pack file. `key.holder` is the name the signer gave."""

    key: PublicKey
    signed_at: str
    value: bytes

    @property
    def signer(self) -> str:
        return self.key.holder

    @property
    def moment(self) -> datetime:
        """When it was signed, as the signer says."""
        return datetime.fromisoformat(self.signed_at)

    def encoded(self) -> bytes:
        """The one way to write this signature."""
        return encoded(
            {**_about(self.key, self.signed_at), "signature": base64.b64encode(self.value).decode()}
        )


def sign(key: PrivateKey, listing: bytes, at: datetime) -> Signature:
    """Sign a list of contents."""
    signed_at = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    message = statement(key.public, signed_at, listing)
    return Signature(key.public, signed_at, algorithm(key.public.algorithm).sign(key.secret, message))


def read_signature(raw: bytes) -> Signature:
    """The signature written down in a pack file. Raises PackError unless it is written the one way."""
    data = decoded(raw, SIGNATURE, MAX_BYTES)
    try:
        way = algorithm(str(data["algorithm"]))
        public, value = from_base64(data["public_key"]), from_base64(data["signature"])
        if public is None or value is None or len(public) != way.public_size:
            raise ValueError(data["algorithm"])
        found = Signature(PublicKey(way.name, public, holder_name(data["signer"])), data["signed_at"], value)
        sound = INSTANT.fullmatch(found.signed_at) and found.moment and found.encoded() == raw
    except PackError as error:  # an algorithm this version does not know
        error.where = SIGNATURE
        raise
    except Exception:  # whatever is in the file, it is no signature
        sound = None
    if not sound:
        raise unreadable(SIGNATURE)
    return found


def statement(key: PublicKey, signed_at: str, listing: bytes) -> bytes:
    """The bytes a signature covers."""
    return PURPOSE + encoded(_about(key, signed_at)) + listing


def is_genuine(signature: Signature, listing: bytes) -> bool:
    """Whether the key named in the signature signed exactly this list."""
    message = statement(signature.key, signature.signed_at, listing)
    return algorithm(signature.key.algorithm).verify(signature.key.value, message, signature.value)


def _about(key: PublicKey, signed_at: str) -> dict[str, object]:
    return {
        "algorithm": key.algorithm,
        "format": FORMAT,
        "key": key.id,
        "public_key": base64.b64encode(key.value).decode(),
        "signed_at": signed_at,
        "signer": key.holder,
    }
