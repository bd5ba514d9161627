"""A pack's document formats under the hands of their author: the sources as texts, and a trial print of them."""

import base64
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from core.documents.derived import sheets_of
from core.documents.printable import refuse_empty
from core.documents.rendering.drawing import drawn_by
from core.documents.rendering.preview import anchor_pages, page_count, page_png
from core.documents.store import TEMPLATE, fonts, renderer
from core.documents.templating.references import PICTURE
from core.documents.templating.sandbox import render_html
from core.documents.templating.switches import FILE as SWITCHES
from core.documents.word.file import docx
from core.documents.workbook import workbook
from core.errors import Findings, InvalidInput, NotFound, PackError, YaoqingError
from core.packs.content.format import Pack
from core.packs.layout_pictures import MOST_PICTURES, picture
from core.packs.parcels import Upload
from core.packs.slips import slips_of
from core.packs.trials import as_values, misdescribed
from core.strict_yaml.loader import Document, load

SAMPLE, STYLE = "sample.yaml", "style.css"
TITLES = {TEMPLATE: "版式", STYLE: "样式", SAMPLE: "试排用的数据", SWITCHES: "名称和版面开关"}
LONGEST = 200_000
SHOWN, WIDTH = 3, 700
# Fields of a form with the pictures that came with it before.
AGAIN = "picture:"


@dataclass(frozen=True)
class Layout:
    """A document format: its name, its title, those of its files that an author writes, its pictures as SVG."""

    kind: str
    title: str
    texts: Mapping[str, str]
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """Where its files lie in the pack."""
        return f"documents/{self.kind}"


@dataclass(frozen=True)
class Proof:
    """A trial print: pictures of the first pages as data addresses, names the data does not give, slips in the data and
    in what the format says of itself, what went wrong."""

    pages: int = 0
    pictures: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    slips: tuple[PackError, ...] = ()
    refusal: YaoqingError | None = None


@dataclass(frozen=True)
class Page:
    """A document as it would be issued: the page it is made from, and its PDF."""

    html: str
    pdf: bytes

    def word(self, dated: date) -> bytes:
        """The Word file."""
        return docx(self.html, dated, anchor_pages(self.pdf), drawn_by(renderer()))

    def tables(self, dated: date) -> bytes:
        """Its tables as a workbook; nothing when it has none."""
        sheets = list(sheets_of(self.html))
        return workbook(sheets, dated) if sheets else b""


@dataclass(frozen=True)
class Shown:
    """A picture on the page: its name, its address, its SVG when it is new, whether it is to go."""

    name: str
    address: str
    new: str
    dropped: bool


@dataclass(frozen=True)
class Edited:
    """A layout with its texts and pictures as they stand in the form."""

    layout: Layout
    texts: Mapping[str, str]
    pictures: Mapping[str, str]

    @property
    def changes(self) -> dict[str, bytes | None]:
        """The pack's files that differ, by name; None for a picture that is gone."""
        old = {**self.layout.texts, **self.layout.pictures}
        new = {**self.texts, **self.pictures}
        home = self.layout.home
        gone: dict[str, bytes | None] = {f"{home}/{name}": None for name in old if name not in new}
        return gone | {
            f"{home}/{name}": text.encode() for name, text in new.items() if text != old.get(name, "")
        }

    @property
    def shown(self) -> list[Shown]:
        """All pictures of the page: those kept, those just added, those of the version that are to go."""
        every = {**self.layout.pictures, **self.pictures}
        return [
            Shown(
                name,
                f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}",
                svg if self.layout.pictures.get(name) != svg else "",
                name not in self.pictures,
            )
            for name, svg in sorted(every.items())
        ]


def layouts_of(pack: Pack) -> list[Layout]:
    """All document formats of a pack."""
    return [
        Layout(
            kind,
            str(source.meta.get("title") or kind),
            {name: source.files[name] for name in TITLES if name in source.files},
            {name: svg for name, svg in sorted(source.files.items()) if name.endswith(PICTURE)},
        )
        for kind, source in pack.documents.items()
    ]


