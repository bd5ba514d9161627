"""Worked vectors of published rules stand in the packs they belong to, and pass exactly."""

from pathlib import Path

import pytest

from core.packs.content.format import load_pack, run_examples

FOLDER = Path(__file__).parents[2] / "rulepacks"
VECTORS = [
    ("V01", "luan-2013"),
    ("V02", "huzhou-2018"),
    ("V03", "huzhou-2018"),
    ("V04", "lianyungang"),
    ("V05", "lianyungang"),
    ("V06", "guangdong-safety"),
    ("V07", "guangdong-safety"),
    ("V08", "guangyuan-2008"),
    ("V09", "chuxiong-development"),
    ("V10", "trade-union"),
    ("V11", "trade-union"),
    ("V12", "shangyu-economy"),
    ("V13", "zhonglou"),
    ("V14", "changshan-2014"),
    ("V15", "chongqing-traffic-2014"),
    ("C02", "huolinguole-2018"),
    ("C03", "zhalantun-2023"),
    ("C05", "standard"),
    ("C07", "dazhou-2012"),
    ("C16", "dazhou-2012"),
]


@pytest.mark.parametrize(("vector", "name"), VECTORS)
def test_a_vector_stands_in_its_pack_and_passes(vector, name, sections):
    results = run_examples(load_pack(FOLDER / name, sections), sections)
    named = [result for result in results if result.name.startswith(f"{vector} ")]

    assert named
    assert {result.name: result.differences for result in named if not result.passed} == {}
