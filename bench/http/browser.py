"""Sign in as a person does, over HTTP, and look at a page before it is measured."""

import http.client
import re
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from pages import Page

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Keeps cookies; opens one connection per request, which is all that signing in needs."""

    def __init__(self, url: str):
        self.address = urlsplit(url).netloc
        self.cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of an answer; redirects are not followed."""
        connection = http.client.HTTPConnection(self.address, timeout=120)
        headers = {"Cookie": self.cookie} if self.cookies else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if form is not None else "GET", path, urlencode(form or {}), headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update((name, morsel.value) for name, morsel in SimpleCookie(line).items())
        content = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, content

    def sign_in(self, login: str, password: str) -> None:
        """Through the sign-in page."""
        token = TOKEN.search(self.open("/login")[1])
        form = {"login": login, "password": password, "next": "", "csrf_token": token[1] if token else ""}
        status, answer = self.open("/login", form)
        if status != 302:
            raise SystemExit(f"{login} 登录失败（{status}）：\n{answer[:2000]}")
        # The first page puts the form token into the cookie; without it every later answer would set it anew.
        self.open("/")

    def check(self, page: Page) -> float:
        """Milliseconds of the very first answer. Raises SystemExit unless the page is what it should be."""
        started = time.perf_counter()
        answers = [self.open(page.paths[0])]
        first = (time.perf_counter() - started) * 1000
        answers += [self.open(path) for path in page.paths[-1:]]
        for status, content in answers:
            if status != 200 or page.holds not in content:
                raise SystemExit(f"“{page.title}”不能测：返回 {status}，应含“{page.holds}”\n{content[:1500]}")
        return first
