"""The main job, page by page: written, signed, edited, closed, ranked."""

import re
from datetime import UTC, datetime

import pytest

from tests.shape.page_rules import forms_of

SCORING = """\
awards:
  - {id: sent, title: 报送, when: {fact: submitted}, points: {2024-01-01: 2}, basis: 办法第二条}
ranking: {by: [cumulative], ties: competition}
printing: {places: 1}
"""


@pytest.fixture
def people(make_pack, office, unit, make_unit, make_user, person, watch):
    """A unit with an informant and a signing leader, an editor and an issuer at the office."""
    make_pack(office, scoring=SCORING)
    make_unit("乙县人民政府", short_name="乙县")
    names = {"informant": "张三", "signing_leader": "李四", "editor": "王编辑", "issuer": "赵签发"}
    return {role: person(make_user(role, unit=unit, name=name)) for role, name in names.items()}


@pytest.mark.postgres
def test_an_item_becomes_points_in_the_ranking(people, unit, watch):
    informant, leader, editor, issuer = people.values()

    saved = informant.send(
        "/submissions/new", unit_id=unit.id, genre="experience", urgency="urgent", title="我县春耕进展顺利",
        body="一、主要做法\n\n全县备足化肥三万吨。", authors="张三、李五", step="save",
    )  # fmt: skip
    assert saved.location.endswith("/edit") and "草稿已保存" in informant.read(saved.location)
    item = re.search(r"/submissions/(\d+)", saved.location)[0]
    informant.send(
        f"{item}/edit",
        body="一、主要做法\n\n全县备足化肥四万吨。",
        unit_id=unit.id,
        genre="experience",
        urgency="urgent",
        step="send",
    )
    assert "待审签" in informant.read(item) and "待我审签" in leader.read("/")

    assert "我县春耕进展顺利" in leader.read("/submissions/signoff")
    assert leader.send("/submissions/signoff", form_at=f"{item}/sign").status_code == 302
    assert "没有待审签的信息" in leader.read("/submissions/signoff")

    assert "我县春耕进展顺利" in editor.read("/submissions/queue")
    editor.send(
        f"{item}/revise", title="甲县春耕进展顺利", body="全县备足化肥四万吨，春耕过半。", note="压缩篇幅"
    )
    page = editor.read(item)
    assert "编辑中" in page and "修改对照" in page
    assert "<ins>" in page and "<del>" in page and "压缩篇幅" in page
    assert "第 1 稿（单位）" in page and "第 2 稿（编辑）" in page

    watch.set(datetime(2026, 4, 2, 4, tzinfo=UTC))
    for somebody in people.values():
        somebody.sign_in()
    assert issuer.send("/periods", form_at="/periods/2026-03/close").status_code == 302
    ranking = issuer.read("/ranking?period=2026-03")
    first, second = ranking.index("甲县"), ranking.index("乙县")
    assert first < second
    entries = re.search(r'href="(/ranking/2026-03/\d+)"', ranking)[1]
    page = issuer.read(entries)
    assert "报送" in page and "办法第二条" in page and "我县春耕进展顺利" in page
    assert "重算一致" in issuer.read("/periods/2026-03/proof")


def test_a_returned_item_comes_back_with_its_reason_and_goes_again(people, unit, watch):
    informant, leader, editor, _ = people.values()
    sent = informant.send(
        "/submissions/new",
        unit_id=unit.id,
        genre="brief",
        urgency="normal",
        title="标题",
        body="正文。",
        step="send",
    )
    item = sent.location
    leader.send(item, form_at=f"{item}/sign")

    refused = editor.browser.submit(f"{item}/move", {"name": "return", "reason": ""})
    assert "须说明理由" in editor.read(refused.location)
    editor.browser.submit(f"{item}/move", {"name": "return", "reason": "数据与统计口径不符"})
    returned = editor.read(item)
    assert "这条信息已退回" in returned
    assert "正文。" not in returned, "a returned item is the unit's again"

    assert "退回待修改" in informant.read("/")
    assert "数据与统计口径不符" in informant.read(f"{item}/edit")
    again = informant.send(
        f"{item}/edit", unit_id=unit.id, genre="brief", urgency="normal", body="正文已改。", step="send"
    )
    assert again.location == item
    leader.send(item, form_at=f"{item}/sign")
    assert "正文已改。" in editor.read(item)


def test_a_page_left_open_signs_nothing_unseen(people, unit, make_submission, make_user, person):
    informant, leader, _, _ = people.values()
    item = make_submission("awaiting", title="原来的标题")
    url = f"/submissions/{item.id}"
    pages = [leader.browser.get(address) for address in (url, "/submissions/signoff")]
    second = person(make_user("signing_leader", unit=unit, name="李副局长"))
    second.send(url, form_at=f"{url}/move", name="send_back", reason="标题再核")
    informant.send(f"{url}/edit", unit_id=unit.id, title="改过的标题", body="改过的正文。", step="send")

    for opened in pages:
        form = next(f for f in forms_of(opened) if f[""] == [f"{url}/sign"])
        refused = leader.resend(form)
        assert refused.location == url
        page = leader.read(url)
        assert "没有审签" in page and "改过的标题" in page and "改过的正文。" in page and "待审签" in page

    assert leader.send(url, form_at=f"{url}/sign").location == "/submissions/signoff"
    assert "已报送" in leader.read(url)


def test_lists_keep_their_filters_in_the_address(people, unit, make_submission):
    for number in range(25):
        make_submission("received", title=f"第{number}条", genre="brief" if number % 2 else "work_news")
    editor = people["editor"]

    page = editor.read("/submissions/?genre=brief&sort=title&dir=asc")
    assert page.count("data-href") == 12 and "第0条" not in page
    first = editor.read("/submissions/?dir=asc")
    following = re.search(r'href="([^"]*page=2[^"]*)"', first)[1].replace("&amp;", "&")
    second = editor.read(following)
    assert "dir=asc" in following and "第0条" in first and "第24条" in second and "第0条" not in second
