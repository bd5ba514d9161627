"""The audit trail: append-only, chained, and every kind of tampering is found and named."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import audit
from core.accounts import units
from core.accounts.models import Unit
from core.audit import AuditRecord, trail
from core.audit.trail import verify
from core.db import db, transaction
from core.testing import actor_of

pytestmark = pytest.mark.postgres


@pytest.fixture
def ten(app):
    """Ten records."""
    with transaction():
        for n in range(10):
            audit.note(None, "试验", f"第{n}次")
    return [r.digest for r in db.session.scalars(select(AuditRecord).order_by(AuditRecord.id))]


@pytest.fixture
def tamper(app, dialect):
    """Change the trail behind the program's back, as somebody with the database file could."""

    def change(statement, **values):
        db.session.rollback()  # PostgreSQL drops no trigger of a table somebody is reading
        with db.engine.begin() as connection:
            for verb in ("update", "delete"):
                on = " ON audit_record" if dialect == "postgresql" else ""
                connection.execute(text(f"DROP TRIGGER audit_record_no_{verb}{on}"))
            connection.execute(text(statement), values)

    return change


def breaks(head=None):
    return [(found.record_id, found.reason) for found in verify(head)]


def test_an_empty_and_an_untouched_trail_hold(ten):
    assert breaks() == []
    assert breaks(trail.head()) == []


def test_a_record_says_who_did_what_when_and_from_where(make_user, watch):
    editor = actor_of(make_user("editor", name="李编辑", login="li.editor"))
    with transaction():
        audit.note(editor, "退回", "《标题》（3）", reason="数据有误", before="已报送")

    record = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert (record.actor, record.actor_id, record.office_id) == (
        "李编辑（li.editor）",
        editor.id,
        editor.office_id,
    )
    assert (record.action, record.thing, record.outcome) == ("退回", "《标题》（3）", "成功")
    assert (record.at, record.address) == (watch.instant, "本机命令行")
    assert json.loads(record.detail) == {"reason": "数据有误", "before": "已报送"}


@pytest.mark.parametrize("statement", ["UPDATE audit_record SET actor = 'x'", "DELETE FROM audit_record"])
def test_the_database_refuses_to_change_or_delete_a_record(ten, statement):
    with pytest.raises(DBAPIError, match="记录不能修改或删除"):
        db.session.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "thing = '第4次x'",
        "actor = '别人'",
        "action = '试验2'",
        "outcome = '失败'",
        "detail = '{}x'",
        "address = '10.0.0.1'",
        "office_id = 7",
        "actor_id = 7",
        "at = '2020-01-01 00:00:00'",
    ],
)
def test_any_changed_column_is_found_at_its_record(ten, tamper, change):
    tamper(f"UPDATE audit_record SET {change} WHERE id = 5")

    assert breaks() == [(5, "内容与校验值不符，可能已被改动")]


def test_a_single_flipped_character_is_found(ten, tamper):
    flipped = ("0" if ten[4][10] != "0" else "1").join([ten[4][:10], ten[4][11:]])
    tamper("UPDATE audit_record SET digest = :digest WHERE id = 5", digest=flipped)

    assert [number for number, _ in breaks()] == [5, 6]


def test_a_deleted_record_is_found(ten, tamper):
    tamper("DELETE FROM audit_record WHERE id = 5")

    assert breaks() == [(5, "第 5 至 5 条缺失"), (6, "与上一条的衔接不符")]


def test_an_inserted_record_is_found(ten, tamper):
    columns = (
        "at, office_id, actor_id, actor, action, thing, outcome, address, detail, algorithm, previous, digest"
    )
    tamper(f"INSERT INTO audit_record (id, {columns}) SELECT 11, {columns} FROM audit_record WHERE id = 5")

    assert [number for number, _ in breaks()] == [11, 11]


def test_swapped_records_are_found(ten, tamper):
    tamper("UPDATE audit_record SET id = CASE id WHEN 4 THEN 105 ELSE 104 END WHERE id IN (4, 5)")

    assert 4 in [number for number, _ in breaks()]


def test_a_trail_cut_off_at_its_end_is_found_with_a_head_noted_before(ten, tamper):
    noted = trail.head()
    tamper("DELETE FROM audit_record WHERE id > 7")

    assert breaks() == []
    assert [number for number, _ in breaks(noted)] == [10]


def test_a_trail_rewritten_from_the_start_is_found_with_a_head_noted_before(ten, tamper):
    noted = trail.head()
    tamper("DELETE FROM audit_record")
    with transaction():
        for n in range(10):
            audit.note(None, "改写", f"第{n}次")

    assert breaks() == []
    assert [number for number, _ in breaks(noted)] == [10]


def test_an_action_that_fails_leaves_no_record(app):
    with pytest.raises(RuntimeError), transaction():
        audit.note(None, "试验")
        raise RuntimeError

    assert trail.head() is None


def test_an_action_whose_record_cannot_be_written_does_not_happen(make_unit, staff, unit, monkeypatch):
    admin = staff("system_admin", unit)
    monkeypatch.setattr(trail, "digest", lambda record: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        units.create_unit(admin, {"name": "乙县人民政府", "kind": "county"})

    assert list(db.session.scalars(select(Unit.name))) == ["甲县人民政府"]


@pytest.mark.parametrize(
    "forged", ["甲\n2 伪造的一行", "甲\r伪造", "甲\x1b[2K伪造", "甲\u2028伪造", "甲\u202e伪造", "甲\x9b2K"]
)
def test_a_name_can_forge_no_second_line_and_no_terminal_code(app, forged):
    with transaction():
        audit.note(None, forged, forged, outcome=forged, detail_of=forged)

    record = db.session.scalar(select(AuditRecord))
    for column in (record.action, record.thing, record.outcome, record.detail):
        assert column.isprintable()
    assert breaks() == []


def test_an_over_long_name_is_cut_and_rare_characters_are_kept(app):
    with transaction():
        audit.note(None, "试验", "𠮷〇㐂👍" + "长" * 1000)

    record = db.session.scalar(select(AuditRecord))
    assert record.thing.startswith("𠮷〇㐂👍") and len(record.thing) == 500
    assert breaks() == []


def test_a_record_of_the_command_line_says_so(app):
    with transaction():
        audit.note(None, "安装规则包")

    assert db.session.scalar(select(AuditRecord.actor)) == "本机命令行"
