"""Names: leaders with their posts on the day and in their order, bodies by their full names. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from plugins.proofreading.findings import Finding, Line, Manuscript, found
from plugins.proofreading.schema import BodyName, LeaderName

# What somebody may be called before or after the name. Longer ones first.
RANKS = (
    "副书记", "副市长", "副县长", "副区长", "副省长", "副州长", "副镇长", "副乡长", "副主任", "副主席", "副局长", "副秘书长",
    "副厅长", "副部长", "副院长", "副检察长", "书记", "市长", "县长", "区长", "省长", "州长", "镇长", "乡长", "主任", "主席",
    "局长", "秘书长", "厅长", "部长", "院长", "检察长", "常委",
)  # fmt: skip
_rank_before = re.compile(rf"({'|'.join(RANKS)})(?:、({'|'.join(RANKS)}))?$")
_acting = re.compile(r"(?:原|前|时任|老|代|拟任|候任|曾任)[^，。；、]{0,8}$")
_between = re.compile(r"^[、和及]?[^，。；！？]{0,20}$")


def check(
    manuscript: Manuscript, leaders: Sequence[LeaderName], bodies: Sequence[BodyName]
) -> Iterator[Finding]:
    """Every finding on names of people and bodies."""
    for line in manuscript.running:
        said = _mentions(line, leaders)
        for position, leader in said:
            yield from _post(line, position, leader, manuscript.day)
        yield from _order(line, said, leaders)
    for body in bodies:
        yield from _wrong(manuscript, body)
        if body.full_first:
            yield from _first(manuscript, body)


def posts_on(leader: LeaderName, day: date) -> list[str]:
    """What somebody is on a day."""
    return [
        post.title
        for post in leader.posts
        if (post.start is None or post.start <= day) and (post.end is None or day <= post.end)
    ]


def _mentions(line: Line, leaders: Sequence[LeaderName]) -> list[tuple[int, LeaderName]]:
    said = [
        (each.start(), leader)
        for leader in leaders
        if leader.name in line.text
        for each in re.finditer(re.escape(leader.name), line.text)
    ]
    return sorted(said, key=lambda pair: pair[0])


def _post(line: Line, position: int, leader: LeaderName, day: date) -> Iterator[Finding]:
    """The rank right before a name is one the leader has."""
    before = line.text[max(position - 24, 0) : position]
    rank = _rank_before.search(before)
    if not rank or _acting.search(before[: rank.start()]):
        return
    posts = posts_on(leader, day)
    held = [one for post in posts for one in re.findall("|".join(RANKS), post)]
    for one in filter(None, rank.groups()):
        if one not in held:
            now = "、".join(posts) or "名单中没有当日职务"
            text = f"{leader.name}的职务与名单不符：名单为“{now}”，文中为“{rank[0]}”，请核对"
            start = position - len(before) + rank.start()
            yield found("leaders", "error", text, line, start, position + len(leader.name))
            return


def _order(
    line: Line, said: Sequence[tuple[int, LeaderName]], leaders: Sequence[LeaderName]
) -> Iterator[Finding]:
    """Names in a row follow the order of the list."""
    rank = {leader.name: n for n, leader in enumerate(leaders)}
    for (start, one), (after, other) in zip(said, said[1:], strict=False):
        between = line.text[start + len(one.name) : after]
        row = between[:1] in ("、", "和", "及") and _between.match(between)
        if row and rank[one.name] > rank[other.name]:
            text = f"领导排序与名单不符：名单中{other.name}在{one.name}之前"
            yield found("leader-order", "warning", text, line, start, after + len(other.name))


def _wrong(manuscript: Manuscript, body: BodyName) -> Iterator[Finding]:
    for wrong in body.wrong:
        for line in manuscript.lines:
            start = line.text.find(wrong)
            if start >= 0 and not _within(line.text, start, wrong, (body.full, *body.short)):
                right = "”或“".join((body.full, *body.short))
                text = f"“{wrong}”不是规范名称，应为“{right}”"
                yield found("bodies", "warning", text, line, start, start + len(wrong))


def _first(manuscript: Manuscript, body: BodyName) -> Iterator[Finding]:
    """A short name comes only after the full one. Titles are short anyway, and a unit writes about itself."""
    if body.full in manuscript.units:
        return
    for line in manuscript.body:
        full = line.text.find(body.full)
        for short in body.short:
            start = line.text.find(short)
            if (
                start >= 0
                and (full < 0 or start < full)
                and not _within(line.text, start, short, (body.full,))
            ):
                text = f"首次出现宜用全称“{body.full}”"
                yield found("bodies", "info", text, line, start, start + len(short))
                return
        if full >= 0:
            return


def _within(text: str, start: int, word: str, longer: Sequence[str]) -> bool:
    """Whether the word found there is only a part of one of the longer names."""
    for name in longer:
        offset = name.find(word)
        if offset >= 0 and name != word and start >= offset and text.startswith(name, start - offset):
            return True
    return False
