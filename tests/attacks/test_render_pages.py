"""Hostile pages: nothing outside the page is reached, and nothing runs beyond its limit."""

import base64
import http.server
import io
import os
import platform
import struct
import subprocess
import sys
import threading
import time
import zlib

import pikepdf
import pytest
from weasyprint import HTML

from core.documents.rendering.renderer import Limits, Renderer
from core.errors import RenderError
from tests.docs.fixtures import fonts, fonts_dir

__all__ = ["fonts", "fonts_dir"]

SECRET = "CANARY-7f3a91"
LIMITS = Limits(cpu_seconds=1, wall_seconds=25, memory_mb=900)


@pytest.fixture(scope="module")
def renderer(fonts):
    confined = Renderer(fonts, LIMITS)
    yield confined
    confined.close()


class Canary(http.server.ThreadingHTTPServer):
    """A loopback server that only counts who knocks."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Knock)
        self.knocks = []


class Knock(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.knocks.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(SECRET.encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def canary():
    server = Canary()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def secret_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("secret") / "secret.txt"
    path.write_text(SECRET)
    return path


def svg(inside):
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
    return f"data:image/svg+xml;base64,{base64.b64encode(f'{head}{inside}</svg>'.encode()).decode()}"


# URL stands for the address of the canary server or of the secret file; SVG for a picture with that inside.
REACHES = {
    "image": "<img src='URL'>",
    "image set": "<img srcset='URL 1x'>",
    "object": "<object data='URL'></object>",
    "embed": "<embed src='URL'>",
    "frame": "<iframe src='URL'></iframe>",
    "style sheet": "<link rel=stylesheet href='URL.css'>",
    "import": "<style>@import url(URL.css)</style>",
    "import in an import": "<style>@import url('data:text/css,@import url(URL)')</style>",
    "background": "<p style='background: url(URL)'>x",
    "page background": "<style>@page { background: url(URL) }</style>x",
    "list mark": "<ul><li style='list-style-image: url(URL)'>x</ul>",
    "content": "<style>p::before { content: url(URL) }</style><p>x",
    "border image": "<p style='border: 5px solid; border-image: url(URL) 30'>x",
    "font": "<style>@font-face { font-family: x; src: url(URL) } p { font-family: x }</style><p>x",
    "colour profile": "<style>@color-profile --c { src: url(URL) } p { color: color(--c 1 0 0) }</style><p>x",
    "base address": "<base href='URL/'><img src='a.png'>",
    "attachment": "<link rel=attachment href='URL'>",
    "attachment by link": "<a rel=attachment href='URL'>x</a>",
    "svg image": f"<img src='{'SVG<image href=URL width=5 height=5/>'}'>",
    "svg use": "<img src='SVG<use href=URL#a />'>",
    "svg style": "<img src='SVG<style>@import url(URL);</style>'>",
    "svg filter": '<img src=\'SVG<filter id=f><feImage href=URL /></filter><rect filter="url(#f)" width="5" height="5"/>\'>',
    "svg entity": '<img src=\'data:image/svg+xml,%3C!DOCTYPE svg [%3C!ENTITY x SYSTEM "URL"%3E]%3E'
    '%3Csvg xmlns="http://www.w3.org/2000/svg"%3E%3Ctext y="9"%3E&x;%3C/text%3E%3C/svg%3E\'>',
    "svg document type": '<img src=\'data:image/svg+xml,%3C!DOCTYPE svg SYSTEM "URL"%3E'
    '%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E\'>',
    "svg picture in a picture": '<img src=\'SVG<image href=URL width="5" height="5"/>\'>',
    "svg use, well-formed": "<img src='SVG<use href=URL />'>",
    "svg filter, well-formed": '<img src=\'SVG<filter id="f"><feImage href=URL /></filter><rect filter="url(#f)" width="5" height="5"/>\'>',
    "svg in the page": "<svg><image href='URL' width=5 height=5 /><use href='URL#a' /></svg>",
    "refresh": "<meta http-equiv=refresh content='0; url=URL'>x",
    "form": "<form action='URL'><input type=submit></form>",
    "script": "<script src='URL'></script>x",
    "mathml and video": "<video src='URL' poster='URL'></video><audio src='URL'></audio>",
}


def test_the_canary_hears_an_unconfined_engine(canary):
    """Positive control: without our fetcher the same page does reach the server."""
    HTML(string=f"<img src='http://127.0.0.1:{canary.server_port}/control'>").write_pdf()

    assert canary.knocks == ["/control"]
    canary.knocks.clear()


ATTEMPTS = (
    "open('/etc/passwd')", "open('/proc/self/environ')", "open('var/secret_key')", "open('/tmp/x', 'w')",
    "os.open('/etc/hostname', os.O_RDONLY)", "socket.socket().connect(('127.0.0.1', 9))",
    "socket.getaddrinfo('localhost', 80)", "subprocess.run(['true'])", "os.system('true')", "os.fork()",
    "urllib.request.urlopen('file:///etc/passwd')", "os.remove('/tmp/x')", "os.mkdir('/tmp/y')",
    "open(child.__file__, 'a')", "open(json.__file__, 'a')",
)  # fmt: skip


def test_even_code_inside_the_child_opens_nothing():
    """The second wall, tried without the first."""
    code = f"""
