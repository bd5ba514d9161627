"""Tables on the screen and on paper: short values keep to one line, and cells stand under their headings."""

import pytest

pytestmark = pytest.mark.browser

PLACES = """rows => rows.map(row => [...row.children].map(cell => {
  const box = cell.getBoundingClientRect()
  return [Math.round(box.left), Math.round(box.width)]
}))"""
LINES = """cells => cells.map(cell => {
  const range = document.createRange()
  range.selectNodeContents(cell)
  return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size
})"""


def test_times_and_outcomes_of_the_trail_keep_to_one_line(sign_in):
    page = sign_in("audit_admin")
    page.goto("/audit")

    for label in ("时间", "结果"):
        assert set(page.locator(f'td[data-label="{label}"]').evaluate_all(LINES)) == {1}, label
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_paper_every_cell_of_the_trail_stands_under_its_heading(sign_in):
    page = sign_in("audit_admin")
    page.goto("/audit")
    page.emulate_media(media="print")

    head, *rows = page.locator(".table tr").evaluate_all(PLACES)
    assert len(head) == 8 and all(width > 0 for _, width in head)
    assert rows and all(row == head for row in rows)


@pytest.mark.parametrize(
    ("role", "address"),
    [("system_admin", "/users"), ("editor", "/composites/"), ("editor", "/instructions/")],
)
def test_wide_tables_fit_the_screen(sign_in, role, address):
    page = sign_in(role)
    page.goto(address)

    assert page.locator(".table-wrap").evaluate_all(
        "all => all.map(each => each.scrollWidth - each.clientWidth)"
    ) == [0]


def test_numbers_and_progress_of_instructions_keep_to_their_lines(sign_in):
    page = sign_in("editor")
    page.goto("/instructions/")

    # Number and day are two lines, marks of progress one.
    assert set(page.locator('td[data-label="登记号"]').evaluate_all(LINES)) == {2}
    assert page.locator('td[data-label="办理情况"] .badge.danger').count() > 0
