"""The same documents as Typst source: same words, faces, type area and pitch as the product's templates."""

from content import COPY_TO, OFFICE, Circular, Journal

MM = 72 / 25.4
SIZE = 16.0
CELL, ROW = 156 * MM / 28, (225 * MM - SIZE) / 21
LEAD = ROW - SIZE
_ESCAPED = str.maketrans({char: f"\\{char}" for char in "#$*_`<>@~[]\\="})
RED = 'rgb("e60012")'
HEAD = f"""#set document(title: "公文")
#set page(paper: "a4", margin: (top: 37mm, bottom: 34.9mm, left: 28mm, right: 25.9mm), footer-descent: 0mm,
  footer: context {{ let n = here().page(); set text(font: "FandolSong", size: 14pt, tracking: 0pt)
    place(top, dy: 7mm - 8pt, box(width: 100%, if calc.odd(n) {{ align(right, pad(right: 14pt, [— #n —])) }}
      else {{ align(left, pad(left: 14pt, [— #n —])) }})) }})
#set text(font: "FandolFang R", size: {SIZE}pt, tracking: {CELL - SIZE:.4f}pt, lang: "zh", region: "cn",
  cjk-latin-spacing: none, top-edge: 0.88em, bottom-edge: -0.12em)
#set par(leading: {LEAD:.4f}pt, spacing: {LEAD:.4f}pt, first-line-indent: (amount: {2 * CELL:.4f}pt, all: true),
  justify: true)
#let flush(x) = par(first-line-indent: 0pt, x)
#let hei(x) = text(font: "FandolHei", x)
#let xbs(size, x) = align(center, flush(text(font: "FandolSong", weight: "bold", size: size, tracking: 0pt, x)))
#let item(x) = block(above: {ROW:.2f}pt, below: {ROW:.2f}pt, sticky: true, width: 100%, xbs(18pt, x))
"""


def typst_of(content: Circular | Journal) -> str:
    """A whole Typst file."""
    return HEAD + (_circular(content) if isinstance(content, Circular) else _journal(content))


def _text(text: str) -> str:
    return text.translate(_ESCAPED)


def _circular(content: Circular) -> str:
    parts = [
        f"#v(35mm)\n#text(fill: {RED}, xbs(38pt)[{OFFICE}文件])\n#v({2 * ROW:.2f}pt)",
        f"#align(center, flush[临政办〔2026〕18号])\n#line(length: 156mm, stroke: 0.5mm + {RED})\n#v({ROW:.2f}pt)",
        f"#xbs(22pt)[{content.title}]\n#v({ROW / 2:.2f}pt)\n#flush[{content.to}：]\n",
        *(f"{_text(text)}\n" for text in content.body),
        _table(content.rows) if content.rows else "",
        f"#block(breakable: false, width: 100%)[#v({ROW:.1f}pt)#align(right, pad(right: {2 * CELL:.1f}pt)["
        f"#box(align(center)[{OFFICE} \\ 2026年10月9日])])]",
        "#place(bottom, float: true)[#set text(size: 14pt, tracking: 0pt)\n#line(length: 156mm, stroke: .35mm)"
        f"#flush[抄送：{COPY_TO}]#line(length: 156mm, stroke: .25mm)#flush[{OFFICE}#h(1fr)2026年10月9日印发]"
        "#line(length: 156mm, stroke: .35mm)]",
    ]
    return "\n".join(parts)


def _table(rows: list[list[str]]) -> str:
    head = ", ".join(f"hei[{cell}]" for cell in rows[0])
    cells = ", ".join(f"[{cell}]" for row in rows[1:] for cell in row)
    columns = f"(auto, 1fr, {', '.join(['auto'] * (len(rows[0]) - 2))})"
    return (
        f"#text(size: 10.5pt, tracking: 0pt)[#table(columns: {columns}, align: center, stroke: .25mm,"
        f" table.header({head}), {cells})]\n"
    )


def _journal(content: Journal) -> str:
    parts = [
        f"#v(8mm)#text(fill: {RED}, xbs(54pt)[政务要情])#v(12mm)#align(center, flush[第12期（总第345期）])",
        f"#flush[{OFFICE}#h(1fr)2026年10月9日]#line(length: 156mm, stroke: .7mm + {RED})",
    ]
    number = 0
    if content.contents:
        parts.append("#align(center, flush(hei[本期要目]))")
        for _, items in content.columns:
            for item in items:
                number += 1
                parts.append(
                    f"#flush[{item.title}#box(width: 1fr, repeat[.])"
                    f"#context counter(page).at(<i{number}>).first()]\n"
                )
    number = 0
    for name, items in content.columns:
        parts.append(f"#align(center, flush(text(fill: {RED}, hei[【{name}】])))")
        for item in items:
            number += 1
            parts.append(f"#item[{item.title}] <i{number}>")
            parts += (f"{_text(text)}\n" for text in item.body)
            parts.append(f'#align(right, flush(text(font: "FandolKai")[（{item.source}）]))')
    return "\n".join(parts)
