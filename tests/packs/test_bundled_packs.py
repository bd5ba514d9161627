"""Every bundled pack loads, checks, and keeps what its own examples promise."""

from datetime import date
from pathlib import Path

import pytest

from core.packs.content.format import check_pack, load_pack, run_examples
from core.scoring.engine.stages import score
from core.scoring.rules.compile import compile_pack
from core.scoring.values.fact import Fact, UnitInfo
from core.scoring.values.periods import period_by_key
from core.scoring.values.points import parse

FOLDER = Path(__file__).parents[2] / "rulepacks"
PACKS = sorted(path.name for path in FOLDER.iterdir() if (path / "pack.yaml").is_file())


@pytest.fixture(params=PACKS)
def pack(request, sections):
    return load_pack(FOLDER / request.param, sections)


def test_the_three_real_packs_are_here():
    assert {"luan-2013", "huolinguole-2018", "zhalantun-2023"} <= set(PACKS)


def test_a_pack_has_nothing_to_complain_about(pack, sections):
    assert [str(error) for error in check_pack(pack, sections)] == []


def test_a_packs_own_examples_pass(pack, sections):
    results = run_examples(pack, sections)

    assert results
    assert {result.name: result.differences for result in results if not result.passed} == {}


def test_examples_are_told_apart_by_their_names(pack, sections):
    names = [result.name for result in run_examples(pack, sections)]

    assert len(names) == len(set(names))


def test_a_packs_folder_is_called_like_the_pack(pack):
    assert pack.manifest.id in PACKS


def test_a_pack_says_where_it_comes_from_and_how_it_changed(pack):
    readme, changes = (pack.files[name].decode() for name in ("README.md", "CHANGELOG.md"))

    assert pack.manifest.title in readme
    assert "来源" in readme and "未收入" in readme
    assert pack.manifest.version in changes
    assert "http" not in readme


def test_every_value_has_a_start_date_and_a_basis(pack, known_kinds):
    rules = compile_pack(pack, known_kinds)

    assert all(award.values and award.basis for award in rules.awards)


def test_one_item_through_all_stages_earns_eighty_five(sections, known_kinds):
    """The worked vector of the oldest pack, computed without the pack's own examples."""
    rules = compile_pack(load_pack(FOLDER / "luan-2013", sections), known_kinds)
    county = UnitInfo("甲县", "甲县", "counties")
    happened = [
        ("adopted", {"outlet": "zwyq"}),
        ("sent_up", {"level": "province"}),
        ("adopted", {"outlet": "province"}),
        ("instructed", {"leader": "市主要领导"}),
    ]
    facts = [
        Fact(str(n), kind, date(2013, 5, n + 1), ("甲县",), "A1", attrs)
        for n, (kind, attrs) in enumerate(happened)
    ]

    entries = score(facts, rules, [county], rules.calendar, period_by_key(rules.calendar, "2013"))

    assert sum(entry.amount for entry in entries) == parse(85)
