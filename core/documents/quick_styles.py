"""Most properties of most boxes are nobody's wish: they have their initial value, or the parent's, and nothing to compute.

The engine finds that out by going through every rule of the cascade for every property of every style: over three
thousand times for a page of text.
"""

from weasyprint import css
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

# These depend on each other, or on the parent in ways of their own.
_ENTANGLED = {"float", "display", "position", "page"}
_original_missing = css.ComputedStyle.__missing__


def install() -> None:
    """Replace the part."""
    css.ComputedStyle.__missing__ = _missing


def _names(key: str) -> tuple[str, ...]:
    """The property, and its names by the direction of the text (`margin_inline_start`)."""
    logical = PHYSICAL_FUNCTIONS.get(key)
    return (key, *{logical(block="ttb", inline=inline) for inline in ("ltr", "rtl") if logical})


def _is_plain(key: str) -> bool:
    if key in _ENTANGLED or key.startswith(("text_decoration_", "__")):
        return False
    return key in INHERITED or not (key in INITIAL_NOT_COMPUTED or check_math(INITIAL_VALUES[key]))


_PLAIN = {key: (key in INHERITED, _names(key)) for key in INITIAL_VALUES if _is_plain(key)}


def _missing(style, key: str):
    plain = _PLAIN.get(key)
    if plain is None:
        return _original_missing(style, key)
    is_inherited, names = plain
    cascaded, parent = style.cascaded, style.parent_style
    for name in names:
        if name in cascaded:
            return _original_missing(style, key)
    if not is_inherited:
        value = style[key] = INITIAL_VALUES[key]
    elif parent is None:
        return _original_missing(style, key)
    else:
        value = style[key] = parent[key]
    return value
