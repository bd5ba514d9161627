"""Bringing the database up to date, owner by owner."""

import shutil
from datetime import date

import pytest
from sqlalchemy import MetaData, Table, inspect, text

from core import migrate
from core.db import Base, db
from core.documents.models import IssuedDocument
from core.errors import SetupError
from core.testing import NOON

HEAD = max(path.stem for path in (migrate.PROJECT / "migrations" / "versions").glob("core_*.py"))


@pytest.fixture
def empty_app(make_app, tmp_path, dialect):
    """An app whose database holds nothing at all."""
    app = make_app(data=tmp_path / "empty")
    with app.app_context():
        if dialect == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        else:
            db.engine.dispose()
            (tmp_path / "empty" / "yaoqing.db").unlink()
        yield app


def tables():
    return set(inspect(db.engine).get_table_names())


@pytest.mark.postgres
def test_a_fresh_database_is_filled_and_a_second_run_changes_nothing(empty_app):
    assert migrate.pending() == ["core"]

    first, second = list(migrate.upgrade()), list(migrate.upgrade())

    assert first == [("core", None, HEAD)]
    assert second == [("core", HEAD, HEAD)]
    assert migrate.pending() == []


@pytest.mark.postgres
def test_documents_issued_before_there_were_check_codes_come_along(empty_app):
    core = migrate.owners()[0]
    with migrate._write_connection() as connection:
        migrate._run(core, connection, "core_0010")
        known = {
            "id": 1,
            "office_id": 1,
            "pages": 1,
            "size": 1,
            "dated": date(2026, 3, 1),
            "issued_at": NOON.replace(tzinfo=None),
        }
        names = ("kind", "kind_title", "source", "title", "number", "pdf_sha256", "html_sha256", "pack_ref", "read_permission", "issued_by")  # fmt: skip
        for table, row in (
            ("office", {"id": 1, "key": "a", "name": "a", "place_name": "a"}),
            ("issued_document", {**known, **dict.fromkeys(names, "a")}),
        ):
            old = Table(table, MetaData(), autoload_with=connection)
            connection.execute(old.insert().values({k: v for k, v in row.items() if k in old.columns}))

    list(migrate.upgrade())

    found = db.session.get(IssuedDocument, 1)
    assert (found.standing, found.check_code, found.docx_sha256) == ("valid", None, "")


@pytest.mark.postgres
def test_the_migrated_database_is_what_the_models_say(app):
    known = {t.name for t in Base.metadata.sorted_tables}
    foreign = known - tables()

    left = [d for d in migrate.differences() if not any(name in str(d) for name in foreign)]

    assert left == []


@pytest.mark.postgres
def test_every_owner_has_a_version_table_of_its_own(app):
    assert {"alembic_core"} <= tables()
    with db.engine.connect() as connection:
        assert [o.name for o in migrate.owners()] == ["core"]
        assert migrate.current(migrate.owners()[0], connection) == HEAD


@pytest.mark.postgres
def test_a_failing_migration_leaves_nothing_behind(empty_app, monkeypatch):
    script = migrate.owners()[0].script()
    revision = script.get_revision("core_0001").module
    upgrade = revision.upgrade

    def breaks_halfway():
        upgrade()
        raise RuntimeError("power cut")

    monkeypatch.setattr(migrate.Owner, "script", lambda self: script)
    monkeypatch.setattr(revision, "upgrade", breaks_halfway)
    with pytest.raises(RuntimeError):
        list(migrate.upgrade())

    assert tables() - {"alembic_core"} == set()


def test_a_program_newer_than_its_database_says_what_to_run(empty_app):
    with pytest.raises(SetupError, match="yaoqing db upgrade"):
        migrate.require_up_to_date()

    list(migrate.upgrade())
    migrate.require_up_to_date()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Two plugins, each with a migration of its own."""
    monkeypatch.syspath_prepend(tmp_path)
    name = f"owners_{tmp_path.name.replace('-', '_')}"
    for plugin in ("alpha", "beta"):
        versions = tmp_path / name / plugin / "migrations" / "versions"
        versions.mkdir(parents=True)
        (tmp_path / name / plugin / "__init__.py").write_text("", encoding="utf-8")
        (versions / f"{plugin}_0001.py").write_text(
            f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{plugin}_0001"\ndown_revision = None\n\n\n'
            f'def upgrade():\n    op.create_table("{plugin}_thing", sa.Column("id", sa.Integer(), primary_key=True))\n',
            encoding="utf-8",
        )
    (tmp_path / name / "__init__.py").write_text("", encoding="utf-8")
    return tmp_path / name


def test_a_plugin_brings_its_own_tables_and_its_folder_can_go_again(make_app, tmp_path, package):
    both = make_app(data=tmp_path / "both", package=package.name)
    with both.app_context():
        assert {"alembic_alpha", "alembic_beta", "alpha_thing", "beta_thing"} <= tables()
        assert migrate.Owner("alpha", package).owns("alpha_thing")
        assert not migrate.owners()[0].owns("alpha_thing")

    shutil.rmtree(package / "alpha")
    without = make_app(data=tmp_path / "both", package="no_plugins")
    with without.app_context():
        assert migrate.pending() == []
        assert [row[0] for row in migrate.upgrade()] == ["core"]
        assert "alpha_thing" in tables()


def test_a_name_that_begins_like_another_plugin_owns_only_its_own(make_app, tmp_path, package):
    app = make_app(data=tmp_path / "both", package=package.name)

    with app.app_context():
        core, alpha, _ = migrate.owners()
        assert alpha.owns("alpha_thing") and not alpha.owns("alphabet_thing")
        assert core.owns("alphabet_thing")


def test_a_draft_for_core_leaves_the_books_of_plugins_alone(make_app, tmp_path, package, monkeypatch):
    both = make_app(data=tmp_path / "both", package=package.name)
    with both.app_context():
        core, alpha = migrate.owners()[0], next(o for o in migrate.owners() if o.name == "alpha")
        assert not any(
            core.owns(name) or alpha.owns(name) for name in tables() if name.startswith("alembic_")
        )
        drafts = tmp_path / "drafts"
        (drafts / "versions").mkdir(parents=True)
        script = core.script()
        owners = [migrate.Owner("core", drafts), *migrate.owners()[1:]]
        monkeypatch.setattr(migrate, "owners", lambda: owners)
        monkeypatch.setattr(migrate.Owner, "script", lambda self: script)
        written = migrate.draft("core", "try").read_text("utf-8")

    assert "drop_table" not in written
