"""What one issue prints otherwise than the pack says, field by field; frames saved by name; the last issue's frame."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.accounts.models import Office
from core.actors import Actor
from core.db import db, transaction
from core.errors import InvalidInput, NotFound
from core.permissions import Place, require
from core.submissions.text import clean_line
from plugins.journal import guards, queries, steps
from plugins.journal.board_models import JournalFrame
from plugins.journal.framing import KEYS, frame_of
from plugins.journal.models import JournalIssue
from plugins.journal.schema import Journal, fill
from plugins.journal.steps import Change

OWN = ("secrecy", "secrecy_years", "urgency", "note", "planned_on")
# What a saved frame and the last issue give a new one; the day and the note belong to one issue.
KEPT = ("secrecy", "secrecy_years", "urgency")
TITLES = {
    "copies": "印数", "distribution": "发送范围", "contents": "印目录", "columns": "栏目次序", "secrecy": "密级",
    "secrecy_years": "保密期限", "urgency": "紧急程度", "note": "编者按", "planned_on": "日期",
}  # fmt: skip
# Which permission of the pack a field needs, where its name is another.
NEEDS = {"planned_on": "date", "secrecy_years": "secrecy"}
NAME, CAPTION, LINES = 40, 200, 12
# The editors' own words; a correction says before them what was wrong.
NOTE, MISTAKE = 2000, 600
DAYS = timedelta(days=31)
LAST = "last"


def current(issue: JournalIssue, journal: Journal) -> dict[str, Any]:
    """Every field as this issue prints it now; `journal` is the issue's own. Captions stand as `caption:column`."""
    frame = _frame(issue, journal)
    captions = frame.pop("captions")
    return {
        **frame,
        **{f"caption:{column.id}": captions.get(column.id, "") for column in journal.columns},
        **{key: getattr(issue, key) for key in OWN},
    }


def edit_and_save(
    actor: Actor, issue_id: int, given: Mapping[str, Any], was: Mapping[str, Any], name: str
) -> JournalFrame | None:
    """Change fields of an issue and, given a name, keep its frame as it then is."""
    with transaction():
        edit_issue(actor, issue_id, given, was)
        return save_frame(actor, issue_id, name) if name.strip() else None


def edit_issue(actor: Actor, issue_id: int, given: Mapping[str, Any], was: Mapping[str, Any]) -> JournalIssue:
    """Change fields of an issue. `was` is what the person had before them; other people's fields stay theirs."""
    with transaction():
        issue = guards.open_draft(actor, issue_id)
        journal = queries.journal_for(issue, clock.today())
        now = current(issue, journal)
        known = {key: value for key, value in given.items() if key in now}
        if "note" in known:
            known["note"] = journal.editor_note.bare(known["note"])
        titles = {key: TITLES.get(key, "栏目说明") for key in now}
        changed = steps.merged(now, known, was, titles)
        if not changed:
            return issue
        for key, value in changed.items():
            _check(journal, key, value, longest_note(issue))
        put(issue, changed)
        words = "、".join(dict.fromkeys(titles[key] for key in changed))
        steps.note(actor, issue, Change("frame", f"修改{words}", {k: _plain(now[k]) for k in changed},
                                        {k: _plain(v) for k, v in changed.items()}))  # fmt: skip
        audit.note(actor, "修改刊物版面", issue, office_id=issue.office_id, fields=words)
    return issue


def longest_note(issue: JournalIssue) -> int:
    """How many characters the note of an issue may have."""
    return NOTE + MISTAKE if issue.corrects_id else NOTE


def put(issue: JournalIssue, changed: Mapping[str, Any]) -> None:
    """Write checked fields. What equals the pack's own value is no change of the frame."""
    base = _frame(issue, _base(issue))
    frame = {**issue.frame}
    captions = {**frame.get("captions", {})}
    for key, value in changed.items():
        if key in OWN:
            setattr(issue, key, value)
        elif key.startswith("caption:"):
            captions[key.partition(":")[2]] = value
        elif value == base[key]:
            frame.pop(key, None)
        else:
            frame[key] = value
    captions = {key: value for key, value in captions.items() if value != base["captions"].get(key, "")}
    frame.pop("captions", None)
    issue.frame = frame | ({"captions": captions} if captions else {})


