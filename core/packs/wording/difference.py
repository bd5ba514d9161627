"""The difference between two versions of a pack: sentences by subject, examples in numbers, files line by line. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

from core.packs.content.format import MANIFEST, Pack, Section
from core.packs.wording.changes import Change, Spot, Walk
from core.packs.wording.speech import Speech, Titles
from core.packs.wording.words import Lexicon

MOST_LINES = 2000


@dataclass(frozen=True)
class FileChange:
    """A file that is not the same: added, removed or changed; `lines` compares the texts when somebody asks."""

    name: str
    kind: str
    old: str = field(repr=False, default="")
    new: str = field(repr=False, default="")

    def lines(self) -> list[tuple[str, str]]:
        """Marks and lines: "+" added, "-" removed, "=" around them, "…" where unchanged lines are left out."""
        found: list[tuple[str, str]] = []
        texts = self.old.splitlines(), self.new.splitlines()
        for line in list(unified_diff(*texts, lineterm="", n=2))[2:]:
            if line.startswith("@@"):
                found += [("…", "")] if found else []
            else:
                found.append(({"+": "+", "-": "-"}.get(line[:1], "="), line[1:]))
        return found[:MOST_LINES]


@dataclass(frozen=True)
class Difference:
    """All of it. `groups` are sentences by subject, in the order of the files."""

    old: str
    new: str
    groups: Mapping[str, list[Change]]
    files: tuple[FileChange, ...]

    @property
    def changes(self) -> list[Change]:
        return [change for group in self.groups.values() for change in group]

    def __bool__(self) -> bool:
        return bool(self.files)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "old": self.old,
            "new": self.new,
            "groups": [
                {
                    "title": title,
                    "changes": [
                        {"text": c.text, "kind": c.kind, "path": list(c.path), "since": c.since.isoformat() if c.since else None}
                        for c in changes
                    ],
                }
                for title, changes in self.groups.items()
            ],
            "files": [{"name": f.name, "kind": f.kind} for f in self.files],
        }  # fmt: skip


def lexicon_of(sections: Iterable[Section]) -> Lexicon:
    """The words of an installation's sections."""
    return Lexicon(*(section.words for section in sections if section.words))


def difference(old: Pack, new: Pack, sections: Iterable[Section], facts: Titles | None = None) -> Difference:
    """What changed from one version to another."""
    sections = tuple(sections)
    words = lexicon_of(sections)
    sides = Speech(words, old.sections, facts), Speech(words, new.sections, facts)
    files = tuple(file_changes(old.files, new.files))
    groups: dict[str, list[Change]] = {}
    found = [
        *_manifest(old, new, sides, words),
        *(change for section in sections for change in _section(section, old, new, sides, words)),
        *_examples(old, new, words),
        *_other_files(files, sections, words),
    ]
    for change in found:
        groups.setdefault(change.group, []).append(change)
    return Difference(ref(old), ref(new), groups, files)


def ref(pack: Pack) -> str:
    """`id@version`"""
    return f"{pack.manifest.id}@{pack.manifest.version}"


def _manifest(old: Pack, new: Pack, sides: tuple[Speech, Speech], words: Lexicon) -> Iterator[Change]:
    for change in Walk(*sides).section(MANIFEST, old.manifest, new.manifest):
        if change.path[1] not in ("version", "derived_from"):
            yield change


def _section(
    section: Section, old: Pack, new: Pack, sides: tuple[Speech, Speech], words: Lexicon
) -> Iterator[Change]:
    a, b = old.sections.get(section.name), new.sections.get(section.name)
    title = words.file(section.file)
    if a is None or b is None:
        if a is not b:
            kind, verb = ("added", "新增") if a is None else ("removed", "删去")
            yield Change(title, f"{verb}“{title}”一节（{section.file}）", kind, (section.name,))
        return
    printing = getattr(b, "printing", None)
    yield from Walk(*sides, unit=getattr(printing, "unit", "分")).section(section.file, a, b)


def _examples(old: Pack, new: Pack, words: Lexicon) -> Iterator[Change]:
    before, after = examples_of(old), examples_of(new)
    counts = {
        "增加": len(after.keys() - before.keys()),
        "删去": len(before.keys() - after.keys()),
        "改动": sum(before[name] != after[name] for name in before.keys() & after.keys()),
    }
    if any(counts.values()):
        said = "，".join(f"{verb} {count} 个" for verb, count in counts.items() if count)
        yield Change(words.file("tests"), f"{said}，现共 {len(after)} 个", "changed", ("tests",))


def examples_of(pack: Pack) -> dict[tuple[str, str], Any]:
    """A pack's examples as written, by file and name."""
    found = {}
    for document in pack.tests:
        data = document.plain()
        listed = data.get("examples", []) if isinstance(data, dict) else data
        for n, one in enumerate(listed if isinstance(listed, list) else []):
            name = one.get("name") if isinstance(one, dict) else None
            found[document.file, str(name or n)] = (
                one,
                data.get("units") if isinstance(data, dict) else None,
            )
    return found


def file_changes(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[FileChange]:
    """Which files differ, by name."""
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            kind = "added" if name not in old else "removed" if name not in new else "changed"
            texts = (files.get(name, b"").decode("utf-8-sig", "replace") for files in (old, new))
            yield FileChange(name, kind, *texts)


def _other_files(
    files: Iterable[FileChange], sections: tuple[Section, ...], words: Lexicon
) -> Iterator[Change]:
    """Files told by name only: formats, notes, and what no feature reads here."""
    read = {MANIFEST, "CHANGELOG.md", *(section.file for section in sections)}
    verbs = {"added": "新增文件", "removed": "删去文件", "changed": "改动文件"}
    for each in files:
        if each.name not in read and not each.name.startswith("tests/"):
            spot = Spot(words.file(each.name), (each.name,))
            yield Change(spot.group, f"{verbs[each.kind]} {each.name}", each.kind, spot.path)
