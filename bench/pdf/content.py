"""What the documents say, before any engine has a hand in it."""

from dataclasses import dataclass

from corpus import Text

OFFICE = "临江市人民政府办公室"
COPY_TO = "市委办公室，市人大常委会办公室，市政协办公室，市纪委监委机关，市中级人民法院，市人民检察院。"


@dataclass(frozen=True)
class Circular:
    """A circular; `rows` is its ranking, the header first."""

    title: str
    to: str
    body: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Item:
    """An article: title, paragraphs, who sent it in."""

    title: str
    body: list[str]
    source: str


@dataclass(frozen=True)
class Journal:
    """Articles under columns; a compilation is a journal of a thousand pages without a table of contents."""

    columns: list[tuple[str, list[Item]]]
    contents: bool


def circular(seed: int, rows: int = 0, columns: int = 12) -> Circular:
    """A circular of one page, or with a ranking of so many rows."""
    text = Text(seed)
    body = [f"{seed % 12 + 1}月份，全市共收到政务信息{1000 + seed}条，市政府办公室采用213条。现予通报。"]
    head = ["位次", "报送单位", *(f"{month}月" for month in range(1, columns - 2)), "得分"]
    table = [
        [str(n + 1), text.office(), *(str(text.chance.randint(0, 60)) for _ in range(columns - 3)),
         str(text.chance.randint(10, 3000) / 10)]
        for n in range(rows)
    ]  # fmt: skip
    title = "关于政务信息采用情况的通报"
    return Circular(title, "各县区人民政府，市政府各部门、各直属机构", body, [head, *table] if rows else [])


def letter(seed: int) -> Circular:
    """A letter to one unit: a page of text."""
    text = Text(seed)
    return Circular("关于政务信息工作的预警函", text.office(), [text.paragraph(1, 1)], [])


def journal(seed: int, items: int = 7) -> Journal:
    """A number of a journal, about twelve pages."""
    text = Text(seed)
    made = [
        Item(text.title(), [text.paragraph(2, 3) for _ in range(text.chance.randint(4, 5))], text.office())
        for _ in range(items)
    ]
    names = ("经济运行", "改革创新", "民生保障", "基层治理")
    return Journal([(name, made[n::4]) for n, name in enumerate(names)], True)


def compilation(characters: int, seed: int = 9) -> Journal:
    """A year's articles in twelve parts."""
    text, made, size = Text(seed), [], 0
    while size < characters:
        body = [text.paragraph(2, 4) for _ in range(text.chance.randint(3, 5))]
        made.append(Item(text.title(), body, text.office()))
        size += sum(map(len, body))
    return Journal([(f"第{month}月", made[month - 1 :: 12]) for month in range(1, 13)], False)
