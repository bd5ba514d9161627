"""A small office with a pack that has two journals, people for every part, and items to place."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.config import PROJECT
from core.documents.store import Rendered
from core.files import store
from core.packs import services as packs
from core.testing import BLANK_PDF, actor_of
from plugins.journal import publishing, services, signing

JOURNALS = """\
journals:
  - id: zwyq
    title: 《政务要情》
    outlet: zwyq
    document: briefing
    office_line: "{office}信息科"
    total: {start: 36}
    contents: true
    columns:
      - {id: news, title: 工作动态, limit: 2}
      - {id: advice, title: 问题建议, genres: [problem]}
      - {id: grassroots, title: 基层直通, outlet: zwyq-jc, unit_kinds: [direct_report_point]}
    distribution:
      - {label: 报, to: "{place}领导。"}
    copies: 120
  - id: zwkx
    title: 《政务快讯》
    outlet: zwkx
    document: briefing
    columns:
      - {id: news, title: 快讯}
"""
OUTLETS = """\
levels:
  - {id: city, title: 市级}
ladders:
  - id: government
    title: 政府系统
    levels:
      - id: city
        outlets:
          - {id: zwyq, title: 《政务要情》, columns: [{id: zwyq-jc, title: 基层直通}]}
          - {id: zwkx, title: 《政务快讯》}
"""
BRIEFING = PROJECT / "rulepacks" / "luan-2013" / "documents" / "briefing"


@pytest.fixture
def pack_folder(tmp_path: Path, app) -> Callable[..., Path]:
    """Write a pack with the given journals.yaml."""

    def make(journals: str = JOURNALS, version: str = "1.0.0") -> Path:
        folder = tmp_path / "source" / version
        shutil.copytree(BRIEFING, folder / "documents" / "briefing")
        texts = {section.name: section.sample for section in packs.registry().sections if section.required}
        texts |= {"outlets": OUTLETS, "journals": journals}
        texts["pack"] = (
            f"id: shili\nversion: {version}\ntitle: 示例办法\nissuer: 示例市\nplugins: [journal]\n"
        )
        for name, text in texts.items():
            # The sample's rules reward its own journal; here that is ours.
            (folder / f"{name}.yaml").write_text(text.replace("bulletin", "zwyq"), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def pack(pack_folder, office):
    """The pack, in force in the office."""
    found, _ = packs.install(None, pack_folder())
    packs.activate(None, office.id, found.id, date(2024, 1, 1))
    return found


@pytest.fixture
def editor(pack, staff, unit):
    return staff("editor", unit)


@pytest.fixture
def issuer(pack, staff, unit):
    return staff("issuer", unit)


@pytest.fixture
def other_editor(pack, make_user):
    return actor_of(make_user("editor"))


@pytest.fixture
def awaiting(editor, make_submission):
    """Make an issue that waits for signature, with one item a title."""

    def make(*titles: str, journal: str = "zwyq", **submission):
        issue = services.create_issue(editor, journal)
        for title in titles or ("示例县启动春耕",):
            item = make_submission("editing", title=title, **submission)
            services.add_item(editor, issue.id, item.id, "news")
        return signing.send_for_signature(editor, issue.id)

    return make


@pytest.fixture
def quick_pages(monkeypatch):
    """Publishing without the layout engine: one page that is always the same."""
    values = []

    def render(files, given, **how):
        values.append(given)
        word = store().put(b"word") if how.get("word_dated") else ""
        return Rendered(store().put(b"<p></p>"), store().put(BLANK_PDF), 1, len(BLANK_PDF), word)

    monkeypatch.setattr(publishing.store, "render", render)
    return values


@pytest.fixture
def real_pages(app):
    """Publishing with the layout engine, whose process ends with the test."""
    yield
    publishing.store.renderer().close()
    publishing.proof_pdf.cache_clear()
