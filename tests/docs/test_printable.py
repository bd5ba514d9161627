"""What keeps words from being printed is told in a few words; a document without a title or a text is not issued."""

import pytest

from core.documents.printable import hindrances, refuse_empty
from core.errors import Unprintable
from tests.docs import samples


def test_nothing_is_said_of_what_can_be_printed(fonts):
    assert hindrances(["题目", "", "<b>&"], [samples.paragraph("王堃，é、ǚ，①。\u200b")], fonts) == []


def test_characters_and_tables_are_told_together(fonts):
    rows = [[{"runs": [{"text": f"{n}.5"}]} for n in range(1000, 1020)]]

    told = hindrances(["题目😀"], [{"type": "table", "rows": rows}], fonts)

    assert told[0].startswith("正文第 1 个表格：表格有 20 列，用最小的字也排不下")
    assert told[1:] == ["所有字体都没有“😀”（U+1F600，见“题目😀”），请改用别的字"]


def test_many_characters_are_counted_and_five_named(fonts):
    [told] = hindrances([], [samples.paragraph("مرحباشىنجاڭ")], fonts)

    assert told.count("U+06") == 5 and "等 10 个字" in told


@pytest.mark.parametrize("values", [{"title": ""}, {"title": " 　\n"}, {"title": None}])
def test_a_document_without_a_title_is_not_issued(values):
    with pytest.raises(Unprintable, match="标题空着，不能印发"):
        refuse_empty({**samples.circular(), **values})


@pytest.mark.parametrize(
    "body", [[], [samples.paragraph(" 　")], [{"type": "table", "rows": [[{"runs": [], "colspan": 2}]]}]]
)
def test_a_document_without_a_text_is_not_issued(body):
    bare = {**samples.circular(body=body), "tables": [], "annexes": []}

    with pytest.raises(Unprintable, match="正文空着，不能印发"):
        refuse_empty(bare)
    refuse_empty({**bare, "tables": [{"rows": [["甲县"]]}]})
    refuse_empty({**bare, "annexes": [{"title": "得分"}]})
    refuse_empty({"title": "要情", "columns": []})
