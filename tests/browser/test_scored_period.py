"""The pages of a scored period under the pack that has everything: persons, prizes, lists, components."""

import shutil

import pytest
from sqlalchemy import select

from core import clock
from core.accounts.models import Office, UnitGroup
from core.app import create_app
from core.config import PROJECT
from core.db import db, transaction
from core.packs import services as packs
from core.scoring import runs
from tests.browser.conftest import served
from tests.browser.test_pages import faults_of
from tests.city import fonts, give_passwords


@pytest.fixture(scope="module")
def city(built_city, tmp_path_factory):
    """The demo city under the standard pack."""
    home = tmp_path_factory.mktemp("standard") / "demo"
    shutil.copytree(built_city / "demo", home)
    app = create_app({"DATA": home, "FONTS": fonts(), "IDLE_MINUTES": 600})
    with app.app_context():
        give_passwords(app)
        office = db.session.scalars(select(Office)).one()
        version, _ = packs.install(None, PROJECT / "rulepacks" / "standard")
        packs.activate(None, office.id, version.id, clock.today().replace(day=1))
        with transaction():
            for group in db.session.scalars(select(UnitGroup)):
                group.name = {"县区": "县区和开发区", "市直部门和直属机构": "市直部门"}.get(
                    group.name, group.name
                )
    return app


@pytest.fixture(scope="module")
def site(city):
    with served(city) as address:
        yield address


@pytest.mark.parametrize("role", ["editor", "leader", "informant"])
def test_the_pages_of_a_scored_period_are_sound(role, sign_in, city):
    page = sign_in(role)
    with city.app_context():
        month = runs.current_period(1, clock.today())
    key, year = month.key, month.year_key
    page.goto(f"/ranking/persons?period={key}")
    person = page.locator("table tbody a").first.get_attribute("href")
    paths = [
        f"/ranking?period={key}", f"/ranking?period={key}&part=measures", f"/ranking?period={key}&part=all",
        f"/ranking/persons?period={key}", person, f"/ranking/prizes?period={year}", f"/ranking/lists?period={key}",
    ]  # fmt: skip

    assert [fault for path in paths for fault in faults_of(page, path)] == []
