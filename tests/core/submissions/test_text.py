"""Item text as blocks: what comes in as HTML or plain text, what is kept, and that it can go out and in again."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.submissions import text
from core.submissions.text import clean_line, count, from_html, from_plain, plain, to_html, to_plain

RARE = "𠮷野家㐂〇２０２６年👨‍👩‍👧🇨🇳"


def paragraph(*runs):
    return {"type": "paragraph", "runs": [{"text": t, "bold": b} for t, b in runs]}


def cell(words, header=False, colspan=1, rowspan=1):
    return {
        "runs": [{"text": words, "bold": False}] if words else [],
        "header": header,
        "colspan": colspan,
        "rowspan": rowspan,
    }


# ---- plain text -----------------------------------------------------------------------------------------------------


def test_blank_lines_part_paragraphs_and_so_do_line_ends():
    assert from_plain("第一段。\n第二段。\r\n\r\n第三段。") == [
        paragraph(("第一段。", False)), paragraph(("第二段。", False)), paragraph(("第三段。", False)),
    ]  # fmt: skip


def test_chapter_numbers_make_headings_of_their_level():
    found = from_plain("一、主要做法\n（一）强化领导\n(二)狠抓落实\n1.具体措施\n一、这是一句完整的话。")

    assert [(b["type"], b.get("level")) for b in found] == [
        ("heading", 1), ("heading", 2), ("heading", 2), ("paragraph", None), ("paragraph", None),
    ]  # fmt: skip


def test_a_long_line_is_no_heading():
    assert text.heading_level("一、" + "很" * 38) == 1
    assert text.heading_level("一、" + "很" * 39) == 0


def test_dashes_make_lists_and_bars_make_tables():
    found = from_plain("- 甲\n• 乙\n· 丙\n| 项目 | 数量 |\n| 水稻 | 三万亩 |")

    assert found == [
        {"type": "list", "ordered": False, "items": [[{"text": t, "bold": False}] for t in "甲乙丙"]},
        {"type": "table", "rows": [[cell("项目", True), cell("数量", True)], [cell("水稻"), cell("三万亩")]]},
    ]


@given(st.text())
@example("- 甲\n| |\n- 乙")
@example("| |\n| 甲 |")
@example("||||")
def test_plain_text_read_written_and_read_again_is_the_same(typed):
    once = from_plain(typed)

    assert from_plain(to_plain(once)) == once


def test_indents_of_official_documents_are_trimmed():
    assert plain(from_plain("　　一是抓落实。\n\t二是促发展。")) == "一是抓落实。\n二是促发展。"


# ---- HTML -----------------------------------------------------------------------------------------------------------


def test_structure_is_kept_and_everything_else_goes():
    found = from_html(
        '<h1>标题</h1><p>正文<b>加粗</b><i>斜体</i><a href="http://example.com">链接</a></p>'
        "<ol><li>甲</li><li>乙</li></ol><table><tr><th>项目</th></tr><tr><td colspan=2>水稻</td></tr></table>"
    )

    assert found == [
        {"type": "heading", "level": 1, "runs": [{"text": "标题", "bold": False}]},
        paragraph(("正文", False), ("加粗", True), ("斜体链接", False)),
        {
            "type": "list",
            "ordered": True,
            "items": [[{"text": "甲", "bold": False}], [{"text": "乙", "bold": False}]],
        },
        {"type": "table", "rows": [[cell("项目", True)], [cell("水稻")]]},
    ]


def test_text_pasted_from_a_word_processor_keeps_its_paragraphs_only():
    pasted = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0} --></style>
    <!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=ZH-CN style='tab-interval:21.0pt'>
    <!--StartFragment--><p class=MsoNormal style='text-indent:32.0pt'><span style='font-family:仿宋_GB2312'>一是抓<b>农资</b>供应。
    <o:p></o:p></span></p><p class=MsoNormal>&nbsp;</p><p class=MsoListParagraph><![if !supportLists]><span>1.</span><![endif]>二是抓服务</p>
    <!--EndFragment--></body></html>"""

    assert plain(from_html(pasted)) == "一是抓农资供应。\n1.二是抓服务"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg/onload=alert(1)>",
        "<p onclick=alert(1)>甲</p>",
        "<a href='javascript:alert(1)'>甲</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<table><td colspan='2\" onmouseover=\"alert(1)'>甲</td></table>",
        "<p style='background:url(http://example.com/a.png)'>甲</p>",
        "<<script>script>alert(1)<</script>/script>",
        "<textarea></textarea><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
        "<template><script>alert(1)</script></template>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<p>&#60;img src=x onerror=alert(1)&#62;</p>",
    ],
)
def test_hostile_html_comes_out_harmless(hostile):
    out = to_html(from_html(hostile))

    assert set(re.findall(r"<(/?\w+)", out)) <= {f"{end}{tag}" for end in ("", "/") for tag in text.TAGS}
    assert not re.search(r"<[^>]*\s(?!colspan|rowspan)", out)


