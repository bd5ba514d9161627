"""Near duplicates and related items among many texts."""

import random
import time

import pytest

from core.search import usual
from core.search.engines import engine
from core.search.folding import fold
from core.search.similar import COMPARED, clauses, related, similar
from core.submissions import services

pytestmark = pytest.mark.postgres
CLAUSES = [f"{a}{b}" for a in ("组织农技人员进村入户", "备足化肥农膜等农资", "整修大中型农机具", "落实良种补贴资金", "开展冬小麦苗情会诊")
           for b in ("查看墒情", "逐户登记", "确保春播", "覆盖全部乡镇", "比上年多两成")]  # fmt: skip
LETTERS = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜"


def prose(seed, sentences=8):
    """A text of its own."""
    pick = random.Random(seed)
    return ["".join(pick.choices(LETTERS, k=pick.randint(8, 14))) + "，" + "".join(pick.choices(LETTERS, k=9)) + "。"
            for _ in range(sentences)]  # fmt: skip


@pytest.fixture
def items(make_submission):
    """Twelve texts that have nothing in common."""
    return [make_submission("received", title=f"标题{n}", body="\n".join(prose(n))) for n in range(12)]


def found(office, body, **more):
    return {each.thing_id: each for each in similar(office.id, body, **more)}


def test_the_same_text_is_found_whole(office, items):
    like = found(office, "\n".join(prose(3)))

    assert [(each.share, each.back) for each in like.values()] == [(1, 1)]
    assert set(like) == {items[3].id}


def test_an_edited_text_is_found(office, items):
    text = list("\n".join(prose(5)))
    for at in range(0, len(text), 17):
        text[at] = "改"

    like = found(office, "".join(text))

    assert set(like) == {items[5].id}
    assert 0.5 < like[items[5].id].share < 1


def test_shuffled_sentences_and_a_shortened_text_are_found(office, items):
    sentences = prose(7)
    random.Random(1).shuffle(sentences)

    assert found(office, "".join(sentences))[items[7].id].share > 0.9
    assert found(office, "".join(sentences[:4]))[items[7].id].share > 0.9
    assert found(office, "".join(sentences[:4]))[items[7].id].back < 0.6


def test_a_text_put_together_from_two_finds_both(office, items):
    like = found(office, "\n".join([*prose(2)[:4], *prose(9)[4:]]))

    assert set(like) == {items[2].id, items[9].id}
    assert all(0.4 < each.share < 0.6 for each in like.values())


def test_the_item_itself_other_offices_and_other_units_are_left_out(
    office, items, make_office, make_unit, make_submission
):
    elsewhere = make_unit("丙县人民政府", office=make_office("other", "别市人民政府办公室"))
    neighbour = make_unit("乙县人民政府")
    make_submission("received", unit=elsewhere, body="\n".join(prose(3)))
    twin = make_submission("received", unit=neighbour, body="\n".join(prose(3)))
    body = "\n".join(prose(3))

    assert set(found(office, body)) == {items[3].id, twin.id}
    assert set(found(office, body, exclude=[items[3].id])) == {twin.id}
    assert set(found(office, body, unit_id=neighbour.id)) == {twin.id}


def test_a_deleted_draft_is_found_no_more(office, staff, unit, make_submission):
    item = make_submission(body="\n".join(prose(3)))

    services.discard(staff("informant", unit), item.id)

    assert found(office, "\n".join(prose(3))) == {}


def test_texts_without_clauses_find_nothing(office, items):
    assert similar(office.id, "") == []
    assert similar(office.id, "短。句。") == []
    assert related(office.id, "") == []


def test_related_items_are_those_with_titles_alike(office, make_submission):
    one = make_submission("received", title="我县扎实推进高标准农田建设", body="甲。")
    make_submission("received", title="我县开展冬季供暖检查", body="乙。")

    likest = related(office.id, "全县高标准农田建设进展顺利")

    assert likest[0][0] == one.id
    assert likest[0][1] > 0.4
    assert all(likeness < 0.3 for _, likeness in likest[1:])


def test_clauses_are_spread_over_a_long_text():
    asked = clauses(" ".join(CLAUSES * 4))

    assert len(asked) == 24
    assert len(set(asked)) > 15
    assert all(4 <= len(each) <= 8 for each in asked)


@pytest.fixture
def phrased(make_submission):
    """Twenty-four items that end alike, each with news of its own before; their texts."""
    texts = ["\n".join([*prose(100 + n, 4), *prose(7, 3)]) for n in range(24)]
    for n, body in enumerate(texts):
        make_submission("received", title=f"标题{n}", body=body)
    return texts


@pytest.fixture
def asked(app, monkeypatch):
    """How many clauses the index was asked for, each time."""
    counted = []
    real = engine().some
    monkeypatch.setattr(
        type(engine()), "some", lambda _self, each, limit: counted.append(len(each)) or real(each, limit)
    )
    return counted


def test_usual_clauses_are_asked_for_once_and_nothing_else_changes(office, phrased, asked):
    first = similar(office.id, phrased[3])
    second = similar(office.id, phrased[3])

    assert asked[0] == len(clauses(fold(phrased[3])))
    assert 0 < asked[1] < asked[0]
    assert first == second
    assert [each.share for each in first if each.common] == [1]


def test_usual_clauses_are_asked_for_again_after_an_hour(office, phrased, asked, monkeypatch):
    similar(office.id, phrased[3])
    later = time.monotonic() + usual.SECONDS + 1
    monkeypatch.setattr(usual.time, "monotonic", lambda: later)
    similar(office.id, phrased[5])

    assert asked[1] == asked[0]


def test_no_more_usual_clauses_are_remembered_than_there_is_room_for(app, monkeypatch):
    monkeypatch.setattr(usual, "MOST", 3)
    usual.remember(["一", "二", "三"])
    assert usual.remembered(["三", "四"]) == {"三"}

    usual.remember(["四"])

    assert usual.remembered(["三", "四"]) == set()


def test_what_is_usual_in_the_office_is_looked_for_within_one_unit(office, unit, phrased, asked):
    similar(office.id, phrased[3])
    similar(office.id, phrased[3], unit_id=unit.id)

    assert asked[1] == asked[0]


def test_a_text_that_everybody_sends_is_found_though_its_clauses_are_known_to_be_usual(
    office, phrased, make_submission
):
    similar(office.id, phrased[3])
    stock = "\n".join(prose(7, 3))
    alone = make_submission("received", title="只有结尾", body=stock)

    like = found(office, stock, limit=30)

    assert like[alone.id].share == 1
    assert len(like) == COMPARED
