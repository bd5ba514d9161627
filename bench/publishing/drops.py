"""The same in a real Chromium: from letting an item go over a column until the picture of the changed page is there."""

import shutil
from collections.abc import Iterator

from issues import spread
from office import LOGIN, Office, Size
from playwright.sync_api import Page, sync_playwright
from previews import WARM
from server import Server

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=zh-CN"]
# The moment of the drop, and of the first picture of a page that arrives after it.
WATCH = """
document.addEventListener("pointerup", () => { window.dropped = performance.now(); window.shown = 0 }, true)
document.addEventListener("load", event => {
  if (event.target.matches && event.target.matches("img.sheet") && !window.shown) window.shown = performance.now()
}, true)
"""


def drops(office: Office, server: Server, password: str, size: Size, reps: int) -> Iterator[str]:
    """A row of a table for an issue of this size."""
    issue_id, spent = office.draft(size).id, []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = chromium.new_page(base_url=server.url, viewport={"width": 1366, "height": 900}, locale="zh-CN")
        page.goto("/login")
        page.fill("#login", LOGIN)
        page.fill("#password", password)
        page.click("main button[type=submit]")
        for rep in range(WARM + reps):
            fresh = office.item(size)
            page.goto(f"/journals/{issue_id}/compose")
            page.locator(".sheet-page img").first.wait_for()
            page.wait_for_load_state("networkidle")
            pages = page.locator(".sheet-page").count()
            page.evaluate(WATCH)
            _drag(page, f"#candidate-{fresh} .grab", size.column)
            page.wait_for_function("() => window.shown > window.dropped", timeout=20_000)
            seconds = page.evaluate("window.shown - window.dropped") / 1000
            if rep >= WARM:
                spent.append(seconds)
            page.locator("#board-columns .slip").first.get_by_role("button", name="移出").first.click()
            page.wait_for_load_state("networkidle")
        chromium.close()
    middle, late = spread(spent)
    yield f"| {pages} | 拖入一条，见到新页（Chromium） | {middle:.0f} | {late:.0f} |"


def _drag(page: Page, grip: str, column: str) -> None:
    start = page.locator(grip).bounding_box()
    page.mouse.move(start["x"] + 4, start["y"] + 4)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 20, steps=6)
    # Only now: empty columns open up when something is in the hand.
    first = page.locator(f'#board-columns [data-column="{column}"] .slip').first.bounding_box()
    for part in (0.2, 0.5):
        page.mouse.move(first["x"] + first["width"] * part, first["y"] + first["height"] * part, steps=6)
    page.wait_for_timeout(250)  # as a hand does: the gap opens under it
    page.mouse.up()
