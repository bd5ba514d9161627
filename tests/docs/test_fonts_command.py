"""`yaoqing fonts check`: what stands in for what, what is lacking, and whether a given text can be printed.

And with it the door to the record: a page with a character that no font has is never issued.
"""

import pytest

from core.cli import serve
from core.documents import store
from core.documents.fonts.font_set import SYSTEM_FOLDERS, resolve
from core.errors import RenderError
from core.files import store as files

TEMPLATE = {"template.html": "<!doctype html><html lang='zh-CN'><title>x</title><p>{{ text }}</p></html>"}


@pytest.fixture
def settings(fonts_dir):
    """The app uses the fonts of the tests."""
    return {"FONTS": fonts_dir}


def test_the_check_names_stand_ins_and_counts_lacking_characters(app):
    output = app.test_cli_runner().invoke(serve.fonts, ["check"]).output
    rows = {row.split()[0]: row.split()[1:] for row in output.splitlines() if row}

    assert rows["仿宋（正文）"] == ["仿宋_GB2312", "FandolFang", "开源替代", "0/19542/199"]
    assert rows["罕用字"][-1] == "0/0/0"
    assert rows["GB"] == ["18030", "二级汉字（通用规范汉字表所增）", "199", "无"]


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ((), ["不是同类字体", "“仿宋（正文）”没有同类字体，暂用“Noto Serif CJK SC”：请执行 ./yaoqing setup"]),
        (
            ("Fandol",),
            ["（没有）", "没有西文字体，版面开关 digits: times 不起作用", "有生僻字的公文不能印发"],
        ),
    ],
)
def test_the_check_says_what_has_no_face_of_its_kind(app, fonts_dir, tmp_path, monkeypatch, kept, told):
    own = tmp_path / "own"
    own.mkdir()
    for file in fonts_dir.glob("*.otf"):
        if kept:
            (own / file.name).symlink_to(file)
    found = resolve(own, tmp_path / "cache", () if kept else SYSTEM_FOLDERS)
    monkeypatch.setattr(store, "fonts", lambda: found)

    output = app.test_cli_runner().invoke(serve.fonts, ["check"]).output

    assert [words for words in told if words not in output] == []


def test_a_text_is_checked_character_by_character(app):
    runner = app.test_cli_runner()

    good, bad = runner.invoke(serve.fonts, ["check", "王堃"]), runner.invoke(serve.fonts, ["check", "王堃😀"])

    assert good.exit_code == 0 and good.output.endswith("这些文字都可以排印。\n")
    assert (
        bad.exit_code == 1 and "第 3 个字“😀”（U+1F600）没有字体，校样上显示为“〓”，不能印发。" in bad.output
    )


def test_a_page_with_a_lacking_character_is_not_printed_for_the_record(app):
    with pytest.raises(RenderError, match="文书中有字体里没有的字，不能印发"):
        store.render(TEMPLATE, {"text": "进展顺利😀"})


@pytest.mark.parametrize(("values", "told"), [({"title": ""}, "标题空着"), ({"body": []}, "正文空着")])
def test_a_page_without_title_or_text_is_not_printed_for_the_record(app, values, told):
    with pytest.raises(RenderError, match=told):
        store.render(TEMPLATE, {"text": "进展顺利", **values})
    with pytest.raises(RenderError, match=told):
        list(store.render_each(TEMPLATE, [{"text": "进展顺利", **values}]))


def test_what_is_printed_for_the_record_is_laid_out_once(app):
    first = store.render(TEMPLATE, {"text": "进展顺利"})
    app.extensions["yaoqing"].renderer.close()

    assert store.render(TEMPLATE, {"text": "进展顺利"}) == first
    assert app.extensions["yaoqing"].renderer.child_pid is None
    assert files().get(first.pdf_sha256).startswith(b"%PDF")
