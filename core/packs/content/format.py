"""What a rule pack is: a manifest, sections that check themselves, examples, and document sources.

    pack = load_pack(folder, sections)          # every slip of the files at once, as Findings
    errors = check_pack(pack, sections)         # what only shows when the sections are read together
    results = run_examples(pack, sections)      # the pack's own examples, run by the real engine

A pack is data only. This module knows no scoring and no document: each `Section` brings its own schema.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel

from core.errors import Findings, PackError, at, near
from core.packs.content.fields import Id, Many, PackModel, Text, Title, refusal, twins
from core.packs.content.folder import read_folder, refused_place, refused_set
from core.packs.content.messages import validated
from core.packs.content.sources import Source, reached
from core.packs.content.versions import CORE_VERSION, VERSION, bounds, fits
from core.strict_yaml.loader import Document, PathPart, decode, load

MANIFEST = "pack.yaml"
PACK_ID = re.compile(r"[a-z][a-z0-9-]{1,59}")
Model = TypeVar("Model", bound=BaseModel)


def readable_id(text: str) -> str:
    if not PACK_ID.fullmatch(text):
        raise refusal(
            "规则包标识写法不对", f"现为“{text}”", "请用小写字母开头，只含小写字母、数字和短横，如 city-2013"
        )
    return text


def readable_version(text: str) -> str:
    if not VERSION.fullmatch(text):
        raise refusal("版本号写法不对", f"现为“{text}”", "请写成 1.0.0 的形式")
    return text


def readable_range(text: str) -> str:
    if bounds(text) is None:
        raise refusal("版本范围写法不对", f"现为“{text}”", "请写成“>=0.1”或“>=0.1,<2”的形式，并加引号")
    return text


def readable_ref(text: str) -> str:
    pack, _, number = text.partition("@")
    if not PACK_ID.fullmatch(pack) or not VERSION.fullmatch(number):
        raise refusal("版本写法不对", f"现为“{text}”", "请写成 city-2013@1.0.0 的形式")
    return text


class Manifest(PackModel):
    """pack.yaml: what this pack is, whose rules it holds, and what it needs to run.

    `derived_from` names the delivered version that was changed locally; `sources` are the papers behind the values.
    """

    id: Annotated[str, AfterValidator(readable_id)]
    version: Annotated[str, AfterValidator(readable_version)]
    title: Title
    issuer: Title
    document: Title | None = None
    core: Annotated[str, AfterValidator(readable_range)] = ">=0.1"
    plugins: Many[Id] = ()
    optional_files: Many[str] = ()
    provenance: Text = ""
    derived_from: Annotated[str, AfterValidator(readable_ref)] | None = None
    sources: Many[Source] = ()


@dataclass(frozen=True)
class ExampleResult:
    """How one named example went: what the pack promised, what the engine gave, and the lines behind it."""

    name: str
    where: str
    passed: bool
    expected: Mapping[str, str] = field(default_factory=dict)
    got: Mapping[str, str] = field(default_factory=dict)
    details: tuple[str, ...] = ()

    @property
    def differences(self) -> list[str]:
        """What differs, line by line, in plain words."""
        keys = [key for key in self.expected if self.expected[key] != self.got.get(key)]
        return [f"{key}：应为 {self.expected[key]}，实为 {self.got.get(key, '无')}" for key in keys]


@dataclass(frozen=True)
class DocumentSource:
    """The files of one document format, as text; rendering belongs to the documents module."""

    kind: str
    files: Mapping[str, str]
    meta: Mapping[str, Any]


@dataclass(frozen=True)
class Pack:
    """A pack as loaded: typed sections, example files, document sources, raw bytes and their digest."""

    manifest: Manifest
    sections: Mapping[str, BaseModel]
    sources: Mapping[str, Document]
    documents: Mapping[str, DocumentSource]
    files: Mapping[str, bytes]
    digest: str

    def get(self, schema: type[Model]) -> Model:
        """The section of a given type."""
        for model in self.sections.values():
            if isinstance(model, schema):
                return model
        raise PackError(
            "规则包缺少一节",
            where=self.manifest.id,
            reason=f"没有 {schema.__name__} 对应的文件",
            advice="请补上该文件",
        )

    def document(self, kind: str) -> DocumentSource:
        """The source files of a document format."""
        if kind not in self.documents:
            raise PackError(
                f"规则包没有“{kind}”的版式",
                where=self.manifest.id,
                advice=near(kind, self.documents) or "请在 documents/ 下补上该版式",
            )
        return self.documents[kind]

    @property
    def tests(self) -> list[Document]:
        """The example files, by name."""
        return [self.sources[name] for name in sorted(self.sources) if name.startswith("tests/")]

    def where(self, file: str, path: Sequence[PathPart] = ()) -> str:
        """A place in one of the pack's files, as people say it."""
        return self.sources[file].where(path) if file in self.sources else file


