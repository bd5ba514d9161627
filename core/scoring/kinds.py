"""The kinds of facts core itself knows; plugins add theirs through the hook `fact_kinds`."""

from core.scoring.fact import WITHDRAWN, Attribute, FactKind

GENRE = Attribute("genre", "信息类型", "choice")
FORM = Attribute("form", "采用形式", "choice")
REASON = Attribute("reason", "事由", "text", required=True)

CORE_KINDS = (
    FactKind("submitted", "报送", (GENRE,)),
    FactKind("adopted", "采用", (Attribute("outlet", "采用渠道", "outlet", required=True), FORM, GENRE)),
    FactKind("sent_up", "上报", (Attribute("level", "上报层级", "level", required=True), FORM, GENRE)),
    FactKind("manual", "手工加减分", (Attribute("points", "分值", "amount", required=True), REASON)),
    FactKind(WITHDRAWN, "撤销", (Attribute("reason", "事由", "text"),)),
)
