"""A pack as a whole: files, plugins' sections, documents, digest."""

import pytest
from pydantic import BaseModel

from core.errors import Findings, PackError
from core.packs.content.fields import PackModel
from core.packs.content.format import Section, load_files, load_pack
from core.packs.content.sections import CORE_SECTIONS, Units
from core.packs.content.versions import fits


class Fees(PackModel):
    per_point: int


FEES = Section("fees", Fees, owner="fees")


def test_a_plugins_section_is_read_with_its_own_schema(files, sections):
    files["fees.yaml"] = b"per_point: 4\n"

    pack = load_files(files, [*sections, FEES])

    assert pack.get(Fees).per_point == 4


def test_a_file_without_a_reader_names_the_missing_plugin(files, load):
    files["fees.yaml"] = b"per_point: 4\n"
    files["pack.yaml"] += b"plugins: [fees]\n"

    with pytest.raises(Findings) as caught:
        load(files)

    error = caught.value.errors[0]
    assert (error.where, error.message, error.advice) == (
        "fees.yaml",
        "没有功能读取这个文件",
        "请启用插件 fees",
    )


def test_a_misspelt_file_is_told_its_name(files, load):
    files["scorings.yaml"] = files["scoring.yaml"]

    with pytest.raises(Findings, match="是否应为“scoring.yaml”？"):
        load(files)


def test_an_optional_file_may_go_unread(files, load):
    files["fees.yaml"] = b"per_point: 4\n"
    files["pack.yaml"] += b"optional_files: [fees.yaml]\n"

    assert load(files).manifest.optional_files == ("fees.yaml",)


def test_the_digest_depends_on_content_only(files, load):
    turned = dict(reversed(files.items()))

    assert load(files).digest == load(turned).digest

    files["README.md"] = "说明".encode()
    assert load(files).digest != load(turned).digest


def test_a_document_format_is_read_as_text(files, load):
    files["documents/circular/document.yaml"] = "title: 通报\npaper: A4\n".encode()
    files["documents/circular/template.html"] = "<p>{{ 单位 }}</p>".encode()

    source = load(files).document("circular")

    assert source.meta == {"title": "通报", "paper": "A4"}
    assert source.files["template.html"] == "<p>{{ 单位 }}</p>"


def test_an_incomplete_document_format_is_refused(files, load):
    files["documents/circular/template.html"] = b"<p></p>"

    with pytest.raises(Findings, match="版式缺少 document.yaml"):
        load(files)


def test_an_unknown_document_kind_is_told_the_nearest(files, load):
    files["documents/circular/document.yaml"] = b"title: x\n"
    files["documents/circular/template.html"] = b""

    with pytest.raises(PackError, match="是否应为“circular”？"):
        load(files).document("circulr")


def test_sections_are_found_by_their_type(files, load):
    assert load(files).get(Units).groups[0].title == "县区"


def test_a_section_that_is_not_there_is_an_error(files, load):
    with pytest.raises(PackError, match="规则包缺少一节"):
        load(files).get(Fees)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.yaml",
        "/etc/passwd",
        "a\\b.yaml",
        "documents/../x.yaml",
        "tests/deep/x.yaml",
        "run.py",
        "documents/circular/run.js",
        ".hidden.yaml",
        "scoring.yaml~",
    ],
)
def test_files_outside_the_known_places_are_refused(name, files, load):
    files[name] = b"x: 1\n"

    with pytest.raises(Findings, match="规则包里不应有这个文件"):
        load(files)


@pytest.mark.parametrize(
    "name", ["documents/月度 通报/template.html", "documents/notice（新）/template.html"]
)
def test_a_name_with_blanks_or_brackets_is_told_as_such(name, files, load):
    files[name] = b"x"

    with pytest.raises(Findings, match="名称有不能用的字符.*不能有空格、括号"):
        load(files)


@pytest.mark.parametrize(
    "name",
    ["documents/notice/logo.png", "documents/notice/img/a.svg", "documents/notice/LOGO.SVG", "logo.svg"],
)
def test_a_picture_of_another_kind_or_place_is_told_what_packs_take(name, files, load):
    files[name] = b"\x89PNG"

    with pytest.raises(Findings, match=r"图片只能用 \.svg 文件.*documents/版式/名称\.svg"):
        load(files)


def test_names_differing_only_in_case_are_refused(files, load):
    files["tests/a.yaml"] = b"[]\n"
    files["tests/A.yaml"] = b"[]\n"

    with pytest.raises(Findings, match="只有大小写"):
        load(files)


def written(files, folder):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_a_folder_and_its_files_give_the_same_pack(files, sections, load, tmp_path):
    assert load_pack(written(files, tmp_path), sections).digest == load(files).digest


def test_links_in_a_folder_are_refused(files, sections, tmp_path):
    written(files, tmp_path / "pack")
    (tmp_path / "secret.yaml").write_text("x: 1\n")
    (tmp_path / "pack" / "tests").mkdir()
    (tmp_path / "pack" / "tests" / "x.yaml").symlink_to(tmp_path / "secret.yaml")

    with pytest.raises(Findings, match="不能有链接"):
        load_pack(tmp_path / "pack", sections)


def test_a_folder_that_is_not_there_is_named(sections, tmp_path):
    with pytest.raises(Findings, match="没有这个规则包文件夹"):
        load_pack(tmp_path / "nowhere", sections)


@pytest.mark.parametrize(
    ("version", "range_", "inside"),
    [
        ("0.1.0", ">=0.1", True),
        ("0.1.0", ">=0.1,<1", True),
        ("1.0.0", ">=0.1,<1", False),
        ("0.1.3", "==0.1.3", True),
        ("0.1.3", ">0.1.3", False),
        ("0.2.0", "<=0.2", True),
    ],
)
def test_version_ranges(version, range_, inside):
    assert fits(version, range_) is inside


def test_every_core_section_has_a_readable_sample():
    assert all(section.sample and issubclass(section.schema, BaseModel) for section in CORE_SECTIONS)
