"""The section instructions.yaml of a rule pack: classes of leaders, kinds of instruction, the usual carrier."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from core.errors import PackError, near
from core.packs.content.fields import Id, Many, PackModel
from core.packs.content.format import Pack, Section
from core.packs.content.outlets import tree_of
from core.packs.content.sections import Named, Outlets, Place, ids, repeated
from core.scoring.rules.schema import Scoring
from plugins.instructions.words import WORDS

FILE = "instructions.yaml"


class LeaderClass(Named):
    """A class of leaders as the rules tell them apart, and the level they stand on."""

    level: Id


class InstructionKind(Named):
    """A way in which a leader instructs; one that does not count leaves no countable fact."""

    counts: bool = True
    needs_text: bool = True


class Urgency(Named):
    """How pressing an instruction is: the working days a unit has to answer."""

    days: Annotated[int, Field(ge=1, le=250)]


class FeedbackFacts(PackModel):
    """The kinds of fact that tell how a unit answered, where the rules count something else than `feedback`."""

    on_time: Id | None = None
    late: Id | None = None
    missed: Id | None = None


class Handling(PackModel):
    """How units answer and are chased. `remind` working days before the due day, then `chase_every` so many."""

    signed: bool = True
    remind: Annotated[int, Field(ge=0, le=30)] = 2
    chase_every: Annotated[int, Field(ge=0, le=60)] = 3
    missed: Literal["automatic", "by_hand"] = "by_hand"
    grace: Annotated[int, Field(ge=0, le=60)] = 0
    facts: FeedbackFacts = FeedbackFacts()


class Papers(PackModel):
    """The printed papers: formats of the pack in place of the usual ones, the mark of papers on what bears no secrecy
    mark of its own, and whom a unit may ask."""

    remark: Id | None = None
    routing: Id | None = None
    mark: Annotated[str, Field(max_length=20)] = ""
    contact: Annotated[str, Field(max_length=40)] = ""


class Instructions(PackModel):
    """instructions.yaml as a whole."""

    classes: Annotated[Many[LeaderClass], Field(min_length=1)]
    kinds: Annotated[Many[InstructionKind], Field(min_length=1)] = (
        InstructionKind(id="note", title="批示"),
        InstructionKind(id="forward", title="批转"),
        InstructionKind(id="circulated", title="圈阅", counts=False, needs_text=False),
    )
    carrier: Id | None = None
    urgencies: Annotated[Many[Urgency], Field(min_length=1)] = (
        Urgency(id="normal", title="一般", days=10),
        Urgency(id="urgent", title="急", days=5),
        Urgency(id="extra", title="特急", days=2),
    )
    handling: Handling = Handling()
    papers: Papers = Papers()


def check(pack: Pack) -> list[PackError]:
    """Classes are the ones scoring knows, levels and the carrier stand in outlets.yaml."""
    own = pack.get(Instructions)
    errors = repeated(pack, FILE, ids(own.classes, "classes"), "领导类别")
    errors += repeated(pack, FILE, ids(own.kinds, "kinds"), "批示种类")
    errors += repeated(pack, FILE, ids(own.urgencies, "urgencies"), "紧急程度")
    errors += _strange_facts(pack, own.handling.facts)
    errors += _strange_papers(pack, own.papers)
    tree = tree_of(pack.get(Outlets))
    errors += _untold(pack, own)
    options = _options(pack, "leader")
    for n, each in enumerate(own.classes):
        if options is not None and each.id not in options:
            errors.append(
                _unknown(
                    pack, ("classes", n, "id"), "领导类别", each.id, options, "scoring.yaml 的 attributes"
                )
            )
        if each.level not in tree.levels:
            errors.append(
                _unknown(
                    pack, ("classes", n, "level"), "层级", each.level, tree.levels, "outlets.yaml 的 levels"
                )
            )
    if own.carrier and own.carrier not in tree.nodes:
        errors.append(_unknown(pack, ("carrier",), "批示载体", own.carrier, tree.nodes, "outlets.yaml"))
    return errors


def _untold(pack: Pack, own: Instructions) -> Iterable[PackError]:
    """Kinds that count and that scoring.yaml, telling manners of instruction apart, does not know."""
    rule = next((each for each in pack.get(Scoring).attributes if each.id == "manner"), None)
    known = [word for option in rule.options for word in (option.id, option.title)] if rule else []
    for n, kind in enumerate(own.kinds):
        if known and kind.counts and not {kind.id, kind.title} & set(known):
            listed = list(dict.fromkeys(known))
            yield _unknown(pack, ("kinds", n, "id"), "批示种类", kind.title, listed, "scoring.yaml 的 manner")


def _strange_facts(pack: Pack, own: FeedbackFacts) -> Iterable[PackError]:
    """Facts for feedback that scoring.yaml does not declare among its own kinds."""
    known = [each.id for each in pack.get(Scoring).kinds]
    for name in type(own).model_fields:
        kind = getattr(own, name)
        if kind and kind not in known:
            where = ("handling", "facts", name)
            yield _unknown(pack, where, "事项种类", kind, known, "scoring.yaml 的 kinds")


def _strange_papers(pack: Pack, own: Papers) -> Iterable[PackError]:
    """Formats for papers that do not lie under documents/."""
    for name in ("remark", "routing"):
        kind = getattr(own, name)
        if kind and kind not in pack.documents:
            yield _unknown(pack, ("papers", name), "版式", kind, pack.documents, "documents/ 的各文件夹")


def _options(pack: Pack, attribute: str) -> list[str] | None:
    """The options scoring.yaml gives an attribute; None when it does not speak of it."""
    for rule in pack.get(Scoring).attributes:
        if rule.id == attribute:
            return [option.id for option in rule.options]
    return None


def _unknown(pack: Pack, path: Place, what: str, word: str, known: Iterable[str], file: str) -> PackError:
    listed = list(known)
    return PackError(
        f"{what}“{word}”未定义",
        where=pack.where(FILE, path),
        reason=f"不在 {file} 中",
        advice=near(word, listed) or f"可选：{'、'.join(listed[:12]) or '无'}",
    )


SAMPLE = """\
classes:
  - {id: 主要领导, title: 主要领导, level: city}
  - {id: 其他领导, title: 其他领导, level: city}
kinds:
  - {id: note, title: 批示}
  - {id: circulated, title: 圈阅, counts: false, needs_text: false}
"""

SECTION = Section(
    "instructions", Instructions, SAMPLE, owner="instructions", check=check, words=WORDS,
    forms=("classes/*/title", "kinds/*/title", "urgencies/*/title", "papers/mark", "papers/contact"),
)  # fmt: skip
