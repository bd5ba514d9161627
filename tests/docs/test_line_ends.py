"""Lines end beside quotation marks as Chinese text wants it, and none begins with a mark that connects."""

import pytest

from core.documents.engine.line_ends import between, corrected, parts_word
from tests.docs import samples

TEXT = (
    "一些单位对信息工作重视不够，存在“三多三少”现象：动态类信息多，问题类信息少；平铺直叙的多，深度分析的少。"
)
BY_ARTICLE = [{"text": "第三条", "face": "hei"}, {"text": f"　{TEXT}"}]


def ends(text):
    marks = corrected(text, [0] * len(text))
    return "".join(f"|{char}" if may else char for char, may in zip(text, marks, strict=True))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("存在“三少”现象，“事后”。", "存在|“三少”|现象，|“事后”。"),
        ("‘甲’乙“丙”《丁》", "‘甲’|乙|“丙”|《丁》"),
        ("（“三”）《“十四五”规划》", "（“三”）《“十四五”|规划》"),
        ("don’t “AB” 推行“110”12次", "don’t “AB” 推行|“110”|12次"),
        ("乱用”甲“，", "乱用”|甲“，"),
    ],
)
def test_a_line_may_end_outside_quotation_marks_and_not_inside(text, shown):
    assert ends(text) == shown


def test_a_mark_that_connects_begins_no_line_and_a_dash_may():
    text = "1—6月，3～5天，阿卜杜拉·买买提——好"

    marks = corrected(text, [1] * len(text))

    assert [char for char, may in zip(text, marks, strict=True) if not may] == ["—", "～", "·"]


@pytest.mark.parametrize(
    "word", ["GB/T22239-2019", "Wi-Fi", "TCP/IP", "PM2.5", "0564-1234567", "R&D", "2026-06-30"]
)
def test_a_latin_word_stays_whole(word):
    marks = corrected(f"甲{word}乙", [1] * (len(word) + 2))

    assert [n for n, may in enumerate(marks) if not may] == list(range(2, len(word) + 1))
    assert [n for n in range(len(word) + 2) if parts_word(f"甲{word}乙", n)] == list(range(2, len(word) + 1))


@pytest.mark.parametrize(
    "text",
    [
        "https://|www.|linjiang.|gov.|cn/|zwgk/|2025/|06/|content_|12345.|html",
        "zhengwu_|2026@|office.|linjiang.|gov.|cn",
        "LJZB-|2026-|GOV-|0000123456.78",
    ],
)
def test_an_address_may_go_on_after_its_signs(text):
    bare = text.replace("|", "")

    assert ends(bare) == text
    assert not any(parts_word(bare, n) for n in range(len(bare)))


def test_between_two_pieces_the_same_holds():
    assert between("在", "“") and between("”", "现") and between("”", "𠮷") and between("𠮷", "“")
    assert between("1", "—") is False and between("拉", "·") is False
    assert [between(*pair) for pair in ("——", "”，", "（“", "甲乙", "好—")] == [None] * 5


@pytest.fixture
def lines(make_pdf, open_pdf):
    """lines(runs): what stands on the lines of a paragraph."""

    def found(*runs, **more):
        values = samples.short_circular() | {"body": [{"type": "paragraph", "runs": list(runs)}], "to": ""}
        page = open_pdf(make_pdf("print/circular.html", values, **more))[0]
        return [line["text"].replace(" ", "") for line in page.extract_text_lines()]

    return found


def test_a_line_of_several_faces_has_28_characters_beside_quotation_marks(lines):
    printed = lines(*BY_ARTICLE)

    # With the indent and the blank 28; kept together, 少” would be pushed out.
    assert "第三条一些单位对信息工作重视不够，存在“三多三少”" in [line.replace("　", "") for line in printed]


@pytest.mark.parametrize("lead", ["", "一是早部署。"])
def test_a_space_further_on_leaves_the_quotation_marks_alone(lines, lead):
    start = "一是早部署。"[len(lead) :] + "今年以来，临江市紧盯重点任务，统筹推进"
    printed = lines(
        {"text": lead, "bold": True},
        {"text": f"{start}“三大攻坚”，办结来信327件，GB/T 9704类文书差错率下降0.3个百分点。"},
    )

    # Kept together with its neighbours, “ would take 进 along.
    assert any(line.startswith(f"{lead}{start}") for line in printed)


@pytest.mark.parametrize("face", ["", "kai"])
def test_no_line_begins_with_a_connecting_dash(lines, face):
    """Wherever the dash comes to stand: each text is a character longer."""
    for count in range(12, 28):
        start = "今年以来全市各级各部门围绕市委市政府中心工作聚焦稳增长促改革调结构"[:count]
        more = {"face": face} if face else {}
        printed = lines(
            {"text": "一是", "bold": True},
            {"text": f"{start}，1—6月累计增长了百分之七点一，同比提高。", **more},
        )

        assert "1—6月" in "".join(printed) and not any(line.startswith("—6") for line in printed), printed


@pytest.mark.parametrize("lead", ["", "一是"])
def test_the_line_before_an_address_is_filled_from_it(lines, lead):
    text = "请将办理情况发送至电子邮箱linjiang_zhengwuxinxi_2026@office.linjiang.gov.cn，逾期不予受理。"
    printed = lines({"text": lead, "bold": True}, {"text": text})

    assert f"{lead}请将办理情况发送至电子邮箱linjiang_zhengwuxinxi_" in printed


def test_no_line_ends_within_a_standard_s_number(lines):
    """Wherever it comes to stand: each text is a character longer."""
    for count in range(14, 28):
        start = "今年以来全市各级各部门围绕市委市政府中心工作聚焦稳增长促改革调结构"[:count]
        for lead in ("", "一是"):
            printed = lines({"text": lead, "bold": True}, {"text": f"{start}GB/T22239等标准，确保数据安全。"})

            assert sum("GB/T22239" in line for line in printed) == 1, printed
