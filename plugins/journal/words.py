"""Chinese words for the keys and values of journals.yaml."""

from core.accounts.models import UNIT_KINDS
from core.submissions.vocabulary import GENRES
from plugins.journal.readers import ROLE_TITLES

WORDS = {
    "journals.yaml": "刊物", "journals": "刊物", "outlet": "采用渠道", "Journal.document": "版式", "Journal.columns": "刊物栏目",
    "masthead": "刊头", "edition": "版别", "office_line": "编印单位", "number": "期号写法", "Journal.total": "总期号",
    "RunningTotal.style": "写法", "RunningTotal.start": "起始号", "contents": "印目录", "distribution": "发送范围",
    "readers": "系统内的发送对象", "Readers.roles": "角色", "Readers.unit_kinds": "单位类别", "unit_groups": "参评分组",
    "every_unit": "全部单位", "open_to_office": "本机构其他人员可阅读",
    "DistributionLine.label": "类别", "DistributionLine.to": "发送单位", "copies": "印数", "editor_line": "责任编辑的写法",
    "same_unit_warning": "同一单位几条时提醒", "limit": "每期最多条数", "genres": "收录的信息类型",
    "unit_kinds": "收录的单位类别",
    "Journal.copies#": "份", "JournalColumn.limit#": "条",
    **{f"genres={key}": title for key, title in GENRES.items()},
    **{f"unit_kinds={key}": title for key, title in UNIT_KINDS.items()},
    **{f"roles={key}": title for key, title in ROLE_TITLES.items()},
}  # fmt: skip
