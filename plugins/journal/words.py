"""Chinese words for the keys and values of journals.yaml."""

from typing import get_args

from core.accounts.models import UNIT_KINDS
from core.submissions.vocabulary import GENRES
from plugins.journal.readers import ROLE_TITLES
from plugins.journal.schema import Secrecy
from plugins.journal.signing_schema import Urgency

MARKS = (*get_args(Secrecy), *get_args(Urgency))

WORDS = {
    "journals.yaml": "刊物", "journals": "刊物", "outlet": "采用渠道", "Journal.document": "版式", "Journal.columns": "刊物栏目",
    "masthead": "刊头", "edition": "版别小字", "office_line": "编印单位", "number": "期号写法", "Journal.total": "总期号",
    "RunningTotal.style": "写法", "RunningTotal.start": "起始号", "contents": "印目录", "contents_title": "目录的名称",
    "distribution": "发送范围", "DistributionLine.label": "类别", "DistributionLine.to": "发送单位", "copies": "印数",
    "editor_line": "责任编辑的写法", "same_unit_warning": "同一单位几条时提醒", "limit": "每期最多条数",
    "JournalColumn.min": "每期最少条数", "genres": "收录的信息类型", "unit_kinds": "收录的单位类别",
    "taken_by": "须被这些渠道或层级采用", "reprint": "转载已采用的信息", "Reprint.fact": "转载再记一次采用",
    "when_empty": "空缺时", "empty_line": "空缺时印的话", "caption": "栏目下的说明", "budget": "篇幅计划", "words": "字数",
    "pages": "页数", "item_words": "每条字数", "Span.min": "最少", "Span.max": "最多",
    "Journal.editions": "版别", "JournalEdition.title": "版别名称", "numbers": "编号办法", "JournalEdition.number": "期号写法",
    "JournalEdition.total": "总期号", "JournalEdition.document": "版式", "JournalEdition.columns": "所用栏目",
    "marks": "标注", "secrecy": "密级", "urgency": "紧急程度", "choices": "可选", "default": "新建时",
    "SecrecyMark.years": "保密期限",
    "editor_note": "编者按", "EditorNote.label": "名称", "EditorNote.issue": "整期可写", "EditorNote.items": "单条可写",
    "one_unit": "一期只刊一家单位", "may_change": "每期可以改的", "carry_over": "留待下期的信息",
    "Journals.examples": "用例", "JournalExample.journal": "刊物", "JournalExample.edition": "版别",
    "JournalExample.items": "信息",
    "JournalExample.pages": "排出的页数", "JournalExample.refused": "不能送签的说明中的词", "remarks": "提醒中的词",
    "column": "栏目", "genre": "信息类型", "ExampleItem.unit": "报送单位", "unit_kind": "单位类别", "taken": "采用过的渠道",
    "ExampleItem.title": "标题",
    "Journal.copies#": "份", "JournalColumn.limit#": "条", "SecrecyMark.years#": "年",
    "when_empty=omit": "不印这一栏", "when_empty=line": "印一句话", "when_empty=refuse": "不能送签",
    "numbers=own": "单独编号", "numbers=shared": "与正刊一起编号",
    "carry_over=none": "不留", "carry_over=offer": "下期列为备选", "carry_over=place": "下期直接放入",
    "may_change=copies": "印数", "may_change=distribution": "发送范围", "may_change=note": "编者按", "may_change=date": "日期",
    "may_change=secrecy": "密级", "may_change=urgency": "紧急程度", "may_change=contents": "印目录",
    "may_change=columns": "栏目次序", "may_change=captions": "栏目说明",
    "sign_off": "审签", "steps": "审签步骤", "SignStep.title": "步骤名称", "SignStep.roles": "办理角色", "posts": "办理人职务",
    "optional_when": "标有这些紧急程度时可省去", "same_person": "一人可办几步", "approve_within": "补审批期限",
    "SignOff.approve_within#": "个工作日", "JournalExample.steps": "须办的审签步骤", "JournalExample.urgency": "紧急程度",
    "readers": "系统内的发送对象", "Readers.roles": "角色", "Readers.unit_kinds": "单位类别", "unit_groups": "参评分组",
    "every_unit": "全部单位", "open_to_office": "本机构其他人员可阅读",
    **{f"genres={key}": title for key, title in GENRES.items()},
    **{f"genre={key}": title for key, title in GENRES.items()},
    **{f"unit_kinds={key}": title for key, title in UNIT_KINDS.items()},
    **{f"roles={key}": title for key, title in ROLE_TITLES.items()},
    **{f"unit_kind={key}": title for key, title in UNIT_KINDS.items()},
    # Marks are written in the file as they are printed.
    **{f"{key}={mark}": mark for key in ("choices", "default", "optional_when", "urgency") for mark in MARKS},
}  # fmt: skip
