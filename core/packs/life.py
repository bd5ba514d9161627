"""The life of a pack between versions: compare two, change common values, carry local changes over to a new one.

What comes out is a version like any other: it passes the same checks, its examples are run, it is installed by
`services.install`, and a second person activates it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app

from core import audit
from core.actors import Actor
from core.db import transaction
from core.errors import Conflict as Busy
from core.errors import Findings, InvalidInput, NotFound
from core.packs import intake, services
from core.packs.content.format import ExampleResult, Pack, load_files
from core.packs.editing.conflict_words import ConflictWords, in_words, place_in_words
from core.packs.editing.merging import TEXT, Choice, Conflict, Merged, merge
from core.packs.editing.next_version import local_id, noted, raised, stamped
from core.packs.editing.slots import Slot, applied, changed, in_form, slots
from core.packs.files.archive import packed
from core.packs.models import PackVersion
from core.packs.parcels import Made, Upload, file_name, listing_of_pack, opened
from core.packs.trust import Policy
from core.packs.wording.difference import Difference, difference, lexicon_of, ref
from core.packs.wording.speech import Speech, Titles
from core.permissions import require

EDITION = "（本地版）"
MOST_REASON = 200


@dataclass(frozen=True)
class Prepared:
    """A new version that passed its checks and is not installed yet."""

    pack: Pack
    results: list[ExampleResult]
    difference: Difference

    @property
    def made(self) -> Made:
        """The version to be installed."""
        return Made(ref(self.pack), self.pack.files)

    @property
    def upload(self) -> Upload:
        """The version as a pack file without a signature."""
        return Upload(
            file_name(ref(self.pack)), packed(self.pack.files, listing_of_pack(self.pack).encoded())
        )


@dataclass(frozen=True)
class Draft:
    """The files of a new version, not yet tried, and what they change."""

    files: Mapping[str, bytes]
    difference: Difference

    @property
    def ref(self) -> str:
        """What the version will be called."""
        return self.difference.new


@dataclass(frozen=True)
class MergeReport:
    """A merge as it stands: conflicts in words, places to look at, and the new version once nothing is open."""

    merged: Merged
    conflicts: list[ConflictWords]
    notes: list[str]
    draft: Draft | None


def titles_of_facts() -> Titles:
    """What this installation calls its kinds of fact, their attributes and options."""
    kinds = current_app.extensions["yaoqing"].kinds
    attributes = [attribute for kind in kinds for attribute in kind.attributes]
    return {
        "kinds": {kind.name: kind.title for kind in kinds},
        "attributes": {each.name: each.title for each in attributes},
        "options": dict(pair for each in attributes for pair in each.options),
    }


def speech_of(pack: Pack) -> Speech:
    """How a pack's values are said."""
    return Speech(lexicon_of(services.registry().sections), pack.sections, titles_of_facts())


def compared(old: Pack, new: Pack) -> Difference:
    """What changed from one version to another."""
    return difference(old, new, services.registry().sections, titles_of_facts())


def compare_file(actor: Actor, found: PackVersion, upload: Upload) -> tuple[Pack, Pack]:
    """An installed version and a pack file, to be compared; the trail keeps who looked at which file."""
    require(actor, "pack.view")
    packs = services.load(found), looked_into(upload)
    with transaction():
        audit.note(actor, "比较规则包文件", found, file=ref(packs[1]), sha256=upload.sha256)
    return packs


def looked_into(upload: Upload) -> Pack:
    """A pack file, only to be compared: its contents must be sound, its signature does not matter."""
    return _loaded(opened(upload).files)


def fields_of(pack: Pack) -> list[Slot]:
    """The common values of a pack."""
    return slots(pack, services.registry().sections, speech_of(pack))


def is_signed(found: PackVersion) -> bool:
    """Whether a version came with a signature, so that only a local edition can go on from it."""
    return found.signature is not None


def revised(
    found: PackVersion, answers: Mapping[str, str], since: date | None, reason: str, *, edition: bool
) -> Prepared:
    """A version with other common values. `edition`: as a local edition of somebody else's pack."""
    old = services.load(found)
    wanted = changed(fields_of(old), answers)
    if not wanted:
        raise InvalidInput("没有改动任何数值", advice="请在要改的一项填写新的内容")
    files = applied(old.files, wanted, since)
    try:
        return _next(found, old, files, reason, edition=edition)
    except Findings as refusal:
        raise in_form(refusal, wanted) from refusal


def _next(
    found: PackVersion, old: Pack, files: Mapping[str, bytes], reason: str, *, edition: bool
) -> Prepared:
    """The version after one, with other files."""
    reason = " ".join(reason.split())
    if len(reason) > MOST_REASON:
        raise InvalidInput("依据太长", where="修改依据", advice=f"请写 {MOST_REASON} 字以内的一行")
    own = old.manifest.derived_from is None
    edition = own and (edition or is_signed(found))
    said = {"derived_from": found.ref, "title": old.manifest.title + EDITION} if edition else {}
    pack = local_id(found.pack) if edition else found.pack
    said |= {"id": pack, "version": raised(found.version, *_numbers(pack))}
    return tried(_draft(old, stamped(files, **said), [f"依据：{reason}"] if reason else []))


def relaid(found: PackVersion, files: Mapping[str, bytes | None], reason: str, *, edition: bool) -> Prepared:
    """A version with other document formats: these files changed, those with None gone."""
    if not files:
        raise InvalidInput("没有改动版式", advice="请修改后再保存")
    old = services.load(found)
    left = {name: content for name, content in {**old.files, **files}.items() if content is not None}
    return _next(found, old, left, reason, edition=edition)


