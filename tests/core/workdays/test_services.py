"""An office's own working days: entered from a list, replaced, removed, and kept apart from other offices."""

from datetime import date

import pytest

from core.errors import InvalidInput, NotFound, PermissionDenied
from core.testing import actor_of
from core.workdays import services
from core.workdays.services import workdays_of

LIST = "1月1日至1月3日 休 元旦\n2027-01-09 班 元旦调休\n\n"


@pytest.fixture
def editor(make_user, office):
    return actor_of(make_user("editor"))


@pytest.mark.postgres
def test_a_years_arrangement_is_entered_at_once(editor, office):
    assert services.enter(editor, office.id, LIST, 2027) == 4

    days = workdays_of(office.id)
    assert [days.is_working(date(2027, 1, day)) for day in (1, 3, 4, 9)] == [False, False, True, True]
    assert days.is_known(2027)


@pytest.mark.postgres
def test_a_day_entered_again_is_replaced_and_one_removed_is_as_published(editor, office):
    services.enter(editor, office.id, "2026-10-08 休 本市", 2026)
    services.enter(editor, office.id, "2026-10-08 班 取消", 2026)
    assert workdays_of(office.id).is_working(date(2026, 10, 8))

    services.enter(editor, office.id, "2026-10-08 休 本市", 2026)
    services.remove(editor, office.id, date(2026, 10, 8))
    assert workdays_of(office.id).is_working(date(2026, 10, 8))
    with pytest.raises(NotFound):
        services.remove(editor, office.id, date(2026, 10, 8))


@pytest.mark.parametrize(("text", "said"), [
    ("", "没有可登记的日期"),
    ("1月1日 元旦", "第二栏应写"),
    ("元旦 休", "日期应写成"),
    ("1月5日至1月1日 休", "一段最多"),
    ("1月1日至2月1日 休", "一段最多"),
    ("1月1日至1月2日至1月3日 休", "日期应写成"),
    ("2月30日 休", "日期应写成"),
    ("\n".join(f"1月{n % 28 + 1}日 休" for n in range(121)), "一次最多"),
])  # fmt: skip
def test_a_line_not_understood_is_named_and_nothing_is_entered(editor, office, text, said):
    with pytest.raises(InvalidInput) as found:
        services.enter(editor, office.id, f"1月20日 休 有效\n{text}" if text else text, 2027)

    assert said in str(found.value)
    assert not workdays_of(office.id).is_known(2027)


def test_only_the_desk_and_the_administrator_enter_days_of_their_own_office(make_user, make_office, office):
    stranger = actor_of(make_user("editor", office=make_office("qita")))
    informant, leader = actor_of(make_user("informant")), actor_of(make_user("leader"))

    for who in (stranger, informant, leader):
        with pytest.raises(PermissionDenied):
            services.enter(who, office.id, LIST, 2027)
    services.enter(stranger, stranger.office_id, LIST, 2027)
    assert not workdays_of(office.id).is_known(2027)
