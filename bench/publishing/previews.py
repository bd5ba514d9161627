"""How long the board's pages are out of date: from a change sent to the server until the changed page is there."""

import http.client
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from browser import TOKEN, Browser
from issues import spread
from office import LOGIN, Office, Size
from server import Server

SHEET = re.compile(r'data-look="(\w+)"><img class="sheet" src="([^"]+)"')
ITEM = re.compile(r'data-item="(\d+)"')
# The first changes start the layout processes.
WARM = 2
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Board:
    """An editor's board over one connection, as its script uses it."""

    def __init__(self, server: Server, password: str, issue_id: int) -> None:
        self.person, self.address = Browser(server.url), f"/journals/{issue_id}"
        self.person.sign_in(LOGIN, password)
        self.token = TOKEN.search(self.person.open(f"{self.address}/compose")[1])[1]
        self.connection = http.client.HTTPConnection(self.person.address, timeout=120)
        self.looks: list[str] = []
        self.pages_shown()

    def seconds(self, then: Callable[[], None], path: str, **form: str | int) -> float:
        """Make a change, then wait for what shows it."""
        started = time.perf_counter()
        self._answer("POST", path, urlencode({"fragment": 1, "csrf_token": self.token, **form}))
        then()
        return time.perf_counter() - started

    def items(self) -> list[int]:
        """The items in their order."""
        return list(map(int, ITEM.findall(json.loads(self._answer("GET", "/board"))["html"])))

    def pages_shown(self) -> None:
        """Have the pages laid out and fetch the first that differs, as the script does."""
        found = SHEET.findall(json.loads(self._answer("GET", "/sheets"))["html"])
        before, self.looks = self.looks, [look for look, _ in found]
        first = next((n for n, look in enumerate(self.looks) if before[n : n + 1] != [look]), None)
        if first is None:
            raise SystemExit("改动之后，没有一页有变化")
        self._answer("GET", found[first][1].removeprefix(self.address))

    def proof(self) -> None:
        """The whole draft as PDF."""
        if not self._answer("GET", "/proof.pdf").startswith(b"%PDF"):
            raise SystemExit("没有取得校样")

    def _answer(self, method: str, path: str, body: str | None = None) -> bytes:
        headers = {"Cookie": self.person.cookie, **(FORM if body else {})}
        self.connection.request(method, self.address + path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} 返回 {answer.status}：{content.decode(errors='replace')[:500]}")
        return content


def previews(office: Office, server: Server, password: str, size: Size, reps: int) -> Iterator[str]:
    """Rows of a table for an issue of this size: an item put into it, an item moved, and the PDF asked for.

    Every layout is of a draft nobody has seen before, so that nothing is answered from what is kept.
    """
    board = Board(server, password, office.draft(size).id)
    spent: defaultdict[str, list[float]] = defaultdict(list)
    for rep in range(WARM + reps):
        fresh = office.item(size)
        put = board.seconds(board.pages_shown, "/items", submission_id=fresh, column=size.column)
        first, *_, last = board.items()
        up = {"column": size.column, "before": first}
        moved = board.seconds(board.pages_shown, f"/items/{last}/move", **up)
        printed = board.seconds(board.proof, f"/items/{board.items()[-1]}/remove")
        board.pages_shown()
        if rep >= WARM:
            spent["放入一条，见到新页"].append(put)
            spent["移动一条，见到新页"].append(moved)
            spent["移出一条，取得 PDF"].append(printed)
    for name, all_seconds in spent.items():
        middle, late = spread(all_seconds)
        yield f"| {len(board.looks)} | {name} | {middle:.0f} | {late:.0f} |"
