"""Invented documents for the tests: a circular of one page, one of several with tables and annexes, a briefing."""

import random
from datetime import date
from decimal import Decimal

OFFICE = "临江市人民政府办公室"
UNITS = (
    "云岭县人民政府",
    "柳河县人民政府",
    "临泽区人民政府",
    "石桥区人民政府",
    "青山经济技术开发区管理委员会",
    "市发展改革委",
    "市教育局",
    "市财政局",
    "市人力资源和社会保障局",
    "市自然资源和规划局",
    "市生态环境局",
    "市住房和城乡建设局",
    "市交通运输局",
    "市农业农村局",
    "市文化广电旅游体育局",
    "市卫生健康委",
    "市应急管理局",
    "市市场监督管理局",
    "市医疗保障局",
    "市数据资源管理局",
)
_SENTENCES = (
    "今年以来，全市上下围绕稳增长、惠民生、防风险，持续推进重点工作，主要指标好于预期。",
    "针对群众反映集中的停车难、就医难等问题，逐项建立台账，明确责任单位和完成时限，已办结327件，办结率达96.4%。",
    "坚持“一企一策”精准服务，组织120名干部包联重点企业，协调解决用工、融资、用地等困难58个。",
    "截至6月底，完成投资42.7亿元，同比增长11.3%，其中工业投资占比首次超过60%。",
    "出台《关于进一步优化营商环境的若干措施》（临政办〔2026〕11号），推动审批时限再压缩30%以上。",
    "下一步，将加大督查调度力度，对进展缓慢的事项实行“周调度、月通报”，确保年度目标任务全面完成。",
    "在全省率先建立跨部门联合核查机制，累计发放补贴1860万元，惠及农户2.3万户。",
    "实行领导干部带班值守制度，提前转移危险区域群众412人，未发生人员伤亡。",
)


def text(seed, sentences=4):
    """A paragraph, the same for the same seed."""
    chance = random.Random(seed)
    return "".join(chance.sample(_SENTENCES, sentences))


def paragraph(words, bold=""):
    runs = [{"text": bold, "bold": True}] if bold else []
    return {"type": "paragraph", "runs": [*runs, {"text": words}]}


def heading(level, words):
    return {"type": "heading", "level": level, "runs": [{"text": words}]}


def ranking(count=20, title="", seed=1, **more):
    """A score table with three header rows, decimals and a long unit name."""
    chance = random.Random(seed)
    cell = lambda words, across=1, down=1: {"text": words, "colspan": across, "rowspan": down}  # noqa: E731
    head = [
        [
            cell("位次", 1, 3),
            cell("单位", 1, 3),
            cell("报送条数", 1, 3),
            cell("采用情况", 5),
            cell("得分", 1, 3),
        ],
        [cell("本级刊物", 2), cell("上级采用", 2), cell("领导批示", 1, 2)],
        [cell("要情"), cell("专报"), cell("省厅"), cell("国办")],
    ]
    rows = [
        [n + 1, UNITS[n % len(UNITS)], chance.randint(5, 90), *(chance.randint(0, 12) for _ in range(5)),
         Decimal(chance.randint(0, 4000)) / (10 if n % 3 else 4)]
        for n in range(count)
    ]  # fmt: skip
    columns = [{}, {"align": "left"}, *({} for _ in range(6)), {"align": "decimal"}]
    return {"title": title, "head": head, "rows": rows, "columns": columns, **more}


def circular(paragraphs=1, **more):
    """Values of a circular."""
    return {
        "title": f"{OFFICE}关于2026年6月份全市政务信息采用情况的通报",
        "mark": f"{OFFICE}文件",
        "number": "临政办〔2026〕18号",
        "to": "各县区人民政府，市政府各部门、各直属机构，各直报点",
        "body": [paragraph(text(n)) for n in range(paragraphs)],
        "office": OFFICE,
        "date": date(2026, 7, 6),
        "copy_to": "市委办公室，市人大常委会办公室，市政协办公室，市纪委监委机关，市中级人民法院，市人民检察院，临江军分区。",
        "printed_by": OFFICE,
        "printed_on": date(2026, 7, 7),
        **more,
    }


def short_circular():
    """A circular that fits on one page."""
    few = text(3, 1)
    return circular(
        title="关于2026年6月份政务信息采用情况的通报", body=[paragraph(few)], copy_to="", printed_by=""
    )


def long_circular():
    """A circular of several pages: all heading levels, a table in the text, an upright and a sideways annex."""
    body = [
        paragraph("2026年6月份，各级各部门报送政务信息1284条，采用512条。现将采用情况通报如下。"),
        heading(1, "一、总体情况"), paragraph(text(1)),
        heading(2, "（一）报送数量稳步增长"), paragraph(text(2)),
        heading(3, "1．县区报送情况"), paragraph(text(3)), heading(4, "（1）直报点情况"), paragraph(text(4)),
        heading(1, "二、存在问题"), paragraph(text(5), "一是信息质量不高。"), paragraph(text(6), "二是时效性不强。"),
        heading(1, "三、下步要求"), paragraph(text(7)), paragraph(text(8)),
    ]  # fmt: skip
    annexes = [
        {"title": "2026年6月份各县区、各部门政务信息得分情况表",
         "tables": [ranking(5, "一、县区"), ranking(18, "二、市直部门", seed=2, notes=["得分相同的并列排名。"])]},
        {"title": "2026年1—6月份政务信息采用情况累计一览表", "wide": True, "tables": [ranking(14, wide=True)]},
    ]  # fmt: skip
    return circular(body=body, annexes=annexes, note="此件公开发布", seal=True)


def briefing(items=8, paragraphs=3):
    """Values of a briefing with rare characters, Latin digits and bold runs on every page."""
    columns = []
    for number, name in enumerate(("经济运行", "改革创新", "民生保障", "基层治理")):
        entries = [_item(number * 10 + n, paragraphs) for n in range(items // 4)]
        columns.append({"title": name, "items": entries})
    return {
        "title": "临江要情第12期", "masthead": "临江要情", "issue_number": 12, "serial_number": 345,
        "office": OFFICE, "date": date(2026, 7, 9), "contents": True, "columns": columns,
        "distribution": [
            {"label": "报", "to": "省政府办公厅，市委、市人大常委会、市政府、市政协领导同志。"},
            {"label": "送", "to": "市委各部委，市纪委监委机关，市人大、市政协办公室，市中级人民法院，市人民检察院，各人民团体。"},
            {"label": "发", "to": "各县区人民政府，市政府各部门、各直属机构。"},
        ],
        "editor": "李祎喆", "copies": 150,
    }  # fmt: skip


def _item(seed, paragraphs):
    titles = ("云岭县三项举措推动营商环境持续优化", "市市场监管局创新“三色”预警机制破解食品安全监管难题成效明显",
              "当前我市中小微企业融资难融资贵问题的调查与建议")  # fmt: skip
    first = "牵头负责人王堃、赵喆、陈祎、马䶮和𠮷村代表介绍，改造老旧小区建筑面积12.6万㎡。"
    blocks = [paragraph(first + text(seed)), heading(1, "一、强化统筹")]
    blocks += [
        paragraph(text(seed + n), f"{'一二三四五六七八'[n]}是抓落实见成效。") for n in range(paragraphs - 1)
    ]
    return {
        "title": titles[seed % 3],
        "body": blocks,
        "source": UNITS[seed % len(UNITS)],
        "author": "张三　李四",
    }
