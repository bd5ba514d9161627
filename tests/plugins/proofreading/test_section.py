"""proofreading.yaml: slips are explained with their line, examples are run by the real checks."""

import pytest

from core.errors import Findings
from core.packs import services as packs
from plugins.proofreading.schema import Proofreading
from plugins.proofreading.section import SAMPLE


@pytest.mark.parametrize(("old", "new", "said"), [
    ("lists:", "off: [half-widht]\nlists:", "是否应为“half-width”"),
    ("genres: [brief]", "genres: [breif]", "是否应为“brief”"),
    ("use: 残疾人}", "use: 残疾人, but: [残障]}", "“残障”中没有“残废人”"),
    ("use: 残疾人}", "use: 残疾人}\n      - {word: 残废人}", "词“残废人”重复"),
    ("max: 300}", "max: 300, min: 400}", "最少字数大于最多字数"),
    ("start: 2024-01-01", "start: 2024-02-30", "没有这一天"),
    ("level: error", "level: 差错", "level"),
    ("remarks: [张三的职务与名单不符]", "remarks: []", "用例“职务与名单不符（校对）”不符"),
])  # fmt: skip
def test_a_slip_is_explained(app, pack_folder, old, new, said):
    assert old in SAMPLE
    (pack_folder / "proofreading.yaml").write_text(SAMPLE.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(Findings) as found:
        packs.registry().examine(pack_folder)
    said_all = [str(error) for error in found.value.errors]
    assert any(said in each and "proofreading.yaml 第 " in each for each in said_all), said_all


def test_the_sample_passes(make_pack, office):
    pack = packs.load(make_pack(office, proofreading=SAMPLE))

    assert pack.get(Proofreading).title_limit.max == 30
