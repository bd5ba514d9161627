"""How values look on a page."""

from datetime import UTC, date, datetime

import pytest
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from core import filters
from core.web import Form


def test_days_and_minutes_are_written_as_in_documents():
    instant = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)

    assert filters.day(date(2026, 3, 1)) == "2026年3月1日"
    assert filters.minute(instant) == "2026年11月23日 09:05"
    assert filters.day(datetime(2026, 11, 22, 17, tzinfo=UTC)) == "2026年11月23日"


def test_dense_lists_leave_out_the_current_year(watch):
    assert filters.short(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "01-02 11:04"
    assert filters.short(datetime(2025, 1, 2, 3, 4, tzinfo=UTC)) == "2025-01-02"


def test_nothing_is_written_as_nothing():
    assert filters.day(None) == filters.minute(None) == filters.short(None) == ""


@pytest.mark.parametrize(
    ("bytes_", "shown"), [(0, "1 KB"), (1500, "1 KB"), (2048, "2 KB"), (3 * 1048576, "3.0 MB")]
)
def test_sizes_are_for_people(bytes_, shown):
    assert filters.size(bytes_) == shown


def test_a_field_kept_in_memory_looks_like_one_drawn_anew(app):
    class Line(Form):
        title = StringField("标题", [Length(max=40)])
        other = StringField("另题", [InputRequired("请输入另题")])

    draw = app.jinja_env.get_template("macros/forms.html").module.field

    def drawn(title="", problem=(), **options):
        form = Line(data={"title": title})
        form.title.errors = list(problem)
        return draw(form.title, **options)

    with app.test_request_context():
        blank, with_help = drawn(), drawn(help="一般不超过 40 字。")
        typed, refused = drawn("春耕 <b>"), drawn(problem=["过长"])

        assert drawn() == blank and drawn(help="一般不超过 40 字。") == with_help
        assert "一般不超过" in with_help and "一般不超过" not in blank
        assert "春耕 &lt;b&gt;" in typed and "春耕" not in drawn()
        assert "过长" in refused and "过长" not in drawn()
        assert "required" in draw(Line().other) and "required" not in drawn()
