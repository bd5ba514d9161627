"""What the template engine and Python say of a mistake, in the words of a pack's author: never in English."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from core.documents.templating.filters import FILTERS, TESTS
from core.errors import LONGEST_WORD

_TOKENS = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "begin of print statement": "{{",
    "begin of statement block": "{%",
    "end of template": "模板末尾",
    "name": "名称",
    "integer": "数字",
    "float": "数字",
    "string": "文字",
}
_ENDS = ("}}", "%}", "模板末尾")
_UNCLOSED = re.compile(r"The innermost block that needs to be closed is '([^']*)'")
_UNKNOWN = re.compile(r"Encountered unknown tag '([^']*)'")
_PAIRED = ("for", "if", "block", "macro", "call", "with")
_CLOSERS = ("else", "elif", "endraw", *(f"end{word}" for word in _PAIRED))
_STATEMENTS = ("extends", "include", "import", "from", "set", *_PAIRED, *_CLOSERS)
_SECTION = "见《文书底版说明》第八节"
_LISTED_TESTS = "、".join(TESTS)
_SAYINGS = (
    (r"expected token '(.*?)', got '(.*?)'", "这里应为“{0}”，却是“{1}”；请检查括号、引号和多余的字"),
    (r"[Ee]xpected an expression, got '(.*?)'", "这里应写名称或算式，却是“{0}”"),
    (r"unexpected end of template, expected '(.*?)'", "模板已到末尾，缺少“{0}”"),
    (r"unexpected char (?:\"(')\"|'(\")') at", "引号（{0}）没有成对，请补上另一半"),
    (
        r"unexpected char '(.*?)' at",
        "语句中不能写“{0}”；标点和引号请用英文（半角）的，“并且”写 and，“或者”写 or",
    ),
    (r"unexpected '(.*?)', expected '(.*?)'", "这里应为“{1}”，却是“{0}”"),
    (r"unexpected '(.*?)'", "多了一个“{0}”"),
    (r"block '(.*?)' defined twice", "块“{0}”写了两次；同一个块在一个模板中只能写一次"),
    (r"Block names in Jinja", "块的名称只能用字母、数字和下划线，不能用横线"),
    (r"Required block '(.*?)' not found", "块“{0}”写了 required，却没有模板替换它"),
    (r"Required blocks can only", "写了 required 的块中不能有内容"),
    (r"Missing end of comment tag", "注释没有用“#}}”结束"),
    (r"Missing end of raw directive", "raw 没有用“endraw”结束"),
    (r"expected call", "call 之后应写部件（宏）和括号，如 {{% call 部件() %}}"),
    (r"non-default argument follows", "宏的括号中，有默认值的要写在没有默认值的之后"),
    (r'special "caller" argument', "caller 不必写在宏的括号中"),
    (r"special loop variable", "loop 是循环自带的名称，不能另作他用"),
    (r"cannot use extend from a non top-level", "extends 要写在模板开头，不能写在块、循环或判断中"),
    (r"extended multiple times", "extends 只能写一次"),
    (r"names starting with an underline", "不能引入以下划线开头的名称"),
    (r"non-namespace object", "“名称.项”只能用于 namespace 建立的名称；先写 {{% set 名称 = namespace() %}}"),
    (r"can't assign to", "set 和 for 之后应写名称"),
    (r"expected name or number", "点之后应写一个名称"),
    (r"expected subscript", "方括号中应写名称或数字"),
    (r"cannot chain multiple tests", "is 不能接连写两次；请用 and 连接两个条件"),
    (r"invalid syntax for function call", "括号中写了名称（名称=值）的要排在最后"),
    (r"tag name expected", "“{{%”之后应写语句，如 if、for、block"),
    (r"Invalid character in identifier", "名称中有不能用的字符"),
    (r"truncated|Unicode character name|escape", "引号中的“\\”写法不对；要写“\\”本身请写两个"),
)
_OF_PYTHON = (
    (r"division|modulo by zero|by zero", "除数为 0"),
    (r"'recursive' marker", "loop(…) 只能用在写了 recursive 的循环中"),
    (r"no items for cycling", "loop.cycle 的括号中应写轮流出现的各项"),
    (r"unpack", "左边的名称与右边的项数不一致"),
    (r"not supported between", "文字和数字不能比较大小"),
    (r"requires string as left", "在文字中只能查找文字"),
    (r"no len\(\)", "这里应为文字或列表，才有长度"),
    (r"not iterable|dictionary update sequence", "这里应为列表，给出的是一个值"),
    (r"unhashable", "列表和“键: 值”的一组不能当作键"),
    (r"range\(\) arg 3", "range 的步长不能为 0"),
    (r"invalid literal|could not convert|must be a (?:real |string)|bad operand|can't multiply|as an integer|concatenate"
     r"|unsupported operand|not all arguments converted|not a number", "这里应为数字，给出的不是数字"),
    (r"has no attribute '(?:get|items|keys)'", "这里应为“键: 值”的一组，给出的是一个值"),
    (r"not subscriptable|has no attribute|indices must be", "这里的值不是所要的种类：文字、数字、列表和“键: 值”的一组不能混用"),
    (r"argument\(?s?\)? |keyword argument|positional argument|arguments? but|takes |multiple values for|expected at ",
     "括号中的内容多写、少写了一项，或写错了名称"),
)  # fmt: skip


def in_chinese(message: str) -> str:
    """An English message of the engine in Chinese; one that is not known, in general terms."""
    if re.search("[\u4e00-\u9fff]", re.sub(r"'.*'", "", message)):
        return message
    return _of_tags(message) or _of_names(message) or _of_syntax(message) or (
        "这一行不合模板的写法，请检查括号、引号，以及语句是否成对"
    )  # fmt: skip


def of_python(error: Exception) -> str:
    """What a failure inside a function or filter means for the template."""
    if isinstance(error, ZeroDivisionError):
        return "除数为 0"
    if isinstance(error, KeyError):
        return "要找的一项不存在"
    found = (saying for pattern, saying in _OF_PYTHON if re.search(pattern, str(error)))
    return next(found, "这一行中的值不合要求，请检查它是文字、数字、列表还是“键: 值”的一组")


def _of_tags(message: str) -> str:
    """Statements that are unknown, not closed, or close nothing."""
    unclosed, unknown = _UNCLOSED.search(message), _UNKNOWN.search(message)
    if unknown and unknown[1] not in _CLOSERS:
        meant = _nearest(unknown[1], _STATEMENTS)
        return f"没有“{unknown[1]}”这个语句{_or(meant, f'能用的语句{_SECTION}')}"
    if unknown and unclosed:
        return f"遇到“{unknown[1]}”，而前面的“{unclosed[1]}”还没有用“end{unclosed[1]}”结束，或这一个是多余的"
    if unknown:
        return f"“{unknown[1]}”没有与它成对的语句"
    if unclosed:
        return f"模板已到末尾，“{unclosed[1]}”还没有用“end{unclosed[1]}”结束"
    return ""


def _of_names(message: str) -> str:
    """Filters and tests that do not exist."""
    if found := re.search(r"No filter named '(.*?)'", message):
        return f"没有名为“{found[1]}”的过滤器{_or(_nearest(found[1], FILTERS), f'可用的{_SECTION}')}"
    if found := re.search(r"No test named '(.*?)'", message):
        return f"is 之后不能写“{found[1]}”{_or(_nearest(found[1], TESTS), f'可写：{_LISTED_TESTS}')}"
    return ""


def _nearest(word: str, known: Iterable[str]) -> str:
    """Only what is very like it: of so few and short words one is always a little like another."""
    close = get_close_matches(word[:LONGEST_WORD], known, n=1, cutoff=0.7)
    return f"是否应为“{close[0]}”？" if close else ""


def _or(meant: str, otherwise: str) -> str:
    return f"。{meant}" if meant else f"；{otherwise}"


def _of_syntax(message: str) -> str:
    for pattern, saying in _SAYINGS:
        found = re.search(pattern, message)
        if found:
            words = [_TOKENS.get(word, word) for word in found.groups() if word is not None]
            if pattern == r"unexpected '(.*?)'" and words[0] in _ENDS:
                return f"“{words[0]}”之前还缺名称、算式或结束的符号"
            return saying.format(*words)
    return ""
