"""The page of a document format: trial print of what stands in the form, missing names in red, a new version."""

import base64
import html
import io
import re
from dataclasses import replace

import pytest
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from core.documents.templating.missing import noting
from core.documents.templating.sandbox import render_html
from core.errors import Findings, InvalidInput, NotFound, RenderError, YaoqingError
from core.packs import layouts, life, services, trials
from core.packs.layout_pictures import picture
from core.packs.parcels import Made, Upload
from core.strict_yaml.loader import load
from core.testing import login
from tests.docs.fixtures import fonts, fonts_dir

__all__ = ["fonts", "fonts_dir"]

MANIFEST = "id: sample\nversion: 1.0.0\ntitle: 示例规则\nissuer: 示例市人民政府办公室\n"
SAMPLE = """\
title: 示例市人民政府办公室关于做好信息报送工作的通知
mark: 示例市人民政府办公室文件
office: 示例市人民政府办公室
date: 2026-03-02
body: [{type: paragraph, runs: [{text: 请按时报送。, bold: false}]}]
"""
NOTICE = {
    "document.yaml": "title: 通知\n", "template.html": "{% extends 'print/circular.html' %}\n", "sample.yaml": SAMPLE,
}  # fmt: skip


@pytest.fixture
def version(app):
    needed = {f"{s.name}.yaml": s.sample for s in services.registry().sections if s.required}
    files = {"pack.yaml": MANIFEST, **needed, **{f"documents/notice/{k}": v for k, v in NOTICE.items()}}
    return services.install(None, Made("sample", {name: text.encode() for name, text in files.items()}))[0]


@pytest.fixture
def layout(version):
    return layouts.layouts_of(services.load(version))[0]


@pytest.fixture
def admin(client, make_user):
    user = make_user("system_admin")
    login(client, user)
    return user


# ---- names that are missing ----


def test_what_is_missing_stands_in_red_and_is_named_once(fonts):
    missing = {}
    template = "<p>{{ a }}{{ b }}{{ b.c }}{% for x in rows_ %}{{ x }}{% endfor %}{{ b | upper }}</p>"

    page = render_html("t.html", {"t.html": template}, {"a": "有"}, fonts, missing=missing)

    assert list(missing) == ["b", "rows_"]
    assert page.count("#c00000") == 3 and "有" in page


@pytest.mark.parametrize(
    "template",
    ["{{ b | default('无') }}", "{{ '有' if b is defined else '无' }}", "{{ b | d('无') | upper }}"],
)
def test_a_name_that_may_be_missing_is_none_that_is_missed(fonts, template):
    missing = {}

    assert "无" in render_html("t.html", {"t.html": template}, {}, fonts, missing=missing)
    assert missing == {}


def test_in_earnest_a_missing_name_is_refused(fonts):
    with pytest.raises(RenderError, match="“b”没有给出"):
        render_html("t.html", {"t.html": "{{ b }}"}, {}, fonts)


def test_a_missing_name_cannot_be_counted_with_and_is_named(fonts):
    missing = {}

    with pytest.raises(RenderError, match="版式模板需要的“b”没有给出"):
        render_html("t.html", {"t.html": "{{ b + 1 }}"}, {}, fonts, missing=missing)

    assert list(missing) == ["b"]


def test_each_trial_notes_for_itself():
    first, second = {}, {}
    str(noting(first)(name="甲"))
    str(noting(second)(name="乙"))

    assert (list(first), list(second)) == (["甲"], ["乙"])


# ---- the texts of a form ----


def test_an_untouched_form_changes_nothing(layout):
    sent = {name: text.rstrip("\n").replace("\n", "\r\n") for name, text in layout.texts.items()}

    assert layouts.typed(layout, sent).changes == {}


def test_only_what_was_written_anew_is_changed_and_no_file_is_invented(layout):
    wanted = layouts.typed(layout, {"template.html": "新\r\n", "style.css": "", "evil.py": "x"})

    assert wanted.changes == {f"{layout.home}/template.html": "新\n".encode()}


def test_a_format_the_pack_does_not_have_is_not_found(version):
    with pytest.raises(NotFound):
        layouts.layout_of(services.load(version), "../pack")


