"""Words a submission chooses from: genres, urgency, roles of joint units. Pure."""

GENRES = {
    "work_news": "工作动态",
    "experience": "经验做法",
    "problem": "问题建议",
    "research": "调研",
    "brief": "简讯",
    "commissioned": "约稿",
    "special": "专报",
}
URGENCIES = {"normal": "平件", "urgent": "加急", "very_urgent": "特急"}
CONTRIBUTOR_ROLES = {"main": "主报单位", "joint": "合报单位", "part": "参与单位"}
