"""Chinese names in dictionary order: a key of pinyin syllables kept beside each name."""

from pypinyin import Style, lazy_pinyin


def sort_key(name: str) -> str:
    """Syllables with tone numbers, so that 李 sorts before 林 and 张 near the end; at most 200 characters."""
    return " ".join(lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True))[:200].lower()