@pytest.mark.parametrize("span", ["0", "-3", "999999999999", "2.5", "二", ""])
def test_spans_of_cells_stay_within_reason(span):
    found = from_html(f'<table><tr><td rowspan="{span}">甲</td></tr></table>')

    assert 1 <= found[0]["rows"][0][0]["rowspan"] <= text.MAX_SPAN


@pytest.mark.parametrize(
    ("html", "lengths"),
    [
        ("<tr><td>单位</td><td>得分</td></tr><tr><td>丙县</td><td>404</td><td>505</td><td>606</td></tr>", [4, 4]),
        ('<tr><td rowspan="3">甲</td></tr><tr><td>乙</td></tr><tr><td>丙</td></tr>', [2, 1, 1]),
        ('<tr><td rowspan=2>甲</td><td rowspan=2>乙</td></tr><tr></tr><tr><td>丙</td><td>丁</td></tr>', [2, 2]),
        ('<tr><td>甲</td><td rowspan=2>乙</td></tr><tr><td colspan=5>丙</td><td>丁</td></tr>', [3, 2]),
        ('<tr><td colspan=50 rowspan=50>甲</td></tr><tr><td>乙</td></tr>', [2, 1]),
    ],
)  # fmt: skip
def test_the_rows_of_a_pasted_table_are_made_even_and_keep_every_cell(html, lengths):
    [table] = from_html(f"<table>{html}</table>")

    assert [len(row) for row in table["rows"]] == lengths
    assert [part for part in re.split("<[^>]*>", html) if part] == [
        text for row in table["rows"] for cell in row for run in cell["runs"] for text in [run["text"]]
    ]
    assert from_html(to_html([table])) == [table]


def test_typed_rows_are_made_even_and_the_header_stays_one():
    [table] = from_plain("| 单位 | 得分 |\n| 甲县 |\n| 乙县 | 101 | 202 | 303 |")

    assert [[cell["header"] for cell in row] for row in table["rows"]] == [
        [True] * 4,
        [False] * 4,
        [False] * 4,
    ]
    assert plain([table]).split() == ["单位", "得分", "甲县", "乙县", "101", "202", "303"]


def test_a_table_of_endless_merged_cells_is_refused():
    with pytest.raises(InvalidInput, match="表格过大"):
        from_html("<table>" + "<tr><td colspan=50>甲</td></tr>" * 401 + "</table>")


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<ul><li>甲<ol><li>乙</li><li>丙</li></ol></li><li>丁</li></ul>", ["• 甲", "1. 乙", "2. 丙", "• 丁"]),
        ("<ol><li>甲<ul><li>乙</li></ul></li><li>丙</li></ol>", ["1. 甲", "• 乙", "2. 丙"]),
        ("<ol><li>甲<ol><li><b>乙</b>丁<ol><li>戊</li></ol></li></ol></li><li>丙</li></ol>",
         ["1. 甲", "（1）乙丁", "1）戊", "2. 丙"]),
    ],
)  # fmt: skip
def test_a_numbered_list_in_a_list_keeps_its_numbers_as_text(html, lines):
    found = from_html(html)

    assert plain(found).split("\n") == lines
    assert {block["type"] for block in found} == {"paragraph"}
    assert from_html(to_html(found)) == found


def test_a_list_in_a_list_joins_the_outer_one_and_a_table_in_a_table_the_cell():
    assert len(from_html("<ul><li>甲<ul><li>乙</li></ul></li><li>丙</li></ul>")[0]["items"]) == 3
    nested = from_html("<table><tr><td>甲<table><tr><td>乙</td></tr></table></td><td>丙</td></tr></table>")
    assert [len(row) for row in nested[0]["rows"]] == [2]
    assert "乙" in plain(nested)


@pytest.mark.parametrize(
    "broken",
    ["<p>甲<p>乙", "<table><tr><td>甲", "<ul><li>甲", "</p></td></ul>甲", "<b><b><b>甲", "<td>甲</td>"],
)
def test_broken_html_loses_no_text(broken):
    assert "甲" in plain(from_html(broken))


