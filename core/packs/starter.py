"""The files of a new pack: from a template folder if there is one, otherwise from the sections' own samples."""

import json
import re
from collections.abc import Iterable, Mapping

from core.errors import InvalidInput
from core.packs.content.format import MANIFEST, PACK_ID, Section

FIRST = "0.1.0"
README = """\
# {title}

## 依据

写明办法的名称、文号、印发日期，从哪里取得，是否为全文。

## 没有见到、因而没有写入的

逐条列出。没有见到条文的，不要代为规定。
"""
CHANGELOG = """\
# 变更

## {version}

- 第一稿。（写明自哪一天起，依据哪一条）
"""


def starter(
    pack: str,
    title: str,
    issuer: str,
    sections: Iterable[Section],
    template: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """The files of a new pack by relative path."""
    if not PACK_ID.fullmatch(pack):
        raise InvalidInput(
            "规则包标识写法不对",
            where=pack[:60],
            advice="请用小写字母开头，只含小写字母、数字和短横，如 city-2013",
        )
    if template and MANIFEST in template:
        text = template[MANIFEST].decode("utf-8-sig")
        own = {"id": pack, "version": FIRST, "title": title, "issuer": issuer}
        return {**template, MANIFEST: renamed(text, own).encode()}
    manifest = renamed("", {"id": pack, "version": FIRST, "title": title, "issuer": issuer})
    texts = {
        MANIFEST: manifest,
        **{section.file: section.sample for section in sections if section.required},
        "README.md": README.format(title=title),
        "CHANGELOG.md": CHANGELOG.format(version=FIRST),
    }
    return {name: text.encode() for name, text in texts.items()}


def renamed(manifest: str, values: Mapping[str, str]) -> str:
    """A manifest whose top-level lines say these values; lines that are missing come first."""
    missing = []
    for key, value in values.items():
        line = f"{key}: {json.dumps(value, ensure_ascii=False) if key in ('title', 'issuer') else value}"
        found = re.search(rf"^{key}:.*$", manifest, re.M)
        manifest = manifest[: found.start()] + line + manifest[found.end() :] if found else manifest
        missing += [] if found else [line]
    return "\n".join([*missing, manifest]).rstrip() + "\n"