import json, os, socket, subprocess, urllib.request
from core.documents.engine import child, confine
confine.guard_files(child.Refused)
for attempt in {ATTEMPTS!r}:
    try:
        eval(attempt)
    except child.Refused:
        continue
    except BaseException as error:
        print(attempt, repr(error))
    else:
        print(attempt, "done")
open(json.__file__).close()
print("end")
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False
    )

    assert done.stdout == "end\n", done.stderr


# Past Python altogether: what a hole in one of the C libraries could try. Each prints when it succeeds.
CALLS = (
    "socket.socket()", "socket.socketpair()", "os.fork()", "os.execv('/bin/true', ['true'])", "os.posix_spawn('/bin/true', ['true'], {})",
    "subprocess.run(['true'])", "open('/tmp/yaoqing-canary', 'w')", "os.open('/tmp/yaoqing-canary', os.O_CREAT)",
    "os.unlink(__file__)", "os.mkdir('/tmp/yaoqing-canary')", "os.rename(__file__, '/tmp/yaoqing-canary')",
    "os.symlink('/etc', '/tmp/yaoqing-canary')", "os.chmod(__file__, 0)", "os.kill(os.getppid(), 0)",
    "os.mknod('/tmp/yaoqing-canary')", "os.truncate(__file__, 0)",
)  # fmt: skip


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="系统调用过滤只用于这两种处理器")
def test_even_native_code_inside_the_child_is_held_by_the_kernel(tmp_path):
    """The third wall, tried without the others; threads and reading go on."""
    code = f"""
import os, socket, subprocess, sys, threading
from core.documents.engine import syscalls
assert syscalls.refuse()
for attempt in {CALLS!r}:
    try:
        eval(attempt)
    except PermissionError:
        continue
    print(attempt)
thread = threading.Thread(target=open(__file__).close)
thread.start()
thread.join()
print("end")
"""
    script = tmp_path / "script.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script)], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )  # fmt: skip

    assert done.stdout == "end\n", done.stderr
    assert not os.path.lexists("/tmp/yaoqing-canary")


def test_the_child_at_work_carries_the_kernels_filter(renderer):
    renderer.pdf("<!doctype html><title>x</title><p>要情")

    with open(f"/proc/{renderer.child_pid}/status") as status:
        assert "Seccomp:\t2" in status.read()


def with_address(page, address):
    if "SVG" in page:
        before, rest = page.split("SVG")
        inside, after = rest.rsplit("'", 1)
        page = before + svg(inside.replace("URL", f'"{address}"')) + "'" + after
    return page.replace("URL", address)


def nothing_leaked(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.attachments) == 0
        for item in opened.objects:
            if isinstance(item, pikepdf.Stream):
                assert SECRET.encode() not in item.read_bytes()


# Attributes without quotes, an entity: no reader of SVG gets as far as the address in them.
BROKEN = {"svg image", "svg use", "svg filter", "svg entity"}


