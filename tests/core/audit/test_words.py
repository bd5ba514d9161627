"""Details of records are told in Chinese, as headings and values."""

import json

from core import audit
from core.audit.words import WORDS, Trail
from core.db import transaction
from core.hookspecs import TrailWord
from core.testing import login


def told(words=(), **detail):
    return Trail([*WORDS, *words]).told(json.dumps(detail, sort_keys=True))


def test_what_was_before_comes_first_and_nothing_empty_comes_at_all():
    assert told(reason="", after="编辑中", before="已接收") == [("改前", "已接收"), ("改后", "编辑中")]


def test_of_two_states_only_what_differs_is_told():
    before, after = {"姓名": "张三", "停用": False}, {"姓名": "张三", "停用": True}

    assert told(before=before, after=after) == [("改前", "停用：否"), ("改后", "停用：是")]


def test_values_have_words_too_and_lists_of_things_are_readable():
    words = [TrailWord("role", "作用", {"main": "主报"}), TrailWord("sources", "来源")]

    assert told(words, sources=[{"role": "main", "share": "2"}, {"role": "x"}]) == [
        ("来源", "角色：主报，share：2；角色：x")
    ]
    assert Trail([TrailWord("outcome", "结果", {"late": "逾期"})]).value("outcome", "late") == "逾期"
    assert told(role="audit_admin") == [("角色", "审计管理员")]


def test_a_key_nobody_knows_stays_readable():
    assert told(strange="值", reason="有误") == [("理由", "有误"), ("strange", "值")]


def test_the_page_shows_words_and_no_braces(client, make_user):
    who = make_user("audit_admin")
    login(client, who)
    with transaction():
        audit.note(
            None, "放入刊物", "《标题》", office_id=who.roles[0].office_id, issue=23, reason="<b>补</b>"
        )

    page = client.open("/audit").text
    assert "<li>理由：&lt;b&gt;补&lt;/b&gt;</li><li>刊期编号：23</li>" in page
    assert "&#34;issue&#34;" not in page and "col-actions" not in page
