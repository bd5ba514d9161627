"""An app with the kinds of jobs of these tests."""

import pytest

from core.testing import actor_of
from tests.core.jobs import kinds


@pytest.fixture
def settings():
    return {"extra": [kinds], "JOB_LEASE": 5}


@pytest.fixture
def editor(make_user):
    return make_user("editor", name="王编辑")


@pytest.fixture
def who(editor):
    return actor_of(editor)
