"""One letter to all units of a list: one number and one PDF, read by the desk and by those units."""

import shutil

import pytest

from core.db import db
from core.errors import NotFound
from plugins.circulars import issuing, queries, services
from tests.plugins.circulars.year import QUARTER, STANDARD, closed, year_of

KIND = """
  - id: joint-letter
    title: 督促函（合发）
    periods: [quarter]
    recipients: {list: zero-report}
    document: warning
    heading: "{office}关于加强政务信息报送工作的函"
    mark: "{office}"
    number: {code: "{initial}政办函", series: 政办函}
    salutation: "{recipients}"
    opening: ["{period}，你们没有报送政务信息，请抓紧报送"]
"""


@pytest.fixture
def settings():
    return {}


@pytest.fixture
def desk(app, office, make_unit, make_user, watch, tmp_path):
    folder = shutil.copytree(STANDARD, tmp_path / "standard")
    with (folder / "circulars.yaml").open("a", encoding="utf-8") as file:
        file.write(KIND)
    return year_of(office, make_unit, make_user, folder)


def test_one_letter_goes_to_all_on_the_list(desk, quick):
    found = closed(desk, QUARTER, "joint-letter")
    services.submit(desk.editor, found.id, found.version)
    issuing.issue(desk.issuer, found.id)

    assert quick[0]["to"] == "乙县、市教育局"
    assert {letter.unit_name for letter in found.letters} == {"乙县", "市教育局"}
    assert {letter.document_id for letter in found.letters} == {found.document_id}
    assert found.document.read_permission == "circular.file"
    assert [letter.draft for letter in db.session.scalars(queries.letters(desk.behind))] == [found]
    with pytest.raises(NotFound):
        queries.one(desk.informant, found.id)
    assert queries.one(desk.leader, found.id)
