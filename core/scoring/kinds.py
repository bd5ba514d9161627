"""The kinds of facts core itself knows; plugins add theirs through the hook `fact_kinds`."""

from core.scoring.values.fact import WITHDRAWN, Attribute, FactKind

GENRE = Attribute("genre", "信息类型", "choice")
FORM = Attribute("form", "采用形式", "choice")
REASON = Attribute("reason", "事由", "text", required=True)

LATE = (("on_time", "按时"), ("late", "迟报"), ("missed", "未报"))
COMMISSION = (("done", "完成"), ("adopted", "采用"), ("late", "迟报"), ("missed", "未报"))
URGENT = (*LATE, ("concealed", "瞒报"))

CORE_KINDS = (
    FactKind("submitted", "报送", (GENRE,)),
    FactKind("adopted", "采用", (Attribute("outlet", "采用渠道", "outlet", required=True), FORM, GENRE)),
    FactKind("sent_up", "上报", (Attribute("level", "上报层级", "level", required=True), FORM, GENRE)),
    FactKind("manual", "手工加减分", (Attribute("points", "分值", "amount", required=True), REASON)),
    FactKind(
        "commissioned",
        "约稿",
        (
            Attribute("state", "完成情况", "choice", required=True, options=COMMISSION),
            Attribute("topic", "约稿题目"),
        ),
    ),
    FactKind(
        "feedback", "批示反馈", (Attribute("state", "完成情况", "choice", required=True, options=LATE),)
    ),
    FactKind(
        "urgent", "紧急信息", (Attribute("state", "完成情况", "choice", required=True, options=URGENT),)
    ),
    FactKind(
        "penalty",
        "扣分事项",
        (Attribute("cause", "扣分事由", "choice", required=True), Attribute("reason", "事由")),
    ),
    FactKind(
        "checked",
        "检查评分",
        (Attribute("component", "检查项目", "choice"), Attribute("points", "分值", "amount", required=True)),
    ),
    FactKind(WITHDRAWN, "撤销", (Attribute("reason", "事由", "text"),)),
)
