"""The words in an answer of the site, for walks that look for words somebody must not read."""

import io
import re
import zipfile

import pypdfium2
from werkzeug.test import TestResponse


def words_of(answer: TestResponse) -> str:
    """All text in an answer, whatever its kind."""
    content = answer.data
    if content[:4] == b"%PDF":
        with pypdfium2.PdfDocument(content) as pdf:
            return "".join(page.get_textpage().get_text_range() for page in pdf).replace("\r", "")
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "".join(packed.read(name).decode("utf-8", "ignore") for name in packed.namelist())
    text = content.decode("utf-8", "ignore")
    # JSON may write characters by their numbers.
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