def start(issue: JournalIssue, journal: Journal, like: str) -> None:
    """Give a new issue its frame: the pack's marks, and what the last issue (`last`) or a saved frame (its id) had."""
    marks = journal.marks
    issue.secrecy = (marks.secrecy and marks.secrecy.default) or ""
    issue.secrecy_years = marks.secrecy.years if marks.secrecy and issue.secrecy != "内部" else None
    issue.urgency = (marks.urgency and marks.urgency.default) or ""
    if like == LAST and (last := last_issue(issue.office_id, issue.journal, issue.edition)):
        _adopt(issue, journal, _content(last))
    elif like and like != LAST:
        _adopt(issue, journal, frame(issue.office_id, issue.journal_id, int(like)).content)


def last_issue(office_id: int, series: str, edition: str) -> JournalIssue | None:
    """The newest issue of the same journal and edition, published or not."""
    query = select(JournalIssue).where(
        JournalIssue.office_id == office_id, JournalIssue.journal == series, JournalIssue.edition == edition
    )
    return db.session.scalar(query.order_by(JournalIssue.id.desc()).limit(1))


def saved(office_id: int) -> list[JournalFrame]:
    """The frames an office has saved, by journal and name."""
    query = (
        select(JournalFrame).where(JournalFrame.office_id == office_id).options(joinedload(JournalFrame.by))
    )
    return list(db.session.scalars(query.order_by(JournalFrame.journal, JournalFrame.name)))


def frame(office_id: int, journal_id: str, frame_id: int) -> JournalFrame:
    """A saved frame of a journal. Raises NotFound."""
    found = db.session.get(JournalFrame, frame_id)
    if not found or (found.office_id, found.journal) != (office_id, journal_id):
        raise NotFound("没有这个版面模板", advice="请重新选择")
    return found


def save_frame(actor: Actor, issue_id: int, name: str) -> JournalFrame:
    """Keep an issue's frame under a name; a name used before gets the new frame."""
    with transaction():
        issue, name = guards.draft(actor, issue_id, None), _name(name)
        found = _named(issue.office_id, issue.journal_id, name)
        if not found:
            found = JournalFrame(office_id=issue.office_id, journal=issue.journal_id, name=name)
            db.session.add(found)
        found.content, found.by_id, found.at = _content(issue), actor.id, clock.now()
        audit.note(actor, "保存版面模板", issue, office_id=issue.office_id, name=name)
        db.session.flush()
    return found


def rename_frame(actor: Actor, frame_id: int, name: str) -> JournalFrame:
    """Give a saved frame another name; another frame of the journal is never replaced by it."""
    with transaction():
        found, name = _saved(actor, frame_id), _name(name)
        if _named(found.office_id, found.journal, name) not in (None, found):
            raise InvalidInput(f"已有名为“{name}”的版面模板", where="模板名称", advice="请换一个名称")
        before, found.name = found.name, name
        audit.note(actor, "改版面模板名称", name, office_id=found.office_id, before=before, after=name)
    return found


def drop_frame(actor: Actor, frame_id: int) -> None:
    """Delete a saved frame."""
    with transaction():
        found = _saved(actor, frame_id)
        title = dict(queries.journal_titles(actor)).get(found.journal, found.journal)
        audit.note(actor, "删除版面模板", found.name, office_id=found.office_id, journal=title)
        db.session.delete(found)


def _saved(actor: Actor, frame_id: int) -> JournalFrame:
    found = db.session.get(JournalFrame, frame_id)
    if not found:
        raise NotFound("没有这个版面模板", advice="可能刚刚被删除，请刷新页面")
    require(actor, "journal.compile", Place(found.office_id))
    return found


