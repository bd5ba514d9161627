"""What to tell a clerk when the YAML parser stops: its English remarks, turned into advice."""

ADVICE = (
    (
        "cannot start any token",
        "此处可能用了制表符或未加引号的特殊符号，请改用空格缩进，含特殊符号的文字加引号",
    ),
    ("mapping values are not allowed", "此处多了一个冒号，或缩进与上一行不一致；文字中含冒号时请加引号"),
    ("could not find expected ':'", "这一行缺少英文冒号，冒号后要留一个空格"),
    ("expected <block end>", "缩进与同级各行不一致，请对齐"),
    ("expected ',' or", "方括号或花括号内缺少英文逗号，或括号没有闭合"),
    ("expected the node content", "此处缺少内容，或括号没有闭合"),
    ("unexpected end of stream", "引号没有闭合，请补上另一半引号"),
    ("found unexpected ':'", "花括号内的文字含有冒号，请加引号"),
    ("escape", "双引号内的反斜杠不是可用的转义，请改用单引号"),
    ("version", "请删去 %YAML 开头的行"),
)


def advice_for(problem: str) -> str:
    """Plain advice for a parser's remark."""
    return next(
        (advice for mark, advice in ADVICE if mark in problem), "请检查此行的缩进、冒号、括号和引号是否成对"
    )
