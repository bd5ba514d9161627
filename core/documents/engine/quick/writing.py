"""Write the file with less work: no object is put into bytes twice, none is packed harder than is worth the time.

The engine writes all objects and then goes through all of them once more for the file's identifier, which packs
every page and every face a second time.
"""

import zlib
from types import SimpleNamespace

import pydyf

# Page streams are packed at the common level instead of the hardest, at a third of the time.
LEVEL = 4

_original_to_bytes = pydyf._to_bytes
_original_write = pydyf.PDF.write
_original_data = {kind: kind.data.fget for kind in (pydyf.Dictionary, pydyf.Array)}


class _Work:
    """Whether a file is being written, so that nothing of it changes any more."""

    is_writing = False


def install() -> None:
    """Replace the parts."""
    pydyf.zlib = SimpleNamespace(compressobj=lambda level: zlib.compressobj(LEVEL), compress=zlib.compress)
    pydyf._to_bytes = _to_bytes
    pydyf.PDF.page_references = property(_page_references)
    pydyf.PDF.write = _write
    pydyf.Stream.data = property(_once(_stream))
    for kind, data in _original_data.items():
        kind.data = property(_once(data))


def _write(pdf: pydyf.PDF, *how, **more) -> None:
    _Work.is_writing = True
    try:
        _original_write(pdf, *how, **more)
    finally:
        _Work.is_writing = False


def _once(data):
    def known(thing: pydyf.Object) -> bytes:
        if not _Work.is_writing:
            return data(thing)
        found = thing.__dict__.get("_data")
        if found is None:
            found = thing._data = data(thing)
        return found

    return known


def _stream(thing: pydyf.Stream) -> bytes:
    """As the engine has it, but pieces that are bytes already are not looked at one by one."""
    try:
        content = b"\n".join(thing.stream)
    except TypeError:
        content = b"\n".join(map(_to_bytes, thing.stream))
    extra = pydyf.Dictionary(thing.extra)
    if thing.compress:
        extra["Filter"] = "/FlateDecode"
        packer = zlib.compressobj(LEVEL)
        content = packer.compress(content) + packer.flush()
    extra["Length"] = len(content)
    return b"\n".join((extra.data, b"stream", content, b"endstream"))


def _float(item: float) -> bytes:
    return b"%d" % item if item.is_integer() else (b"%f" % item).rstrip(b"0")


_BY_TYPE = {
    bytes: lambda item: item,
    float: _float,
    int: lambda item: b"%d" % item,
    str: lambda item: item.encode("ascii"),
}


def _to_bytes(item: object) -> bytes:
    """Bytes by the type of the piece, looked up once."""
    convert = _BY_TYPE.get(type(item))
    return convert(item) if convert else _original_to_bytes(item)


def _page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    """Made once: they are asked for once for every tagged paragraph, a fifth of the time of a thousand pages."""
    kids = pdf.pages["Kids"]
    known = getattr(pdf, "_known_pages", ())
    if 3 * len(known) != len(kids):
        known = tuple(f"{number} 0 R".encode("ascii") for number in kids[::3])
        pdf._known_pages = known
    return known
