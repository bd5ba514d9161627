"""Less to prepare before each line of text: what depends on nothing but its style is made once for that style."""

from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description

# All that a font feature can come from.
_FEATURES = (
    "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric",
    "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip

_original_setup, _original_strut = line_break.Layout.setup, line_break.strut


def install() -> None:
    """Replace the parts."""
    line_break.Layout.setup = _setup
    line_break.strut = inline.strut = _strut


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
