"""Chinese words for the keys of instructions.yaml."""

WORDS = {
    "instructions.yaml": "领导批示", "Instructions.classes": "领导类别", "Instructions.kinds": "批示种类",
    "carrier": "批示载体", "counts": "计分", "needs_text": "须填写批示内容",
}  # fmt: skip
