"""How texts are compared: letters and digits folded, everything between them one space; and their tokens. Pure.

A word is found in a text when its folded form occurs in the folded text. The index holds every character, every
two and every three neighbours of a text as a token of plain ASCII letters, so that no character a person types ever
reaches the query language of a database, and rare characters depend on no database's tables of letters. Every four
neighbours have a short token too, which a few others share: it tells nothing for certain, but spares reading the
texts in which the parts of a longer word stand here and there.
"""

import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Letters, digits, numerals and the marks that belong to them; everything else only parts words.
_KEPT = {"L", "N", "M"}
_WIDTH = 4
# Pieces of a text are indexed up to this length. With two only, a word whose pairs are common would have to be looked
# for in tens of thousands of texts.
LONGEST = 3
HINTED = 4
_HINTS = 36**5


class _Table(dict[int, str]):
    """What each character is folded to, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _folded(chr(code))
        return found


def _folded(ch: str) -> str:
    # Invisible marks and variation selectors stand inside words and mean nothing.
    if unicodedata.category(ch) == "Cf" or 0xFE00 <= ord(ch) <= 0xFE0F or 0xE0100 <= ord(ch) <= 0xE01EF:
        return ""
    plain = unicodedata.normalize("NFKC", ch).casefold()
    return "".join(c if unicodedata.category(c)[0] in _KEPT else " " for c in plain)


_table = _Table()


def fold(text: str) -> str:
    """The folded text: full and half width, capital and small letters alike; marks and spaces are one space."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_table).split())


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in the given (NFC) text it comes from."""
    kept: list[str] = []
    places: list[int] = []
    apart = False
    for place, ch in enumerate(text):
        for c in _table[ord(ch)]:
            if c == " ":
                apart = bool(kept)
                continue
            if apart:
                kept.append(" ")
                places.append(place)
                apart = False
            kept.append(c)
            places.append(place)
    return "".join(kept), places


def pieces(folded: str) -> set[str]:
    """Every character, every two and every three neighbours of a folded text."""
    found = set(folded)
    found.discard(" ")
    for run in folded.split(" "):
        for length in range(2, LONGEST + 1):
            found.update(_parts(run, length))
    return found


def pairs(folded: str) -> set[str]:
    """Every two neighbours of a folded text."""
    return {a + b for a, b in zip(folded, folded[1:], strict=False) if a != " " != b}


def needed(word: str) -> set[str]:
    """The pieces a text must have to hold a folded word."""
    return {piece for run in word.split(" ") for piece in _parts(run, min(len(run), LONGEST))}


def _parts(run: str, length: int) -> Iterator[str]:
    """Every stretch of a run, from each of its characters on."""
    return (run[at : at + length] for at in range(len(run) - length + 1))


def _hinted(folded: str) -> Iterator[str]:
    """Every four neighbours."""
    return (piece for run in folded.split(" ") for piece in _parts(run, HINTED))


def is_exact(word: str) -> bool:
    """Whether having the pieces of a folded word already means holding the word."""
    return len(word) <= LONGEST and " " not in word


@lru_cache(maxsize=1 << 16)
def _code(ch: str) -> str:
    number, text = ord(ch), ""
    for _ in range(_WIDTH):
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text


@lru_cache(maxsize=1 << 17)
def token(piece: str) -> str:
    """The token of one, two or three characters: four ASCII letters and digits for each."""
    return "".join(map(_code, piece))


@lru_cache(maxsize=1 << 17)
def hint(piece: str) -> str:
    """The token that a text with these four neighbours has; one in sixty million others shares it."""
    number, text = zlib.crc32(piece.encode()) % _HINTS, ""
    for _ in range(5):
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return f"q{text}"


def title_token(piece: str) -> str:
    """The token that says the piece stands in the title."""
    return f"t{token(piece)}"


def mark(name: str, value: object) -> str:
    """A token about the thing itself (`mark("unit", 12)`), longer than any token of a text. Raises ValueError for
    anything but letters and digits."""
    if not str(value).isalnum() or not str(value).isascii():
        raise ValueError(value)
    return f"{name}x{value}x".ljust(16, "0")


def tokens_of(title: str, body: str) -> set[str]:
    """All tokens of a text given as folded title and body."""
    of_title = pieces(title)
    hints = {hint(piece) for text in (title, body) for piece in _hinted(text)}
    return {*map(token, of_title | pieces(body)), *map(title_token, of_title), *hints}


def tokens_needed(words: Iterable[str], *, title: bool = False) -> list[str]:
    """The tokens a text (or its title) must have to hold all these folded words."""
    words = list(words)
    wanted = sorted({piece for word in words for piece in needed(word)})
    hints = sorted({hint(piece) for word in words for piece in _hinted(word)})
    return [*(title_token(piece) if title else token(piece) for piece in wanted), *hints]
