"""What the template engine and Python say of a mistake, in the words of a pack's author."""

import re

_TOKENS = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "begin of print statement": "{{",
    "begin of statement block": "{%",
    "end of template": "模板末尾",
}
_UNCLOSED = re.compile(r"The innermost block that needs to be closed is '([^']*)'")
_UNKNOWN = re.compile(r"Encountered unknown tag '([^']*)'")
_CLOSERS = ("end", "else", "elif")
_SAYINGS = (
    (r"expected token '(.*?)', got '(.*?)'", "这里应为“{0}”，却是“{1}”；请检查括号、引号和多余的字"),
    (r"[Ee]xpected an expression, got '(.*?)'", "这里应写名称或算式，却是“{0}”"),
    (r"unexpected end of template, expected '(.*?)'", "模板已到末尾，缺少“{0}”"),
    (r"unexpected char '(.*?)' at", "语句中不能写“{0}”；标点和引号请用英文（半角）的"),
    (r"unexpected '(.*?)', expected '(.*?)'", "这里应为“{1}”，却是“{0}”"),
    (r"unexpected '(.*?)'", "多了一个“{0}”"),
    (
        r"No filter named '(.*?)'",
        "没有名为“{0}”的过滤器（No filter named '{0}'）；可用的见《文书底版说明》第八节",
    ),
    (r"No test named '(.*?)'", "is 之后不能写“{0}”"),
    (r"block '(.*?)' defined twice", "块“{0}”写了两次；同一个块在一个模板中只能写一次"),
    (r"Missing end of comment tag", "注释没有用“#}}”结束"),
    (r"'<' not supported|'>' not supported|'<=' not supported|'>=' not supported", "文字和数字不能比较大小"),
    (r"'(?:int|float|bool|Decimal|datetime.date)' object is not iterable", "这里应为列表，给出的是一个值"),
    (r"positional argument|keyword argument", "括号中的内容多写、少写了一项，或写错了名称"),
)


def in_chinese(message: str) -> str:
    """An English message in Chinese; one that is not known stays as it is."""
    return _of_tags(message) or _of_syntax(message) or message


def _of_tags(message: str) -> str:
    """Statements that are unknown, not closed, or close nothing."""
    unclosed, unknown = _UNCLOSED.search(message), _UNKNOWN.search(message)
    if unknown and not unknown[1].startswith(_CLOSERS):
        return f"没有“{unknown[1]}”这个语句；能用的语句见《文书底版说明》第八节"
    if unknown and unclosed:
        return f"遇到“{unknown[1]}”，而前面的“{unclosed[1]}”还没有用“end{unclosed[1]}”结束，或这一个是多余的"
    if unknown:
        return f"“{unknown[1]}”没有与它成对的语句"
    if unclosed:
        return f"模板已到末尾，“{unclosed[1]}”还没有用“end{unclosed[1]}”结束"
    return ""


def _of_syntax(message: str) -> str:
    for pattern, saying in _SAYINGS:
        found = re.search(pattern, message)
        if found:
            return saying.format(*(_TOKENS.get(word, word) for word in found.groups()))
    return ""
