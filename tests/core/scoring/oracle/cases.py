"""Small packs and registers for cases worked out by hand."""

from fractions import Fraction

from tests.core.scoring.oracle import score

PACK = {
    "pack.yaml": "id: sample\nversion: 1.0.0\ntitle: 示例规则\nissuer: 示例市人民政府办公室\n",
    "units.yaml": """\
groups:
  - {id: counties, title: 县区}
  - {id: bureaus, title: 市直部门}
  - {id: direct, title: 直报点, optional: true}
  - {id: own, title: 信息科, competes: false}
classes: [{id: large, title: 大县, group: counties}, {id: small, title: 小县, group: counties}]
attributes:
  - {id: staff, title: 人数, type: integer}
  - {id: key, title: 重点单位, type: flag}
""",
    "calendar.yaml": "year_starts: 1\n",
    "outlets.yaml": """\
levels: [{id: county, title: 县级}, {id: city, title: 市级}, {id: province, title: 省级}, {id: state, title: 国家级}]
ladders:
  - id: government
    title: 政府系统
    levels:
      - {id: county, title: 县政府办}
      - id: city
        title: 市政府办
        outlets:
          - id: daily
            title: 《每日要情》
            columns: [{id: daily-lead, title: 要闻}]
          - id: special
            title: 《专报信息》
            editions: [{id: special-red, title: （特刊）, columns: [{id: red-lead, title: 头条}]}]
      - id: province
        title: 省政府办公厅
        outlets: [{id: zonghe, title: 《综刊》}, {id: jianbao, title: 《简报》}]
      - {id: state, title: 国务院办公厅}
  - id: union
    title: 工会系统
    levels:
      - id: union-city
        level: city
        title: 市总工会
        outlets: [{id: gongyun-city, title: 《工运信息》}]
      - id: union-province
        level: province
        title: 省总工会
        outlets: [{id: gongyun, title: 《工运》}]
""",
}

UNITS = {
    "甲县": {"group": "counties", "class": "large", "attributes": {"staff": 30, "key": True}},
    "乙县": {"group": "counties", "class": "large", "attributes": {"staff": 20}},
    "丙县": {"group": "counties", "class": "small", "attributes": {"staff": 10}},
    "丁局": {"group": "bureaus"},
    "戊局": {"group": "市直部门", "from": "2024-07-01"},
    "某企业": {"group": "direct", "host": "甲县", "parent": "丁局"},
    "孤企业": {"group": "direct"},
    "信息科": {"group": "own"},
}


def scored(scoring, facts, period="2024", units=UNITS, items=None, **files):
    """What the oracle makes of a few facts under rules written as text."""
    texts = {**PACK, "scoring.yaml": scoring, **{f"{name}.yaml": text for name, text in files.items()}}
    return score(texts, {"units": units, "items": items or {}, "facts": facts}, period)


def fact(kind="adopted", units=("甲县",), on="2024-05-06", **more):
    """A fact with a sensible default for everything."""
    if kind == "adopted" and more.get("outlet", "") is not None:
        more.setdefault("outlet", "daily")
    return {
        "fact": kind,
        "on": on,
        "units": list(units),
        **{key: value for key, value in more.items() if value is not None},
    }


def withdrawn(what, on="2024-06-01", **more):
    return {"fact": "withdrawn", "on": on, "reverses": what, **more}


def amounts(result, account="甲县"):
    """The amounts of an account's lines, in the order of the ledger."""
    return [entry["amount"] for entry in result["entries"] if entry["account"] == account]


def statuses(result, account="甲县"):
    return [entry["status"] for entry in result["entries"] if entry["account"] == account]


def points(result, account="甲县"):
    return result["totals"][account]["score"]


def thirds(number):
    return Fraction(number, 3)
