"""Which papers behind the packs are overdue, and who confirmed here that one still holds."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.errors import InvalidInput, NotFound, YaoqingError
from core.packs import services
from core.packs.content.format import Pack
from core.packs.content.sources import Standing, standing_on, titles_of
from core.packs.models import PackConfirmation, PackVersion
from core.packs.wording.difference import lexicon_of
from core.permissions import require

CONSOLE = "命令行"
MOST_NOTE = 200


@dataclass(frozen=True)
class Paper:
    """A source of an installed version, how it stands today, and what it is about."""

    version: PackVersion
    standing: Standing
    about: str


def papers(found: PackVersion) -> list[Paper]:
    """The sources of an installed version."""
    pack, today = services.load(found), clock.today()
    return [Paper(found, each, _about(pack, each)) for each in standings(pack, today, _confirmed())]


def standings(pack: Pack, day: date, confirmed: dict[str, tuple[date, str]] | None = None) -> list[Standing]:
    """The sources of a pack on a day; `confirmed` by the paper's name."""
    known = confirmed or {}
    return [standing_on(day, source, *known.get(source.name, (None, ""))) for source in pack.manifest.sources]


def overdue(office_id: int) -> list[Paper]:
    """Overdue papers of the version an office uses today and of the newest version of every pack, each once."""
    found: dict[str, Paper] = {}
    for version in _looked_at(office_id):
        try:
            for paper in papers(version):
                if paper.standing.overdue:
                    found.setdefault(paper.standing.source.name, paper)
        except YaoqingError:
            continue  # the page of packs says what is wrong with its files
    return list(found.values())


def overdue_in_force(office_id: int) -> int | None:
    """How many papers of the version in force are overdue; None when it names none or there is no such version."""
    try:
        listed = papers(services.in_force(office_id, clock.today()))
    except YaoqingError:
        return None
    return sum(paper.standing.overdue for paper in listed) if listed else None


def confirm(actor: Actor | None, found: PackVersion, source_id: str, note: str = "") -> PackConfirmation:
    """Put on record that somebody looked at a paper and it still holds."""
    if actor:
        require(actor, "pack.confirm")
    note = " ".join(note.split())
    if len(note) > MOST_NOTE:
        raise InvalidInput("说明太长", where="说明", advice=f"请写 {MOST_NOTE} 字以内的一行")
    sources = {source.id: source for source in services.load(found).manifest.sources}
    if source_id not in sources:
        known = "、".join(sources) or "无"
        raise NotFound(
            "规则包没有这份依据文件", where=found.ref, reason=f"列出的有：{known}", advice="请核对标识"
        )
    name = sources[source_id].name
    with transaction():
        row = PackConfirmation(
            pack=found.pack, source=source_id, document=name, confirmed_on=clock.today(), confirmed_at=clock.now(),
            confirmed_by=actor.name if actor else CONSOLE, note=note,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        audit.note(actor, "确认依据文件有效", found, document=name, note=note)
    return row


def _confirmed() -> dict[str, tuple[date, str]]:
    """The last confirmation of every paper, by its name: one paper may stand behind several packs."""
    rows = db.session.scalars(select(PackConfirmation).order_by(PackConfirmation.id))
    return {row.document: (row.confirmed_on, row.confirmed_by) for row in rows}


def _looked_at(office_id: int) -> list[PackVersion]:
    chosen: dict[str, PackVersion] = {}
    try:
        used = services.in_force(office_id, clock.today())
        chosen[used.ref] = used
    except YaoqingError:
        pass
    newest: dict[str, PackVersion] = {}
    for version in sorted(services.versions(), key=lambda one: one.id):
        newest[version.pack] = version
    return [*chosen.values(), *(version for version in newest.values() if version.ref not in chosen)]


def _about(pack: Pack, standing: Standing) -> str:
    words = lexicon_of(services.registry().sections)
    return "、".join(titles_of(standing.source.covers, pack.sections, words)) or "全部内容"
