"""The looks of pages and margins worked out once for all pages that are alike, instead of once for each page."""

from weasyprint.layout import page

_original_styles = page.set_page_type_computed_styles


def install() -> None:
    """Replace the part."""
    page.set_page_type_computed_styles = _styles


def _styles(page_type, html, style_for) -> None:
    if _counts_pages(style_for):
        return _original_styles(page_type, html, style_for)
    kinds = style_for.__dict__.setdefault("_kinds_of_pages", {})
    kind = (page_type.side, page_type.blank, page_type.name, page_type.index == 0)
    computed = style_for.get_computed_styles()
    if kind not in kinds:
        _original_styles(page_type, html, style_for)
        cascaded = style_for.get_cascaded_styles()
        margins = [margin for element, margin in cascaded if element == page_type and margin]
        kinds[kind] = [(margin, computed[page_type, margin]) for margin in (None, *margins)]
    for margin, style in kinds[kind]:
        computed[page_type, margin] = style
    return None


def _counts_pages(style_for) -> bool:
    """Whether a style sheet has rules for every so-manieth page."""
    if "_counts_pages" not in style_for.__dict__:
        style_for._counts_pages = any(
            chosen.index is not None
            for sheet, _, _ in style_for._sheets
            for _, selectors, _ in sheet.page_rules
            for _, _, chosen in selectors
        )
    return style_for._counts_pages
