"""Documents of two versions side by side."""

from core.hookspecs import Paper, PaperTable
from core.scoring.trying.papers import aligned, paired


def paper(key="ranking", title="通报", paragraphs=(), **lines):
    return Paper(key, title, tuple(paragraphs), (PaperTable("县区", ("名次", "单位"), tuple(lines.items())),))


def test_the_same_document_is_the_same():
    (pair,) = paired([paper(a=("1", "甲县"))], [paper(a=("1", "甲县"))])

    assert pair.same and pair.differing == []


def test_changed_paragraphs_stand_beside_each_other():
    found = list(aligned(["一", "二", "四"], ["一", "三", "四", "五"]))

    assert [p.kind for p in found] == ["same", "changed", "same", "added"]
    assert (found[1].old, found[1].new) == (("二",), ("三",))


def test_lines_of_tables_are_paired_by_unit_whatever_their_order():
    (pair,) = paired([paper(a=("1", "甲县"), b=("2", "乙县"))], [paper(b=("1", "乙县"), a=("2", "甲县"))])
    (table,) = pair.tables

    assert not pair.same and table.same_head
    assert [(p.old, p.new) for p in table.differing] == [
        (("2", "乙县"), ("1", "乙县")),
        (("1", "甲县"), ("2", "甲县")),
    ]


def test_a_line_or_document_only_one_version_has_is_said():
    (pair,) = paired([paper(a=("1", "甲县"))], [paper(a=("1", "甲县"), b=("2", "乙县"))])
    gone, come = paired([paper("old")], [paper("new")])

    assert [p.kind for p in pair.tables[0].differing] == ["added"]
    assert (gone.new, come.old) == (None, None) and not gone.same and not come.same
