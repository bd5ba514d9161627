"""Less to prepare before each line of text: what depends on nothing but its style is made once for that style."""

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline, page, percent
from weasyprint.text import line_break
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description

# All that a font feature can come from.
_FEATURES = (
    "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric",
    "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip

# What `resolve_percentages` sets.
_SIDES = ("top", "right", "bottom", "left")
_SIZES = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *(f"border_{side}_width" for side in _SIDES),
    *(f"{limit}{axis}" for limit in ("", "min_", "max_") for axis in ("width", "height")),
)  # fmt: skip
# Boxes whose style nobody changes once it is theirs.
_STEADY = (boxes.TextBox, boxes.LineBox, boxes.MarginBox)

_original_setup, _original_strut = line_break.Layout.setup, line_break.strut
_original_sizes = percent.resolve_percentages


def install() -> None:
    """Replace the parts."""
    line_break.Layout.setup = _setup
    line_break.strut = inline.strut = _strut
    inline.resolve_percentages = page.resolve_percentages = _sizes


def is_plain(style) -> bool:
    """Whether a style has no font features, no lines and no language of its own."""
    return bool(_ready(style))


def _setup(self, style) -> None:
    ready = _ready(style)
    if not ready:
        return _original_setup(self, style)
    context, self.language, description = ready
    self.style, self.first_line_direction = style, 0
    self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(self.layout, False)
    pango.pango_layout_set_font_description(self.layout, description)
    self.ascent = self.underline_position = self.strikethrough_position = None
    return None


def _ready(style) -> tuple:
    ready = style.__dict__.get("_ready")
    if ready is None:
        ready = style._ready = _ready_for(style)
    return ready


def _ready_for(style) -> tuple:
    """Context, language and font of a plain style; nothing for one with features, lines or a language of its own."""
    plain = style["text_decoration_line"] == "none" and style["font_language_override"] == "normal"
    if not plain or not style["lang"] or font_features(*(style[name] for name in _FEATURES)):
        return ()
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    name, _held = unicode_to_char_p(style["lang"])
    language = pango.pango_language_from_string(name)
    pango.pango_context_set_language(context, language)
    return context, language, get_font_description(style)


def _strut(style) -> tuple:
    found = style.__dict__.get("_strut")
    if found is None:
        found = style._strut = _original_strut(style)
    return found


def _sizes(box, containing_block) -> None:
    style = box.style
    if type(box) not in _STEADY or style["border_collapse"] == "collapse":
        return _original_sizes(box, containing_block)
    within = (
        containing_block
        if isinstance(containing_block, tuple)
        else (containing_block.width, containing_block.height)
    )
    known = style.__dict__.setdefault("_sizes", {})
    if within not in known:
        _original_sizes(box, containing_block)
        known[within] = {name: getattr(box, name) for name in _SIZES}
    box.__dict__.update(known[within])
    return None
