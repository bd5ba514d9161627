"""Chinese words for the keys and values of a pack's files, in one place.

A key is looked up as `Model.key` first, then as `key`; a value as `key=value`, then as `=value`; a file by its name.
A plugin brings the words of its own section with `Section(words=…)`, and they go before these.
"""

from collections.abc import Iterable, Mapping

Words = Mapping[str, str]

FILES: Words = {
    "pack.yaml": "基本信息", "units.yaml": "参评单位", "calendar.yaml": "考核周期", "outlets.yaml": "采用渠道",
    "scoring.yaml": "计分办法", "documents": "版式", "tests": "用例",
    "README.md": "说明文件", "CHANGELOG.md": "变更记录", "LICENSE": "许可文件",
}  # fmt: skip

KEYS: Words = {
    "id": "标识", "title": "名称", "basis": "依据", "note": "说明", "type": "类型", "start": "起日", "end": "止日",
    # pack.yaml
    "version": "版本", "issuer": "制定机关", "Manifest.document": "文号", "core": "所需系统版本", "plugins": "所需插件",
    "optional_files": "可有可无的文件", "provenance": "来源说明", "derived_from": "本地修改所依据的版本",
    "sources": "依据文件", "Source.number": "文号", "url": "网址", "confirmed": "上次确认日期",
    "valid_for_months": "几个月内有效", "covers": "涉及的内容",
    # units.yaml, calendar.yaml, outlets.yaml
    "groups": "参评分组", "Klass.group": "参评分组", "Units.classes": "单位分类", "Units.attributes": "单位属性",
    "competes": "参加排名", "optional": "自愿参加", "year_starts": "计分年度起始月", "year_named": "计分年度的叫法",
    "publish": "通报周期", "CalendarRules.kinds": "周期种类", "joined": "合并的月份", "months": "月份", "years": "年份",
    "explicit": "另定起止日的周期", "levels": "层级", "level": "层级", "ladders": "体系", "outlets": "刊物和渠道",
    "editions": "版别", "columns": "栏目",
    # scoring.yaml
    "Scoring.kinds": "事项种类", "attributes": "事项属性", "renames": "旧称对照", "booking": "计入日期",
    "after_close": "结账后登记的事项", "persons": "个人计分", "tables": "分值表", "counters": "计数", "awards": "计分项",
    "sharing": "分摊", "resolution": "同条信息取分办法", "credit": "转计", "caps": "封顶", "quotas": "任务",
    "measures": "统计项", "components": "考核分项", "total": "总分算法", "ranking": "排名", "rankings": "另列排名",
    "prizes": "奖项", "lists": "名单", "printing": "分值印法", "order": "先后次序", "stages": "阶段", "stage": "阶段",
    "options": "选项", "of": "适用事项", "attribute": "属性", "values": "新旧对照", "keys": "查表依据", "rows": "表中各行",
    "Table.from": "自某日起的各行", "steps": "按档查表", "default": "查不到时的值", "count": "计数对象", "sum": "合计对象",
    "max": "最高", "min": "最低", "CounterRule.max": "取最高的对象", "MeasureRule.max": "取最高的对象", "where": "条件",
    "when": "条件", "per": "计算范围", "period": "周期", "running": "逐条累计", "amount": "数值", "formula": "算法",
    "PointsRule.from": "取自", "policy": "分摊办法", "weights": "各家权重", "roles": "各角色权重", "main": "第一家所占比例",
    "places": "小数位数", "points": "分值", "until": "停用日期", "share": "分摊办法", "once_per": "只计一次的范围",
    "mark": "标记", "keep": "取分办法", "to": "计入", "items": "最多条数", "overflow": "超出部分", "best": "优先计高分",
    "CapRule.max": "封顶分", "CapRule.min": "扣分下限", "day": "日期", "days": "宽限天数", "late": "过期登记的",
    "done": "完成数算法", "need": "任务数", "over": "统计时段", "by": "排序依据", "ties": "并列办法", "within": "排名范围",
    "among": "参加排名的条件", "for": "奖励对象", "take": "名额", "PrizeRule.share": "名额比例", "unless": "一票否决",
    "after": "不与哪些奖项兼得", "each": "名额计算范围", "style": "写法", "zeros": "末尾的零", "unit": "单位",
    # tests
    "name": "名称", "units": "单位", "facts": "事项", "examples": "用例", "UnitLine.group": "参评分组",
    "UnitLine.class": "单位分类", "host": "所在单位", "parent": "上级单位", "UnitLine.from": "参加起日",
    "UnitLine.to": "参加止日", "UnitLine.attributes": "单位属性", "Example.items": "信息", "fact": "事项种类",
    "on": "发生日期", "role": "角色", "weight": "权重", "item": "信息", "FactLine.title": "事由",
    "reverses": "所撤销的事项", "FactLine.persons": "作者", "person": "姓名", "recorded": "登记日期", "times": "同样的几件",
    "Example.points": "本期得分", "cumulative": "累计得分", "ranks": "名次", "TaskPromise.done": "完成数",
    "TaskPromise.missing": "差数", "TaskPromise.extra": "超数", "reasons": "台账说明中的词", "Example.persons": "个人得分",
    "paid": "应付金额", "Example.places": "另列排名的名次", "barred": "被一票否决的",
}  # fmt: skip