@pytest.mark.parametrize("kind", ["http", "file"])
@pytest.mark.parametrize("name", REACHES)
def test_nothing_outside_the_page_is_reached(renderer, canary, secret_file, name, kind):
    address = secret_file.as_uri() if kind == "file" else f"http://127.0.0.1:{canary.server_port}/x"
    page = f"<!doctype html><html lang='zh-CN'><title>x</title>{with_address(REACHES[name], address)}"

    try:
        nothing_leaked(renderer.pdf(page))
    except RenderError as error:
        # A picture that fails on a part it was refused counts as broken.
        wanted = "图片已损坏" if name in BROKEN else "版式引用了外部资源，已拒绝"
        assert wanted in str(error)

    assert canary.knocks == []


@pytest.mark.parametrize(
    "address",
    ["ftp://127.0.0.1/x", "gopher://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "FILE:///etc/passwd",
     "file://localhost/etc/passwd", "/etc/passwd", "//127.0.0.1/x", "asset:../../etc/passwd", "asset:/etc/passwd",
     "data:text/html,<p>x", "data:application/pdf;base64,AAAA", "data:image/png;base64," + "A" * 3_000_000],
    ids=lambda address: address[:30],
)  # fmt: skip
def test_no_other_scheme_is_served(renderer, address):
    try:
        nothing_leaked(renderer.pdf(f"<!doctype html><img src='{address}'>字"))
    except RenderError as error:
        assert "版式引用了外部资源，已拒绝" in str(error)


def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"\0" * ((width // 8 + 1) * height), 9)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


LETTERS = "abcdefghij"
BOMBS = {
    "huge page": "<style>@page { size: 1000000mm 1000000mm }</style><p>字",
    "tiny page": "<style>@page { size: 5mm 5mm; margin: 2mm }</style>" + "<p>" + "字" * 5000,
    "huge type": "<p style='font-size: 1e9px'>字",
    "nested boxes": "<div>" * 3000 + "字",
    "very deep boxes": "<div>" * 20000 + "字",
    "nested flex boxes": "<div style='display: flex'>" * 22 + "字",
    "column span": "<table><tr><td colspan=1000000>字</table>",
    "row span": "<table><tr><td rowspan=65000>x<td>" + "<tr><td>y" * 300 + "</table>",
    "giant variables": "<style>:root { --a: 'xxxxxxxxxx';"
    + "".join(f"--{b}: " + f"var(--{a}) " * 10 + ";" for a, b in zip(LETTERS, LETTERS[1:], strict=False))
    + "} p::before { content: var(--j) }</style><p>",
    "svg use": "<svg><g id='a0'><rect width='1' height='1'/></g>"
    + "".join(f"<g id='a{n + 1}'>" + f"<use href='#a{n}'/>" * 10 + "</g>" for n in range(7))
    + "<use href='#a7'/></svg>",
    "laughing entities": "<img src='data:image/svg+xml,%3C!DOCTYPE svg [%3C!ENTITY a0 \"ha\"%3E"
    + "".join(f'%3C!ENTITY a{n + 1} "' + f"&a{n};" * 10 + '"%3E' for n in range(9))
    + "]%3E%3Csvg xmlns=\"http://www.w3.org/2000/svg\"%3E%3Ctext%3E&a9;%3C/text%3E%3C/svg%3E'>",
    "columns of a grid": "<div style='display: grid; grid-template-columns: repeat(20000, 1px)'>" + "<i>x</i>" * 2000,
    "one endless word": "<p>" + "字" * 1_000_000,
    "forced pages": "<p style='break-before: page'>x</p>" * 5000,
    "picture of a billion pixels": "<img src='data:image/png;base64,"
    + base64.b64encode(png(30000, 30000)).decode() + "'>",
    "floats": "<div style='float: left'>" * 200 + "字",
    "counters": "<style>p::before { content: '" + "A" * 200_000 + "' }</style>" + "<p>x</p>" * 50,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_within_its_limit(renderer, name):
    started = time.monotonic()

    try:
        assert renderer.pdf(f"<!doctype html><html lang='zh-CN'><title>x</title>{BOMBS[name]}").startswith(
            b"%PDF"
        )
    except RenderError as error:
        assert "文书" in str(error) or "排版" in str(error)

    assert time.monotonic() - started < LIMITS.wall_seconds + 60


def test_after_all_that_an_honest_page_is_printed(renderer):
    assert renderer.pdf("<!doctype html><title>x</title><p>要情").startswith(b"%PDF")
