"""Invented documents of the other forms: minutes, an order, an upward report, annexes on wide sheets."""

from datetime import date

from tests.docs import samples

OFFICES = ("中共临江市委办公室", "临江市人民政府办公室")
NAMES = "王堃、赵喆、陈祎、马䶮、𠮷村"


def mixed(count, first=0):
    """Body text that changes faces on nearly every line: headings, bold runs, digits, letters, rare names."""
    body = []
    for n in range(first, first + count):
        numeral = "一二三四五六七八九十"[n % 10]
        body += [
            samples.heading(1, f"{numeral}、第{n + 1}项工作（GDP增长5.2%）"),
            samples.heading(2, f"（{numeral}）由马䶮、𠮷村同志牵头"),
            samples.heading(3, f"{n + 1}．完成12.6万㎡改造"),
            samples.paragraph(samples.text(n) + f"由{NAMES}等5人负责，2026年12月31日前完成ABC系统V2.0上线。", "一要压实责任。"),
            samples.paragraph(samples.text(n + 50)),
        ]  # fmt: skip
    return body


def minutes(count=3):
    """Minutes of two pages and more, with long lists of those present."""
    return {
        "title": "关于研究全市政务信息工作的会议纪要", "mark": "临江市人民政府专题会议纪要", "number": "第12期",
        "office": samples.OFFICE, "date": date(2026, 7, 6),
        "body": [*mixed(count), samples.paragraph(samples.text(3))],
        "present": f"市政府张三、李四，市政府办公室{NAMES}，市发展改革委周五，市财政局吴六，市人力资源和社会保障局郑七。",
        "absent": "市教育局钱八（出差）。",
        "observers": ["市纪委监委机关冯九、陈十，市中级人民法院褚十一，市人民检察院卫十二、蒋十三；", "各县区人民政府分管负责同志。"],
        "copy_to": "市委办公室，市人大常委会办公室，市政协办公室，各县区人民政府。",
        "printed_by": samples.OFFICE, "printed_on": date(2026, 7, 7),
    }  # fmt: skip


def order(count=3, signers=None):
    """An order, its rules in the text, signed by the mayor."""
    return {
        "mark": "临江市人民政府令", "number": "第12号", "date": date(2026, 7, 6), "body": mixed(count),
        "signers": signers or [{"post": "市　长", "name": "李祎喆"}],
    }  # fmt: skip


def upward(signers=("张三", "欧阳小明", "李祎"), **more):
    """A request to the office above, signed off by several offices' leaders."""
    return samples.circular(
        title="关于增加政务信息工作人员编制的请示", to="省人民政府办公厅", mark="临江市人民政府办公室文件",
        signer=signers[0] if len(signers) == 1 else list(signers), body=mixed(3), copy_to="", printed_by="",
        note="联系人：王堃；电话：0564-1234567", **more,
    )  # fmt: skip


def wide_annexes():
    """A circular with a sideways A4 annex, an A3 annex, and an upright one with an A3 table; odd and even pages."""
    return samples.circular(
        body=mixed(2),
        annexes=[
            {"title": "2026年6月份政务信息采用情况一览表", "wide": True, "tables": [samples.ranking(30)]},
            {"title": "2026年上半年政务信息得分汇总表", "wide": "A3", "tables": [broad(36, 24)]},
            {
                "title": "关于得分的说明",
                "body": mixed(1),
                "tables": [broad(6, 20, wide="A3", title="各月得分")],
            },
        ],
    )


def broad(rows, columns, **more):
    """A table of many columns of numbers."""
    head = [["位次", "单位", *(f"{n}月得分" for n in range(1, columns - 1))]]
    body = [
        [n + 1, samples.UNITS[n % len(samples.UNITS)], *(f"{(n * 7 + c * 13) % 400 / 4}" for c in range(columns - 2))]
        for n in range(rows)
    ]  # fmt: skip
    return {"head": head, "rows": body, **more}


def joint(seal, names=OFFICES, **more):
    """A circular of several offices."""
    return samples.circular(mark=list(names), office=list(names), seal=seal, body=mixed(2), **more)
