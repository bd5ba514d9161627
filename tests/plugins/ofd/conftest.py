"""OFD files of the printed forms, of the bundled packs' documents, and of a page with everything a page may show."""

from collections.abc import Callable

import pytest

from core.config import PROJECT
from core.packs.trials import as_values
from core.strict_yaml.loader import load
from plugins.ofd.convert import ofd
from tests.docs import forms, samples
from tests.docs.conftest import SAMPLES
from tests.docs.fixtures import fonts, fonts_dir, make_html, make_pdf, renderer
from tests.plugins.ofd import samples as ofd_samples

__all__ = ["fonts", "fonts_dir", "make_html", "make_pdf", "renderer"]

ABOUT = {
    "title": "关于6月份信息采用情况的通报",
    "kind": "通报",
    "number": "临政办〔2026〕18号",
    "dated": "2026-07-06",
}
PACKS = {
    f"{home.parts[-3]} {home.name}": home
    for home in sorted(path.parent for path in (PROJECT / "rulepacks").glob("*/documents/*/template.html"))
}
NAMES = [*SAMPLES, "rare characters", "everything", *PACKS]


@pytest.fixture(scope="session")
def pdf_of(make_pdf, renderer, fonts) -> Callable[[str], bytes]:
    """pdf_of(name): the PDF of a form or of a pack's document, grown to several pages with rare characters."""
    made: dict[str, bytes] = {}

    def make(name: str) -> bytes:
        if name in SAMPLES:
            template, values = SAMPLES[name]
            return make_pdf(template, values())
        if name == "rare characters":
            return make_pdf("print/circular.html", {**samples.circular(), "body": forms.mixed(6)})
        if name == "everything":
            return renderer.pdf(ofd_samples.page(fonts), ofd_samples.PICTURES)
        home = PACKS[name]
        values = as_values(load((home / "sample.yaml").read_bytes(), "sample.yaml").plain())
        place = values["columns"][0]["items"][0] if "columns" in values else values
        place["body"] = [*place["body"], *forms.mixed(5)]
        return make_pdf(
            "template.html", values, {path.name: path.read_text("utf-8") for path in home.iterdir()}
        )

    return lambda name: made[name] if name in made else made.setdefault(name, make(name))


@pytest.fixture(scope="session")
def ofd_of(pdf_of) -> Callable[[str], bytes]:
    """ofd_of(name): the OFD file made from it."""
    made: dict[str, bytes] = {}
    return lambda name: made[name] if name in made else made.setdefault(name, ofd(pdf_of(name), ABOUT))
