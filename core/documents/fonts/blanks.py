"""Characters a font claims to have and draws as nothing.

Some open fonts map characters to empty outlines; the text engine would take them and print a gap.
"""

from fontTools.ttLib import TTFont

from core.documents.fonts import charset


def blank(file: str, index: int) -> frozenset[int]:
    """Code points with an empty outline, spaces and controls aside. Looks into TrueType outlines only."""
    with TTFont(file, fontNumber=index, lazy=True) as font:
        if "loca" not in font:
            return frozenset()
        places, number = font["loca"].locations, font.getReverseGlyphMap()
        return frozenset(
            code
            for code, name in font.getBestCmap().items()
            if places[number[name]] == places[number[name] + 1]
            and not (chr(code).isspace() or charset.is_unprintable(chr(code)))
        )
