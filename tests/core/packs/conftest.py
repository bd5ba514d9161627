"""A smallest pack as files in memory, to be spoilt one way at a time."""

import pytest

from core.packs.content.format import load_files
from core.packs.content.sections import CALENDAR_SAMPLE, OUTLETS_SAMPLE, UNITS_SAMPLE
from core.scoring.rules.schema import SAMPLE
from core.scoring.section import pack_sections

MANIFEST = "id: sample\nversion: 1.0.0\ntitle: 示例规则\nissuer: 示例市人民政府办公室\n"


@pytest.fixture
def files():
    """A smallest pack that is right."""
    texts = {
        "pack.yaml": MANIFEST,
        "units.yaml": UNITS_SAMPLE,
        "calendar.yaml": CALENDAR_SAMPLE,
        "outlets.yaml": OUTLETS_SAMPLE,
        "scoring.yaml": SAMPLE,
    }
    return {name: text.encode() for name, text in texts.items()}


@pytest.fixture
def sections():
    """The sections of an installation without plugins."""
    return pack_sections()


@pytest.fixture
def load(sections):
    """Load a pack from files in memory."""
    return lambda files, plugins=None: load_files(files, sections, plugins)
