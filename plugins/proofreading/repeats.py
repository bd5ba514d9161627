"""Characters and words typed twice. Pure.

Only what is hardly ever right is told: 的的 but not 的的确确, 进行了了 but not 进行了了解.
"""

import re
from collections.abc import Iterator

from plugins.proofreading.findings import Finding, Manuscript, found
from plugins.proofreading.marks import HAN

# A character, and what may follow the second one when both are right.
TWICE = {
    "的": "确士哥", "了": "解然望却结", "是": "非否", "和": "平谐睦解气美善约蔼煦风暖田县畅",
    "与": "会", "及": "时格早第", "被": "告子动害征褥", "并": "轨网购存行列排举蓄", "也": "", "或": "",
    "以": "", "由": "", "很": "", "到": "", "已": "",
}  # fmt: skip
BEFORE = {"了": "不明私", "是": "", "以": "予", "到": ""}
_twice = re.compile(
    "|".join(
        (rf"(?<![{BEFORE[one]}])" if BEFORE.get(one) else "") + one * 2 + (rf"(?![{after}{one}])" if after else rf"(?!{one})")
        for one, after in TWICE.items()
    )
)  # fmt: skip
_phrase = re.compile(rf"([{HAN}]{{3,12}})\1")
_word = re.compile(rf"([{HAN}]{{2}})\1")
# Words that are said twice, or end and begin neighbours.
OFTEN = re.compile(r"[一每很非几逐层步]|^(?:研究|讨论|商量|考虑|了解|学习|休息|哈尔|好好|常常|慢慢|渐渐)")
COMMON = {
    "工作", "推进", "加强", "开展", "建设", "发展", "企业", "群众", "全市", "全县", "我市", "我县", "项目", "进行",
    "完成", "实现", "提高", "提升", "落实", "组织", "部门", "单位", "情况", "问题", "措施", "服务", "管理", "累计",
    "目前", "同比", "增长", "通过", "积极", "进一", "切实", "确保", "强化", "深入", "持续", "全面", "及时", "已经",
    "投资", "资金", "产业", "经济", "社会", "农村", "农业", "城市", "政府", "领导", "干部", "同时", "其中", "万元",
    "亿元", "我们", "他们", "可以", "需要", "进展", "取得", "成效", "制定", "方案", "会议", "召开",
}  # fmt: skip


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """Repeated characters, words and phrases in running text."""
    for line in manuscript.running:
        for each in _twice.finditer(line.text):
            yield found(
                "doubled-words", "error", f"“{each[0]}”重复，请删去一个", line, *each.span(), wide=True
            )
        phrases = [each for each in _phrase.finditer(line.text) if not OFTEN.match(each[1])]
        for each in phrases:
            yield found("doubled-words", "warning", f"“{each[1]}”重复", line, *each.span())
        for each in _word.finditer(line.text):
            if each[1] in COMMON and not any(one.start() <= each.start() < one.end() for one in phrases):
                yield found("doubled-words", "warning", f"“{each[1]}”重复", line, *each.span(), wide=True)
