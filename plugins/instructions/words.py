"""Chinese words for the keys of instructions.yaml."""

WORDS = {
    "instructions.yaml": "领导批示", "Instructions.classes": "领导类别", "Instructions.kinds": "批示种类",
    "carrier": "批示载体", "counts": "计分", "needs_text": "须填写批示内容",
    "urgencies": "紧急程度", "Urgency.days": "反馈时限（工作日）", "handling": "批示办理",
    "signed": "反馈须经单位审签", "remind": "到期前几个工作日提醒", "chase_every": "逾期后每几个工作日催办",
    "Handling.missed": "未按时反馈的认定", "missed=automatic": "自动认定", "missed=by_hand": "人工认定",
    "grace": "认定前宽限的工作日",
    "Handling.facts": "反馈情况对应的计分事项", "on_time": "按时反馈", "late": "逾期反馈", "FeedbackFacts.missed": "未按时反馈",
    "papers": "批示打印件", "remark": "批示件的版式", "routing": "交办单的版式", "Papers.mark": "没有密级时左上角印的字",
    "contact": "交办单上的联系方式",
}  # fmt: skip
