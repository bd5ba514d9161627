"""The documents of every bundled pack against the meter: as their samples have them, and grown to several pages."""

import pytest

from core.config import PROJECT
from core.packs.trials import as_values
from core.strict_yaml.loader import load
from tests.docs import forms
from tests.docs.test_standard import failed
from tests.tools.measure_gb9704 import measure

HOMES = sorted(path.parent for path in (PROJECT / "rulepacks").glob("*/documents/*/template.html"))


def made(make_pdf, home, values):
    files = {path.name: path.read_text("utf-8") for path in home.iterdir()}
    return make_pdf("template.html", values, files)


def sample(home):
    return as_values(load((home / "sample.yaml").read_bytes(), "sample.yaml").plain())


@pytest.mark.parametrize("home", HOMES, ids=lambda home: f"{home.parts[-3]} {home.name}")
@pytest.mark.parametrize("grown", [False, True], ids=["sample", "grown"])
def test_a_document_of_a_bundled_pack_passes_the_meter(make_pdf, tmp_path, home, grown):
    values = sample(home)
    if grown:  # names with rare characters, digits, letters, bold, Kai and Hei on every page
        place = values["columns"][0]["items"][0] if "columns" in values else values
        place["body"] = [*place["body"], *forms.mixed(5)]
    (tmp_path / "d.pdf").write_bytes(made(make_pdf, home, values))

    result = measure(str(tmp_path / "d.pdf"), any_font=False)

    assert failed(result) == {}
    assert result["right_edge_fill"]["reaching"] == result["right_edge_fill"]["continued"]
    assert set(result["lines_per_full_page"]) <= {22}
