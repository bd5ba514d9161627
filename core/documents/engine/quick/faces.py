"""Cut a face down to the glyphs a document uses in one pass instead of two.

The engine's second pass drops hints and the empty places after the last glyph. The first can drop the hints as well,
and HarfBuzz keeps no places after the last glyph even when glyphs keep their numbers: nothing is left for a second.
A pass takes about two milliseconds for a face of ten thousand characters, and a page has three faces.
"""

from weasyprint.pdf import fonts
from weasyprint.pdf.fonts import get_hb_object_data
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset

# Tables that mean nothing inside a PDF: those the engine names, and the one its second pass leaves out (FFTM).
_USELESS = (
    b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"FFTM", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT", b"SVG ",
)  # fmt: skip
_original_subset = fonts.Font._harfbuzz_subset


def install() -> None:
    """Replace the part."""
    if harfbuzz_subset is not None:
        fonts.Font._harfbuzz_subset = _subset


def _subset(font, to_unicode, hinting) -> None:
    content = None if font.missing else _cut_down(font.hb_face, sorted(to_unicode), hinting)
    if content:
        font.file_content = content
    else:  # what takes two passes, or fails, is the engine's to do and to tell
        _original_subset(font, to_unicode, hinting)


def _cut_down(face, glyphs: list[int], hinting: bool) -> bytes | None:
    """The font file of these glyphs, or nothing when it does not end with the last of them."""
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    _add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), glyphs)
    tags = sorted(harfbuzz.hb_tag_from_string(name, -1) for name in _USELESS)
    _add(
        harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG),
        tags,
    )
    flags = (
        harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS
        | harfbuzz_subset.HB_SUBSET_FLAGS_PASSTHROUGH_UNRECOGNIZED
        | harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
        | (0 if hinting else harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING)
    )
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    made = harfbuzz_subset.hb_subset_or_fail(face, wanted)
    if made == ffi.NULL:
        return None
    made = ffi.gc(made, harfbuzz.hb_face_destroy)
    if harfbuzz.hb_face_get_glyph_count(made) != glyphs[-1] + 1:
        return None
    return get_hb_object_data(made)


def _add(numbers, values: list[int]) -> None:
    harfbuzz.hb_set_add_sorted_array(numbers, ffi.new("hb_codepoint_t[]", values), len(values))
