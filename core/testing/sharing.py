"""What every app of a test session would find out anew, with the same result: faces, sound packs, how addresses are built.

Only successes are kept, by everything they depend on; what fails is told afresh each time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.routing import Rule

from core.documents import store
from core.documents.fonts.font_set import FontSet, resolve
from core.packs.content import format as pack_format
from core.packs.content.format import ExampleResult, Pack
from core.packs.registry import Registry
from core.strict_yaml.loader import Document, load


@contextmanager
def shared_work(folder: Path) -> Iterator[None]:
    """Resolve faces, read files of packs and try packs out once for all apps; `folder` holds the faces' files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "resolve", _faces_kept_in(folder))
        patch.setattr(pack_format, "load", _read_once())
        patch.setattr(Registry, "_examined", _tried_once(Registry._examined))
        patch.setattr(Rule, "_compile_builder", _built_once(Rule._compile_builder))
        yield


def _faces_kept_in(folder: Path) -> Callable[[Path, Path], FontSet]:
    known: dict[Any, FontSet] = {}

    def resolved(fonts_dir: Path, cache_dir: Path) -> FontSet:
        files = [(path.name, path.stat().st_mtime_ns) for path in sorted(fonts_dir.glob("*"))]
        key = (fonts_dir, *files)
        if key not in known:
            known[key] = resolve(fonts_dir, folder / str(len(known)))
        return known[key]

    return resolved


def _read_once() -> Callable[[bytes, str], Document]:
    known: dict[tuple[bytes, str], Document] = {}

    def read(raw: bytes, file: str) -> Document:
        if (raw, file) not in known:
            known[raw, file] = load(raw, file)
        return known[raw, file]

    return read


def _tried_once(
    examined: Callable[[Registry, Pack], tuple[Pack, list[ExampleResult]]],
) -> Callable[[Registry, Pack], tuple[Pack, list[ExampleResult]]]:
    known: dict[Any, list[ExampleResult]] = {}

    def tried(registry: Registry, pack: Pack) -> tuple[Pack, list[ExampleResult]]:
        sections = tuple(section.name for section in registry.sections)
        key = (pack.digest, sections, registry.plugins, registry.trials)
        if key not in known:
            known[key] = examined(registry, pack)[1]
        return pack, known[key]

    return tried


def _built_once(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """The function that builds an address; it is given the rule it belongs to when it is called."""
    known: dict[Any, Any] = {}

    def built(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compiled(rule, append_unknown)
        return known[key]

    return built
