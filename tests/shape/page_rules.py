"""What must hold for every answer of the site, whatever the page: headers, no inline code, nothing from outside."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from werkzeug.test import TestResponse

REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "cite", "ping", "background"}


def faults_of(response: TestResponse) -> Iterator[str]:
    """Everything that is wrong with an answer."""
    yield from _header_faults(response)
    if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 307, 308):
        reader = PageReader()
        reader.feed(response.text)
        reader.close()
        yield from reader.faults
        if reader.language != "zh-CN" or not reader.title:
            yield f"language {reader.language!r}, title {reader.title!r}"


def _header_faults(response: TestResponse) -> Iterator[str]:
    for name, value in REQUIRED.items():
        if response.headers.get(name) != value:
            yield f"{name}: {response.headers.get(name)}"
    policy = response.headers.get("Content-Security-Policy", "")
    if response.mimetype == "text/html":
        directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if " " in part.strip())
        for name, value in POLICY.items():
            if directives.get(name) != value:
                yield f"Content-Security-Policy: {name} is {directives.get(name)}"
    if "unsafe" in policy or "*" in policy or "http:" in policy or not policy:
        yield f"Content-Security-Policy: {policy or 'missing'}"
    caching = response.headers.get("Cache-Control", "")
    if "no-store" not in caching and not caching.startswith("private,") and not _is_static(response):
        yield f"Cache-Control: {caching}"
    for cookie in response.headers.getlist("Set-Cookie"):
        if "HttpOnly" not in cookie or "SameSite=Lax" not in cookie:
            yield f"cookie without its flags: {cookie.split('=')[0]}"


def _is_static(response: TestResponse) -> bool:
    return response.request.path.startswith("/static/")


class PageReader(HTMLParser):
    """Collects faults of a page, and its forms."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.forms: list[dict[str, list[str]]] = []
        self.language, self.title = "", ""
        self._inside, self._text_area = "", ""
        self._unprotected = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.language = given.get("lang", "") if tag == "html" else self.language
        self._inside = tag if tag in ("script", "style", "title") else ""
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.faults.append(f"inline <{tag}>")
        if tag == "meta" and "http-equiv" in given or tag in ("base", "iframe", "embed", "frame"):
            self.faults.append(f"<{tag}> {given}")
        for name, value in given.items():
            if name.startswith("on") or name == "style":
                self.faults.append(f"{name} attribute on <{tag}>")
            if name in ADDRESSES and not _is_local(value):
                self.faults.append(f"{name}={value[:80]}")
        self._form(tag, given)

    def _form(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            self.forms.append({"": [given.get("action", "")], "method": [given.get("method", "get").lower()]})
            self._unprotected = given.get("method", "").lower() == "post"
        elif tag in ("input", "select", "textarea", "button") and self.forms and given.get("name"):
            if given["name"] == "csrf_token":
                self._unprotected = False
            if tag == "textarea":
                self._text_area = given["name"]
                self.forms[-1].setdefault(given["name"], []).append("")
            elif given.get("type") not in ("submit", "checkbox", "radio", "file") and tag == "input":
                self.forms[-1].setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        if tag == "textarea":
            self._text_area = ""
        if tag == "form" and self._unprotected:
            self.faults.append(f"a form to {self.forms[-1][''][0]} without a token")

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        if self._text_area:
            values = self.forms[-1][self._text_area]
            # A browser drops the first line break of a text area.
            values[-1] += data[1:] if not values[-1] and data.startswith("\n") else data


def _is_local(address: str) -> bool:
    if address.startswith("data:image/svg+xml,") or address.startswith("data:image/png;base64,"):
        return True
    return bool(re.fullmatch(r"(/(?![/\\]).*|#.*|\?.*|)", address, re.DOTALL))


def forms_of(response: TestResponse) -> list[dict[str, list[str]]]:
    """The forms of a page: hidden and typed values by name; "" holds where the form goes."""
    reader = PageReader()
    reader.feed(response.text)
    return reader.forms
