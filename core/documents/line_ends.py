"""Where a line of Chinese text may end, in the two matters in which the general rules of line breaking go another way.

- They keep “ and ” together with both neighbours, because they cannot tell an opening quotation mark from a closing one
  (UAX #14, LB19). In Chinese text a line may end before “ and after ”: kept together, two or three characters are
  pushed out of a line that has room for them.
- They let a line begin with the mark that connects two numbers or names (1—6月, 3～5天, 阿卜杜拉·买买提), which
  GB/T 15834 does not.
"""

import re

_OPENING, _CLOSING = "“‘（《〈「『【〔〖", "”’，。、；：！？）》〉」』】〕〗．…—·％‰℃"
_CHINESE = "\u2e80-\u9fff\U00020000-\U0003ffff"
# A dash of two characters may begin a line.
_CONNECTORS = re.compile("(?<=[^—])—(?!—)|[·～]")
_WITH_QUOTE = re.compile(
    # Before an opening mark, unless another stands before it, and unless it closes after all.
    f"(?<=[{_CHINESE}！-～”’，。、；：！？）》])(?<![{_OPENING}])[“‘](?![{_CLOSING}])"
    # After a closing mark; an apostrophe within a word is none.
    f"|(?<=[”’])(?=[{_CHINESE}{_OPENING}])(?![{_CLOSING}])|(?<=”)(?=[0-9A-Za-z])"
)  # fmt: skip


def corrected(text: str, breaks: list[int]) -> list[int]:
    """Whether a line may end before each character of a text, by these rules instead of the general ones."""
    for found in _WITH_QUOTE.finditer(text, 1):
        breaks[found.start()] = 1
    for found in _CONNECTORS.finditer(text):
        breaks[found.start()] = 0
    return breaks


def between(before: str, after: str) -> bool | None:
    """Whether a line may end between two characters; None where the general rules hold."""
    if after in "·～" or (after == "—" and before.isascii()):
        return False
    return True if _WITH_QUOTE.match(before + after, 1) else None