def test_a_trial_print_shows_pages_and_says_what_is_wrong(version, layout):
    pack = services.load(version)

    good = layouts.proof(pack, layouts.untouched(layout))
    wrong = layouts.proof(pack, layouts.typed(layout, {"template.html": "{{ 1 +"}))
    unread = layouts.proof(pack, layouts.typed(layout, {"sample.yaml": "- 甲"}))

    assert good.pages and len(good.pictures) == min(good.pages, layouts.SHOWN) and not good.refusal
    assert good.pictures[0].startswith("data:image/png;base64,")
    assert "template.html" in (wrong.refusal.where or "") and not wrong.pictures
    assert unread.refusal.message == "应为“键: 值”的形式"


def test_slips_in_the_data_are_told_beside_the_pages_and_stop_a_print(version, layout):
    pack = services.load(version)
    slipped = SAMPLE + "copyto: 各县区\n"

    shown = layouts.proof(pack, layouts.typed(layout, {"sample.yaml": slipped}))

    assert shown.pages and "是否应为“copy_to”？" in str(shown.slips[0])
    with pytest.raises(Findings, match="“copyto”没有用到"):
        layouts.printed(pack, layout, slipped.encode())


def test_a_pack_with_slips_or_unusable_data_is_told_the_line_of_its_sample(version):
    pack = services.load(version)
    name = "documents/notice/sample.yaml"

    def tried(sample):
        sources = {**pack.sources, name: load(sample.encode(), name)}
        return [str(error) for error in trials.try_documents(replace(pack, sources=sources))]

    assert tried(SAMPLE) == []
    assert tried(SAMPLE + "copyto: 各县区\n")[0].startswith("documents/notice/sample.yaml 第 6 行，copyto：")
    assert tried(SAMPLE.replace("2026-03-02", "三月二日"))[0].startswith(
        "documents/notice/sample.yaml 第 4 行，date："
    )
    assert tried(SAMPLE.replace("mark:", "mask:"))[0].startswith(
        "documents/notice/sample.yaml 第 2 行，mask："
    )


# ---- the page ----


def test_the_page_shows_sources_and_pages(client, admin, version, layout):
    page = client.get(f"/packs/{version.id}/layouts/{layout.kind}").text

    assert layout.title in page and "试排第 1 页" in page and "{% extends" in page.replace("&#123;", "{")


def test_what_stands_in_the_form_is_printed_on_trial_and_nothing_is_kept(client, admin, version, layout):
    url = f"/packs/{version.id}/layouts/{layout.kind}"
    text = layout.texts["template.html"] + "{% block note %}{{ no_such_name }}{% endblock %}"

    fragment = client.submit(url, {"template.html": text, "fragment": "1"})

    assert fragment.status_code == 200 and "<html" not in fragment.text
    assert len(services.versions()) == 1


def test_slips_in_the_data_are_listed_on_the_page(client, admin, version, layout):
    page = client.submit(
        f"/packs/{version.id}/layouts/{layout.kind}", {"sample.yaml": SAMPLE + "copyto: 各局\n"}
    ).text

    assert "安装时不能通过" in page and "数据中的“copyto”没有用到" in page


def test_missing_names_are_listed_on_the_page(client, admin, version, layout):
    text = "{% extends 'print/circular.html' %}{% block content %}<p>{{ no_such_name }}</p>{% endblock %}"

    page = client.submit(f"/packs/{version.id}/layouts/{layout.kind}", {"template.html": text}).text

    assert re.search(r"没有给出下列名称.*?no_such_name", page, re.S)


def test_a_changed_format_becomes_a_new_version_with_its_reason(client, admin, version, layout, monkeypatch):
    monkeypatch.setattr(life, "may_write_files", lambda: True)
    url = f"/packs/{version.id}/layouts/{layout.kind}"
    text = layout.texts["template.html"] + "{# 改过 #}\n"

    answer = client.submit(url, {"template.html": text, "action": "save", "reason": "某政办〔2026〕1号"})

    made = services.versions()[0] if services.versions()[0].id != version.id else services.versions()[1]
    assert answer.status_code == 302 and answer.location.endswith(f"/packs/{made.id}/layouts/{layout.kind}")
    pack = services.load(made)
    assert pack.documents[layout.kind].files["template.html"] == text
    assert "某政办〔2026〕1号" in pack.files["CHANGELOG.md"].decode()


