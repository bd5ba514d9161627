"""Every page of every role in a real browser: accessible, inside the policy, Chinese, and fitting a phone."""

import json
import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import AXE, PHONE, WIDE
from tests.city import ROLES

# Not pages: files, and addresses that only repeat a list under another order.
NO_PAGE = re.compile(r"\.(pdf|png|csv|xlsx|docx)$|/attachments/|/formats/|/scans/|/files/|/export$|^/logout")
# Latin words an official knows; everything else of four letters and more would be a speck of English.
KNOWN = re.compile(
    r"^(PDF|WPS|Word|Excel|Chrome|Mozilla|Linux|HTTP|Python|UTC|CSV|JSON|YAML|Edge|Firefox|Safari|Windows)",
    re.IGNORECASE,
)
MOST = 60


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_sound(role, sign_in):
    page = sign_in(role)

    faults = [fault for path in crawl(page) for fault in faults_of(page, path)]

    assert faults == []


def test_the_sign_in_page_is_sound(sign_in):
    page = sign_in("")

    assert faults_of(page, "/login") == []


def crawl(page: Page) -> list[str]:
    """Every page reachable by links from the home page, one of each kind."""
    seen, found, todo = set(), [], deque(["/"])
    while todo and len(found) < MOST:
        path = todo.popleft()
        shape = re.sub(r"\d+", "N", urlsplit(path).path)
        if shape in seen or NO_PAGE.search(urlsplit(path).path):
            continue
        seen.add(shape)
        found.append(path)
        page.goto(path)
        links = page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
        todo.extend(links)
    return found


def faults_of(page: Page, path: str) -> list[str]:
    """What is wrong with a page, at desktop and at phone width."""
    faults = []
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        response = page.goto(path)
        where = f"{path}（宽 {size['width']}）"
        if not response or response.status != 200:
            faults.append(f"{where}：状态 {response and response.status}")
            continue
        if size is PHONE:
            # What is folded away has to be sound as well.
            page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            faults.append(f"{where}：横向溢出到 {wide}")
        faults += [f"{where}：{problem}" for problem in axe(page)]
    faults += [f"{path}：{text}" for text in page.complaints]
    faults += [f"{path}：出现英文“{word}”" for word in english(page)]
    page.complaints.clear()
    return faults


def axe(page: Page) -> list[str]:
    """Serious and critical findings of axe-core (WCAG 2.x A and AA)."""
    # Through the debugger: the page's own policy forbids foreign scripts, as it should.
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE})
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.filter("
            "v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ' ' + v.nodes.map(n => n.target).join(' | '))))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    session.detach()
    value = answer["result"].get("value", '["axe 没有运行"]')
    return list(json.loads(value))


def english(page: Page) -> list[str]:
    """Latin words of four letters or more in what people read, but for names, files and code."""
    text = page.evaluate(
        "(() => { const copy = document.body.cloneNode(true);"
        "copy.querySelectorAll('script,style,code,pre,input,textarea,.source,[data-latin]').forEach(e => e.remove());"
        # Text by text: a label and its value have no blank between them in the whole.
        "const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT), found = [];"
        "while (walk.nextNode()) found.push(walk.currentNode.data);"
        "return found.join('\\n'); })()"
    )
    words = re.findall(r"(?<![A-Za-z0-9@._/-])[A-Za-z]{4,}(?![A-Za-z0-9@._/-])", text)
    return sorted({word for word in words if not KNOWN.match(word)})[:5]


def test_a_notice_on_a_page_is_a_box_and_nothing_to_click(sign_in):
    page = sign_in("editor")
    page.goto("/journals/new")
    style = page.evaluate(
        "() => { const box = document.createElement('div'); box.className = 'notice info';"
        " document.querySelector('main').append(box); const style = getComputedStyle(box);"
        " return [style.cursor, style.borderTopWidth, style.backgroundColor !== 'rgba(0, 0, 0, 0)'] }"
    )

    assert style == ["auto", "1px", True]
