"""A pack's document formats under the hands of their author: the sources as texts, and a trial print of them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.documents.preview import anchor_pages, page_count, page_png
from core.documents.printable import refuse_empty
from core.documents.sandbox import render_html
from core.documents.store import TEMPLATE, fonts, renderer
from core.documents.word.file import docx
from core.errors import Findings, InvalidInput, NotFound, PackError, YaoqingError
from core.packs.format import Pack
from core.packs.slips import slips_of
from core.packs.trials import as_values
from core.strict_yaml.loader import Document, load

SAMPLE, STYLE = "sample.yaml", "style.css"
TITLES = {TEMPLATE: "版式", STYLE: "样式", SAMPLE: "试排用的数据"}
LONGEST = 200_000
SHOWN, WIDTH = 3, 700


@dataclass(frozen=True)
class Layout:
    """A document format: its name, its title, and those of its files that an author writes."""

    kind: str
    title: str
    texts: Mapping[str, str]

    @property
    def home(self) -> str:
        """Where its files lie in the pack."""
        return f"documents/{self.kind}"


@dataclass(frozen=True)
class Proof:
    """A trial print: pictures of the first pages as data addresses, names the data does not give, slips in the data,
    what went wrong."""

    pages: int = 0
    pictures: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    slips: tuple[PackError, ...] = ()
    refusal: YaoqingError | None = None


@dataclass(frozen=True)
class Edited:
    """A layout with its texts as they stand in the form."""

    layout: Layout
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> dict[str, bytes]:
        """The pack's files that differ, by name."""
        return {
            f"{self.layout.home}/{name}": text.encode()
            for name, text in self.texts.items()
            if text != self.layout.texts.get(name, "")
        }


def layouts_of(pack: Pack) -> list[Layout]:
    """All document formats of a pack."""
    return [
        Layout(
            kind,
            str(source.meta.get("title") or kind),
            {name: source.files[name] for name in TITLES if name in source.files},
        )
        for kind, source in pack.documents.items()
    ]


def layout_of(pack: Pack, kind: str) -> Layout:
    """One of them. Raises NotFound."""
    for each in layouts_of(pack):
        if each.kind == kind:
            return each
    raise NotFound("规则包没有这个版式", advice="请从规则包的页面选择")


def edited(layout: Layout, form: Mapping[str, str]) -> Edited:
    """The texts of a form; files it does not mention stay as they are. Raises InvalidInput for one that is too long."""
    texts = dict(layout.texts)
    for name, title in TITLES.items():
        if (text := form.get(name)) is not None and (text.strip() or name in texts):
            if len(text) > LONGEST:
                raise InvalidInput("文字太长", where=title, advice=f"请控制在 {LONGEST // 10000} 万字以内")
            # Browsers send lines in their own way; a text nobody touched must not look changed.
            texts[name] = _ended_like(text.replace("\r\n", "\n"), layout.texts.get(name, ""))
    return Edited(layout, texts)


def _ended_like(text: str, old: str) -> str:
    return text if text.endswith("\n") or not old.endswith("\n") else text + "\n"


def proof(pack: Pack, wanted: Edited) -> Proof:
    """A trial print with the sample. Never raises for what the author wrote."""
    missing: dict[str, None] = {}
    slips: list[PackError] = []
    try:
        files = {**pack.documents[wanted.layout.kind].files, **wanted.texts}
        sample = _sample(files.get(SAMPLE, "").encode(), wanted.layout)
        slips = slips_of(sample, files)
        pdf = renderer().pdf(
            render_html(TEMPLATE, files, as_values(sample.plain()), fonts(), missing=missing)
        )
        pages = page_count(pdf)
        pictures = [_picture(page_png(pdf, page, WIDTH)) for page in range(1, min(pages, SHOWN) + 1)]
    except YaoqingError as error:
        return Proof(missing=tuple(missing), slips=tuple(slips), refusal=error)
    return Proof(pages, tuple(pictures), tuple(missing), tuple(slips))


def printed(
    pack: Pack, layout: Layout, sample: bytes | None = None, word_dated: date | None = None
) -> tuple[bytes, bytes]:
    """The PDF of a layout with its sample or other data, and with a day the Word file too; as strict as an issue."""
    files = pack.documents[layout.kind].files
    content = sample if sample is not None else files.get(SAMPLE, "").encode()
    data = _sample(content, layout)
    if slips := slips_of(data, files):
        raise Findings("试排用的数据有误", list(slips))
    values = as_values(data.plain())
    refuse_empty(values)
    html = render_html(TEMPLATE, files, values, fonts(), complete=True)
    pdf = renderer().pdf(html)
    return pdf, docx(html, word_dated, anchor_pages(pdf)) if word_dated else b""


def _sample(content: bytes, layout: Layout) -> Document:
    document = load(content, f"{layout.home}/{SAMPLE}")
    if not isinstance(document.root.value, dict):
        raise PackError("应为“键: 值”的形式", where=TITLES[SAMPLE], advice="请逐项写出试排用的数据")
    return document


def _picture(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
