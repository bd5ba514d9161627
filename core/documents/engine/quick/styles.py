"""Most properties of most boxes are nobody's wish: they have their initial value, or the parent's, and nothing to compute.

The engine finds that out by going through every rule of the cascade for every property of every style: thousands of
times for a page of text. Here a style begins with the initial values, except of what its rules speak of, and what it
only inherits is taken from the parent at once.
"""

from weasyprint import css
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

# These depend on each other, or on the parent in ways of their own.
_ENTANGLED = {"float", "display", "position", "page"}
_original_computed, _original_anonymous = css.ComputedStyle.__init__, css.AnonymousStyle.__init__
_original_missing = css.ComputedStyle.__missing__


def install() -> None:
    """Replace the parts."""
    css.ComputedStyle.__init__, css.AnonymousStyle.__init__ = _computed, _anonymous
    css.ComputedStyle.__missing__ = _missing


def _names(key: str) -> tuple[str, ...]:
    """The property, and its names by the direction of the text (`margin_inline_start`)."""
    logical = PHYSICAL_FUNCTIONS.get(key)
    return (key, *{logical(block="ttb", inline=inline) for inline in ("ltr", "rtl") if logical})


def _is_plain(key: str) -> bool:
    if key in _ENTANGLED or key.startswith(("text_decoration_", "__")):
        return False
    return key in INHERITED or not (key in INITIAL_NOT_COMPUTED or check_math(INITIAL_VALUES[key]))


_PLAIN = frozenset(filter(_is_plain, INITIAL_VALUES))
_INITIAL = {key: INITIAL_VALUES[key] for key in _PLAIN if key not in INHERITED}
# By what a rule may name: the initial values that it may replace.
_SPOKEN_OF: dict[str, list[str]] = {}
for _key in _INITIAL:
    for _name in _names(_key):
        _SPOKEN_OF.setdefault(_name, []).append(_key)
_INHERITED = {key: _names(key) for key in _PLAIN if key in INHERITED}


def _computed(style, parent, cascaded, *more) -> None:
    _original_computed(style, parent, cascaded, *more)
    style.update(_INITIAL)
    for name in cascaded:
        for key in _SPOKEN_OF.get(name, ()):
            style.pop(key, None)


def _anonymous(style, parent) -> None:
    style.update(_INITIAL)
    _original_anonymous(style, parent)


def _missing(style, key: str):
    names, parent = _INHERITED.get(key), style.parent_style
    if names is None or parent is None:
        return _original_missing(style, key)
    for name in names:
        if name in style.cascaded:
            return _original_missing(style, key)
    value = style[key] = parent[key]
    return value