VALUES: Words = {
    "=month": "月", "=quarter": "季度", "=half": "半年", "=year": "年", "=text": "文字", "=integer": "整数",
    "=amount": "数值", "=flag": "是或否", "=date": "日期", "=choice": "选项",
    "year_named=start": "按起始年份", "year_named=end": "按结束年份",
    "policy=equal": "平均分摊", "policy=each": "各计全分", "policy=first": "只计第一家", "policy=recorded": "按登记的权重",
    "keep=sum": "相加", "keep=max": "取最高", "keep=min": "取最低", "keep=first": "取最早", "keep=last": "取最晚",
    "keep=best": "取最高的几条", "to=unit": "本单位", "to=host": "所在单位", "to=parent": "上级单位",
    "to=nobody": "不计入任何单位", "overflow=clip": "截去", "overflow=overshoot": "达到上限的那一条仍计全分",
    "overflow=drop": "整条不计", "late=next": "计入登记的周期", "late=never": "不计", "after_close=back": "计入原日期",
    "after_close=forward": "计入下一个未结账的周期", "count=facts": "事项", "count=items": "信息条数",
    "count=points": "分值", "sum=points": "分值", "max=points": "分值", "over=period": "本期", "over=year": "年初至本期末",
    "over=before": "年初至上期末", "over=previous": "上一期", "over=month": "当月", "ties=competition": "并列占位（1、1、3）",
    "ties=dense": "并列不占位（1、1、2）", "ties=ordinal": "不并列", "ties=include": "末位并列的都列入",
    "ties=exclude": "末位并列的都不列入", "ties=cut": "按次序截取", "within=group": "组内", "within=class": "类内",
    "within=all": "全部单位", "each=group": "每组", "each=all": "全部", "take=all": "不限", "for=units": "单位",
    "for=items": "信息", "for=persons": "个人", "style=decimal": "小数", "style=fraction": "分数", "zeros=drop": "不印",
    "zeros=keep": "照印", "day=on": "发生日期", "day=recorded": "登记日期", "order=resolution": "同条信息取分",
    "order=sharing": "分摊", "order=credit": "转计", "order=caps": "封顶",
}  # fmt: skip

# What conditions and formulas may name in every pack.
NAMES: Words = {
    "fact": "事项种类", "outlet": "采用渠道", "level": "层级", "ladder": "体系", "item": "信息", "unit": "单位",
    "group": "参评分组", "class": "单位分类", "optional": "自愿参加", "ways": "家数", "position": "顺位", "role": "角色",
    "weight": "权重", "authors": "作者数", "on": "发生日期", "recorded": "登记日期", "year": "年", "month": "月",
    "day": "日", "weekday": "星期", "points": "分值", "score": "本期得分", "before": "此前累计", "cumulative": "累计得分",
    "entries": "台账得分", "months": "月数", "done": "完成数", "need": "任务数", "missing": "差数", "extra": "超数",
    "met": "完成任务", "rate": "完成率", "award": "计分项", "stage": "阶段", "status": "台账状态", "fact_points": "得分",
}  # fmt: skip

FORMULA: Words = {
    "or": "或", "and": "且", "not": "非", "in": "属于", "true": "是", "false": "否", "if": "如果", "min": "最小",
    "max": "最大", "abs": "绝对值", "floor": "取整", "ceil": "进整", "round": "四舍五入", "default": "缺省", "has": "有值",
    "table": "查表", "best": "组内最高", "worst": "组内最低", "average": "组内平均", "sum_of": "组内合计",
    "count_of": "组内个数",
}  # fmt: skip

# The words of units after a number; {unit} is what the section's points are counted in.
UNITS: Words = {
    "AwardRule.points": "{unit}", "CapRule.max": "{unit}", "CapRule.min": "{unit}", "CapRule.items": "条",
    "PointsRule.amount": "{unit}", "QuotaRule.max": "{unit}", "QuotaRule.min": "{unit}",
    "Source.valid_for_months": "个月", "BookingRule.days": "天", "PrintingRule.places": "位",
}  # fmt: skip

# Keys whose dated value is what its block is about: “省厅采用由40分调为50分”.
MAIN = frozenset({"points", "need", "CapRule.max", "CapRule.min", "CapRule.items"})


class Lexicon:
    """The words of one installation: those of its sections' plugins before core's own."""

    def __init__(self, *extra: Words):
        self._tables = (*extra, {**FILES, **KEYS, **VALUES})

    def key(self, model: str, key: str) -> str:
        """What a key is called; the key itself when there is no word for it."""
        return self._first((f"{model}.{key}", key)) or key

    def value(self, key: str, value: str) -> str | None:
        """What a fixed value is called."""
        return self._first((f"{key}={value}", f"={value}"))

    def file(self, name: str) -> str:
        """What a file is called."""
        return self._first((name, name.split("/", maxsplit=1)[0])) or name

    def unit(self, model: str, key: str, points: str) -> str:
        """The unit of a number."""
        return (self._first((f"{model}.{key}#",)) or UNITS.get(f"{model}.{key}", "")).format(unit=points)

    def knows(self, model: str, key: str) -> bool:
        """Whether there is a word for a key."""
        return self._first((f"{model}.{key}", key)) is not None

    def _first(self, words: Iterable[str]) -> str | None:
        return next((table[word] for word in words for table in self._tables if word in table), None)
