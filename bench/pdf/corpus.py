"""Invented official text, the same for the same seed: names of offices, clauses with figures, paragraphs, titles."""

import random

OFFICES = """市发展改革委 市教育局 市科技局 市工业和信息化局 市公安局 市民政局 市司法局 市财政局 市自然资源局 市生态环境局
市住房城乡建设局 市交通运输局 市水利局 市农业农村局 市商务局 市卫生健康委 市应急管理局 市审计局 市统计局 市医保局 市信访局
清河县 望江县 云岭县 临泽区 东湖区 高新区 经开区 柳河镇 石桥街道""".split()
_HOW = "持续 全面 扎实 有序 加快 积极 深入 切实 稳步 统筹 着力 严格 分类 精准".split()
_DO = "推进 落实 深化 优化 强化 完善 开展 实施 健全 拓展 夯实 提升 畅通 规范 保障 破解 盘活 化解 巩固".split()
_WHAT = """重大项目建设 营商环境改革 基层治理体系 民生实事项目 安全生产专项整治 防汛备汛工作 秸秆综合利用 高标准农田建设
农村人居环境整治 社区养老服务 普惠托育供给 职业技能培训 困难群众救助 企业用工保障 惠企政策兑现 数字政府建设 一网通办事项
老旧小区改造 污染防治攻坚 河湖长制落实 森林防火巡查 春耕备耕生产 外贸稳量提质 文旅融合发展 家庭医生签约 医保基金监管
欠薪问题整治 信访积案化解 食品安全抽检 特种设备隐患排查 青年人才引进 科技成果转化 绿色低碳转型""".split()
_FIGURES = (
    "累计完成投资{}.{}亿元，同比增长{}.{}%",
    "共排查隐患{}{}处，整改率达{}{}.5%",
    "惠及群众{}.{}万户、{}{}万余人次",
    "办理时限由{}{}个工作日压缩至{}.{}个工作日",
    "组织培训{}{}场，参训{}{}00人次",
)
_ENDS = "取得阶段性成效 有关做法在全省推广 群众满意度明显提高 问题仍需引起重视 建议进一步加大支持力度".split()


class Text:
    """A source of invented text."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def office(self) -> str:
        return self.chance.choice(OFFICES)

    def title(self) -> str:
        return self.office() + self._deed()

    def paragraph(self, least: int, most: int) -> str:
        return "".join(self._sentence() for _ in range(self.chance.randint(least, most)))

    def _deed(self) -> str:
        pick = self.chance.choice
        return pick(_HOW) + pick(_DO) + pick(_WHAT)

    def _clause(self) -> str:
        kind = self.chance.random()
        if kind < 0.5:
            return self._deed()
        if kind < 0.8:
            return self.chance.choice(_FIGURES).format(*(self.chance.randint(1, 9) for _ in range(4)))
        return "、".join(self.chance.sample(_WHAT, 2)) + "同步发力"

    def _sentence(self) -> str:
        clauses = [self._clause() for _ in range(self.chance.randint(3, 5))]
        end = f"，{self.chance.choice(_ENDS)}" if self.chance.random() < 0.5 else ""
        return f"{self.office()}{'，'.join(clauses)}{end}。"
