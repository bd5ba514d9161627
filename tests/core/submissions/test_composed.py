"""Items that the office composes: who sees them, what may be done, how they are credited; the upgrade that lets them in."""

from decimal import Decimal

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import migrate
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from core.facts import Author, Part
from core.submissions import queries, services
from core.submissions import text as body_text
from core.submissions.credit import credited
from core.submissions.models import Submission
from core.submissions.services import Composed, Credit
from core.testing import actor_of

pytestmark = pytest.mark.postgres


@pytest.fixture
def second(make_unit):
    return make_unit("乙县人民政府", short_name="乙县")


@pytest.fixture
def compose(staff, unit, second):
    def make(credits=None, editor=None, **values):
        credits = credits or [
            Credit(unit.id, "main", Decimal(3), (("张三", Decimal(3)),)),
            Credit(second.id, "part", Decimal(1), (("李四", Decimal(1)),)),
        ]
        values = {
            "genre": "work_news",
            "title": "各地推进春耕",
            "body": body_text.from_plain("各地抓春耕。"),
            **values,
        }
        editor = editor or staff("editor", unit)
        with transaction():
            return services.compose(editor, Composed(unit.office_id, credits=credits, **values), "综合")

    return make


def test_a_composed_item_is_credited_to_every_unit_and_author_with_its_weight(compose, unit, second):
    told = credited(compose())

    assert told["unit_ids"] == (unit.id, second.id)
    assert told["parts"] == {unit.id: Part("主报", Decimal(3)), second.id: Part("参与", Decimal(1))}
    assert told["authors"] == (
        Author("张三", unit.id, Part("主报", Decimal(3))),
        Author("李四", second.id, Part("参与", Decimal(1))),
    )


def test_units_see_a_composed_item_only_once_it_is_adopted(compose, staff, unit, second):
    item, editor = compose(), staff("editor", unit)
    before = [sees(staff("informant", each), item) for each in (unit, second)]
    with transaction():
        services.compile_move(editor, item, "select")
        services.compile_move(editor, item, "adopt")

    assert before == [False, False]
    assert [sees(staff("informant", each), item) for each in (unit, second)] == [True, True]


def test_the_unit_lists_leave_out_what_is_being_composed(compose, make_submission, staff, unit):
    item, own = compose(), make_submission("received")

    shown = [row.id for row in db.session.execute(queries.listed(staff("informant", unit), queries.Filter()))]

    assert own.id in shown and item.id not in shown


def test_no_unit_gets_back_what_it_never_sent(compose, staff, unit):
    with pytest.raises(Conflict, match="编辑部门编成"):
        services.move(staff("editor", unit), compose().id, "return", "再核实")


def test_only_editors_of_the_office_compose(compose, staff, unit, make_user, make_office):
    for stranger in (staff("informant", unit), actor_of(make_user("editor", office=make_office()))):
        with pytest.raises(PermissionDenied):
            compose(editor=stranger)

    assert db.session.scalar(select(Submission.id).where(Submission.composed)) is None


def test_units_of_another_office_and_units_named_twice_take_no_part(compose, unit, make_unit, make_office):
    foreign = make_unit("外市某县", office=make_office())

    for others in ([Credit(foreign.id)], [Credit(unit.id), Credit(unit.id)], [Credit(10**6)]):
        with pytest.raises(InvalidInput, match="参与单位"):
            compose([Credit(unit.id), *others] if others[0].unit_id != unit.id else others)


@pytest.mark.parametrize("state", ["merged", "split", "void"])
def test_nothing_is_counted_for_an_item_that_went_into_another(make_submission, state):
    with pytest.raises(Conflict, match="重复计分"):
        credited(make_submission(state))


def test_the_upgrade_lets_the_new_states_in_and_still_refuses_others(app, make_submission):
    item = make_submission("received")
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE submission SET state = 'merged' WHERE id = :id"), {"id": item.id})

    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE submission SET state = 'nowhere' WHERE id = :id"), {"id": item.id})


def test_an_old_database_is_upgraded_with_its_items(app, dialect, make_submission):
    item = make_submission("received")
    before_composed(dialect)

    with db.engine.begin() as connection:
        upgrade(connection)

    db.session.expire_all()
    assert db.session.get_one(Submission, item.id).composed is False
    assert [d for d in map(str, migrate.differences()) if "'submission'" in d or "'contributor'" in d] == []
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE submission SET state = 'merged' WHERE id = :id"), {"id": item.id})


def sees(actor, item) -> bool:
    try:
        return queries.one(actor, item.id).id == item.id
    except NotFound:
        return False


def before_composed(dialect) -> None:
    """Take the database back to before the upgrade, as far as it concerns items."""
    old = "state IN ('draft', 'awaiting', 'returned', 'withdrawn', 'received', 'editing', 'selected', 'adopted', 'unused')"
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_submission_composed_state_id"))
        for table, column in (
            ("submission", "composed"),
            ("contributor", "weight"),
            ("contributor", "authors"),
        ):
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        module = migration()
        if dialect == "sqlite":
            module._rewrite_check(connection, old)
        else:
            connection.execute(text("ALTER TABLE submission DROP CONSTRAINT ck_submission_state"))
            connection.execute(
                text(f"ALTER TABLE submission ADD CONSTRAINT ck_submission_state CHECK ({old})")
            )


def migration():
    script = next(o for o in migrate.owners() if o.name == "core").script()
    return next(
        r.module
        for r in script.walk_revisions()
        if r.module.__doc__.startswith("Items composed by the office")
    )


def upgrade(connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        migration().upgrade()
