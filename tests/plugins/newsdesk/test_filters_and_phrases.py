"""Kept filters and phrases: one's own, the office's, never another office's."""

import pytest

from core.db import db
from core.errors import InvalidInput, NotFound, PermissionDenied
from plugins.newsdesk import filters, phrases

pytestmark = pytest.mark.postgres
ASKED = {"genre": ["brief"], "state": ["received"], "nonsense": ["x"], "text": [""]}


def names(actor):
    return [(tab.name, tab.default) for tab in filters.tabs(actor)]


def test_a_filter_keeps_only_what_a_list_can_show(zhang):
    found = filters.keep(zhang, "简讯", ASKED)

    assert found.asked == {"state": ["received"], "genre": ["brief"]}


def test_a_filter_is_ones_own_until_it_is_shared(zhang, li, wang):
    found = filters.keep(zhang, "简讯", ASKED)
    assert (names(zhang), names(li)) == ([("简讯", False)], [])

    filters.share(zhang, found.id, True)

    assert names(li) == [("简讯", False)] and names(wang) == []


def test_the_same_name_replaces_and_another_editor_may_use_it_too(zhang, li):
    first = filters.keep(zhang, "简讯", ASKED)
    again = filters.keep(zhang, "简讯", {"genre": ["research"]})
    filters.keep(li, "简讯", ASKED)

    assert again.id == first.id and again.asked == {"genre": ["research"]}
    assert len(names(zhang)) == len(names(li)) == 1


def test_a_filter_gets_another_name_but_never_takes_anothers_place(zhang, li):
    found, other = filters.keep(zhang, "简讯", ASKED, default=True), filters.keep(zhang, "调研", {})
    theirs = filters.keep(li, "加急", ASKED, shared=True)

    filters.rename(zhang, found.id, " 农业简讯 ")
    assert sorted(names(zhang)) == [("农业简讯", True), ("加急", False), ("调研", False)]
    assert found.asked == {"state": ["received"], "genre": ["brief"]}
    for number, name, refused in (
        (found.id, "调研", InvalidInput),
        (other.id, "", InvalidInput),
        (theirs.id, "我的", NotFound),
    ):
        with pytest.raises(refused):
            filters.rename(zhang, number, name)
    filters.rename(zhang, other.id, "加急")
    assert theirs.name == "加急"


def test_one_filter_is_the_default_and_a_deleted_one_no_longer(zhang, li):
    first = filters.keep(zhang, "简讯", ASKED, shared=True, default=True)
    filters.keep(zhang, "调研", {"genre": ["research"]}, default=True)
    filters.prefer(li, first.id)
    assert names(zhang) == [("简讯", False), ("调研", True)] or names(zhang) == [
        ("调研", True),
        ("简讯", False),
    ]
    assert names(li) == [("简讯", True)]

    filters.remove(zhang, first.id)

    assert names(li) == [] and names(zhang) == [("调研", True)]


def test_a_filter_no_longer_shared_is_nobody_elses_default(zhang, li):
    found = filters.keep(zhang, "简讯", ASKED, shared=True)
    filters.prefer(li, found.id)

    filters.share(zhang, found.id, False)
    filters.share(zhang, found.id, True)

    assert names(li) == [("简讯", False)]


def test_forged_numbers_find_nothing(zhang, li, wang):
    own, shared = filters.keep(zhang, "自己的", ASKED), filters.keep(zhang, "共用的", ASKED, shared=True)

    for actor, number in ((li, own.id), (wang, own.id), (wang, shared.id), (zhang, 999_999)):
        for step in (
            lambda a=actor, n=number: filters.one(a, n),
            lambda a=actor, n=number: filters.prefer(a, n),
            lambda a=actor, n=number: filters.remove(a, n),
            lambda a=actor, n=number: filters.share(a, n, True),
        ):
            with pytest.raises(NotFound):
                step()
    for step in (lambda: filters.remove(li, shared.id), lambda: filters.share(li, shared.id, False)):
        with pytest.raises(NotFound, match="只有保存的人可以改动"):
            step()
    assert len(filters.tabs(zhang)) == 2


@pytest.mark.parametrize("name", ["", "  ", "长" * 31])
def test_a_filter_needs_a_short_name(zhang, name):
    with pytest.raises(InvalidInput, match="30 字以内"):
        filters.keep(zhang, name, ASKED)


def test_an_informant_keeps_no_filter(staff, unit):
    with pytest.raises(PermissionDenied):
        filters.keep(staff("informant", unit), "简讯", ASKED)


def test_phrases_are_offered_own_first(zhang, li, wang, office):
    phrases.add(zhang, "请补充数据来源", "return")
    phrases.add(zhang, "与他处重复", "decline", shared=True)
    phrases.add(li, "请核实", "both")

    assert [p.text for p in sorted(phrases.offered(zhang, office.id), key=lambda p: p.weight)] == [
        "请补充数据来源", "与他处重复",
    ]  # fmt: skip
    assert {p.text: p.moves for p in phrases.offered(li, office.id)} == {
        "请核实": ("return", "decline"), "与他处重复": ("decline",),
    }  # fmt: skip
    assert phrases.offered(wang, wang.office_id) == []


def test_the_bar_for_several_items_tells_what_a_phrase_is_for(zhang, office):
    phrases.add(zhang, "请补充数据来源", "return")
    phrases.add(zhang, "与他处重复", "decline", shared=True)
    phrases.add(zhang, "请核实", "both")

    assert phrases.by_use(zhang, office.id) == [
        ("退回和不采用", "return decline", ["请核实"]),
        ("退回", "return", ["请补充数据来源"]),
        ("不采用", "decline", ["与他处重复"]),
    ]


def test_phrases_of_others_cannot_be_changed(zhang, li, wang):
    own, shared = phrases.add(zhang, "请核实", "both"), phrases.add(zhang, "重复", "both", shared=True)

    for actor, number in ((li, own.id), (wang, own.id), (wang, shared.id)):
        with pytest.raises(NotFound):
            phrases.change(actor, number, "改掉", "both")
        with pytest.raises(NotFound):
            phrases.remove(actor, number)
    phrases.change(li, shared.id, "与他处重复", "decline")
    assert db.session.get(type(shared), shared.id).text == "与他处重复"


@pytest.mark.parametrize(
    ("text", "use"), [("", "both"), ("长" * 101, "both"), ("请核实", "publish"), ("已有的", "both")]
)
def test_a_phrase_that_makes_no_sense_is_refused(zhang, text, use):
    phrases.add(zhang, "已有的", "both")

    with pytest.raises(InvalidInput):
        phrases.add(zhang, text, use)
