"""What may be recorded: levels above, outlets that are not the office's own, forms of the pack."""

from core import clock
from core.packs.content.outlets import tree_of
from core.packs.content.sections import Outlets
from core.strict_yaml.loader import load
from plugins.escalation.words import ADOPTED, SENT_UP, foreign_outlets, levels_above, words_of
from tests.plugins.escalation.conftest import OUTLETS


def tree():
    return tree_of(Outlets.model_validate(load(OUTLETS.encode(), "outlets.yaml").plain()))


def test_own_outlets_what_lies_in_them_and_the_office_itself_are_left_out():
    assert foreign_outlets(tree(), ["bulletin"]) == {
        "province": "省政府办公厅（省级）",
        "szxx": "《省政信息》（省级）",
        "szxx-zb": "《省政信息》（专报）（省级）",
        "state": "国务院办公厅（国家级）",
        "party-city": "市委办公室（市级）",
    }


def test_an_office_without_outlets_of_its_own_may_record_all():
    assert list(foreign_outlets(tree(), []))[:2] == ["city", "bulletin"]


def test_an_office_in_the_middle_records_nothing_from_below():
    assert "city" not in foreign_outlets(tree(), ["szxx"])
    assert levels_above(tree(), ["szxx"]) == {"state": "国家级"}


def test_levels_begin_above_the_offices_own():
    assert (
        levels_above(tree(), ["bulletin"])
        == levels_above(tree(), [])
        == {"province": "省级", "state": "国家级"}
    )


def test_words_come_from_the_pack_in_force_and_from_whoever_publishes(desk):
    words = words_of(desk.office_id, clock.today())

    assert list(words.places[SENT_UP]) == ["province", "state"]
    assert "bulletin" not in words.places[ADOPTED] and "szxx" in words.places[ADOPTED]
    assert words.forms == {SENT_UP: {}, ADOPTED: {"whole": "单篇", "part": "综合"}}
