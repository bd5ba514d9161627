"""Office files are zip archives: write them so that the same contents are the same bytes, whenever and wherever."""

import io
import zipfile

# The first moment a zip archive can name.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"


def settled(archive: bytes) -> bytes:
    """The archive with its members in a fixed order, all of one date, packed the same way."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as given, zipfile.ZipFile(out, "w") as kept:
        for name in sorted(given.namelist(), key=lambda name: (name != _FIRST, name)):
            member = zipfile.ZipInfo(name, LONG_AGO)
            member.create_system, member.external_attr = 3, 0o600 << 16
            kept.writestr(member, given.read(name), zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
