"""Volumes: chapters laid out apart are one file with running numbers, one outline, one tree of tags, each face once."""

import io

import pikepdf
import pytest

from core.documents.rendering.preview import anchor_pages, page_count
from core.documents.rendering.renderer import Job, Limits, Renderer
from core.documents.rendering.volumes import Chapter, link, volume
from core.errors import RenderError
from tests.docs import samples

FRONT = """<html lang="zh-CN"><head><title>政务要情2026年汇编</title></head><body><h1>目录</h1>
<p><a href="{0}">第二期的第一条</a>{1}</p></body></html>"""
ITEM = "item-1-1"


def chapters(make_html, count=3):
    """Issues of different length, the second with its own contents and a table."""
    values = [samples.briefing(4 + 4 * number, 2) for number in range(count)]
    values[1]["contents"] = True
    values[1]["columns"][0]["items"][0]["tables"] = [samples.ranking(4, "附表")]
    return [Chapter(f"第{n}期", make_html("print/briefing.html", one)) for n, one in enumerate(values, 1)]


def printed(renderer, parts):
    """The volume and how its chapters were laid out."""
    told = []

    def front(laid):
        told.extend(laid)
        return Job(FRONT.format(link(2, ITEM), laid[1].anchors[ITEM]))

    return volume(renderer, parts, front), told


@pytest.fixture(scope="module")
def parts(make_html):
    return chapters(make_html)


@pytest.fixture(scope="module")
def made(renderer, parts):
    return printed(renderer, parts)


@pytest.fixture
def file(made):
    with pikepdf.open(io.BytesIO(made[0])) as opened:
        yield opened


def test_page_numbers_run_on_and_every_chapter_begins_on_a_right_hand_page(made, open_pdf):
    pdf, laid = made

    texts = [page.extract_text() for page in open_pdf(pdf)][2:]

    assert [one.first % 2 for one in laid] == [1, 1, 1]
    for before, after in zip(laid, laid[1:], strict=False):
        assert after.first == before.first + before.pages + before.pages % 2
    for one in laid:
        for number in range(one.first, one.first + one.pages):
            assert f"— {number} —" in texts[number - 1]
        if one.pages % 2:
            assert texts[one.first + one.pages - 1 :][:1] in ([], [""])


def test_a_chapter_says_what_it_would_say_alone(made, parts, renderer, open_pdf):
    pdf, laid = made

    alone = open_pdf(renderer.pdf(parts[2].html))
    inside = open_pdf(pdf)[1 + laid[2].first :][: laid[2].pages]

    for own, joined in zip(alone, inside, strict=True):
        assert own.extract_text().split("\n")[:-1] == joined.extract_text().split("\n")[:-1]


def test_links_lead_to_their_place_in_their_own_chapter(made, file):
    pdf, laid = made
    places = anchor_pages(pdf)

    contents = [note.Dest for page in file.pages[:2] for note in page.obj.get("/Annots", ())]
    second = [
        str(note.Dest)
        for page in file.pages
        for note in page.obj.get("/Annots", ())
        if "c2-" in str(note.Dest)
    ]

    assert [str(name) for name in contents] == [f"c2-{ITEM}"]
    assert places[f"c2-{ITEM}"] == 2 + laid[1].anchors[ITEM]
    assert f"c2-{ITEM}" in second[1:]
    assert places[f"c1-{ITEM}"] < places[f"c2-{ITEM}"] < places[f"c3-{ITEM}"]


def test_the_outline_has_an_entry_for_each_chapter_with_its_headlines_below(made, file):
    laid = made[1]
    pages = {page.obj.objgen: number for number, page in enumerate(file.pages, 1)}

    with file.open_outline() as outline:
        entries = [
            (str(one.title), pages[one.destination[0].objgen], len(one.children)) for one in outline.root
        ]

    assert [(title, page) for title, page, _ in entries] == [
        (f"第{n}期", 2 + one.first) for n, one in enumerate(laid, 1)
    ]
    assert all(below for *_, below in entries)


def test_every_face_is_embedded_once(file):
    fonts = {name for page in file.pages for name in page.Resources.get("/Font", {})}
    dictionaries = [one for one in file.objects if isinstance(one, pikepdf.Dictionary)]
    streams = [one for one in dictionaries if "/FontFile2" in one or "/FontFile3" in one]

    assert len(fonts) == len(streams) > 2


def test_all_that_is_printed_hangs_in_one_tree_of_tags(file):
    tree = file.Root.StructTreeRoot
    flat = list(tree.ParentTree.Nums)
    owners = dict(zip(map(int, flat[::2]), flat[1::2], strict=True))

    assert [str(kid.S) for kid in tree.K[0].K][-3:] == ["/Part"] * 3
    assert sorted(owners) == list(range(len(owners)))
    for page in file.pages:
        if "/StructParents" in page.obj:
            assert {tag.Pg.objgen for tag in owners[int(page.obj.StructParents)]} <= {page.obj.objgen}
        for note in page.obj.get("/Annots", ()):
            assert owners[int(note.StructParent)].K[0].Obj.objgen == note.objgen


def test_the_file_is_whole_labelled_and_declared_for_keeping(made, file):
    pdf, laid = made
    labels = list(file.Root.PageLabels.Nums)

    assert not file.check_pdf_syntax()
    assert (int(labels[2]), str(labels[3].S)) == (2, "/D")
    assert page_count(pdf) == 2 + sum(one.pages + one.pages % 2 for one in laid)
    assert "pdfaid" in file.Root.Metadata.read_bytes().decode() and len(file.Root.OutputIntents) == 1
    assert str(file.Root.Lang) == "zh-CN" and str(file.docinfo.Title) == "政务要情2026年汇编"


def test_another_renderer_makes_the_same_bytes(made, parts, fonts):
    single = Renderer(fonts, Limits(children=1))
    try:
        assert printed(single, parts)[0] == made[0]
    finally:
        single.close()


def test_a_chapter_that_fails_fails_the_volume_and_nobody_hangs(renderer, parts):
    broken = Chapter("坏的一期", '<html lang="zh-CN"><img src="http://10.0.0.1/x.png">')

    for order in ([broken, *parts], [*parts, broken]):
        with pytest.raises(RenderError, match="外部资源"):
            volume(renderer, order, lambda laid: Job("<p>封面"))

    assert renderer.pdf("<p>还能排版").startswith(b"%PDF")
    with pytest.raises(RenderError, match="没有内容"):
        volume(renderer, [], lambda laid: Job("<p>封面"))
