"""Which fonts are used, what stands in, what no font can print."""

import os
import pickle
import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from core.documents.fonts.blanks import blank
from core.documents.fonts.font_set import SYSTEM_FOLDERS, resolve
from core.documents.rendering.renderer import Renderer
from core.documents.templating.sandbox import render_html
from core.documents.typesetting.text import typeset
from core.errors import SetupError
from tests.docs import samples


def test_report_names_the_official_face_and_its_stand_in(fonts):
    rows = {row["wanted"]: row for row in fonts.report()}

    assert rows["仿宋_GB2312"]["used"] == "FandolFang"
    assert rows["仿宋_GB2312"]["official"] is False
    assert len(rows) == 6


def test_bold_files_that_call_themselves_regular_are_told_apart(fonts):
    assert fonts.face("song").file.endswith("FandolSong-Regular.otf")
    assert fonts.face("title").file.endswith("FandolSong-Bold.otf")
    assert fonts.face("hei").file.endswith("FandolHei-Regular.otf")


def test_characters_no_font_has_are_reported_with_their_places(fonts):
    assert fonts.missing("王堃、赵喆、陈祎、马䶮和𠮷村改造12.6万㎡") == []
    assert fonts.missing("进展顺利😀好\u200b\x07") == [("😀", 4)]


def test_every_common_and_every_standard_character_has_a_font(fonts):
    assert [(level.total, level.lacking) for level in fonts.coverage()] == [
        (6763, ()),
        (27484, ()),
        (199, ()),
    ]


def test_the_report_counts_what_each_face_lacks(fonts):
    rows = {row["wanted"]: row for row in fonts.report()}
    few = [face.role for face in fonts.backups() if sum(face.lacks)]

    assert rows["仿宋_GB2312"]["lacks"] == (0, 19542, 199)
    assert few in ([], ["fallback_kai"])


def test_other_fonts_and_other_places_on_a_machine_change_no_byte(fonts, fonts_dir, renderer, tmp_path):
    page = render_html("print/briefing.html", {}, samples.briefing(4, 1), fonts)
    elsewhere, more = tmp_path / "zz", tmp_path / "more"
    elsewhere.mkdir()
    more.mkdir()
    for number, file in enumerate(sorted(fonts_dir.glob("*.otf"), reverse=True)):
        shutil.copy(file, elsewhere / f"{number}.otf")
    shutil.copy(fonts.face("fallback_hei").file, more / "AAA.ttc")
    for file in Path("/usr/share/fonts").rglob("*.ttf"):
        shutil.copy(file, more)
    other = Renderer(resolve(elsewhere, tmp_path / "cache", (more, *SYSTEM_FOLDERS)))

    try:
        assert other.pdf(page) == renderer.pdf(page)
    finally:
        other.close()


def test_font_set_travels_between_processes(fonts):
    assert pickle.loads(pickle.dumps(fonts)) == fonts


def test_resolving_twice_is_the_same_and_only_chosen_files_are_visible(fonts, fonts_dir, tmp_path):
    again = resolve(fonts_dir, tmp_path)

    assert again.faces == fonts.faces
    links = list((again.config.parent / "files").iterdir())
    assert {link.resolve().as_posix() for link in links} == {face.file for face in again.faces}


def test_an_official_name_wins_over_stand_ins(fonts_dir, tmp_path, renamed_font):
    folder = tmp_path / "own"
    shutil.copytree(fonts_dir, folder)
    renamed_font(fonts_dir / "FandolFang-Regular.otf", folder / "fs.otf", "FangSong_GB2312")

    face = resolve(folder, tmp_path / "cache").face("fang")

    assert (face.family, face.is_official, face.file) == ("FangSong_GB2312", True, str(folder / "fs.otf"))


def test_without_a_wide_font_behind_them_the_faces_still_work(fonts_dir, tmp_path):
    few = resolve(fonts_dir, tmp_path, system_folders=())

    assert few.stack("fang") == "'FandolFang'"
    assert few.missing("王堃\u3000好\u00a0") == [("堃", 1)]
    assert typeset("王堃\u3000好", few) == '王<span class="rare">〓</span>\u3000好'


def test_no_chinese_font_at_all_is_explained(tmp_path):
    with pytest.raises(SetupError) as caught:
        resolve(tmp_path / "empty", tmp_path / "cache", system_folders=())

    assert "仿宋" in str(caught.value)
    assert "请把" in str(caught.value)


@pytest.fixture
def renamed_font():
    def rename(source, target, family):
        font = TTFont(source)
        for record in font["name"].names:
            if record.nameID in (1, 4, 16):
                font["name"].setName(
                    family, record.nameID, record.platformID, record.platEncID, record.langID
                )
        font["CFF "].cff.topDictIndex[0].FamilyName = family
        font.save(target)

    return rename


def test_a_character_a_font_maps_to_nothing_is_taken_from_the_next_font(fonts, make_pdf, open_pdf):
    face = fonts.face("fallback_kai")
    if face is None:
        message = "no AR PL UKai on this machine"
        pytest.fail(message) if os.environ.get("YAOQING_REQUIRE_ALL") == "1" else pytest.skip(message)
    names = samples.circular() | {"body": [{"type": "paragraph", "runs": [{"text": "马䶮、刘堃"}]}]}

    page = open_pdf(make_pdf("print/circular.html", names))[0]

    used = {char["text"]: char["fontname"].split("+")[-1] for char in page.chars}
    assert ord("䶮") in blank(face.file, face.index)
    assert (used["刘"], used["堃"], used["䶮"]) == ("FandolFang", "AR-PL-UKai-CN", "Noto-Serif-CJK-SC")
