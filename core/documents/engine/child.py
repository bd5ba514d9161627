"""The confined process that turns HTML into PDF: `python -m core.documents.engine.child`, started by the renderer.

It reads requests from its input and writes PDFs to its output until the input ends. Whatever the HTML asks
for, it may use only so much time and memory, reach no network, start no program and open no file but fonts
and the engine's own.
"""

import base64
import gc
import io
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from core.documents.engine import chapters, embolden, justify, narrow_tables, squeezing, syscalls, wire
from core.documents.engine.confine import MB, Budget, give_back, guard_files, leave_with_parent, memory_mb
from core.documents.engine.joining import Part, join
from core.documents.engine.pictures import Unreadable, watch
from core.documents.engine.quick import shortcuts

DATA_IMAGES = (
    "data:image/png;",
    "data:image/jpeg;",
    "data:image/gif;",
    "data:image/svg+xml;",
    "data:image/svg+xml,",
)
MOST_DATA = 2 * MB
# PDF/A-3: for keeping, and data files may travel inside.
VARIANT = "pdf/a-3b"
OPTIONS: dict[str, Any] = {"pdf_variant": VARIANT, "pdf_tags": True}
UNDATED = datetime(2000, 1, 1)
WARM_UP = "<html lang='zh-CN'><title>x</title><table><tr><td>字<b>字</b></table><svg><rect/></svg><p>—1"


class Refused(FatalURLFetchingError):
    """The HTML asked for something outside itself."""


class Assets(URLFetcher):
    """Serves the files handed over with the request and small pictures inside the HTML; nothing else."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(timeout=1, allowed_protocols=("data",), allow_redirects=False)
        self._files = files

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if url.startswith(DATA_IMAGES) and len(url) <= MOST_DATA:
            return _inside(url)
        name = url.removeprefix("asset:")
        if url.startswith("asset:") and name in self._files:
            return URLFetcherResponse(url, self._files[name])
        raise Refused(url[:120])


def _inside(url: str) -> URLFetcherResponse:
    """A picture written into the page, decoded here: the library's way would open a connection object."""
    head, _, body = url.partition(",")
    data = unquote_to_bytes(body)
    if head.endswith(";base64"):
        try:
            data = base64.b64decode(data)
        except ValueError:
            raise Refused(url[:120]) from None
    return URLFetcherResponse(url, data, {"Content-Type": head.removeprefix("data:").split(";")[0]})


def main() -> None:
    """Serve until the parent goes away."""
    source, sink = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    os.dup2(2, 1)  # a stray print must not enter the conversation
    threading.Thread(target=leave_with_parent, daemon=True).start()
    watch(Refused)
    budget = Budget(**json.loads(sys.argv[1]))
    patched = [
        justify.install(),
        embolden.install(),
        shortcuts.install(),
        chapters.install(),
        squeezing.install(),
        narrow_tables.install(),
    ]
    gc.disable()  # collected between documents instead
    font_config = FontConfiguration()
    _render(WARM_UP, {}, font_config)
    gc.collect()
    gc.freeze()
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    progress = Progress(sink)
    walled = syscalls.refuse()
    guard_files(Refused)
    budget.confine()
    wire.send(sink, {"ready": True, "patched": all(patched), "walled": walled})
    while True:
        head, parts = wire.receive(source)
        budget.allow_cpu()
        progress.is_wanted = bool(head.get("tell"))
        ask = Ask(source, sink, font_config, budget, head, parts)
        answer, pdf = _answer(ask.done)
        wire.send(sink, {**answer, "memory_mb": memory_mb(statm)}, {"pdf": pdf})
        if answer.get("leave"):
            return
        del ask
        parts.clear()
        gc.collect()
        if "do" in head:  # of chapters much is left; it takes milliseconds, so documents go without
            give_back()


class Progress(logging.Handler):
    """Tells the parent which page is being laid out, a few times a second."""

    def __init__(self, sink: BinaryIO) -> None:
        super().__init__(logging.INFO)
        self.is_wanted, self._sink, self._last = False, sink, 0.0
        logger = logging.getLogger("weasyprint.progress")
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """The engine announces every page, each time it is laid out."""
        page = record.args[0] if isinstance(record.args, tuple) and record.args else None
        if self.is_wanted and isinstance(page, int) and time.monotonic() - self._last > 0.2:
            self._last = time.monotonic()
            wire.send(self._sink, {"page": page})


