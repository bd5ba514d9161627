"""A real Chromium on the demo city, served by the real web server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from core.config import PROJECT
from tests.city import PASSWORD, logins

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=zh-CN",
]  # fmt: skip
WIDE = {"width": 1366, "height": 900}
PHONE = {"width": 360, "height": 780}
# What must come is waited for as long as a busy machine may need; how quick pages are is measured in bench/.
expect.set_options(timeout=20_000)
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; its absence fails in CI and skips, saying so, elsewhere."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        if os.environ.get("YAOQING_REQUIRE_ALL"):
            pytest.fail("没有安装 chromium，浏览器测试无法运行")
        pytest.skip("没有安装 chromium，跳过浏览器测试")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(city: Flask) -> Iterator[str]:
    """The address of the running site."""
    with served(city) as address:
        yield address


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """An app served by the real web server, as long as it is wanted."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = app.config["YAOQING"]
    environment = {
        **os.environ, "YAOQING_DATA": str(settings["DATA"]), "YAOQING_FONTS": str(settings["FONTS"]),
        "YAOQING_IDLE_MINUTES": "600",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--workers", "1",
               "--worker-class", "gthread", "--threads", "4", "--log-level", "error", "--no-control-socket"]  # fmt: skip
    server = subprocess.Popen(command, cwd=PROJECT, env=environment)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1).read()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def sign_in(chromium: Browser, site: str, city: Flask) -> Iterator[Callable[[str], Page]]:
    """A signed-in page for a role; `page.complaints` collects what the console and the network objected to."""
    contexts: list[BrowserContext] = []

    def open_page(role: str) -> Page:
        context = chromium.new_context(viewport=WIDE, locale="zh-CN", base_url=site)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []  # type: ignore[attr-defined]
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        page.on(
            "request",
            lambda r: page.complaints.append(f"外部请求 {r.url}") if _outside(r.url, site) else None,
        )
        if role:
            page.goto("/login")
            page.fill("#login", logins(city)[role])
            page.fill("#password", PASSWORD)
            page.click("main button[type=submit]")
        return page

    yield open_page
    for context in contexts:
        context.close()


def boxes(scope: Page | Locator, *parts: str) -> list[dict[str, float]]:
    """Where the first of each of these selectors stands, in pixels, all seen in one look.

    Looked at one after the other they would belong to two states of a page that is still moving.
    """
    scope = scope.locator("body") if isinstance(scope, Page) else scope
    for part in parts:
        scope.locator(part).first.wait_for()
    return scope.evaluate(
        "(scope, parts) => parts.map(part => {"
        " const {x, y, width, height} = scope.querySelector(part).getBoundingClientRect();"
        " return {x, y, width, height} })",
        list(parts),
    )


def _outside(url: str, site: str) -> bool:
    return not url.startswith((site, "data:", "blob:", "about:"))
