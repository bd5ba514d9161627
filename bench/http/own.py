"""Paragraphs that no other item has, made of words put together at random: else all items would be near duplicates."""

from random import Random

NAMES = "东南西北河湖山岭桥塘坪坝湾洲溪泉岗坡沟峪堡寨店集镇庄营屯渡关口铺港渠圩垸塬峁梁川原"
NOUNS = (
    "水库 灌区 渠系 泵站 大棚 果园 茶园 鱼塘 粮仓 农机 合作社 龙头企业 专业村 示范片 自来水厂 卫生室 小学 幼儿园 敬老院 "
    "食堂 菜市场 停车场 充电桩 "
    "电梯 管网 路灯 公厕 垃圾站 河堤 桥梁 隧道 公交站 货运站 码头 工业园 开发区 标准厂房 生产线 实验室 研究院 专利 商标 "
    "网店 快递点 直播间 民宿 古村落 "
    "非遗工坊 图书馆 体育场 社区医院 医保窗口 社保卡 公积金 低保户 脱贫户 残疾人 退役军人 高校毕业生 农民工 个体户 网格员 "
    "驻村干部 法律顾问 调解员 志愿者 "
    "消防站 监控 预警平台 应急物资 沙袋 冲锋舟 树苗 草场 湿地 候鸟 秸秆 化肥 农药 饲料 生猪 肉牛 奶粉 水稻 小麦 油菜 蔬菜 "
    "中药材 木材 砂石 煤炭 天然气 "
    "光伏 风电 储能 芯片 软件 机器人 无人机 纺织 家具 陶瓷 白酒 矿泉水"
).split()
VERBS = (
    "修复 新建 改造 扩建 检修 清理 疏浚 加固 验收 移交 租赁 招标 采购 配送 补贴 贷款 担保 投保 理赔 登记 核查 抽检 化验 "
    "监测 巡查 排查 整改 关停 搬迁 "
    "安置 培训 招聘 引进 孵化 签约 开工 投产 试运行 推广 展销 直播 认证 评比 演练 转移 救助 慰问 接种 义诊 筛查 调解 普法 "
    "约谈 公示 结算 拨付 盘活 流转 托管"
).split()
PLACES = (
    "沿线 片区 两岸 周边 北侧 南侧 老街 新区 集镇 山区 库区 城郊 村口 园区内 学校附近 市场旁 上游 下游"
).split()
ENDS = (
    "已经到位 正在办理 尚未落实 群众满意 费用偏高 进度较慢 手续繁琐 人手不足 提前完成 效果较好 有待观察 需要协调 按月公开 "
    "由村里负责 由企业承担 有人值守"
).split()


def own_text(number: int) -> list[str]:
    """The paragraphs of an item; the same number gives the same."""
    pick = Random(f"own {number}")
    place = "".join(pick.sample(NAMES, 2))
    return ["".join(_sentence(pick, place) for _ in range(pick.randint(2, 3))) for _ in range(4)]


def _sentence(pick: Random, place: str) -> str:
    """Three clauses of words put together at random."""
    one = f"{place}{pick.choice(PLACES)}{pick.choice(NOUNS)}{pick.choice(VERBS)}{pick.randint(2, 900)}处"
    two = f"{pick.choice(NOUNS)}和{pick.choice(NOUNS)}{pick.choice(VERBS)}{pick.choice(ENDS)}"
    three = f"{pick.choice(PLACES)}{pick.choice(NOUNS)}{pick.choice(VERBS)}{pick.choice(VERBS)}{pick.choice(ENDS)}"
    return f"{one}，{two}，{three}。"
