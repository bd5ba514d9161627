"""The check code printed on an issued document: what it is made from, how it is shown, what people type of it.

Twelve characters without I, L, O, U, made with the installation's key from office, kind, number and the digest of
everything printed: 60 bits that nobody can work out from another document's code.
"""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno
from markupsafe import Markup

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4
KEY = b"yaoqing document check code 1"
# What people write instead of the characters that are there.
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
PATH = "/verify"
UNISSUED = "印发时给出"
QUIET = 4


@dataclass(frozen=True)
class Check:
    """The code of a document about to be issued, and the digest of its content."""

    code: str
    content_sha256: str

    def printed(self, site: str) -> dict[str, str]:
        """What a print template receives as `check`; without an address of the site there is no QR code."""
        url = f"{site.rstrip('/')}{PATH}" if site else ""
        return {"code": shown(self.code), "address": url, "url": f"{url}/{self.code}" if url else ""}


def unissued(site: str) -> dict[str, str]:
    """What a proof prints in the place of a code, as high as the real one: where documents are verified."""
    url = f"{site.rstrip('/')}{PATH}" if site else ""
    return {"code": UNISSUED, "address": url, "url": url}


def check_of(key: str | bytes, office_id: int, kind: str, number: str, values: Mapping[str, Any]) -> Check:
    """The code for these printed values; the same values, number and key give the same code."""
    digest = digest_of(values)
    message = json.dumps([office_id, kind, number, digest], ensure_ascii=False).encode()
    secret = hmac.digest(key.encode() if isinstance(key, str) else key, KEY, "sha256")
    bits = int.from_bytes(hmac.digest(secret, message, "sha256")[:8], "big")
    return Check("".join(ALPHABET[(bits >> 5 * n) & 31] for n in range(LENGTH)), digest)


def digest_of(values: Mapping[str, Any]) -> str:
    """The digest of plain values, whatever their order."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def shown(code: str) -> str:
    """ABCD-EFGH-JKMN"""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def typed(text: str) -> str:
    """The code somebody typed, full-width or in small letters, with any dashes and blanks; nothing if it is none."""
    plain = unicodedata.normalize("NFKC", text[:100]).upper().translate(ALIKE)
    code = "".join(letter for letter in plain if letter.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


@lru_cache(maxsize=32)  # the foot of a document is set twice
def qr(text: str, millimetres: float = 16) -> Markup:
    """A QR code as a drawing of that size with its quiet zone; nothing for no text."""
    if not text:
        return Markup("")
    matrix = segno.make(text, error="m", micro=False).matrix
    side = len(matrix) + 2 * QUIET
    path = "".join(_outlines(matrix))
    return Markup(
        '<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}mm" height="{}mm">'
        '<path d="{}" fill="#000" fill-rule="evenodd"/></svg>'
    ).format(side, side, f"{millimetres:g}", f"{millimetres:g}", path)


def _outlines(matrix: Sequence[bytearray]) -> Iterator[str]:
    """The edges of the dark areas as closed lines: half the corners of a drawing by rows, and no seams."""
    ahead = _edges(matrix)
    while ahead:
        start = place = next(iter(ahead))
        line, last = "", None
        while place != start or not line:
            following = ahead[place].pop()
            if not ahead[place]:
                del ahead[place]
            direction = "H" if following[1] == place[1] else "V"
            if direction != last:
                line += f"{last or 'M'}{_at(last, place)}"
            place, last = following, direction
        yield f"{line}z"


def _at(direction: str | None, place: tuple[int, int]) -> str:
    x, y = place[0] + QUIET, place[1] + QUIET
    return {"H": f"{x}", "V": f"{y}"}.get(direction or "", f"{x} {y}")


def _edges(matrix: Sequence[bytearray]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """From each corner to the next ones along the edge of a dark module, whose inside is on the right."""
    dark = {(x, y) for y, line in enumerate(matrix) for x, module in enumerate(line) if module}
    ahead: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for x, y in sorted(dark):
        corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
        for side, beside in enumerate([(x, y - 1), (x + 1, y), (x, y + 1), (x - 1, y)]):
            if beside not in dark:
                ahead.setdefault(corners[side], []).append(corners[(side + 1) % 4])
    return ahead
