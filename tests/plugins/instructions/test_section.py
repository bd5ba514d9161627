"""instructions.yaml: what it names must stand in the other sections."""

import pytest

from core.errors import Findings
from core.packs import services as packs
from plugins.instructions.section import SAMPLE, Instructions


@pytest.mark.parametrize(("old", "new", "said"), [
    ("{id: 市主要领导,", "{id: 市主要领道,", "是否应为“市主要领导”"),
    ("level: province}", "level: provinse}", "是否应为“province”"),
    ("carrier: zwyq", "carrier: zwyp", "批示载体“zwyp”未定义"),
    ("{id: forward,", "{id: note,", "批示种类“note”重复"),
    ("counts: false", "counts: 否", "应为true 或 false"),
    ("classes:", "clases:", "是否应为“classes”"),
])  # fmt: skip
def test_a_slip_is_explained(app, pack_folder, old, new, said):
    file = pack_folder / "instructions.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(Findings) as found:
        packs.registry().examine(pack_folder)
    said_all = [str(error) for error in found.value.errors]
    assert any(said in each and "instructions.yaml 第 " in each for each in said_all), said_all


def test_the_sample_passes(make_pack, office):
    pack = packs.load(make_pack(office, instructions=SAMPLE))

    assert [kind.counts for kind in pack.get(Instructions).kinds] == [True, False]
