"""When two items are the same, and when they are about the same matter."""

from enum import Enum

from core.search.similar import Likeness

# From here on one text is a near duplicate of the other, if that is more than a sentence.
SAME, SENTENCE = 0.5, 30
# A passage in common is enough to look at the other one, more so when the titles agree a little.
PASSAGE, TRACE = 0.2, 0.1
# From here on two titles speak of the same; from here on a little.
ALIKE, SOMEWHAT = 0.5, 0.25


class Level(Enum):
    """How two items resemble each other."""

    SAME = "same"
    RELATED = "related"


def judge(text: Likeness | None, title: float) -> Level | None:
    """What a likeness of texts and one of titles mean together; None when it is nothing to look at."""
    share, common = (text.most, text.common) if text else (0.0, 0)
    if share >= SAME and common >= SENTENCE:
        return Level.SAME
    passage = share >= PASSAGE and common >= SENTENCE
    if passage or title >= ALIKE or (title >= SOMEWHAT and share >= TRACE):
        return Level.RELATED
    return None