def nothing_to_check(pack: Pack) -> list[PackError]:
    """A section with no rules beyond its schema."""
    return []


def no_examples(pack: Pack) -> list[ExampleResult]:
    """A section without examples of its own."""
    return []


@dataclass(frozen=True)
class Section:
    """A part of a pack, read from `<name>.yaml`: its schema, a sample, and how it checks itself.

    `owner` is "core" or the name of the plugin that brings the section. `words` are the Chinese words of its keys and
    values (see `core.packs.wording.words`), `forms` the values that the page for common changes offers
    (`core.packs.editing.slots`).
    `tried` answers with what the section makes of a file of facts (`core.scoring.trying.trial.Trial`), as plain values with
    exact numbers as text: `pack try` prints them under the section's name.
    """

    name: str
    schema: type[BaseModel]
    sample: str = ""
    owner: str = "core"
    required: bool = False
    check: Callable[[Pack], list[PackError]] = nothing_to_check
    run_examples: Callable[[Pack], list[ExampleResult]] = no_examples
    words: Mapping[str, str] = field(default_factory=dict)
    forms: tuple[str, ...] = ()
    tried: Callable[[Any], Any] | None = None

    @property
    def file(self) -> str:
        """The file this section is read from."""
        return f"{self.name}.yaml"


def load_pack(folder: Path, sections: Iterable[Section], plugins: Collection[str] | None = None) -> Pack:
    """Read a pack's folder; `plugins` are the enabled ones (None: do not compare)."""
    files, errors = read_folder(folder)
    return _loaded(files, tuple(sections), plugins, errors)


def load_files(
    files: Mapping[str, bytes], sections: Iterable[Section], plugins: Collection[str] | None = None
) -> Pack:
    """The same from files already in memory, by relative path."""
    places = [refused_place(name) for name in files]
    errors = [error for error in places if error] + refused_set(dict(files))
    return _loaded(files, tuple(sections), plugins, errors)


def check_pack(pack: Pack, sections: Iterable[Section]) -> list[PackError]:
    """Every error the sections find when read together."""
    present = [section for section in sections if section.name in pack.sections]
    return [error for section in present for error in section.check(pack)]


def run_examples(pack: Pack, sections: Iterable[Section]) -> list[ExampleResult]:
    """Run the pack's own examples; an activation wants every one of them to pass."""
    present = [section for section in sections if section.name in pack.sections]
    return [result for section in present for result in section.run_examples(pack)]