def test_a_format_that_misses_names_is_not_saved(client, admin, version, layout, monkeypatch):
    monkeypatch.setattr(life, "may_write_files", lambda: True)
    text = "{% extends 'print/circular.html' %}{% block content %}<p>{{ no_such_name }}</p>{% endblock %}"

    answer = client.submit(
        f"/packs/{version.id}/layouts/{layout.kind}", {"template.html": text, "action": "save"}
    )

    assert answer.status_code == 400 and "没有保存" in answer.text and "no_such_name" in answer.text
    assert len(services.versions()) == 1


def test_without_unsigned_packs_nothing_is_saved_but_a_file_is_given(
    client, admin, version, layout, monkeypatch
):
    monkeypatch.setattr(life, "may_write_files", lambda: False)
    url = f"/packs/{version.id}/layouts/{layout.kind}"
    data = {"template.html": layout.texts["template.html"] + "{# 改过 #}\n"}

    refused = client.submit(url, {**data, "action": "save"})
    file = client.submit(url, {**data, "action": "file"})

    assert refused.status_code == 400 and "签名后再安装" in refused.text
    assert file.headers["Content-Disposition"].startswith("attachment") and len(services.versions()) == 1


# ---- what a format says of itself ----


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: 通知\nlayouts: {digits: times}\n", "documents/notice/document.yaml 第 2 行，layouts：没有“layouts”这一项。是否应为“layout”？"),
        ("title: 通知\npaper: A4\n", "没有“paper”这一项。可写：title、layout、extends"),
        ("titel: 通知\n", "documents/notice/document.yaml：版式没有名称。请写一行“title: 名称”"),
        ("通知\n", "版式没有名称"),
    ],
)  # fmt: skip
def test_a_misspelt_line_of_a_format_is_refused_with_its_place(app, text, said):
    needed = {f"{s.name}.yaml": s.sample for s in services.registry().sections if s.required}
    notice = {**NOTICE, "document.yaml": text}
    files = {"pack.yaml": MANIFEST, **needed, **{f"documents/notice/{k}": v for k, v in notice.items()}}

    with pytest.raises(Findings) as caught:
        services.install(None, Made("sample", {name: text.encode() for name, text in files.items()}))

    assert said in str(caught.value)


# ---- pictures ----


def png(size=(60, 30), **more):
    file = io.BytesIO()
    Image.new("RGB", size, "#c00000").save(file, "PNG", **more)
    return file.getvalue()


STAMPED = (
    "{% extends 'print/circular.html' %}{% block note %}<p><img src='asset:市印_章.svg'></p>{% endblock %}"
)


def test_a_scan_is_kept_as_svg_as_large_as_it_says(app):
    name, svg = picture("D:\\扫描\\市印 章.PNG", png((200, 100), dpi=(100, 100)))

    assert name == "市印_章.svg"
    assert 'width="50.80mm" height="25.40mm"' in svg
    assert 'width="25.40mm"' in picture("a.png", png((300, 100)))[1]


def test_nothing_of_a_scan_is_kept_but_its_dots():
    told = PngInfo()
    told.add_text("Author", "王某某")
    raw = png(pnginfo=told)

    _, svg = picture("a.png", raw)
    (data,) = re.findall(r"base64,([^\"]+)", svg)

    assert b"Author" in raw and b"Author" not in base64.b64decode(data)
    assert svg == picture("a.png", raw)[1]


