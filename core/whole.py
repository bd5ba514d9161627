"""Whether a PDF or a picture is whole: one cut short in copying lacks what every such file ends with. Pure.

Looked for, not parsed: cameras and scanners add bytes of their own behind the end, phones a whole film.
"""

_SCAN, _END = 0xDA, b"\xff\xd9"


def is_whole(media_type: str, content: bytes) -> bool:
    """Whether the end of the file is there; kinds without an end to look for count as whole."""
    if media_type == "application/pdf":
        return b"%%EOF" in content or b"startxref" in content
    if media_type == "image/png":
        return b"IEND" in content
    if media_type == "image/jpeg":
        return content.find(_END, _pixels(content)) >= 0
    return True


def _pixels(jpeg: bytes) -> int:
    """Where the head of a JPEG stops: a small picture inside the head has an end of its own."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and 0xC0 <= jpeg[at + 1] < 0xFF:
        if jpeg[at + 1] in (_SCAN, _END[1]):
            return at
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return at
