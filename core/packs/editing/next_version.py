"""The next version of a pack: its number, the line in its manifest, the entry in its CHANGELOG.md. Pure."""

import re
from collections.abc import Iterable, Mapping

from core.packs.content.format import MANIFEST
from core.packs.content.versions import numbers
from core.packs.editing.round_trip import opened, put, written

CHANGELOG = "CHANGELOG.md"
LOCAL = "-local"
LONGEST_ID = 60
HEADING = re.compile(r"^## +(\S+)", re.M)


def raised(*versions: str) -> str:
    """The next minor version after the highest of these."""
    major, minor, _ = max(numbers(version) for version in versions)
    return f"{major}.{minor + 1}.0"


def local_id(pack: str) -> str:
    """The id of the local edition of somebody else's pack."""
    return pack if pack.endswith(LOCAL) else pack[: LONGEST_ID - len(LOCAL)] + LOCAL


def stamped(files: Mapping[str, bytes], **said: str) -> dict[str, bytes]:
    """The files with these lines in pack.yaml; comments there stay."""
    tree = opened(files[MANIFEST])
    for key, value in said.items():
        put(tree, key, value)
    return {**files, MANIFEST: written(tree, files[MANIFEST])}


def noted(files: Mapping[str, bytes], version: str, lines: Iterable[str]) -> dict[str, bytes]:
    """The files with an entry for a version on top of CHANGELOG.md."""
    text = files.get(CHANGELOG, "# 变更记录\n".encode()).decode("utf-8-sig")
    entry = f"## {version}\n\n" + "".join(f"- {line.rstrip('。')}。\n" for line in lines)
    first = HEADING.search(text)
    head, rest = (text[: first.start()], text[first.start() :]) if first else (text.rstrip("\n") + "\n\n", "")
    return {**files, CHANGELOG: (head + entry + ("\n" + rest if rest else "")).encode()}


def entries(text: str) -> tuple[str, dict[str, str]]:
    """What stands above the first entry of a CHANGELOG.md, and every entry by its heading."""
    found = list(HEADING.finditer(text))
    if not found:
        return text, {}
    ends = [*(one.start() for one in found[1:]), len(text)]
    return text[: found[0].start()], {
        one[1]: text[one.start() : end].rstrip("\n") + "\n" for one, end in zip(found, ends, strict=True)
    }


def joined(ours: str, theirs: str) -> str:
    """Two change logs in one: the local entries that the new version does not have, then the new version's."""
    head, own = entries(ours)
    _, delivered = entries(theirs)
    kept = [text for heading, text in own.items() if delivered.get(heading) != text]
    return head + "\n".join([*kept, *delivered.values()])
