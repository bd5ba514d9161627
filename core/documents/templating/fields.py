"""What a place in the data is called on the document: 标题, 附件 2 的正文第 3 段, 栏目“经济运行”第 1 条的来源."""

from collections.abc import Callable, Iterator, Mapping

from core.documents.templating.origins import MOST_LOOKED_AT, Path

NAMES = {
    "title": "标题", "mark": "发文机关标志", "mark_word": "发文机关标志右侧的字", "number": "发文字号", "signer": "签发人",
    "signers": "签发人", "copy_number": "份号", "classification": "密级和保密期限", "urgency": "紧急程度", "to": "主送机关",
    "office": "署名", "note": "附注", "copy_to": "抄送", "printed_by": "印发机关", "printed_on": "印发日期",
    "present": "出席人员", "absent": "请假人员",
    "observers": "列席人员", "masthead": "刊名", "edition": "刊名下的小字", "issue_number": "期号", "serial_number": "总期号",
    "issue_line": "期号", "editor_note": "编者按", "note_label": "编者按的名称", "contents_title": "要目的名称",
    "editor": "责任编辑", "copies": "印数", "distribution": "报尾", "source": "来源", "author": "作者",
    "caption": "栏目说明", "line": "栏目下的话",
    "heading": "单名", "opening": "说明文字", "body_title": "原文标题", "body_source": "原文来源", "leader": "批示领导",
    "text": "批示内容",
}  # fmt: skip


def named(path: Path, data: object) -> str:
    """The name of a place; nothing where the document has none for it."""
    name = ""
    for part in _parts(path, data):
        name += part if not name or part.startswith("第") else f"的{part}"
    return name


def first_text(fits: Callable[[str], bool], data: object) -> Path | None:
    """The way to the first text that fits, in the order of the data."""
    left: list[tuple[Path, object]] = [((), data)]
    for _ in range(MOST_LOOKED_AT):
        if not left:
            return None
        path, value = left.pop()
        if isinstance(value, str) and fits(value):
            return path
        inside = value.items() if isinstance(value, Mapping) else ()
        inside = list(enumerate(value)) if isinstance(value, (list, tuple)) else list(inside)
        left += [((*path, key), part) for key, part in reversed(inside)]
    return None


def _parts(path: Path, data: object) -> Iterator[str]:
    """The names of the things on the way, the larger first; further in than a paragraph nothing has one."""
    value = data
    for n, key in enumerate(path):
        around = value
        value = value[key] if isinstance(value, (Mapping, list, tuple)) else None  # type: ignore[call-overload,index]
        if not isinstance(key, int):
            if key in NAMES:
                yield "名称" if key == "title" and path[:1] == ("columns",) and n == 2 else NAMES[key]
                return
            continue
        owner = path[n - 1] if n else ""
        if owner in _LISTED:
            yield _LISTED[owner](key, around, value)
        if owner in ("body", "tables"):
            return


def _paragraph(number: int, blocks: object, block: object) -> str:
    if not (isinstance(block, Mapping) and block.get("type") == "table"):
        return f"正文第 {number + 1} 段"
    before = [each for each in blocks[:number] if isinstance(each, Mapping) and each.get("type") == "table"]  # type: ignore[index]
    return f"正文第 {len(before) + 1} 个表格"


def _table(number: int, tables: object, table: object) -> str:
    title = table.get("title") if isinstance(table, Mapping) else ""
    return f"表格“{title}”" if title else f"第 {number + 1} 个表格"


def _annex(number: int, annexes: object, annex: object) -> str:
    """As it is numbered on the page: a forwarded document is no annex, and a lone one has no number."""
    listed = [
        n for n, each in enumerate(annexes) if not (isinstance(each, Mapping) and each.get("forwarded"))
    ]  # type: ignore[arg-type]
    if number not in listed:
        title = annex.get("title", "") if isinstance(annex, Mapping) else ""
        return f"所附文件“{title}”"
    return f"附件 {listed.index(number) + 1} " if len(listed) > 1 else "附件"


def _column(number: int, columns: object, column: object) -> str:
    title = column.get("title") if isinstance(column, Mapping) else ""
    return f"栏目“{title}”" if title else f"第 {number + 1} 个栏目"


_LISTED: Mapping[object, Callable[[int, object, object], str]] = {
    "body": _paragraph,
    "tables": _table,
    "annexes": _annex,
    "columns": _column,
    "items": lambda number, _, __: f"第 {number + 1} 条",
}
