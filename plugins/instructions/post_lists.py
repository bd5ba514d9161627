"""Read a pasted list of posts: name, post, class, from, to, account. Pure; every line that is wrong is named."""

from collections.abc import Iterator, Mapping, Sequence

from core.errors import Findings, InvalidInput, near
from core.tabular import day_of, rows_of
from plugins.instructions.holding import NewPost

HEAD = ("姓名", "name")
MOST = 300
# Words for “still in office”.
STILL = ("", "今", "至今", "在任", "-", "—")


class Unreadable(Findings):
    """Lines of a list that cannot be taken."""


def read(text: str, classes: Mapping[str, str], logins: Mapping[str, int]) -> list[NewPost]:
    """The posts of a list. `classes` are ids and titles, `logins` accounts by name. Raises Unreadable."""
    rows = [(n, row) for n, row in enumerate(rows_of(text), 1) if any(row) and row[0] not in HEAD]
    if not rows or len(rows) > MOST:
        message = f"一次最多导入 {MOST} 行" if rows else "没有可导入的内容"
        raise Unreadable(
            message, [InvalidInput(message, advice="请按“姓名 职务 领导类别 任职起 任职止 登录名”粘贴")]
        )
    found, errors = [], []
    for n, row in rows:
        wrong = list(_faults(n, row, classes, logins))
        errors += wrong
        if not wrong:
            found.append(_post(row, classes, logins))
    if errors:
        raise Unreadable("名单有误", errors)
    return found


def _cell(row: Sequence[str], n: int) -> str:
    return row[n].strip() if n < len(row) else ""


def _faults(
    n: int, row: Sequence[str], classes: Mapping[str, str], logins: Mapping[str, int]
) -> Iterator[InvalidInput]:
    where = f"第 {n} 行"
    if not _cell(row, 0) or not _cell(row, 1):
        yield InvalidInput("缺少姓名或职务", where=where, advice="各栏之间用制表符分开，可从表格软件中复制")
        return
    klass = _cell(row, 2)
    if _class(klass, classes) is None:
        advice = near(klass, classes) or f"可选：{'、'.join(classes.values())}"
        yield InvalidInput(f"没有“{klass}”这个领导类别", where=where, advice=advice)
    if day_of(_cell(row, 3), 0) is None:
        yield InvalidInput("任职起看不懂", where=where, reason=_cell(row, 3), advice="请写成 2026-03-01")
    if _cell(row, 4) not in STILL and day_of(_cell(row, 4), 0) is None:
        yield InvalidInput(
            "任职止看不懂", where=where, reason=_cell(row, 4), advice="请写成 2026-03-01；仍在任的留空"
        )
    if _cell(row, 5) and _cell(row, 5) not in logins:
        yield InvalidInput(f"没有登录名“{_cell(row, 5)}”", where=where, advice="请核对，或留空")


def _class(word: str, classes: Mapping[str, str]) -> str | None:
    return next((key for key, said in classes.items() if word in (key, said)), None)


def _post(row: Sequence[str], classes: Mapping[str, str], logins: Mapping[str, int]) -> NewPost:
    since, until = day_of(_cell(row, 3), 0), _cell(row, 4)
    assert since is not None
    return NewPost(
        _cell(row, 0), _cell(row, 1), _class(_cell(row, 2), classes) or "", since,
        None if until in STILL else day_of(until, 0), logins.get(_cell(row, 5)),
    )  # fmt: skip
