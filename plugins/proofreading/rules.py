"""The checks by name: what a pack may switch off, and how they are called. Pure."""

# Remarks on a word or a phrase as such: an office may decide that it wants none on that phrase, in any text.
OF_PHRASES = ("confusions", "lists", "bodies", "doubled-words")

RULES = {
    "pairs": "标点不成对",
    "nested": "同类标点嵌套",
    "doubled-marks": "标点重复",
    "misplaced-marks": "标点位置不当",
    "half-width": "半角标点",
    "straight-quotes": "英文引号",
    "full-width": "全角数字、字母",
    "spaces": "多余空格",
    "doubled-words": "字词重复",
    "dates": "日期有误",
    "weekdays": "星期有误",
    "date-style": "日期写法",
    "percentages": "百分比有误",
    "parts": "分项大于总数",
    "number-style": "数字写法",
    "amounts": "金额单位不一",
    "doubling": "约数重复",
    "levels": "层次序号",
    "series": "“一是二是”不连续",
    "endings": "段末标点",
    "title-end": "标题标点",
    "confusions": "常见错别字",
    "lists": "用语",
    "leaders": "领导姓名、职务",
    "leader-order": "领导次序",
    "bodies": "单位名称",
    "secrecy": "涉密字样",
    "privacy": "个人信息",
    "title-length": "标题字数",
    "length": "正文字数",
}
