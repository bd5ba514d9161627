"""What a correction says otherwise: shown to who signs it, who reads it, and on the page of the item itself."""

from datetime import date

import pytest
from sqlalchemy import delete

from core import clock
from core.db import db, transaction
from core.packs import services as packs
from core.submissions.text import from_plain
from core.testing import login
from plugins.journal import (
    board,
    correcting,
    differences,
    frames,
    publishing,
    queries,
    services,
    signing,
    withdrawing,
)
from plugins.journal.delivery_models import JournalDelivery
from tests.plugins.journal.conftest import JOURNALS

ITEMS = ("示例县启动春耕", "示例县整治村容", "示例县修复水库")


@pytest.fixture
def published(editor, issuer, make_submission, quick_pages):
    issue = services.create_issue(editor, "zwkx")
    frames.edit_issue(editor, issue.id, {"note": "原来的按语。"}, {})
    for title in ITEMS:
        item = make_submission("editing", title=title, body="完成投资三千万元。\n\n其余正常。")
        services.add_item(editor, issue.id, item.id, "news")
    signing.send_for_signature(editor, issue.id)
    return publishing.publish(issuer, issue.id)


@pytest.fixture
def draft(editor, published):
    """A correction: the first item put right, the last left out."""
    issue = correcting.start(editor, published.id, "投资数额有误")
    first, _, last = issue.items
    correcting.put_right(editor, issue.id, first.id, ITEMS[0], from_plain("完成投资三亿元。\n\n其余正常。"))
    board.take_out(editor, issue.id, last.id)
    return issue


@pytest.fixture
def browsers(app, pack, make_user):
    """Browsers by role."""
    kept = {}

    def of(role):
        if role not in kept:
            kept[role] = app.test_client()
            login(kept[role], make_user(role))
        return kept[role]

    return of


def publish(editor, issuer, draft):
    signing.send_for_signature(editor, draft.id)
    return publishing.publish(issuer, draft.id)


def test_who_signs_a_correction_sees_what_was_corrected(browsers, editor, draft):
    signing.send_for_signature(editor, draft.id)

    page = browsers("issuer").get(f"/journals/{draft.id}").text

    assert "三千万<" in page and "三亿<" in page and page.count('class="diff"') == 1
    compared = page.split('class="diff"')[1].split("</table>")[0]
    assert "三千万" in compared and "其余正常。" not in compared, "only the lines that differ"
    assert page.count('<details class="fold"><summary>全文') == 2, "the whole text is there, folded"
    assert page.count("与原期相同") == 1 and page.count(">有更正<") == 1
    assert f"不再刊登：《{ITEMS[2]}》。" in page


def test_a_new_item_in_a_correction_is_marked(browsers, editor, draft, make_submission):
    services.add_item(editor, draft.id, make_submission("editing", title="新放入的").id, "news")

    assert browsers("issuer").get(f"/journals/{draft.id}").text.count(">原期没有<") == 1


def test_readers_see_which_items_were_corrected_and_how(browsers, editor, issuer, draft, published):
    publish(editor, issuer, draft)

    page = browsers("leader").get(f"/journals/{draft.id}").text

    assert page.count(">有更正</span>") == 1 and page.count("更正之处") == 1
    assert f"《{ITEMS[0]}》</a>有更正；《{ITEMS[2]}》不再刊登。" in page
    assert "三千万<" in page and "三亿<" in page


def test_whom_the_old_issue_was_not_meant_for_does_not_get_its_words(
    browsers, editor, issuer, draft, published
):
    publish(editor, issuer, draft)
    with transaction():
        published.restricted = True

    page = browsers("leader").get(f"/journals/{draft.id}").text

    assert ">有更正</span>" in page and "更正之处" not in page and "<del>" not in page


def test_the_board_tags_only_what_differs(browsers, editor, draft):
    page = browsers("editor").get(f"/journals/{draft.id}/compose").text

    assert "转载" not in page and "改来源" not in page and "改题" not in page
    assert page.count(">改正文<") == 1
    board.edit(editor, draft.id, draft.items[1].id, {"print_title": "另一个题", "note": "按"}, {})
    page = browsers("editor").get(f"/journals/{draft.id}/compose").text
    assert page.count(">改题<") == 1 and page.count(">改编者按<") == 1


def test_a_title_written_anew_stands_beside_the_printed_one_also_with_a_note_before_it(editor, draft):
    item = draft.items[1]
    board.edit(editor, draft.id, item.id, {"print_title": "另有其事", "note": "按语"}, {})

    note, title = differences.of(item, item.replaces, "编者按").rows

    assert (note.kind, note.after) == ("added", (("+", "编者按：按语"),))
    assert (title.before, title.after) == ((("-", item.replaces.title),), (("+", "另有其事"),))


