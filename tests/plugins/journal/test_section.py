"""journals.yaml: what is refused, where and why; the bundled journals."""

from datetime import date

import pytest

from core.config import PROJECT
from core.documents import store
from core.documents.templating.sandbox import render_html
from core.errors import Findings
from core.packs import services as packs
from core.plugins import collect
from core.strict_yaml.loader import load
from plugins.journal.schema import Journals, fill
from plugins.journal.section import SAMPLE
from tests.plugins.journal.conftest import JOURNALS


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("outlet: zwyq\n", "outlet: zwyp\n", ("采用渠道“zwyp”未定义", "journals.yaml 第 4 行", "是否应为“zwyq”")),
        ("outlet: zwyq-jc", "outlet: zwyq-cj", ("采用渠道“zwyq-cj”未定义", "是否应为“zwyq-jc”")),
        ("document: briefing", "document: breifing", ("版式“breifing”未定义", "是否应为“briefing”")),
        ("[problem]", "[problems]", ("信息类型“problems”未定义", "是否应为“problem”")),
        ("direct_report_point", "point", ("单位类别“point”未定义",)),
        ("id: advice", "id: news", ("栏目标识“news”重复",)),
        ("title: 问题建议", "title: 工作动态", ("栏目名称“工作动态”重复",)),
        ("id: zwkx", "id: zwyq", ("刊物标识“zwyq”重复",)),
        ("{office}信息科", "{offcie}信息科", ("没有“{offcie}”这个填空", "是否应为“office”")),
        ("total: {start: 36}", "total: {start: 0}", ("start",)),
        ("total: {start: 36}", 'number: 第几期', ("缺少“{number}”",)),
        ("copies: 120", "copys: 120", ("copys", "copies")),
        ("copies: 120", "copies: 许多", ("copies",)),
        ("limit: 2", "limit: -2", ("limit",)),
    ],
)  # fmt: skip
def test_slips_are_named_with_place_and_advice(pack_folder, before, after, said):
    assert before in JOURNALS

    with pytest.raises(Findings) as caught:
        packs.install(None, pack_folder(JOURNALS.replace(before, after, 1)))

    for words in said:
        assert words in str(caught.value)
    assert "journals.yaml" in str(caught.value)


def test_the_sample_reads(pack_folder):
    packs.install(None, pack_folder(SAMPLE))


def test_columns_take_what_they_name(pack, pack_folder):
    news, advice, grassroots = packs.load(pack).get(Journals).journal("zwyq").columns

    assert news.takes("brief", "county")
    assert advice.takes("problem", "county") and not advice.takes("brief", "county")
    assert grassroots.takes("brief", "direct_report_point") and not grassroots.takes("brief", "county")


def test_numbers_are_written_as_the_pack_says(pack):
    journal = packs.load(pack).get(Journals).journal("zwyq")

    assert (journal.printed_name, journal.number_text(3, 2026), journal.total_text(38, 2026)) == (
        "政务要情", "第3期", "总第38期"
    )  # fmt: skip


def test_own_outlets_are_those_of_the_journals_and_of_their_columns(pack, make_pack):
    assert collect("own_outlets", pack=packs.load(pack)) == ["zwyq", "zwyq-jc", "zwkx"]
    assert collect("own_outlets", pack=packs.load(make_pack())) == []


def test_only_known_blanks_are_filled():
    assert fill("{place}{office.__class__}{0}", {"place": "示例市"}) == "示例市{office.__class__}{0}"


def test_the_bundled_journals_hold_no_place_name():
    text = (PROJECT / "rulepacks" / "luan-2013" / "journals.yaml").read_text("utf-8")

    assert "{place}" in text and "六安" not in text


def test_the_bundled_format_prints_its_sample(app):
    folder = PROJECT / "rulepacks" / "luan-2013" / "documents" / "briefing"
    files = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    sample = load(files["sample.yaml"].encode(), "sample.yaml").plain()

    html = render_html(
        "template.html", files, {**sample, "date": date.fromisoformat(sample["date"])}, store.fonts()
    )

    assert "第12期（总第36期）" in html and "（示例县政府办、市发展改革委）" in html and "校　样" not in html
