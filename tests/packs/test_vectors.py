"""Worked vectors of published rules stand in the packs they belong to, and pass exactly."""

from pathlib import Path

import pytest

from core.packs.format import load_pack, run_examples

FOLDER = Path(__file__).parents[2] / "rulepacks"
VECTORS = [
    ("V06", "guangdong-safety"),
    ("V07", "guangdong-safety"),
    ("V09", "chuxiong-development"),
    ("V10", "trade-union"),
    ("V11", "trade-union"),
    ("V12", "shangyu-economy"),
    ("V15", "chongqing-traffic-2014"),
    ("C05", "standard"),
]


@pytest.mark.parametrize(("vector", "name"), VECTORS)
def test_a_vector_stands_in_its_pack_and_passes(vector, name, sections):
    results = run_examples(load_pack(FOLDER / name, sections), sections)
    named = [result for result in results if result.name.startswith(f"{vector} ")]

    assert named
    assert {result.name: result.differences for result in named if not result.passed} == {}