def digest_of(files: Mapping[str, bytes]) -> str:
    """One SHA-256 over all names and contents, independent of order."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _loaded(
    files: Mapping[str, bytes],
    sections: tuple[Section, ...],
    plugins: Collection[str] | None,
    errors: list[PackError],
) -> Pack:
    sources = _parsed(files, errors)
    manifest = _manifest(sources, files, errors)
    models = _sections(sources, files, sections, errors)
    if manifest:
        errors += _unclaimed(files, sections, manifest) + _unmet(sources, manifest, plugins)
        errors += _groundless(sources, manifest, sections, models)
    documents = _documents(files, sources, errors)
    if errors or manifest is None:
        raise Findings("规则包无法读取", [*errors])
    return Pack(
        manifest,
        MappingProxyType(models),
        MappingProxyType(sources),
        MappingProxyType(documents),
        MappingProxyType(dict(files)),
        digest_of(files),
    )


def _parsed(files: Mapping[str, bytes], errors: list[PackError]) -> dict[str, Document]:
    parsed = {}
    for name in sorted(files):
        try:
            if name.endswith(".yaml"):
                parsed[name] = load(files[name], name)
            else:
                decode(files[name], name)
        except PackError as error:
            errors.append(error)
    return parsed


def _manifest(
    sources: Mapping[str, Document], files: Mapping[str, bytes], errors: list[PackError]
) -> Manifest | None:
    if MANIFEST not in files:
        errors.append(
            PackError(f"缺少 {MANIFEST}", reason="没有它就不知道这是什么规则包", advice="请补上该文件")
        )
    if MANIFEST not in sources:
        return None
    manifest, found = validated(Manifest, sources[MANIFEST])
    errors += found
    return manifest if isinstance(manifest, Manifest) else None


def _sections(
    sources: Mapping[str, Document],
    files: Mapping[str, bytes],
    sections: tuple[Section, ...],
    errors: list[PackError],
) -> dict[str, BaseModel]:
    models = {}
    for section in sections:
        if section.file in sources:
            model, found = validated(section.schema, sources[section.file])
            errors += found
            models[section.name] = model
        elif section.required and section.file not in files:
            errors.append(
                PackError(f"缺少 {section.file}", reason="每个规则包都要有这一节", advice="请补上该文件")
            )
    return models


def _unclaimed(
    files: Mapping[str, bytes], sections: tuple[Section, ...], manifest: Manifest
) -> list[PackError]:
    """Files no section reads: a missing plugin, or a misspelt name."""
    known = {section.name: section for section in sections}
    ignored = {MANIFEST, *manifest.optional_files, *(section.file for section in sections)}
    here = [name for name in files if name.endswith(".yaml") and "/" not in name and name not in ignored]
    owners = {section.owner for section in sections}
    absent = "、".join(name for name in manifest.plugins if name not in owners)
    errors = []
    for name in here:
        alike = get_close_matches(name.removesuffix(".yaml"), known, n=1, cutoff=0.75)
        advice = f"是否应为“{alike[0]}.yaml”？" if alike else "请启用读取它的插件，或删去该文件"
        errors.append(
            PackError(
                "没有功能读取这个文件",
                where=name,
                reason="本系统启用的功能都不认识它",
                advice=f"请启用插件 {absent}" if absent and not alike else advice,
            )
        )
    return errors


def _unmet(
    sources: Mapping[str, Document], manifest: Manifest, plugins: Collection[str] | None
) -> list[PackError]:
    """What the pack needs and this installation lacks."""
    place = sources[MANIFEST]
    errors = []
    if not fits(CORE_VERSION, manifest.core):
        errors.append(
            PackError(
                "规则包与本系统版本不合",
                where=place.where(["core"]),
                reason=f"需要 {manifest.core}，本系统为 {CORE_VERSION}",
                advice="请升级本系统，或换用相应版本的规则包",
            )
        )
    for position, name in enumerate(manifest.plugins if plugins is not None else ()):
        if name not in (plugins or ()):
            errors.append(
                PackError(
                    f"缺少插件“{name}”",
                    where=place.where(["plugins", position]),
                    reason="规则包需要它，本系统未启用",
                    advice=near(name, plugins or ()) or f"请先启用插件 {name}",
                )
            )
    return errors


def _groundless(
    sources: Mapping[str, Document],
    manifest: Manifest,
    sections: tuple[Section, ...],
    models: Mapping[str, BaseModel],
) -> list[PackError]:
    """Sources named twice, and what they claim to cover and is not there."""
    place, errors = sources[MANIFEST], []
    for again in twins(source.id for source in manifest.sources):
        errors.append(
            PackError(
                "依据文件的标识重复", where=place.where(["sources", again, "id"]), advice="请改用不同的标识"
            )
        )
    # What is wrong with a section is told elsewhere; a plugin's section may be absent here.
    known = {section.name for section in sections} - {name for name, model in models.items() if model is None}
    for n, source in enumerate(manifest.sources):
        for m, covers in enumerate(source.covers):
            if covers.split(".")[0] in known and reached(covers, models) is None:
                errors.append(
                    PackError(
                        f"没有“{covers}”",
                        where=place.where(["sources", n, "covers", m]),
                        reason="依据文件说它涉及这部分内容，规则包中却找不到",
                        advice="请写文件名（如 scoring）、其中的一节（如 scoring.awards）或一项（如 scoring.awards.标识）",
                    )
                )
    return errors


def _documents(
    files: Mapping[str, bytes], sources: Mapping[str, Document], errors: list[PackError]
) -> dict[str, DocumentSource]:
    texts: dict[str, dict[str, str]] = {}
    for name, raw in files.items():
        parts = name.split("/")
        if parts[0] == "documents" and len(parts) == 3:
            texts.setdefault(parts[1], {})[parts[2]] = raw.decode("utf-8-sig", errors="replace")
    found = {}
    for kind, inside in sorted(texts.items()):
        home = f"documents/{kind}"
        errors += [
            PackError(f"版式缺少 {needed}", where=at(home), advice="请补上该文件")
            for needed in ("document.yaml", "template.html")
            if needed not in inside
        ]
        source = sources.get(f"{home}/document.yaml")
        meta = source.plain() if source else {}
        found[kind] = DocumentSource(kind, MappingProxyType(inside), meta if isinstance(meta, dict) else {})
    return found