def test_a_photograph_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    Image.new("RGB", (60, 30)).save(file, "JPEG", exif=exif)

    _, svg = picture("a.jpg", file.getvalue())

    assert 'viewBox="0 0 30 60"' in svg and "data:image/jpeg" in svg


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.gif", b"GIF89a", "图片“a.gif”：这不是可用的图片"),
        ("a.png", b"\x89PNG\r\n", "图片“a.png”：图片已损坏"),
        ("a.png", png((400, 300))[:60], "图片已损坏"),
        ("a.jpg", b"%!PS-Adobe", "图片已损坏"),
        ("a.svg", b"\xff\xfe<\0s\0", "不是 UTF-8 编码的 SVG"),
        ("a.svg", b"<svg><g></svg>", "图片“a.svg”已损坏"),
        ("a.svg", b"<!DOCTYPE s [<!ENTITY a 'b'>]><svg>&a;</svg>", "不能在图片中定义实体"),
        ("a.svg", b"<svg>" + b" " * 1_100_000 + b"</svg>", "图片太大"),
        ("a.png", png((5000, 4001)), "最多 2000 万点"),
    ],
    ids=["kind", "start", "half", "other", "utf-16", "tags", "entity", "heavy", "dots"],
)
def test_what_is_no_picture_is_refused_by_name(name, content, said, monkeypatch):
    # As it is in every process that has imported WeasyPrint.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(YaoqingError, match=re.escape(said)):
        picture(name, content)


def test_a_picture_comes_and_goes_with_the_form(client, admin, version, layout, monkeypatch):
    monkeypatch.setattr(life, "may_write_files", lambda: True)
    url = f"/packs/{version.id}/layouts/{layout.kind}"

    shown = client.submit(
        url, {"template.html": STAMPED, "picture": (io.BytesIO(png()), "市印 章.png"), "action": "proof"}
    )
    (svg,) = re.findall(r'name="picture:市印_章.svg" value="([^"]+)"', shown.text)
    answer = client.submit(
        url, {"template.html": STAMPED, "picture:市印_章.svg": html.unescape(svg), "action": "save"}
    )

    assert "试排第 1 页" in shown.text and len(services.versions()) == 2
    made = next(each for each in services.versions() if each.id != version.id)
    assert answer.status_code == 302 and b"<svg" in services.load(made).files[f"{layout.home}/市印_章.svg"]
    url = f"/packs/{made.id}/layouts/{layout.kind}"
    gone = client.submit(url, {"template.html": STAMPED, "dropped": "市印_章.svg"})
    assert "没有图片“市印_章.svg”" in gone.text
    client.submit(url, {"template.html": NOTICE["template.html"], "dropped": "市印_章.svg", "action": "save"})
    last = max(services.versions(), key=lambda each: each.id)
    assert last.id != made.id and f"{layout.home}/市印_章.svg" not in services.load(last).files


def test_what_was_typed_stays_when_a_picture_is_refused(client, admin, version, layout):
    url = f"/packs/{version.id}/layouts/{layout.kind}"
    data = {"template.html": "写了一半的版式", "reason": "某政办〔2026〕1号"}

    whole = client.submit(url, {**data, "picture": (io.BytesIO(b"?"), "a.png"), "action": "save"})
    beside = client.submit(url, {**data, "picture": (io.BytesIO(b"?"), "a.png"), "fragment": "1"})

    assert whole.status_code == 400 and "写了一半的版式" in whole.text and "图片已损坏" in whole.text
    assert beside.status_code == 200 and "图片已损坏" in beside.text and "<html" not in beside.text


def test_a_form_has_no_more_than_so_many_pictures(layout):
    many = [Upload(f"p{n}.png", png((1, 1))) for n in range(21)]

    with pytest.raises(InvalidInput, match="最多 20 幅"):
        layouts.pictured(layouts.untouched(layout), {}, many, ())


def test_switches_of_the_look_are_written_and_tried_on_the_page(version, layout):
    pack = services.load(version)

    def shown(text):
        return layouts.proof(pack, layouts.typed(layout, {"document.yaml": text}))

    assert shown("title: 通知\nlayout: {digits: times}\n").pictures != shown("title: 通知\n").pictures
    assert "没有“digit”这个版面开关" in str(shown("title: 通知\nlayout: {digit: times}\n").refusal)
    assert "没有“layouts”这一项" in str(shown("title: 通知\nlayouts: {}\n").slips[0])
    assert "版式没有名称" in str(shown("layout: {digits: times}\n").slips[0])
    assert shown("").refusal
