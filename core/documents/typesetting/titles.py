"""Break a title into lines that read well and stand as a trapezium or a rhombus (GB/T 9704-2012, 7.3.1).

"回行时，要做到词意完整，排列对称，长短适宜，间距恰当": words stay whole, numbers and 《》 are never split, a line
never begins with 的 or ends with an opening mark. There is no dictionary of the language here, only the words
official titles are made of; where an office wants another break it writes one itself.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from core.documents.fonts.charset import cells
from core.errors import RenderError

WIDTH = 20  # size-2 characters in 156 mm
MOST_LINES = 5
SHORTEST = 4

_WORDS = """
人民政府办公室 人民政府办公厅 人民政府 党委办公室 政府办公室 市委办公室 县委办公室 区委办公室 市委 县委 区委 省委 办公室 办公厅
委员会 领导小组 指挥部 工作机构 直属机构 有关单位 先进单位 先进集体 先进个人 优秀信息 市直部门 县市区 各县区
全市 全县 全区 全省 全国 本市 我市 我县 政务信息 政务公开 信息工作 信息报送 信息采用 党务信息 紧急信息 信息 政务 工作 采用 报送
情况 通报 通知 报告 请示 批复 意见 决定 公告 通告 纪要 函 办法 规定 细则 方案 规划 计划 要点 总结 建议 制度 条例 预案 措施
实施 印发 转发 批转 公布 发布 表彰 表扬 奖励 通过 开展 推进 推动 加强 做好 进一步 深化 改革 优化 完善 建立 健全 落实 贯彻 学习
组织 召开 举办 成立 调整 任命 免去 撤销 废止 修改 修订 取消 下放 考核 考评 评比 评价 评分 得分 排名 综合 完成 任务 目标 责任 分工
年度 季度 上半年 下半年 第一 第二 第三 第四 一季度 二季度 三季度 四季度 月份 上旬 中旬 下旬 期间 以来 近期 当前
经济 社会 发展 高质量 运行 财政 金融 税收 投资 项目 建设 重点 重大 工程 产业 工业 农业 农村 乡村 振兴 服务业 企业 市场 主体
营商 环境 招商 引资 科技 创新 人才 就业 教育 卫生 健康 医疗 养老 住房 保障 民生 实事 社会保险 医保 生态 环境保护 污染 防治
安全 生产 消防 防汛 抗旱 应急 管理 救援 森林 防火 食品 药品 监管 信访 维稳 平安 法治 依法 行政 执法 司法 审批 服务 便民
城市 城镇 街道 社区 基层 治理 网格 交通 道路 水利 电力 能源 数据 数字 智慧 平台 系统 文化 旅游 体育 宣传 档案 保密 机要 督查
会议 活动 典型 经验 做法 问题 困难 风险 隐患 排查 整治 专项 行动 攻坚 整改 检查 调研 分析 监测 统计 普查 试点 示范 创建 验收
若干 部分 有关 相关 主要 全面 统筹 协调 切实 扎实 持续 有效 规范 提升 促进 支持 鼓励 扶持 培育 加快 积极 有序
发展改革委 财政局 教育局 公安局 民政局 司法局 人力资源社会保障局 自然资源和规划局 自然资源局 生态环境局 住房城乡建设局 交通运输局
水利局 农业农村局 商务局 文化旅游体育局 文化旅游局 卫生健康委 应急局 应急管理局 审计局 市场监管局 统计局 医保局 林业局 城市管理局
科技局 工业和信息化局 退役军人局 信访局 机关事务局 数据资源局 税务局 开发区管委会 管委会 街道办事处
改进 坚决 防范 遏制 事故 机制 预警 破解 难题 成效 明显 显著 举措 校园 联合 融资 小微企业 中小企业 调查 新型 工业化 专班 专题
高新技术产业开发区 经济技术开发区 经济开发区 工业园区 开发区 高新区 经开区 国家级 自然灾害 救助 委员会办公室 发展和改革委员会
住房和城乡建设局 人力资源和社会保障局 卫生健康委员会 国土空间 可行性研究 基础设施 公共服务 管理 部门 等部门 同志 职务 任免
关于 以及 对于 由于
"""
WORDS = frozenset(_WORDS.split())
_LONGEST = max(map(len, WORDS))
# Taken whole before words are looked up: 《…》, （…）, dates and numbers with what they count, Latin words.
_WHOLE = re.compile(
    r"《[^》]{1,12}》|[（〔“][^）〕”]{1,12}[）〕”]"
    r"|\d{4}年(?:度|上半年|下半年|第?[一二三四]季度|\d{1,2}(?:[—－~至-]\d{1,2})?月(?:份|\d{1,2}日|[上中下]旬)?)?"
    r"|第?[\d一二三四五六七八九十百]{1,9}(?:[、—～~至-]?[\d一二三四五六七八九十百]{1,9})?"
    r"(?:季度|月份|半年|[年月日号期项条件个次批届]|％|%)|[!-~]+|[“‘《（〔]|[^\u4e00-\u9fff]"
)
# The place an office is of, with the committee of the Party there: 云溪市, 云溪市委.
_PLACE = re.compile(
    r"[\u4e00-\u9fff]{2,4}?(?:自治区|自治州|自治县|省|市|县|区|州|旗|镇|乡)(?!场|级|直|民)(?:委(?!员|托))?"
)
_PARTY = "中共"
_NO_START = "，。、；：？！）》〉】〕」』”’％…—·的之等"
_NO_END = "（《〈【〔「『“‘"
# What stands between the offices of a joint document.
SPACES = "　 "


def title_lines(text: str, width: int = WIDTH) -> list[str]:
    """The lines of a title, at most `width` cells each; line breaks already in the text are kept."""
    given = [line.strip() for line in text.strip().split("\n") if line.strip()]
    if len(given) > 1 or cells(text.strip()) <= width:
        return _checked(given, text, width)
    if not given or cells(given[0]) > width * MOST_LINES:
        raise _too_long(text, width)
    tokens = list(_tokens(given[0]))
    for count in range(2, MOST_LINES + 1):
        choices = list(_splits(tokens, count, width))
        if choices:
            # One line more is sometimes prettier than a bad word break.
            if count < MOST_LINES:
                choices += _splits(tokens, count + 1, width)
            return min(choices, key=_ugliness)[1]
    raise _too_long(text, width)


def _checked(lines: list[str], text: str, width: int) -> list[str]:
    if len(lines) > MOST_LINES:
        raise _too_long(text, width)
    for number, line in enumerate(lines, 1):
        if cells(line) > width:
            raise RenderError(
                f"标题第 {number} 行过长，一行排不下",
                reason=f"共 {cells(line):g} 个字宽，最多 {width} 个：“{line[:20]}……”",
                advice="请精简这一行，或在适当的地方换行",
            )
    return lines


def _too_long(text: str, width: int) -> RenderError:
    return RenderError(
        "标题过长，无法排版",
        reason=f"标题共 {len(text.strip())} 字，每行最多 {width} 字、最多 {MOST_LINES} 行",
        advice="请精简标题，或在适当的地方换行",
    )


def _tokens(text: str) -> Iterator[str]:
    """Pieces that stay whole: the place an office belongs to, numbers, quoted names, known words, characters."""
    start, here = 0, ""
    while start < len(text):
        if text.startswith(_PARTY, start) and (start == 0 or text[start - 1] in SPACES):
            size = len(_PARTY) + _place(text, start + len(_PARTY), here)
        else:
            size = _place(text, start, here)
        here = here or text[start : start + size].removeprefix(_PARTY).removesuffix("委")
        whole = _WHOLE.match(text, start)
        size = size or (len(whole[0]) if whole else _office(text, start) or _word(text, start))
        yield text[start : start + size]
        start += size


def _place(text: str, start: int, here: str) -> int:
    """The length of a place: what an office begins with, and that same place wherever it is named again; or 0."""
    if start == 0 or text[start - 1] in SPACES or text.startswith(_PARTY, start - len(_PARTY)):
        found = _PLACE.match(text, start)
        return len(found[0]) if found else 0
    if here and text.startswith(here, start):
        committee = text.startswith("委", start + len(here)) and not text.startswith(
            "委员", start + len(here)
        )
        return len(here) + committee
    return 0


def _word(text: str, start: int) -> int:
    return next((n for n in range(_LONGEST, 1, -1) if text[start : start + n] in WORDS), 1)


def _office(text: str, start: int) -> int:
    """The length of 市财政局, 省发展改革委 … at this place, or 0."""
    if text[start] not in "省市县区":
        return 0
    end = start + 1 + _word(text, start + 1)
    return end - start if text[end - 1 : end] in ("局", "委", "厅") and end - start > 2 else 0


def _splits(tokens: list[str], count: int, width: int) -> Iterator[tuple[float, list[str]]]:
    """All ways to set the tokens in that many lines, with the price of their word breaks."""
    sizes = [cells(token) for token in tokens]

    def grow(
        first: int, lines_left: int, price: float, lines: list[str]
    ) -> Iterator[tuple[float, list[str]]]:
        rest = sum(sizes[first:])
        if not SHORTEST * lines_left <= rest <= width * lines_left:
            return
        if lines_left == 1:
            yield price, [*lines, "".join(tokens[first:]).strip()]
            return
        least = max(SHORTEST, 0.35 * rest / lines_left, rest - width * (lines_left - 1))
        length = 0.0
        for after in range(first + 1, len(tokens)):
            length += sizes[after - 1]
            if length > width:
                return
            cost = _break_price(tokens[after - 1], tokens[after])
            if length >= least and cost is not None:
                yield from grow(
                    after, lines_left - 1, price + cost, [*lines, "".join(tokens[first:after]).strip()]
                )

    yield from grow(0, count, 0.0, [])


def _break_price(before: str, after: str) -> float | None:
    """How bad it is to end a line here; None where it must not happen."""
    if after[0] in _NO_START or before[-1] in _NO_END or after == "—" or after[0] in SPACES:
        return None
    if before[-1] in SPACES:
        return -6.0
    if after.startswith("关于"):
        return -5.0
    if before == "关于":
        return 2.0
    if before in ("和", "与", "及", "暨"):
        return 5.0
    if before[-1] in "、，":
        return -1.0
    if before == "的" or before.endswith("》"):
        return 0.0
    if after[0] in "和与及暨" or after.startswith("《"):
        return 0.5
    unknown = (len(before) == 1) + (len(after) == 1)  # a lone character may belong to a word we do not know
    return (1.0, 3.0, 7.0)[unknown]


def _ugliness(choice: tuple[float, list[str]]) -> float:
    price, lines = choice
    lengths = [cells(line) for line in lines]
    mean = sum(lengths) / len(lengths)
    spread = sum((length - mean) ** 2 for length in lengths) / len(lengths)
    return price + _shape_price(lengths) + 0.12 * spread + 2.0 * len(lengths)


def _shape_price(lengths: list[float]) -> float:
    """Trapezium (growing or shrinking) and rhombus (growing, then shrinking) cost nothing."""
    steps = [after - before for before, after in pairwise(lengths)]
    turns = [step > 0 for step in steps if step]
    hourglass = any(not down and up for down, up in pairwise(turns))  # shrinks, then grows again
    equal = sum(step == 0 for step in steps)
    thin = min(lengths) < 0.45 * max(lengths)
    return 8.0 * hourglass + 2.0 * equal + 3.0 * thin
