"""A desk: two editors of one office, a third of another, and items to work on."""

from types import SimpleNamespace

import pytest

from core.testing import actor_of, login


@pytest.fixture
def settings() -> dict:
    """Without other plugins, so that these tests do not depend on them."""
    return {"PLUGINS_OFF": ("journal", "circulars", "instructions", "escalation", "fees")}


@pytest.fixture
def office_staff(make_user, make_office, make_unit, unit) -> SimpleNamespace:
    """张三 and 李四 edit here, 王五 edits in another office."""
    elsewhere = make_unit("远县人民政府", office=make_office("yuan", "远方市人民政府办公室"))
    zhang, li = (make_user("editor", unit=unit, name=name) for name in ("张三", "李四"))
    wang = make_user("editor", unit=elsewhere, name="王五")
    return SimpleNamespace(
        zhang_user=zhang, li_user=li, wang_user=wang, zhang=actor_of(zhang), li=actor_of(li), wang=actor_of(wang),
        elsewhere=elsewhere,
    )  # fmt: skip


@pytest.fixture
def zhang(office_staff):
    return office_staff.zhang


@pytest.fixture
def li(office_staff):
    return office_staff.li


@pytest.fixture
def wang(office_staff):
    return office_staff.wang


@pytest.fixture
def browser(app, office_staff):
    """A browser in which 张三 is signed in."""
    client = app.test_client()
    login(client, office_staff.zhang_user)
    return client
