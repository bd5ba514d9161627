"""Chinese text cut into words, so that differences show words and not single characters. Pure.

The longest word that is known wins. What is not known stays a character of its own, which is no harm: both texts of a
comparison are cut the same way. Numbers, also in Chinese figures, and Latin words are one piece each.
"""

import re
from functools import lru_cache

from pypinyin.phrases_dict import phrases_dict

LONGEST = 4
_PIECES = re.compile(
    r"[0-9][0-9.,%‰]*|[A-Za-z]+|\s+|[〇零一二两三四五六七八九十百千万亿]{2,}|[\u4e00-\u9fff]+|.", re.DOTALL
)
_FIGURES = re.compile(r"[〇零一二两三四五六七八九十百千万亿]+")
# The everyday vocabulary of official writing, which dictionaries of pronunciation leave out.
_OFFICIAL = """
县委 市委 省委 党委 党组 政府 政协 人大 机关 部门 单位 乡镇 街道 社区 村居 园区 开发区 县区 企业
公司 学校 医院 群众 农民 农户 市民 居民 职工 干部 党员 代表 委员 领导 书记 县长 市长 主任 局长
工作 会议 活动 项目 工程 产业 行业 领域 环节 方面 情况 问题 困难 原因 措施 办法 方案 规划 计划
目标 任务 责任 制度 机制 体系 平台 系统 数据 信息 报告 意见 建议 通知 文件 政策 法规 条例 标准
规范 流程 程序 清单 台账 专班 专项 重点 难点 堵点 痛点 亮点 特色 优势 成效 效果 经验 做法 典型
示范 试点 样板 品牌 名片 推进 推动 推广 推出 推行 加快 加强 加大 强化 深化 优化 细化 量化 固化
转化 提升 提高 提供 提出 提前 完善 完成 健全 建立 建设 建成 构建 打造 搭建 创建 创新 创造 改革
改善 改造 改进 发展 发挥 发现 发布 发放 开展 开发 开工 开通 开放 组织 实施 实现 实行 实际 实地
落实 落地 落户 部署 安排 统筹 协调 指导 督导 督促 督查 检查 排查 巡查 调查 调研 走访 摸底 摸排
整治 整改 整合 治理 管理 监管 监测 监督 检测 评估 评价 考核 考察 验收 审批 审核 审查 办理 办结
受理 处理 处置 处罚 化解 解决 破解 消除 防范 防控 防治 预防 预警 预报 应急 救援 救助 帮扶 帮助
扶持 支持 支撑 保障 保护 保持 保供 保险 维护 维修 巩固 拓展 拓宽 扩大 扩建 新建 新增 增加 增长
增强 增收 减少 减轻 减免 下降 上升 同比 环比 累计 总计 合计 共计 平均 达到 达成 超过 突破 占比
其中 以上 以下 以来 以内 左右 目前 当前 今年 去年 明年 上半年 下半年 一季度 二季度 三季度 四季度
全年 全市 全县 全区 全镇 全村 全省 全国 全面 全力 全程 全员 全部 我市 我县 我区 本市 本县 各地
各级 各类 各县 各单位 有关 相关 主要 重要 重大 关键 核心 基础 基层 基本 具体 明确 明显 有效 有力
有序 扎实 积极 主动 认真 切实 充分 进一步 不断 持续 稳步 逐步 及时 迅速 立即 普遍 广泛 深入 集中
统一 联合 共同 严格 严肃 科学 精准 精细 高效 高质量 安全 生产 生活 生态 环境 环保 绿色 低碳 农业
农村 农资 农机 农技 农产品 粮食 水稻 小麦 玉米 大豆 油菜 蔬菜 水果 茶叶 畜牧 生猪 养殖 种植 种子
化肥 农药 春耕 夏收 秋收 春季 夏季 秋季 冬季 灌溉 水利 水库 河道 抗旱 防汛 工业 制造业 服务业
旅游 文旅 文化 教育 医疗 卫生 健康 养老 就业 创业 社保 医保 住房 交通 道路 公路 铁路 物流 能源
电力 供电 供水 供热 供气 供应 金融 银行 贷款 资金 财政 税收 投资 招商 引资 营商环境 市场 主体
消费 消费者 外贸 出口 进口 价格 成本 收入 产值 产量 销量 面积 规模 数量 质量 比例 比重 速度 效率
水平 能力 力度 程度 范围 时间 期间 阶段 现场 一线 服务 技术 科技 人才 人员 队伍 力量 培训 宣传
引导 动员 号召 倡导 反映 反馈 汇报 通报 报送 上报 采用 批示 指示 要求 强调 指出 认为 表示 希望
需要 应当 必须 可以 可能 存在 出现 形成 造成 导致 影响 涉及 包括 通过 根据 按照 依据 结合 围绕
聚焦 针对 面向 立足 依托 利用 借助 采取 召开 举办 举行 参加 参与 出台 印发 制定 修订 签订 签约
成立 设立 设置 配备 配套 投入 投用 投产 使用 应用 运用 运行 运营 覆盖 惠及 受益 满意 满意度
获得感 幸福感 安全感 矛盾 纠纷 信访 隐患 风险 事故 灾害 疫情 舆情 稳定 和谐 平安 法治 执法 司法
公安 消防 网格 网格员 志愿者 乡村振兴 共同富裕
"""


@lru_cache(1)
def _known() -> frozenset[str]:
    listed = {word for word in phrases_dict if 2 <= len(word) <= LONGEST}
    return frozenset(listed | set(_OFFICIAL.split()))


def pieces(text: str) -> list[str]:
    """The words of a text in order; put together they are the text."""
    found: list[str] = []
    for piece in _PIECES.findall(text):
        found += _words(piece) if "\u4e00" <= piece[0] <= "\u9fff" else [piece]
    return found


def _words(run: str) -> list[str]:
    known, found, start = _known(), [], 0
    while start < len(run):
        end = start + 1
        for length in range(min(LONGEST, len(run) - start), 1, -1):
            if run[start : start + length] in known:
                end = start + length
                break
        else:
            if figures := _FIGURES.match(run, start):
                end = figures.end()
        found.append(run[start:end])
        start = end
    return found