def layout_of(pack: Pack, kind: str) -> Layout:
    """One of them. Raises NotFound."""
    for each in layouts_of(pack):
        if each.kind == kind:
            return each
    raise NotFound("规则包没有这个版式", advice="请从规则包的页面选择")


def untouched(layout: Layout) -> Edited:
    """A layout as its version has it."""
    return Edited(layout, layout.texts, layout.pictures)


def typed(layout: Layout, form: Mapping[str, str]) -> Edited:
    """The texts of a form; files it does not mention stay as they are."""
    texts = dict(layout.texts)
    for name in TITLES:
        if (text := form.get(name)) is not None and (text.strip() or name in texts):
            # Browsers send lines in their own way; a text nobody touched must not look changed.
            texts[name] = _ended_like(text.replace("\r\n", "\n"), layout.texts.get(name, ""))
    return Edited(layout, texts, layout.pictures)


def pictured(
    wanted: Edited, form: Mapping[str, str], uploads: Iterable[Upload], dropped: Collection[str]
) -> Edited:
    """The same with pictures: those uploaded, those that came with the form before and are not kept yet, without
    those to be dropped.

    Raises InvalidInput for what is no picture, and for more than a format may have.
    """
    again = [
        Upload(name.removeprefix(AGAIN), text.encode())
        for name, text in form.items()
        if name.startswith(AGAIN)
    ]
    new = dict(picture(upload.name, upload.content) for upload in [*again, *uploads])
    pictures = {name: svg for name, svg in {**wanted.pictures, **new}.items() if name not in dropped}
    if len(pictures) > MOST_PICTURES:
        raise InvalidInput("图片太多", where="图片", advice=f"一个版式最多 {MOST_PICTURES} 幅，请移走不用的")
    return replace(wanted, pictures=pictures)


def check_length(wanted: Edited) -> None:
    """Raises InvalidInput for a text that is too long."""
    for name, text in wanted.texts.items():
        if len(text) > LONGEST:
            raise InvalidInput("文字太长", where=TITLES[name], advice=f"请控制在 {LONGEST // 10000} 万字以内")


def _ended_like(text: str, old: str) -> str:
    return text if text.endswith("\n") or not old.endswith("\n") else text + "\n"


def proof(pack: Pack, wanted: Edited) -> Proof:
    """A trial print with the sample. Never raises for what the author wrote."""
    missing: dict[str, None] = {}
    slips: list[PackError] = []
    try:
        kept = pack.documents[wanted.layout.kind].files.items()
        others = {name: text for name, text in kept if name not in wanted.layout.pictures}
        files = {**others, **wanted.texts, **wanted.pictures}
        sample = _sample(files.get(SAMPLE, "").encode(), wanted.layout)
        slips = [*misdescribed(load(files[SWITCHES].encode(), SWITCHES)), *slips_of(sample, files)]
        pdf = renderer().pdf(
            render_html(TEMPLATE, files, as_values(sample.plain()), fonts(), missing=missing)
        )
        pages = page_count(pdf)
        pictures = [_picture(page_png(pdf, page, WIDTH)) for page in range(1, min(pages, SHOWN) + 1)]
    except YaoqingError as error:
        return Proof(missing=tuple(missing), slips=tuple(slips), refusal=error)
    return Proof(pages, tuple(pictures), tuple(missing), tuple(slips))


def printed(pack: Pack, layout: Layout, sample: bytes | None = None) -> Page:
    """A layout with its sample or other data, as strict as an issue."""
    files = pack.documents[layout.kind].files
    content = sample if sample is not None else files.get(SAMPLE, "").encode()
    data = _sample(content, layout)
    if slips := slips_of(data, files):
        raise Findings("试排用的数据有误", list(slips))
    values = as_values(data.plain())
    refuse_empty(values)
    html = render_html(TEMPLATE, files, values, fonts(), complete=True)
    return Page(html, renderer().pdf(html))


def _sample(content: bytes, layout: Layout) -> Document:
    document = load(content, f"{layout.home}/{SAMPLE}")
    if not isinstance(document.root.value, dict):
        raise PackError("应为“键: 值”的形式", where=TITLES[SAMPLE], advice="请逐项写出试排用的数据")
    return document


def _picture(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
