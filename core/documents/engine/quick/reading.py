"""Read the page and its drawings with less work: patterns of the parser are made once, plain numbers are just numbers."""

import re

from tinyhtml5 import inputstream
from weasyprint import svg
from weasyprint.svg import utils

_original_size = utils.size


def install() -> None:
    """Replace the parts."""
    inputstream.characters_until_regex = _Patterns()
    svg.size = _size


class _Patterns(dict):
    """The parser's patterns by the characters they stop at; its own store never finds what was put in."""

    def __missing__(self, key: tuple) -> re.Pattern[str]:
        characters, is_opposite = key
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        found = self[key] = re.compile(f"[{'' if is_opposite else '^'}{listed}]+")
        return found


def _size(string, font_size=None, percentage_reference=None):
    if type(string) is str:
        try:
            return float(string)
        except ValueError:
            pass
    return _original_size(string, font_size, percentage_reference)
