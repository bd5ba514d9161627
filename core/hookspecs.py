"""All hooks, and the small values that plugins and core exchange through them.

Nouns collect contributions, past tense announces something that has been committed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pluggy

PROJECT = "yaoqing"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@dataclass(frozen=True)
class Permission:
    """A right as data: which role has it, and how far it reaches.

    grants: role → "unit" (things of the holder's unit), "office" (everything of the office) or
    "own" (only what the holder made).
    """

    name: str
    title: str
    grants: Mapping[str, str]


@dataclass(frozen=True)
class MenuItem:
    """An entry of the left menu; shown to whoever holds the permission.

    replaces: the endpoint of a core page (without parameters) whose work this page does: that one leaves the menu,
    and whoever opens its address is led here.
    shown: whether there is anything behind it for somebody with the right; asked for every page, so it must be quick.
    """

    title: str
    endpoint: str
    section: str
    permission: str
    weight: int = 50
    replaces: str = ""
    shown: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Card:
    """A tile on the home page: what waits for me. `tone` is "todo" or "info"."""

    title: str
    count: int
    url: str
    hint: str = ""
    weight: int = 50
    tone: str = "todo"


@dataclass(frozen=True)
class Panel:
    """A block on the page of a submission or an issued document, already rendered by the plugin's own template."""

    title: str
    html: str
    weight: int = 50


@dataclass(frozen=True)
class Remark:
    """What a check found in an item's text. `level` is "error", "warning" or "info"; `place` says where, in words.

    `quote` is the stretch of text it is about, as it stands there, or empty. `note` is what else to know of it, `settled`
    who decided that it need not be told again; `html` holds the forms for such a decision, rendered by the plugin.
    """

    level: str
    text: str
    place: str = ""
    quote: str = ""
    weight: int = 50
    note: str = ""
    settled: str = ""
    html: str = ""


@dataclass(frozen=True)
class CheckedText:
    """A text to be checked: that of a submission as it was saved, or one that stands in a form and may be of none yet.

    `units` are the names of those who report it, `by_office` whether the office works on it now, and not the unit.
    """

    office_id: int
    title: str
    body: list[dict[str, Any]]
    genre: str
    units: tuple[str, ...]
    day: date
    by_office: bool = False
    submission: Any = None


@dataclass(frozen=True)
class Phrase:
    """A reason somebody may pick instead of writing it, for some moves of a submission (`core.submissions.workflow`)."""

    text: str
    moves: tuple[str, ...] = ("return", "decline")
    weight: int = 50


@dataclass(frozen=True)
class Caution:
    """What somebody should know before they send an item, with a page to look at. It holds nobody back for good."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class PaperTable:
    """A table of a document: its head, and lines of texts by a key that names the same line in another version."""

    title: str
    head: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Paper:
    """A document as a pack version would print it: its words and tables; `pdf` lays it out when somebody asks."""

    key: str
    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[PaperTable, ...] = ()
    pdf: Callable[[], bytes] | None = None


@dataclass(frozen=True)
class JobKind:
    """Work that goes on in the background: `run(task)` gets a `core.jobs.Task` and may give back a `core.jobs.Result`.

    It may be killed half-way and run again, so doing it twice must do no harm. `permission` is asked when the job is
    started, when it runs and when its file is downloaded; without one only the system itself starts it. Who holds it
    for a unit of the office may start it too: `run` keeps to what they may see. `check(actor, args)` is asked at the
    same three times and raises what else stands against it. `attempts`: how often it is tried when its process dies
    or an accident stops it; a refusal is never tried again.
    """

    name: str
    title: str
    run: Callable[[Any], Any]
    permission: str = ""
    attempts: int = 3
    check: Callable[[Any, Mapping[str, Any]], None] | None = None


@dataclass(frozen=True)
class ScheduledJob:
    """Work started by the clock: at a time of day in Beijing ("02:30"), or every so many minutes from midnight.

    `run(task)` is like that of a JobKind, with no actor. It runs once for each due time, however many workers there are.
    """

    name: str
    title: str
    run: Callable[[Any], Any]
    daily: str = ""
    every_minutes: int = 0


@dataclass(frozen=True)
class TrailWord:
    """A key in the details of the audit trail in Chinese, and what some of its values are called."""

    key: str
    title: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DocumentFormat:
    """A file format in which issued documents are offered beside PDF, Word and Excel.

    `convert` names the function that makes the file, "module:function": from the issued PDF and a few words about the
    document (title, kind, number, dated) to bytes, the same bytes for the same values. It runs in a confined process,
    which alone loads its module: no network, no files, little time; what it needs is imported together with it. It may
    raise RenderError with a reason in Chinese; of any other error readers are told that the file may be damaged.
    A third parameter `told`, where it has one, is None or a function to call with the number of each page that is done:
    long documents are made in the background and show how far they are.
    """

    name: str
    title: str
    suffix: str
    mimetype: str
    convert: str
    weight: int = 50


class Hooks:
    """The specification. Every hook may be left out by a plugin."""

    @hookspec
    def blueprints(self) -> list[Any]:
        """Collect: Flask blueprints to register."""

    @hookspec
    def commands(self) -> list[Any]:
        """Collect: Click commands or groups for the command line."""

    @hookspec
    def permissions(self) -> list[Permission]:
        """Collect: rights and the roles that hold them."""

    @hookspec
    def menu_items(self) -> list[MenuItem]:
        """Collect: entries of the left menu."""

    @hookspec
    def dashboard_cards(self, actor: Any) -> list[Card]:
        """Collect: tiles for the actor's home page."""

    @hookspec
    def dashboard_panels(self, actor: Any) -> list[Panel]:
        """Collect: blocks at the foot of the home page: a table or a list, set to the block's edges."""

    @hookspec
    def submission_panels(self, actor: Any, submission: Any) -> list[Panel]:
        """Collect: blocks for the page of a submission the actor may see."""

    @hookspec
    def reported_items(self, submission: Any) -> list[Any]:
        """Collect: the reported items that one composed by the office stands for; their people are told by their titles."""

    @hookspec
    def counted_items(self, submission: Any) -> list[Any]:
        """Collect: the items that now count in place of one that went into them: its composite, the parts it was split into."""

    @hookspec
    def beside_text(self, actor: Any, submission: Any) -> list[Panel]:
        """Collect: what is worth seeing beside a text while somebody goes through many, one after another.

        Asked for every item that is opened in passing: it must be quick, and hold no forms.
        """

    @hookspec
    def content_checks(self, actor: Any, text: CheckedText) -> list[Remark]:
        """Collect: remarks on a text, shown beside it to whoever writes, edits or signs it."""

    @hookspec
    def reason_phrases(self, actor: Any, submission: Any) -> list[Phrase]:
        """Collect: reasons the actor may pick when returning or declining a submission."""

    @hookspec
    def document_panels(self, actor: Any, document: Any) -> list[Panel]:
        """Collect: blocks for the page where an issued document is read."""

    @hookspec
    def document_items(self, document_id: int) -> list[str]:
        """Collect: the keys of the items printed in an issued document, in their order (`Submission.item_key`)."""

    @hookspec
    def document_pages(self, document_id: int) -> list[str]:
        """Collect: addresses of pages of the plugin's own where an issued document is read."""

    @hookspec
    def document_secrecy(self, document_id: int) -> list[str]:
        """Collect: the secrecy mark printed on an issued document, for papers made about it; nothing when it has none."""

    @hookspec
    def document_outlets(self, document_id: int) -> list[str]:
        """Collect: ids of the outlets an issued document came out in, as its rule pack names them."""

    @hookspec
    def sending_cautions(self, actor: Any, submission: Any) -> list[Caution]:
        """Collect: what the unit is told before it sends an item it has written; it may send it all the same."""

    @hookspec
    def pack_sections(self, kinds: tuple[Any, ...]) -> list[Any]:
        """Collect: sections of a rule pack that the plugin owns (`core.packs.content.format.Section`).

        `kinds` are all kinds of facts there are, for a section that compiles rules of its own.
        """

    @hookspec
    def fact_kinds(self) -> list[Any]:
        """Collect: kinds of countable facts the plugin records (`core.scoring.values.fact.FactKind`)."""

    @hookspec
    def own_outlets(self, pack: Any) -> list[str]:
        """Collect: ids of the outlets the office itself publishes in under a rule pack; others lie outside the office."""

    @hookspec
    def document_circles(self, actor: Any) -> list[Any]:
        """Collect: SQL conditions over `IssuedDocument` that hold for every issued document the actor may read."""

    @hookspec
    def search_sources(self) -> list[Any]:
        """Collect: kinds of things that the search finds (`core.search.Source`), with what an actor may see of them."""

    @hookspec
    def period_papers(self, office_id: int, result: Any, rules: Any) -> list[Paper]:
        """Collect: documents about a scored period as the version of its result would print them; nothing is issued."""

    @hookspec
    def job_kinds(self) -> list[JobKind]:
        """Collect: kinds of background work that `core.jobs.start` may be asked for."""

    @hookspec
    def scheduled_jobs(self) -> list[ScheduledJob]:
        """Collect: work to be started by the clock."""

    @hookspec
    def trail_words(self) -> list[TrailWord]:
        """Collect: what the keys mean that the plugin writes into the details of the audit trail."""

    @hookspec
    def document_formats(self) -> list[DocumentFormat]:
        """Collect: file formats in which every issued document can be downloaded."""

    @hookspec
    def document_marked(self, document_id: int) -> None:
        """Take part in the transaction that says what has become of an issued document; a failure undoes it."""

    @hookspec
    def period_closed(self, office_id: int, period_key: str) -> None:
        """Announce: a scored period has been closed and its result frozen."""

    @hookspec
    def submission_taken_back(self, submission_id: int) -> None:
        """Announce: a submission left the editors' hands (returned, withdrawn or not used)."""


HOOKS: tuple[str, ...] = tuple(name for name in vars(Hooks) if not name.startswith("_"))
