"""The paragraphs before a signature, marked so that the style can keep the last of them with it.

A style sheet alone would need `:has()`, which costs the layout engine the square of the number of paragraphs.
"""

import re

# What ends the text of a document: the note of its annexes, a signature, a signer's stamp (print/parts.html).
_END = re.compile(r'<div class="(?:signature|stamped|blank keep-with)[" ]')
_PARAGRAPH = re.compile(r'<p(?: class="(?P<names>[^"]*)")?(?=[ >])')
MARKS = ("closing", "before-closing")


def marked(html: str) -> str:
    """The page with the last two paragraphs before the first such end marked, as far as they follow each other."""
    end = _END.search(html)
    place = end.start() if end else 0
    for mark in MARKS if end else ():
        before = html[:place].rstrip()
        start = before.rfind("<p", 0, len(before)) if before.endswith("</p>") else -1
        tag = _PARAGRAPH.match(html, start) if start >= 0 else None
        if tag is None:
            break
        names = f"{tag['names']} {mark}" if tag["names"] else mark
        html = f'{html[:start]}<p class="{names}"{html[tag.end() :]}'
        place = start
    return html