@dataclass
class Ask:
    """One request: a document of its own, a chapter of a volume, or the volume of finished chapters."""

    source: BinaryIO
    sink: BinaryIO
    fonts: FontConfiguration
    budget: Budget
    head: dict[str, Any]
    parts: dict[str, bytes]

    def done(self) -> tuple[bytes, dict[str, Any]]:
        """The PDF, and what else is to be told of it."""
        work = {"chapter": self._chapter, "volume": self._volume}.get(self.head.get("do", ""), self._document)
        pdf, told = work()
        if len(pdf) > self.budget.output_mb * MB:
            raise OverflowError
        return pdf, told

    def _document(self) -> tuple[bytes, dict[str, Any]]:
        html, assets = self.parts["html"].decode(), _named(self.parts, "asset:")
        return _render(html, assets, self.fonts, _named(self.parts, "attach:")), {}

    def _chapter(self) -> tuple[bytes, dict[str, Any]]:
        with chapters.sharing(self._first_page):
            return self._part()

    def _part(self) -> tuple[bytes, dict[str, Any]]:
        page = HTML(string=self.parts["html"].decode(), url_fetcher=Assets(_named(self.parts, "asset:")))
        document = page.render(font_config=self.fonts, **OPTIONS)
        pdf = document.write_pdf(**OPTIONS)
        return pdf, {"facts": chapters.facts_of(document)}

    def _first_page(self, pages: int) -> int:
        wire.send(self.sink, {"laid": pages})
        return wire.receive(self.source)[0]["first"]

    def _volume(self) -> tuple[bytes, dict[str, Any]]:
        with chapters.sharing():
            pdf, told = self._part()
        made = [
            Part(self.parts.pop(f"chapter:{number}"), facts, title)
            for number, (facts, title) in enumerate(zip(self.head["facts"], self.head["titles"], strict=True))
        ]
        return join(Part(pdf, told["facts"]), made, self.fonts), {}


def _named(parts: dict[str, bytes], prefix: str) -> dict[str, bytes]:
    return {name.removeprefix(prefix): data for name, data in parts.items() if name.startswith(prefix)}


def _render(
    html: str,
    assets: dict[str, bytes],
    font_config: FontConfiguration,
    attached: dict[str, bytes] | None = None,
) -> bytes:
    document = HTML(string=html, url_fetcher=Assets(assets))
    data = [_attachment(name, content) for name, content in (attached or {}).items()]
    return document.write_pdf(font_config=font_config, attachments=data, **OPTIONS)


def _attachment(name: str, content: bytes) -> Attachment:
    # Dated by a constant: the same document has the same bytes whenever it is made.
    return Attachment(
        file_obj=io.BytesIO(content), name=name, relationship="Data", created=UNDATED, modified=UNDATED
    )


def _answer(render: Callable[[], tuple[bytes, dict]]) -> tuple[dict, bytes]:
    """The PDF, or what went wrong as a short word the parent explains. `leave`: this process is spoilt."""
    try:
        pdf, told = render()
        return {"ok": True, **told}, pdf
    except Refused as error:
        return {"error": "refused", "detail": str(error)}, b""
    except (MemoryError, SystemError):
        # Libraries in C that get no memory may fail without saying of what.
        return {"error": "memory", "leave": True}, b""
    except RecursionError:
        return {"error": "depth", "leave": True}, b""
    except OverflowError as error:
        # Of our own limit there is no more to say.
        return {"error": "size", "technical": _said(error) if str(error) else ""}, b""
    except narrow_tables.Crammed as error:
        return {"error": "table", "detail": str(error)}, b""
    except Unreadable as error:
        return {"error": "picture", "detail": str(error)}, b""
    except Exception as error:  # the engine may fail in any way on hostile input
        return {"error": "engine", "technical": _said(error)}, b""


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


if __name__ == "__main__":
    try:
        main()
    except (EOFError, BrokenPipeError):
        sys.exit(0)
