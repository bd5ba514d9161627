"""The strict YAML reader: values keep their meaning and their line, traps are refused with advice."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PackError
from core.strict_yaml.loader import load


def read(text):
    return load(text.encode(), "x.yaml").plain()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5", 5),
        ("0.5", Decimal("0.5")),
        ("-3", -3),
        ("1.10", Decimal("1.10")),
        ("2013-04-01", "2013-04-01"),
        ("12:30", "12:30"),
        ("on", "on"),
        ("no", "no"),
        ("true", True),
        ("~", None),
        ("'5'", "5"),
        ('"0.5"', "0.5"),
        ("1_000", "1_000"),
        ("1.0.0", "1.0.0"),
        ("《政务要情》", "《政务要情》"),
        ("𠮷㐂〇", "𠮷㐂〇"),
    ],
)
def test_values_mean_what_they_look_like(written, meant):
    found = read(f"a: {written}")["a"]

    assert (found, type(found)) == (meant, type(meant))


def test_decimals_are_never_floats():
    assert read("a: [0.1, 0.2]") == {"a": [Decimal("0.1"), Decimal("0.2")]}


def test_every_value_remembers_its_line():
    document = load(b"a: 1\nb:\n  - {c: 2}\n  - c: 3\n    d: 4\n", "x.yaml")

    assert document.where(["b", 1, "d"]) == "x.yaml 第 5 行，d"
    assert document.where(["b", 0]) == "x.yaml 第 3 行，b 第 1 项"
    assert document.where(["b", 1, "unknown"]) == "x.yaml 第 4 行，b 第 2 项"


def test_an_anchor_may_be_reused_in_moderation():
    assert read("a: &x [1, 2]\nb: *x") == {"a": [1, 2], "b": [1, 2]}


REFUSED = [
    ("a: 1\na: 2", "x.yaml 第 2 行，a", "键“a”重复", "第 1 行已写过同名的键", "请删去其中一处"),
    ("a: !!python/object x", "x.yaml 第 1 行，a", "不支持标签", "", "请删去以“!”开头的标签"),
    ("a: !secret x", "x.yaml 第 1 行，a", "不支持标签“!secret”", "", "请删去"),
    ("%YAML 1.1\n---\na: 1", "x.yaml 第 2 行", "不支持 % 开头的指令", "", "请删去该行"),
    ("a: 1\n---\nb: 2", "x.yaml 第 2 行", "一个文件里有多份内容", "", "请删去多余的“---”"),
    ("", "x.yaml", "文件是空的", "", "请按说明填写"),
    ("a: .inf", "x.yaml 第 1 行，a", "数值“.inf”的写法有歧义", "", "请写成普通数字"),
    ("a: .nan", "x.yaml 第 1 行，a", "数值“.nan”的写法有歧义", "", "请写成普通数字"),
    ("a: 1e400", "x.yaml 第 1 行，a", "数值“1e400”的写法有歧义", "", "请写成普通数字"),
    ("a: 007", "x.yaml 第 1 行，a", "数值“007”的写法有歧义", "", "若是编号或代码，请加引号"),
    ("a: 0x1F", "x.yaml 第 1 行，a", "数值“0x1F”的写法有歧义", "", "请写成普通数字"),
    ("a: -0", "x.yaml 第 1 行，a", "数值“-0”没有意义", "", "请写成 0"),
    ("a: 12345678901234567890", "x.yaml 第 1 行，a", "位数太多", "", "若是编号，请加引号"),
    ("a: 1\nb: 政务\u202e要情", "x.yaml 第 2 行", "含有看不见的字符", "U+202E", "请删去该处字符"),
    ('a: "政务\\u200b要情"', "x.yaml 第 1 行，a", "含有看不见的字符", "U+200B", "请删去该处字符"),
    ('a: "x\\0y"', "x.yaml 第 1 行，a", "含有看不见的字符", "U+0000", "请删去该处字符"),
    ("a: *b", "x.yaml 第 1 行，a", "引用的“*b”在前面没有定义", "", "请直接写出内容"),
    ("a: &a [*a]", "x.yaml 第 1 行，a", "引用的“*a”在前面没有定义", "", "请直接写出内容"),
    ("a: {<<: {b: 1}}", "x.yaml 第 1 行，<<", "不支持“<<”合并", "", "请把内容直接写出来"),
    ("? [a]\n: b", "x.yaml 第 1 行", "键必须是一个词", "", "请检查此处"),
    ("a: b: c", "x.yaml 第 1 行", "这一行不合 YAML 写法", "第 5 个字符", "多了一个冒号"),
    ("a: [1, 2", "x.yaml 第 1 行", "这一行不合 YAML 写法", "", "括号没有闭合"),
    ("a: 'x", "x.yaml 第 1 行", "这一行不合 YAML 写法", "", "引号没有闭合"),
    ("a:\n\tb: 1", "x.yaml 第 2 行", "这一行不合 YAML 写法", "", "制表符"),
    ("a: 1\nb\nc: 2", "x.yaml 第 3 行", "这一行不合 YAML 写法", "", "缺少英文冒号"),
    ("[" * 100_000, "x.yaml 第 1 行", "嵌套超过 24 层", "", "请减少层次"),
    ("- " * 50_000 + "x", "x.yaml 第 1 行", "嵌套超过 24 层", "", "请减少层次"),
]


@pytest.mark.parametrize(("text", "where", "message", "reason", "advice"), REFUSED)
def test_what_could_be_misread_is_refused_with_its_place(text, where, message, reason, advice):
    with pytest.raises(PackError) as caught:
        read(text)

    error = caught.value
    assert error.where.startswith(where)
    assert message in error.message
    assert reason in error.reason
    assert advice in error.advice


def test_an_alias_bomb_is_stopped_by_its_size():
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]" for n in range(1, 7)]

    with pytest.raises(PackError, match="内容超过 100000 项"):
        read("\n".join(lines))


def test_many_aliases_are_refused():
    with pytest.raises(PackError, match="引用（\\*名称）超过 50 处"):
        read("a: &a x\nb: [" + ", ".join(["*a"] * 51) + "]")


def test_a_file_in_another_encoding_is_named():
    with pytest.raises(PackError, match="不是 UTF-8 编码"):
        load("名称: 政务".encode("gbk"), "x.yaml")


def test_an_oversized_file_is_refused_unread():
    with pytest.raises(PackError, match="文件太大"):
        load(b"a" * 1_048_577, "x.yaml")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_our_own_words(text):
    try:
        read(text)
    except PackError as error:
        assert error.message and error.where.startswith("x.yaml")
    except UnicodeEncodeError:
        pass
