"""The used margins, paddings, borders and sizes of a box: in one go, and for boxes of lines once for each style.

The engine asks for each of the twenty properties through three functions that allow for calculations.
"""

from math import inf

from weasyprint.css.properties import Dimension
from weasyprint.formatting_structure import boxes
from weasyprint.layout import absolute, block, column, float, grid, inline, page, percent, table

_SIDES = ("top", "right", "bottom", "left")
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
# Percentages of these mean the width of the containing block.
_BY_WIDTH = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    "width",
    "min_width",
    "max_width",
)
_BY_HEIGHT = ("height", "min_height", "max_height")
_SIZES = (*_BY_WIDTH, *_BY_HEIGHT, *_BORDERS)
# Boxes whose style nobody changes once it is theirs.
_STEADY = (boxes.TextBox, boxes.LineBox, boxes.MarginBox)

_original_sizes = percent.resolve_percentages


def install() -> None:
    """Replace the part wherever it is known by name."""
    for module in (absolute, block, column, float, grid, table):
        module.resolve_percentages = _sizes
    inline.resolve_percentages = page.resolve_percentages = _steady_sizes


def _steady_sizes(box, containing_block) -> None:
    style = box.style
    if type(box) not in _STEADY:
        return _sizes(box, containing_block)
    within = (
        containing_block
        if isinstance(containing_block, tuple)
        else (containing_block.width, containing_block.height)
    )
    known = style.__dict__.setdefault("_sizes", {})
    if within not in known:
        _sizes(box, containing_block)
        known[within] = {name: getattr(box, name) for name in _SIZES}
    box.__dict__.update(known[within])
    return None


def _sizes(box, containing_block) -> None:
    width, height = (
        (containing_block.width, containing_block.height)
        if isinstance(containing_block, boxes.Box)
        else containing_block
    )
    style = box.style
    is_page = isinstance(box, boxes.PageBox)
    if is_page or not (_set(box, _BY_WIDTH, width) and _set_heights(box, height)):
        return _original_sizes(box, containing_block)
    used, are_settled = box.__dict__, style["border_collapse"] == "collapse"
    for name in _BORDERS:
        if not (are_settled and name in used):  # as agreed with the neighbours
            used[name] = style[name]
    if style["box_sizing"] != "content-box":
        percent.adjust_box_sizing(box, "width")
        percent.adjust_box_sizing(box, "height")
    return None


def _set_heights(box, within) -> bool:
    if within != "auto":
        return _set(box, _BY_HEIGHT, within)
    height = box.style["height"]
    if type(height) is Dimension and height.unit == "%":
        box.height = "auto"  # of a height that is not known yet
    elif not _set(box, ("height",), 0):
        return False
    return _set(box, ("min_height",), 0) and _set(box, ("max_height",), inf)


def _set(box, names: tuple[str, ...], whole) -> bool:
    """Set what these properties amount to; False when one of them is a calculation."""
    style, used = box.style, box.__dict__
    for name in names:
        value = style[name]
        if type(value) is Dimension:
            amount, unit = value
            value = whole * amount / 100 if unit == "%" else amount
        elif value == "auto":
            value = 0 if name in ("min_width", "min_height") else value
        elif value is not None:
            return False
        used[name] = value
    return True
