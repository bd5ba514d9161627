"""Text on its way into HTML: escaped, cleaned, rare characters set apart."""

import pytest

from core.documents.typesetting.text import blocks_to_html, typeset, typeset_html
from core.errors import RenderError


def test_plain_text_is_only_escaped(fonts):
    assert typeset("甲县<b>&\"乙局'", fonts) == "甲县&lt;b&gt;&amp;&#34;乙局&#39;"


def test_rare_characters_get_a_span_and_stay_the_same_text(fonts):
    assert typeset("王堃喆出席", fonts) == '王<span class="rare">堃喆</span>出席'
    assert typeset("12㎡", fonts, latin=True) == '<span class="latin">12</span><span class="rare">㎡</span>'


def test_characters_no_font_has_print_as_the_printers_mark(fonts):
    assert typeset("好😀", fonts) == '好<span class="rare">〓</span>'


@pytest.mark.parametrize(
    "invisible", ["\x00", "\x1b", "\u200b", "\u202e", "\u2066", "\ufe0f", "\ud800", "\x85"]
)
def test_unprintable_characters_leave_no_trace(fonts, invisible):
    assert typeset(f"甲{invisible}县", fonts) == "甲县"


def test_a_source_line_break_between_chinese_characters_is_no_space(fonts):
    assert typeset("全市\n  各县区 and\nso", fonts) == "全市各县区 and\nso"


def test_a_finished_page_keeps_its_tags_styles_and_title(fonts):
    page = '<title>堃</title><style>p::after{content:"堃"}</style><a title="堃>1">堃&amp;1</a><!-- 堃 -->'

    assert typeset_html(page, fonts, latin=True) == page.replace(
        "堃&amp;1", '<span class="rare">堃</span><span class="latin">&amp;1</span>'
    )


@pytest.mark.parametrize(
    "broken", ["<", "<a", "<a b='", "<!-- ", "<style>", "a<b<c", "<" * 20000, "<style>" * 20000]
)
def test_broken_markup_is_read_once_and_given_back(fonts, broken):
    typeset_html(broken, fonts)


def test_blocks_become_paragraphs_lists_and_tables():
    html = blocks_to_html([
        {"type": "heading", "level": 1, "runs": [{"text": "一、总体情况"}]},
        {"type": "heading", "level": 4, "runs": [{"text": "（1）细目"}]},
        {"type": "paragraph", "runs": [{"text": "一是", "bold": True}, {"text": "报送<多>\n换行"}]},
        {"type": "list", "ordered": True, "items": [[{"text": "甲"}], [{"text": "乙"}]]},
        {"type": "list", "ordered": False, "items": [[{"text": "丙"}]]},
        {"type": "table", "rows": [[{"runs": [{"text": "单位"}], "header": True, "colspan": 2}]]},
    ])  # fmt: skip

    assert html.split("\n") == [
        '<h2 class="l1">一、总体情况</h2>',
        '<h5 class="l4">（1）细目</h5>',
        "<p><b>一是</b>报送&lt;多&gt;<br>换行</p>",
        "<ol><li>1. 甲</li><li>2. 乙</li></ol>",
        "<ul><li>• 丙</li></ul>",
        '<table class="in-text"><colgroup><col style="width: 442.20pt"></colgroup><tbody><tr><th>单位</th></tr></tbody></table>',
    ]


def test_an_unknown_block_is_refused():
    with pytest.raises(RenderError, match="正文中有无法排版的内容"):
        blocks_to_html([{"type": "iframe"}])


def test_words_of_a_paragraph_may_stand_in_another_face():
    html = blocks_to_html([
        {"type": "paragraph", "runs": [{"text": "各县区。", "face": "kai", "bold": True}, {"text": "甲"}]},
    ])  # fmt: skip

    assert html == '<p><b><span class="kai">各县区。</span></b>甲</p>'
    with pytest.raises(RenderError, match="字体不能是“lishu”"):
        blocks_to_html([{"type": "paragraph", "runs": [{"text": "甲", "face": "lishu"}]}])