def relaid_file(
    actor: Actor, version_id: int, files: Mapping[str, bytes | None], reason: str, *, edition: bool
) -> Upload:
    """The same as a pack file to be signed elsewhere; the trail keeps what was taken out."""
    require(actor, "pack.install")
    found = services.version(version_id)
    upload = relaid(found, files, reason, edition=edition).upload
    with transaction():
        audit.note(actor, "导出改过的规则包", found, file=upload.name, sha256=upload.sha256)
    return upload


def relay(
    actor: Actor, version_id: int, files: Mapping[str, bytes | None], reason: str, *, edition: bool
) -> PackVersion:
    """Change document formats and install the result as a new version."""
    require(actor, "pack.install")
    if not may_write_files():
        raise InvalidInput(
            "版式不能在页面上保存",
            reason="本系统不收没有签名的规则包文件",
            advice="请选择“只导出文件”，签名后再安装",
        )
    ready = relaid(services.version(version_id), files, reason, edition=edition)
    return services.install(actor, ready.made)[0]


def revise(
    actor: Actor,
    version_id: int,
    answers: Mapping[str, str],
    since: date | None,
    reason: str,
    *,
    edition: bool,
) -> PackVersion:
    """Change common values and install the result as a new version."""
    require(actor, "pack.install")
    ready = revised(services.version(version_id), answers, since, reason, edition=edition)
    return services.install(actor, ready.made)[0]


def base_of(ours: PackVersion) -> PackVersion | None:
    """The delivered version a local one says it came from, if it is installed here."""
    origin = services.load(ours).manifest.derived_from
    return next((version for version in services.versions() if version.ref == origin), None)


def merging(
    base: Pack, ours: Pack, theirs: Pack, choices: Mapping[str, Choice], taken: Iterable[str] = ()
) -> MergeReport:
    """The local changes carried over to a new version. `taken` are version numbers that are in use already."""
    if ref(base) == ref(theirs):
        raise Busy("新版就是本地修改所依据的版本", advice="请选择更新的版本")
    merged = merge(base.files, ours.files, theirs.files, choices)
    sections, speech = services.registry().sections, speech_of(ours)
    conflicts = [in_words(conflict, sections, speech) for conflict in merged.conflicts]
    notes = [
        f"{place_in_words(file, path, sections, speech)}：本地和新版都增加了日期，已一并列入，请核对先后"
        for file, path in merged.both_dated
    ]
    if merged.open:
        return MergeReport(merged, conflicts, notes, None)
    own = ours.manifest
    said = {"id": own.id, "version": raised(own.version, *taken), "derived_from": ref(theirs)}
    draft = _draft(ours, stamped(merged.files, **said), [f"并入新版 {ref(theirs)}"])
    return MergeReport(merged, conflicts, notes, draft)


def merged_with(
    ours: PackVersion, theirs: PackVersion, choices: Mapping[str, Choice], base: PackVersion | None = None
) -> MergeReport:
    """The same for installed versions."""
    base = base or base_of(ours)
    if base is None:
        raise NotFound(
            "找不到本地修改所依据的版本",
            where=ours.ref,
            reason="pack.yaml 没有写 derived_from，或所写的版本没有安装",
            advice="请先安装那个版本，或指定依据的版本",
        )
    packs = (services.load(version) for version in (base, ours, theirs))
    return merging(*packs, choices, _numbers(ours.pack))


def carry_over(
    actor: Actor, ours_id: int, theirs_id: int, choices: Mapping[str, Choice], base_id: int | None = None
) -> PackVersion:
    """Merge and install the result as a new version. Raises Conflict (409) while something is undecided."""
    require(actor, "pack.install")
    base = services.version(base_id) if base_id else None
    report = merged_with(services.version(ours_id), services.version(theirs_id), choices, base)
    if not may_write_files() and any(_rewritten(conflict) for conflict in report.merged.conflicts):
        raise InvalidInput(
            "整个文件不能在页面上改写",
            reason="本系统不收没有签名的规则包文件",
            advice="请选择保留本地或采用新版；确需改写的，请在服务器上修改规则包目录后安装",
        )
    if report.draft is None:
        count = len(report.merged.open)
        raise Busy(f"还有 {count} 处没有选定", advice="请逐处选择保留本地、采用新版或手工填写")
    return services.install(actor, tried(report.draft).made)[0]


def may_write_files() -> bool:
    """Whether whole files may be written by hand on a page: where files without a signature are accepted anyway."""
    return intake.policy() is Policy.UNSIGNED


def _rewritten(conflict: Conflict) -> bool:
    return not conflict.path and conflict.choice is not None and conflict.choice.take == TEXT


def tried(draft: Draft) -> Prepared:
    """Check a new version and run its examples. Raises Findings with everything that is wrong."""
    pack, results = services.registry().examine_files(draft.files)
    return Prepared(pack, results, draft.difference)


def _draft(old: Pack, files: Mapping[str, bytes], lines: list[str]) -> Draft:
    """With an entry in the change log, written from the difference."""
    new = _loaded(files)
    found = compared(old, new)
    told = [f"{group}：{change.text}" for group, changes in found.groups.items() for change in changes]
    return Draft(noted(files, new.manifest.version, [*told, *lines]), found)


def _loaded(files: Mapping[str, bytes]) -> Pack:
    registry = services.registry()
    return load_files(files, registry.sections, registry.plugins)


def _numbers(pack: str) -> list[str]:
    return [version.version for version in services.versions() if version.pack == pack]
