"""Where a line of Chinese text may end, in the three matters in which the general rules of line breaking go another way.

- They keep “ and ” together with both neighbours, because they cannot tell an opening quotation mark from a closing one
  (UAX #14, LB19). In Chinese text a line may end before “ and after ”: kept together, two or three characters are
  pushed out of a line that has room for them.
- They let a line begin with the mark that connects two numbers or names (1—6月, 3～5天, 阿卜杜拉·买买提), which
  GB/T 15834 does not.
- They part words at their signs (GB/|T, Wi-|Fi) and keep the address of a mailbox together, which leaves the line before
  it half empty. Here a word stays whole, and an address or a file number may go on in the next line after any sign.
"""

import re

_OPENING, _CLOSING = "“‘（《〈「『【〔〖", "”’，。、；：！？）》〉」』】〕〗．…—·％‰℃"
_CHINESE = "\u2e80-\u9fff\U00020000-\U0003ffff"
# A dash of two characters may begin a line.
_CONNECTORS = re.compile("(?<=[^—])—(?!—)|[·～]")
# So many Latin characters in a row are a word or a number; more are an address.
LONGEST_WORD = 15
_LATIN = re.compile("[!-~]{2,}")
_SIGNS = re.compile(r"[/_@?&=#:]+(?=[0-9A-Za-z])|[.-](?=[A-Za-z])|(?<=[A-Za-z])[.-](?=[0-9])")
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
    for found in _LATIN.finditer(text):
        start, end = found.span()
        if end - start <= LONGEST_WORD:
            breaks[start + 1 : end] = [0] * (end - start - 1)
        else:
            for sign in _SIGNS.finditer(text, start, end):
                breaks[sign.end()] = 1
    return breaks


def parts_word(text: str, place: int) -> bool:
    """Whether a line that ends before a character would part a word."""
    near = max(place - LONGEST_WORD, 0)
    found = next((word for word in _LATIN.finditer(text, near) if word.end() > place), None)
    return found is not None and found.start() < place and found.end() - found.start() <= LONGEST_WORD


def between(before: str, after: str) -> bool | None:
    """Whether a line may end between two characters; None where the general rules hold."""
    if after in "·～" or (after == "—" and before.isascii()):
        return False
    return True if _WITH_QUOTE.match(before + after, 1) else None