words = st.text(alphabet=st.sampled_from("甲乙 。<>&\"'　é\u0301\u00a0𠮷〇👍|-\t"), max_size=12)
runs = st.lists(st.tuples(words, st.booleans()), max_size=4)
inline = runs.map(lambda rs: "".join(f"<b>{html_escape(t)}</b>" if b else html_escape(t) for t, b in rs))
cells = st.lists(st.tuples(st.sampled_from(["td", "th"]), st.integers(1, 3), inline), min_size=1, max_size=3)
pieces = st.one_of(
    inline.map(lambda t: f"<p>{t}</p>"),
    st.tuples(st.integers(1, 4), inline).map(lambda t: f"<h{t[0]}>{t[1]}</h{t[0]}>"),
    st.tuples(st.sampled_from(["ol", "ul"]), st.lists(inline, max_size=3)).map(
        lambda t: f"<{t[0]}>{''.join(f'<li>{i}</li>' for i in t[1])}</{t[0]}>"
    ),
    st.lists(cells, max_size=3).map(
        lambda rows: (
            "<table>"
            + "".join(
                "<tr>" + "".join(f"<{tag} colspan={n}>{t}</{tag}>" for tag, n, t in row) + "</tr>"
                for row in rows
            )
            + "</table>"
        )
    ),
    inline,
)
documents = st.lists(pieces, max_size=5).map("".join)


def html_escape(value):
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(documents)
@example("<p> <b> 甲</b></p>")
@example("<p>e<b></b>\u0301</p>")
def test_html_read_written_and_read_again_is_the_same(html):
    once = from_html(html)

    assert from_html(to_html(once)) == once


@given(st.text())
def test_any_characters_at_all_can_be_read_as_html(html):
    once = from_html(html)

    assert from_html(to_html(once)) == once


# ---- characters -----------------------------------------------------------------------------------------------------


def test_rare_characters_pictures_and_full_width_digits_come_through():
    kept = "𠮷野家㐂〇２０２６年👍"

    assert plain(from_plain(kept)) == plain(from_html(f"<p>{kept}</p>")) == clean_line(kept) == kept


@pytest.mark.parametrize(
    "invisible", ["\x00", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "\u2066", "\ud800", "\ue000", "\x85"]
)
def test_invisible_and_turning_characters_are_dropped(invisible):
    line = clean_line(f"甲{invisible}乙")

    assert line in ("甲乙", "甲[31m乙")
    assert plain(from_plain(f"甲{invisible}乙")) == line


def test_a_title_is_one_line_without_needless_spaces():
    assert clean_line("  关于\n加强\t信息  工作\u2028的通知 ") == "关于 加强 信息 工作 的通知"


def test_letters_written_in_two_pieces_become_one():
    assert clean_line("e\u0301") == "é"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("全县种植水稻3.5万亩，增长12.5%。", 15),
        ("GDP增长", 3),
        ("甲 乙", 2),
        ("", 0),
        ("𠮷〇㐂", 3),
        ("２０２６", 4),
        ("state-of-the-art", 1),
    ],
)
def test_characters_are_counted_as_word_processors_do(typed, number):
    assert count(from_plain(typed)) == number


# ---- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [from_plain, lambda typed: from_html(f"<p>{typed}</p>")])
def test_a_text_may_be_as_long_as_the_limit_and_no_longer(read):
    assert len(plain(read("文" * text.MAX_CHARACTERS))) == text.MAX_CHARACTERS
    with pytest.raises(InvalidInput, match="正文过长"):
        read("文" * (text.MAX_CHARACTERS + 1))


@pytest.mark.parametrize("read", [lambda n: from_plain("甲\n" * n), lambda n: from_html("<p>甲</p>" * n)])
def test_a_text_may_not_have_too_many_paragraphs(read):
    assert len(read(text.MAX_BLOCKS)) == text.MAX_BLOCKS
    with pytest.raises(InvalidInput, match="正文过长"):
        read(text.MAX_BLOCKS + 1)


@pytest.mark.parametrize("piece", ["<b>", "<ul>", "<table><tr><td>", "<p>", "<", "&", "<!--", "</p>", "<p/>"])
def test_deeply_nested_or_endless_markup_is_read_within_seconds(piece):
    start = time.process_time()
    try:
        from_html(piece * 10_000)
    except InvalidInput:
        pass

    assert time.process_time() - start < 5


def test_empty_blocks_leave_nothing():
    assert from_html("<p> </p><ul><li></li></ul><table><tr><td>　</td></tr></table><h2></h2>") == []
    assert from_plain(" \n\n　\n") == []


def test_markup_beyond_all_reason_is_not_read():
    with pytest.raises(InvalidInput, match="格式过于复杂"):
        from_html("<ul>" * (text.MAX_TAGS + 1))


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、强化统筹", 1),
        ("（二）健全机制", 2),
        ("一、强化统筹。今年以来，全市办结三百件。", 0),
        ("一是抓落实", 0),
    ],
)
def test_a_typed_line_of_a_level_is_a_heading_in_the_rich_editor_too(line, level):
    (block,) = from_html(f"<p>{line}</p>")

    assert (block["type"], block.get("level", 0)) == ("heading" if level else "paragraph", level)
