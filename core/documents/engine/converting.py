"""The confined process that turns a PDF into another format, started by the converter as a program of its own.

The function that does it belongs to a plugin and is imported before the walls go up. It gets the bytes and a few
words, gives bytes, and may meanwhile use only so much time and memory and open nothing but Python's own library.
"""

import importlib
import inspect
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import BinaryIO

from core.documents.engine import syscalls, wire
from core.documents.engine.confine import MB, Budget, guard_files, leave_with_parent
from core.errors import RenderError

# Seconds between two words about how far it is.
PAUSE = 0.2


class Refused(Exception):
    """The function wanted something outside its walls."""


def main() -> None:
    """Convert documents until the parent goes away."""
    source, sink = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    os.dup2(2, 1)  # a stray print must not enter the conversation
    threading.Thread(target=leave_with_parent, daemon=True).start()
    budget = Budget(**json.loads(sys.argv[1]))
    module, _, name = sys.argv[2].partition(":")
    convert = getattr(importlib.import_module(module), name)
    tells = "told" in inspect.signature(convert).parameters
    walled = syscalls.refuse()
    guard_files(Refused)
    budget.confine()
    wire.send(sink, {"ready": True, "patched": True, "walled": walled})
    while True:
        head, parts = wire.receive(source)
        budget.allow_cpu()
        told = _teller(sink) if head.get("tell") and tells else None
        answer, made = _answer(
            partial(convert, told=told) if told else convert, parts["source"], head["about"], budget
        )
        wire.send(sink, answer, {"made": made})
        if not answer.get("ok"):
            return


def _teller(sink: BinaryIO) -> Callable[[int], None]:
    """What a function tells of the pages it has done, now and then."""
    last = [0.0]

    def told(page: int) -> None:
        now = time.monotonic()
        if now - last[0] >= PAUSE:
            last[0] = now
            wire.send(sink, {"page": page})

    return told


def _answer(
    convert: Callable[[bytes, Mapping[str, str]], bytes],
    content: bytes,
    about: Mapping[str, str],
    budget: Budget,
) -> tuple[dict, bytes]:
    """The file, or what went wrong as a short word the parent explains."""
    try:
        made = convert(content, about)
    except MemoryError:
        return {"error": "memory"}, b""
    except RecursionError:
        return {"error": "depth"}, b""
    except OverflowError as error:
        return {"error": "size", "technical": str(error)[:300]}, b""
    except Refused as error:
        return {"error": "refused", "detail": str(error)}, b""
    except RenderError as error:  # in the plugin's own words
        return {"error": "failed", "detail": str(error)[:300]}, b""
    except Exception as error:  # the libraries behind it may fail in any way on a damaged file
        return {"error": "broken", "technical": f"{type(error).__name__}: {error}"[:300]}, b""
    return ({"ok": True}, made) if len(made) <= budget.output_mb * MB else ({"error": "size"}, b"")


if __name__ == "__main__":
    try:
        main()
    except (EOFError, BrokenPipeError):
        sys.exit(0)
