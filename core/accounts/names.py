"""Names of people and units as they are typed: one line, of reasonable length, without anything invisible."""

import unicodedata

from core.errors import InvalidInput
from core.web import hidden_in


def checked_name(typed: str, title: str, longest: int) -> str:
    """The name, trimmed. Raises InvalidInput, calling it by its title."""
    name = unicodedata.normalize("NFC", typed).strip()
    if not 1 <= len(name) <= longest:
        raise InvalidInput(f"{title}不能为空，也不能超过 {longest} 字", where=title)
    if hidden_in(name):
        raise InvalidInput(f"{title}含有不可见字符", where=title, advice="请重新输入")
    return name