def _name(text: str) -> str:
    name = clean_line(text)
    if not name or len(name) > NAME:
        raise InvalidInput(
            "请填写模板名称", where="模板名称", advice=f"一行文字，{NAME} 字以内，如“年中专题”"
        )
    return name


def _named(office_id: int, journal: str, name: str) -> JournalFrame | None:
    query = select(JournalFrame).where(
        JournalFrame.office_id == office_id, JournalFrame.journal == journal, JournalFrame.name == name
    )
    return db.session.scalar(query)


def _frame(issue: JournalIssue, journal: Journal) -> dict[str, Any]:
    """The frame with the office's names filled in, as people read and write it."""
    office = db.session.get_one(Office, issue.office_id)
    known = {"office": office.name, "place": office.place_name}
    found = frame_of(journal)
    lines = [{"label": line["label"], "to": fill(line["to"], known)} for line in found["distribution"]]
    return {**found, "distribution": lines}


def _base(issue: JournalIssue) -> Journal:
    """The journal in the issue's edition, as the pack has it."""
    found = queries.journal_of(issue.office_id, issue.journal_id, clock.today())
    return (found.in_edition(issue.edition) if issue.edition else None) or found


def _content(issue: JournalIssue) -> dict[str, Any]:
    return {"frame": issue.frame, **{key: getattr(issue, key) for key in KEPT}}


def _adopt(issue: JournalIssue, journal: Journal, content: Mapping[str, Any]) -> None:
    """Take over a frame, as far as today's pack allows it."""
    own = content.get("frame", {})
    issue.frame = {key: own[key] for key in KEYS if key in own and key in journal.may_change}
    marks = journal.marks
    if marks.secrecy and content.get("secrecy", "") in ("", *marks.secrecy.choices):
        issue.secrecy, issue.secrecy_years = content["secrecy"], content.get("secrecy_years")
    if marks.urgency and content.get("urgency", "") in ("", *marks.urgency.choices):
        issue.urgency = content["urgency"]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _check(journal: Journal, key: str, value: Any, most: int) -> None:
    """Refuse a field the pack keeps, and values that cannot be printed; `most` characters for the note."""
    title = TITLES.get(key, "栏目说明")
    need = "captions" if key.startswith("caption:") else NEEDS.get(key, key)
    if need not in journal.may_change:
        raise InvalidInput(f"规则包不允许单期修改{title}", where=title, advice="如需修改，请在规则包中调整")
    problem = ""
    if key == "copies" and value is not None and not 1 <= value <= 100_000:
        problem = "印数应在 1 至 100000 之间"
    elif key == "distribution":
        problem = _lines_problem(value)
    elif key == "columns" and sorted(value) != sorted(column.id for column in journal.columns):
        problem = "栏目次序应把每个栏目各列一次"
    elif key in ("secrecy", "urgency"):
        mark = getattr(journal.marks, key)
        if value and value not in (mark.choices if mark else ()):
            problem = f"这一刊物不能标“{value}”"
    elif key == "secrecy_years" and value is not None and not 1 <= value <= 30:
        problem = "保密期限应为 1 至 30 年"
    elif key == "planned_on" and value and abs(value - clock.today()) > DAYS:
        problem = f"印发日期与今天相差不能超过 {DAYS.days} 天"
    elif key == "note" and (len(value) > most or (value and not journal.editor_note.issue)):
        problem = f"编者按不超过 {most} 字" if journal.editor_note.issue else "这一刊物不印整期编者按"
    elif key.startswith("caption:") and len(value) > CAPTION:
        problem = f"栏目说明不超过 {CAPTION} 字"
    if problem:
        raise InvalidInput(problem, where=title, advice="请改正后再保存")


def _lines_problem(lines: list[dict[str, str]]) -> str:
    if len(lines) > LINES:
        return f"发送范围不超过 {LINES} 行"
    for line in lines:
        if not 1 <= len(line["label"]) <= 8 or not 1 <= len(line["to"]) <= 200:
            return "发送范围每行写成“报：××”，类别不超过 8 字，单位不超过 200 字"
    return ""