def test_an_emptied_title_prints_that_of_the_old_issue(editor, draft):
    board.edit(editor, draft.id, draft.items[1].id, {"print_title": "", "print_source": ""}, {})

    assert not differences.changed(draft.items[1])


def test_the_page_of_the_item_points_to_the_correction(browsers, editor, issuer, draft, published):
    first, second = published.items[0].submission_id, published.items[1].submission_id
    assert "刊发后更正" not in browsers("informant").get(f"/submissions/{first}").text
    publish(editor, issuer, draft)

    page = browsers("informant").get(f"/submissions/{first}").text

    assert "这一条刊发后有更正" in page and f"/journals/{draft.id}#item-" in page and "三亿<" in page
    assert f"{draft.label}：投资数额有误" in page  # in the history
    other = browsers("informant").get(f"/submissions/{second}").text
    assert "刊发后有更正" not in other and "投资数额有误" not in other


def test_a_unit_the_issues_were_not_meant_for_is_not_shown_their_words(
    browsers, editor, issuer, draft, published
):
    with transaction():
        draft.secrecy = "秘密"
    publish(editor, issuer, draft)
    with transaction():
        db.session.execute(delete(JournalDelivery))
    assert draft.restricted

    page = browsers("informant").get(f"/submissions/{published.items[0].submission_id}").text

    assert "刊发的文字有更正" in page
    assert "三亿" not in page and "刊发后更正" not in page and "投资数额有误" not in page


def test_corrected_twice_the_item_is_compared_with_what_was_printed_first(
    browsers, editor, issuer, draft, published
):
    publish(editor, issuer, draft)
    again = correcting.start(editor, draft.id, "单位有误")
    correcting.put_right(
        editor, again.id, again.items[0].id, ITEMS[0], from_plain("完成投资三亿美元。\n\n其余正常。")
    )
    publish(editor, issuer, again)

    page = browsers("informant").get(f"/submissions/{published.items[0].submission_id}").text

    assert page.count("这一条刊发后有更正") == 1 and "三千万" in page and "三亿美" in page


def test_a_withdrawn_correction_is_no_longer_pointed_to(browsers, editor, issuer, draft, published):
    publish(editor, issuer, draft)
    withdrawing.withdraw(issuer, draft.id, "又有误")

    assert (
        "这一条刊发后有更正"
        not in browsers("editor").get(f"/submissions/{published.items[0].submission_id}").text
    )


def test_the_note_of_a_correction_keeps_that_of_the_issue_below(editor, issuer, draft, published):
    told, *rest = draft.note.splitlines()
    assert "投资数额有误" in told and rest == ["原来的按语。"]
    publish(editor, issuer, draft)

    again = correcting.start(editor, draft.id, "单位有误")

    told, *rest = again.note.splitlines()
    assert "单位有误" in told and rest == ["原来的按语。"]


def test_a_long_note_may_still_be_edited_below_a_long_explanation(editor, issuer, published):
    with transaction():
        published.note = "长" * frames.NOTE
    draft = correcting.start(editor, published.id, "误" * signing.LONGEST)

    frames.edit_issue(editor, draft.id, {"note": draft.note[:-1] + "短"}, {})

    db.session.refresh(draft)
    assert draft.note.endswith("长短")


def test_the_counter_of_a_note_knows_how_long_it_may_be(browsers, editor, draft):
    ordinary = services.create_issue(editor, "zwyq")
    desk = browsers("editor")

    for issue in (ordinary, draft):
        assert f'data-count="{frames.longest_note(issue)}"' in desk.get(f"/journals/{issue.id}/frame").text
    assert frames.longest_note(draft) > frames.longest_note(ordinary)


def test_a_correction_keeps_the_name_under_which_the_issue_came_out(
    editor, issuer, published, pack_folder, office
):
    renamed = JOURNALS.replace("title: 《政务快讯》", "title: 《政务快讯新编》")
    newer, _ = packs.install(None, pack_folder(renamed, "1.1.0"))
    packs.activate(None, office.id, newer.id, date(2024, 2, 1))

    first = publish(editor, issuer, correcting.start(editor, published.id, "投资数额有误"))
    second = publish(editor, issuer, correcting.start(editor, first.id, "仍有误"))
    next_one = services.create_issue(editor, "zwkx")

    assert renamed != JOURNALS and next_one.title == "《政务快讯新编》"
    assert [first.label, second.label] == [f"{published.label}（更正）", f"{published.label}（第2次更正）"]
    for issue in (first, second):
        assert [issue.title, issue.document.title] == [published.title, issue.label]
        assert queries.journal_for(issue, clock.today()).printed_name == "政务快讯"  # in large red letters
        assert queries.journal_behind(issue).printed_name == "政务快讯"
