"""Fonts and a warm renderer for tests that make documents."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from core.documents.fonts.font_set import FontSet, resolve
from core.documents.rendering.renderer import Renderer
from core.documents.templating.sandbox import render_html

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def fonts_dir() -> Path:
    """The open faces of official documents; without them nothing about layout can be tested."""
    folder = Path(os.environ.get("YAOQING_FONTS") or PROJECT / "var" / "fonts")
    if not any(folder.glob("FandolFang*")):
        message = f"no Fandol fonts in {folder}: set YAOQING_FONTS"
        if os.environ.get("YAOQING_REQUIRE_ALL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def fonts(fonts_dir, tmp_path_factory) -> FontSet:
    return resolve(fonts_dir, tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="session")
def renderer(fonts):
    warm = Renderer(fonts)
    yield warm
    warm.close()


@pytest.fixture(scope="session")
def make_html(fonts) -> Callable[..., str]:
    """make_html(template, values): with `files` for a pack's own templates."""

    def make(template: str, values: dict, files: dict[str, str] | None = None, **more) -> str:
        return render_html(template, files or {}, values, fonts, **more)

    return make


@pytest.fixture(scope="session")
def make_pdf(renderer, make_html) -> Callable[..., bytes]:
    """make_pdf(template, values): the finished PDF."""

    def make(template: str, values: dict, files: dict[str, str] | None = None, **more) -> bytes:
        return renderer.pdf(make_html(template, values, files, **more))

    return make
