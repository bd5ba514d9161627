"""Chinese words for the keys and values of proofreading.yaml."""

from core.submissions.vocabulary import GENRES
from plugins.proofreading.rules import RULES

LEVEL_TITLES = {"error": "差错", "warning": "请核对", "info": "提示"}

WORDS = {
    "proofreading.yaml": "校对", "off": "不查的项目", "confusions": "查常见错别字", "Proofreading.lists": "词表",
    "WordList.level": "提示的轻重", "WordList.words": "词", "WordLine.word": "要找的词", "use": "应写作",
    "but": "写得对的更长的词",
    "leaders": "领导姓名和职务", "LeaderName.name": "姓名", "posts": "职务", "LeaderPost.title": "职务名称",
    "LeaderPost.start": "任职日期", "LeaderPost.end": "离任日期", "bodies": "单位名称", "full": "全称", "short": "规范简称",
    "wrong": "不规范的写法", "full_first": "首次出现用全称", "registered": "单位名录中的简称也首次用全称", "dates": "日期写法",
    "written_out": "写成某年某月某日", "full_year": "年份写四位", "padded": "月日补零", "strict_levels": "层次序号逐级使用",
    "title_limit": "标题字数", "TitleLimit.max": "最多", "lengths": "正文字数", "LengthLimit.genres": "信息类型",
    "LengthLimit.min": "最少", "LengthLimit.max": "最多", "Proofreading.secrecy": "涉密字样", "Proofreading.examples": "用例",
    "ProofExample.title": "标题", "ProofExample.text": "正文", "ProofExample.genre": "信息类型",
    "ProofExample.units": "报送单位", "ProofExample.day": "报送日期", "ProofExample.remarks": "提示中的词",
    "TitleLimit.max#": "字", "LengthLimit.min#": "字", "LengthLimit.max#": "字",
    **{f"level={key}": title for key, title in LEVEL_TITLES.items()},
    **{f"off={key}": title for key, title in RULES.items()},
    **{f"genres={key}": title for key, title in GENRES.items()},
    **{f"genre={key}": title for key, title in GENRES.items()},
}  # fmt: skip
