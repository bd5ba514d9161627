"""Titles and texts in the style of real briefs, put together from parts; the same number gives the same text."""

from random import Random
from typing import Any

from own import own_text

from core.submissions import text

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("建国", "晓燕", "志强", "丽华", "海涛", "文静", "国栋", "雪梅", "德明", "思远", "永平", "佳怡")
COUNTIES = tuple(
    f"{name}县"
    for name in "青河 云岭 临江 安宁 东川 白石 南湖 清溪 双塔 和平 金沙 永乐 长桥 新安 石门".split()
)
BUREAUS = tuple(
    f"市{name}局"
    for name in (
        "发展改革 教育 科技 工业和信息化 公安 民政 司法 财政 人力资源社会保障 自然资源 生态环境 住房城乡建设 交通运输 "
        "水务 农业农村 商务 文化旅游 卫生健康 应急管理 审计 市场监管 统计 医疗保障 林业 体育 信访 城市管理 退役军人 "
        "数据资源 地方金融 粮食物资 机关事务 人防 投资促进 乡村振兴"
    ).split()
)
POINTS = tuple(
    f"{name}直报点"
    for name in "城东街道 河湾镇 高新区企业服务中心 柳树社区 第二中学 大桥村 物流园区 果蔬合作社 滨湖街道 老城社区".split()
)
TOPICS = (
    "春耕备耕", "秋粮收购", "防汛备汛", "森林防火", "农村饮水安全", "老旧小区改造", "营商环境", "招商引资", "重点项目建设",
    "就业服务", "义务教育", "基层医疗", "养老服务", "安全生产", "食品安全", "政务公开", "数字政府", "乡村旅游", "污染防治",
    "农村公路养护", "保障性住房", "社区治理", "信访积案化解", "高标准农田", "中小企业融资", "冬季供暖", "电子商务", "科技创新",
)  # fmt: skip
WAYS = (
    "“三项举措”",
    "多措并举",
    "精准施策",
    "提前谋划",
    "上下联动",
    "“四个强化”",
    "聚焦短板",
    "建章立制",
    "创新机制",
    "集中攻坚",
)
VERBS = ("推进", "抓实", "做好", "加快", "统筹", "深化", "规范", "提升")
TITLES = (
    "{unit}{way}{verb}{topic}工作", "{unit}{verb}{topic}取得阶段性成效", "当前{topic}中存在的问题及建议",
    "{unit}反映{topic}面临{n}方面困难", "{unit}{topic}“{n}步走”经验做法", "关于{topic}情况的调研报告",
    "{unit}{month}月{topic}进展情况", "{unit}召开{topic}工作推进会",
)  # fmt: skip
SENTENCES = (
    "成立由主要负责同志任组长的{topic}工作专班，建立周调度、月通报制度，累计召开推进会{n}次。",
    "投入资金{big}万元，完成年度任务的{percent}%，比上年同期提高{n}个百分点。",
    "组织干部{big}人次深入一线，走访群众和企业{n}千户，收集意见建议{big}条，已办结{percent}%。",
    "部分乡镇反映，{topic}涉及部门较多，数据尚未打通，基层重复填报的情况仍然存在。",
    "对排查出的{big}个问题逐一登记，明确责任单位和完成时限，实行销号管理。",
    "下一步，将围绕{topic}的薄弱环节，继续在人员、资金和制度上予以保障，确保年底前全面完成。",
    "建议由市级层面统一标准，适当下放审批权限，并将{topic}纳入年度督查范围。",
    "通过公开招标引入第三方服务机构{n}家，服务覆盖{big}个村和社区，群众满意度达到{percent}%。",
)
HEADINGS = ("一、基本情况", "二、主要做法", "三、下一步打算")


def person(number: int) -> str:
    """A person's name."""
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number // len(SURNAMES) % len(GIVEN)]


def title(unit: str, number: int) -> str:
    """A title."""
    pick = Random(number)
    return pick.choice(TITLES).format(unit=unit, **_fillings(pick))


def body(number: int, draft: int = 0) -> list[dict[str, Any]]:
    """A text of three sections and paragraphs of its own; another draft of it differs in some sentences."""
    pick, again = Random(number), Random(f"{number}/{draft}")
    lines = []
    for heading in HEADINGS:
        chosen = pick.sample(SENTENCES, pick.randint(1, 3))
        # The draft's own figures in one sentence of three, as when an editor corrects a text.
        said = [s.format(**_fillings(again if n % 3 == draft % 3 else pick)) for n, s in enumerate(chosen)]
        lines += [heading, "".join(said)]
    return text.from_plain("\n\n".join([*lines, *own_text(number)]))


def _fillings(pick: Random) -> dict[str, Any]:
    return {
        "way": pick.choice(WAYS), "verb": pick.choice(VERBS), "topic": pick.choice(TOPICS), "n": pick.randint(2, 6),
        "big": pick.randint(12, 980), "percent": pick.randint(61, 98), "month": pick.randint(1, 12),
    }  # fmt: skip
