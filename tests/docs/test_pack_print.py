"""`yaoqing pack print`: a pack's document formats on paper, straight from its folder."""

import shutil
import zipfile

import openpyxl
import pytest

from core.cli.pack_print import print_samples
from core.config import PROJECT
from core.documents.rendering.preview import page_count

LUAN = PROJECT / "rulepacks" / "luan-2013"


@pytest.fixture
def run(app, fonts_dir):
    app.config["YAOQING"]["FONTS"] = fonts_dir
    return lambda *words: app.test_cli_runner().invoke(print_samples, [*map(str, words)])


def test_every_format_of_a_folder_is_printed_with_its_sample(run, tmp_path):
    done = run(LUAN, "--out", tmp_path / "proofs", "--word", "--excel", "--format", "ofd")

    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "proofs").iterdir()) == [
        "briefing.docx", "briefing.ofd", "briefing.pdf",  # no table in this one
        "ranking.docx", "ranking.ofd", "ranking.pdf", "ranking.xlsx",
    ]  # fmt: skip
    assert zipfile.is_zipfile(tmp_path / "proofs" / "ranking.ofd")
    assert openpyxl.load_workbook(tmp_path / "proofs" / "ranking.xlsx").active.title == "县区"
    assert page_count((tmp_path / "proofs" / "ranking.pdf").read_bytes()) > 1


def test_a_format_that_no_plugin_offers_is_told_before_anything_is_written(run, tmp_path):
    refused = run(LUAN, "--out", tmp_path / "proofs", "--format", "odt")

    said = f"{refused.output}{refused.exception}"
    assert "没有“odt”这种文件格式" in said and "ofd" in said and not (tmp_path / "proofs").exists()


def test_other_data_is_printed_by_its_own_name_and_a_missing_value_is_told(run, tmp_path):
    sample = (LUAN / "documents/ranking/sample.yaml").read_text("utf-8")
    (tmp_path / "六月.yaml").write_text(sample, "utf-8")
    (tmp_path / "七月.yaml").write_text(sample.replace("office:", "offices:"), "utf-8")

    done = run(LUAN, "--kind", "ranking", "--data", tmp_path / "六月.yaml", "--out", tmp_path)
    refused = run(LUAN, "--kind", "ranking", "--data", tmp_path / "七月.yaml", "--out", tmp_path)

    assert done.exit_code == 0 and (tmp_path / "六月.pdf").is_file()
    assert "office" in f"{refused.output}{refused.exception}" and not (tmp_path / "七月.pdf").exists()


def test_a_character_no_font_has_is_told_as_before_an_issue(run, tmp_path):
    folder = tmp_path / "pack"
    shutil.copytree(LUAN, folder)
    sample = folder / "documents/ranking/sample.yaml"
    sample.write_text(sample.read_text("utf-8").replace("甲县（累计", "\u0634（累计"), "utf-8")

    refused = run(folder, "--kind", "ranking", "--out", tmp_path)

    assert "字体里没有的字" in f"{refused.output}{refused.exception}"
