"""Compile core/locale/*/LC_MESSAGES/messages.po to the .mo that gettext reads (Debian's msgfmt is not needed)."""

import ast
import re
import struct
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "core" / "locale"
ENTRY = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d+\])?) (".*")$')


def catalogue(text: str) -> dict[str, str]:
    """Message → translation; plural forms joined by NUL as gettext wants them."""
    found: dict[str, str] = {}
    entry: dict[str, str] = {}
    for line in [*text.splitlines(), ""]:
        if match := ENTRY.match(line):
            entry[match[1]] = ast.literal_eval(match[2])
        elif not line.strip() and "msgid" in entry:
            plural = entry.get("msgid_plural")
            key = f"{entry['msgid']}\0{plural}" if plural else entry["msgid"]
            found[key] = entry.get("msgstr") or entry.get("msgstr[0]", "")
            entry = {}
    found[""] = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"
    return found


def compiled(messages: dict[str, str]) -> bytes:
    """The binary catalogue (GNU MO format, little endian)."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    keys_at = 28
    values_at = keys_at + 8 * len(pairs)
    offset = values_at + 8 * len(pairs)
    tables: list[bytes] = []
    data = b""
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), offset + len(data)))
            data += pair[column] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(pairs), keys_at, values_at, 0, 0) + b"".join(tables) + data


if __name__ == "__main__":
    for source in ROOT.rglob("messages.po"):
        source.with_suffix(".mo").write_bytes(compiled(catalogue(source.read_text(encoding="utf-8"))))
