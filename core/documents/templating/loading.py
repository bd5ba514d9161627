"""The templates a format may use: its own files and the base templates of the system."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import TemplateNotFound
from jinja2.loaders import BaseLoader

from core.errors import RenderError

PRINT_FOLDER = Path(__file__).resolve().parents[3] / "templates" / "print"
MOST_SOURCE = 500_000


def base_templates() -> dict[str, Path]:
    """The templates that every format may use, by the name under which it does."""
    return {f"print/{path.name}": path for path in sorted(PRINT_FOLDER.glob("*.html"))}


@cache
def base_words() -> frozenset[str]:
    """The names that the base templates use."""
    sources = (path.read_text("utf-8") for path in base_templates().values())
    return frozenset(word for source in sources for word in re.findall(r"[a-z][a-z_]+", source))


class Files(BaseLoader):
    """The pack's own files and the base templates; a name outside both does not exist."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def get_source(self, environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source = self._base(template) if template.startswith("print/") else self._files.get(template)
        if source is None:
            raise TemplateNotFound(template)
        if len(source) > MOST_SOURCE:
            raise RenderError("版式模板过大", where=template)
        return source, template, lambda: True

    @staticmethod
    def _base(template: str) -> str | None:
        known = base_templates()
        return known[template].read_text("utf-8") if template in known else None
