"""The documents through the product's own templates."""

from datetime import date

from content import COPY_TO, OFFICE, Circular, Journal

from core.documents.fonts.font_set import FontSet
from core.documents.templating.sandbox import render_html

DAY = date(2026, 10, 9)


CHECK = {
    "code": "7K3M-Q9TD-X2VW", "address": "http://10.1.2.3/verify", "url": "http://10.1.2.3/verify/7K3M-Q9TD-X2VW",
}  # fmt: skip


def html_of(content: Circular | Journal, fonts: FontSet, checked: bool = False) -> str:
    """The finished page, ready for the renderer; `checked` prints a check code at its foot."""
    if isinstance(content, Circular):
        values = _circular(content) | ({"check": CHECK} if checked else {})
        return render_html("print/circular.html", {}, values, fonts)
    return render_html("print/briefing.html", {}, _journal(content), fonts)


def _paragraphs(texts: list[str]) -> list[dict]:
    return [{"type": "paragraph", "runs": [{"text": text}]} for text in texts]


def _circular(content: Circular) -> dict:
    tables = [{"head": content.rows[:1], "rows": content.rows[1:]}] if content.rows else []
    return {
        "title": content.title, "mark": f"{OFFICE}文件", "number": "临政办〔2026〕18号", "to": content.to,
        "body": _paragraphs(content.body), "tables": tables, "office": OFFICE, "date": DAY,
        "copy_to": COPY_TO, "printed_by": OFFICE, "printed_on": DAY,
    }  # fmt: skip


def _journal(content: Journal) -> dict:
    columns = [
        {"title": name, "items": [{"title": item.title, "body": _paragraphs(item.body), "source": item.source}
                                  for item in items]}
        for name, items in content.columns
    ]  # fmt: skip
    return {
        "title": "政务要情第12期", "masthead": "政务要情", "issue_number": 12, "serial_number": 345,
        "office": OFFICE, "date": DAY, "contents": content.contents, "columns": columns, "copies": 150,
        "distribution": [{"label": "报", "to": "省政府办公厅，市委、市人大、市政府、市政协领导同志。"}],
    }  # fmt: skip
