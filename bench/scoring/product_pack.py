"""The benchmark's rules written as a pack of the product: the document of `rules.py`, block by block."""

from typing import Any

from rules import document
from vocab import WORDS

KINDS = ("submit", "adopt", "instruct", "solicit", "error")
# Names that mean something else in the product.
RENAMED = {"position": "post", "status": "state"}
SPANS = {1: "month", 3: "quarter", 12: "year"}


def files(size: int) -> dict[str, bytes]:
    """The pack's files."""
    written = document(size)
    texts = {
        "pack.yaml": "id: bench\nversion: 1.0.0\ntitle: 测量用规则\nissuer: 某市\n",
        "calendar.yaml": "year_starts: 1\n",
        "units.yaml": "groups:\n" + "".join(f"  - {{id: {g}, title: {g}}}\n" for g in WORDS["group"]),
        "outlets.yaml": _outlets(),
        "scoring.yaml": "\n".join(_scoring(written)) + "\n",
    }
    return {name: text.encode() for name, text in texts.items()}


def _outlets() -> str:
    levels = "".join(f"  - {{id: {level}, title: {level}}}\n" for level in WORDS["level"][1:])
    outlets = "".join(f"          - {{id: {name}, title: {name}}}\n" for name in WORDS["outlet"][1:])
    return f"levels:\n{levels}ladders:\n  - id: all\n    title: 全部\n    levels:\n      - id: CITY\n        outlets:\n{outlets}"


def _scoring(written: dict[str, Any]) -> list[str]:
    lines = ["kinds: [" + ", ".join(f"{{id: {kind}, title: {kind}}}" for kind in KINDS) + "]", "attributes:"]
    lines += [
        f"  - {{id: outlet, title: 渠道, of: [{', '.join(KINDS)}]}}",
        f"  - {{id: level, title: 层级, of: [{', '.join(KINDS)}]}}",
    ]
    for name in ("category", "position", "status"):
        lines.append(
            f"  - {{id: {RENAMED.get(name, name)}, title: {name}, options: [{', '.join(WORDS[name][1:])}]}}"
        )
    lines += [f"  - {{id: {name}, title: {name}, type: integer}}" for name in ("words", "late_days")]
    lines += [f"  - {{id: {name}, title: {name}, type: flag}}" for name in ("solicited", "special")]
    quota, need = written["quota"], written["quota"]["need"]
    lines += [
        "tables:",
        "  - {id: need, title: 任务数, keys: [group], rows: ["
        + ", ".join(f"[{g}, {n}]" for g, n in need.items())
        + "]}",
    ]
    lines.append(
        "  - {id: miss, title: 每缺, keys: [group], rows: ["
        + ", ".join(f"[{g}, {n}]" for g, n in quota["each_missing"].items()) + "]}"
    )  # fmt: skip
    ladders = {ladder["id"]: ladder for ladder in written["ladders"]}
    awards: list[str] = []
    for number, rule in enumerate(written["rules"]):
        awards += _award(rule, ladders[rule["ladder"]], lines, number)
    lines += ["awards:", *awards, "order: [sharing, resolution, credit, caps]", "resolution:"]
    best = [rule["id"] for rule in written["rules"] if ladders[rule["ladder"]]["keep"] == "best"]
    lines.append(f"  - {{id: best, title: 取高, basis: 二, keep: max, awards: [{', '.join(best)}]}}")
    lines.append("caps:")
    for number, cap in enumerate(written["caps"]):
        named = cap.get("rules") or [r["id"] for r in written["rules"] if r["ladder"] == cap["ladder"]]
        key = "min" if cap["limit"].startswith("-") else "max"
        lines.append(
            f"  - {{id: k{number}, title: 封顶, basis: 三, awards: [{', '.join(named)}], period: {SPANS[cap['months']]}, "
            f"{key}: {{2026-01-01: {cap['limit']}}}}}"
        )
    lines += ["measures:", f"  - {{id: done, title: 采用, count: items, where: {{fact: {quota['kind']}}}}}"]
    for number, key in enumerate(written["tiebreaks"], start=1):
        where = ", ".join(
            [
                f"fact: {key['kind']}",
                *(f"{name}: [{', '.join(value)}]" for name, value in key["when"].items()),
            ]
        )
        lines.append(f"  - {{id: tie{number}, title: 次序{number}, count: facts, where: {{{where}}}}}")
    lines.append("quotas:")
    lines.append(
        "  - {id: q, title: 任务, basis: 四, done: done, need: {2026-01-01: 'table(need)'}, period: month, "
        "points: 'missing * table(miss)'}"
    )
    lines.append("ranking: {by: [cumulative, tie1, tie2]}")
    return lines


def _award(rule: dict[str, Any], ladder: dict[str, Any], lines: list[str], number: int) -> list[str]:
    """One rule as an award; tables it needs are added to the file above."""
    when = {"fact": rule["kind"]}
    wheres = []
    for name, value in rule["when"].items():
        if name == "any":
            wheres.append("(" + " or ".join(_condition(each) for each in value) + ")")
        else:
            when[RENAMED.get(name, name)] = value
    share = {"equal": "equal", "lead": "first", "each": "each"}[ladder["share"]]
    stage = rule["id"] if ladder["hit"] == "all" else ladder["id"]
    start = rule.get("from", "2025-01-01")
    points = _points(rule["points"], lines, f"t{number}")
    found = [f"  - id: {rule['id']}", f"    title: {rule['id']}", "    basis: 一", f"    when: {_flow(when)}"]
    found += [f'    where: "{" and ".join(wheres)}"'] if wheres else []
    return [*found, f"    points: {{{start}: {points}}}", f"    stage: {stage}", f"    share: {share}"]


def _flow(value: Any) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {_flow(each)}' for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _condition(when: dict[str, Any]) -> str:
    parts = []
    for name, value in when.items():
        name = RENAMED.get(name, name)
        if isinstance(value, dict):
            parts += [f"{name} {sign} {bound}" for sign, bound in value.items()]
        elif isinstance(value, list):
            parts.append(f"{name} in [" + ", ".join(f"'{each}'" for each in value) + "]")
        else:
            parts.append(f"{name} = '{value}'")
    return "(" + " and ".join(parts) + ")" if parts else "true"


def _points(points: Any, lines: list[str], table: str) -> str:
    """A value as the pack writes it: a number or a formula in quotes."""
    return str(points) if isinstance(points, str) else f'"{_formula(points, lines, table)}"'


def _formula(points: Any, lines: list[str], table: str) -> str:
    if isinstance(points, str):
        return f"({points})" if points.startswith("-") else points
    if "table" in points:
        keys = ", ".join(RENAMED.get(name, name) for name in points["table"])
        rows = ", ".join("[" + ", ".join(_flow(cell) for cell in row) + "]" for row in points["rows"])
        lines.append(f"  - {{id: {table}, title: {table}, keys: [{keys}], rows: [{rows}], default: 0}}")
        return f"table({table})" + (f" * {points['times']}" if "times" in points else "")
    if "cases" in points:
        (condition, first), *rest = points["cases"]
        if not condition:
            return _formula(first, lines, table)
        return f"if({_condition(condition)}, {_formula(first, lines, table)}, {_formula({'cases': rest}, lines, table)})"
    name, size = points["per"]
    each, base = _formula(points["each"], lines, table), points["base"]
    return f"{base} + {each} * min(floor({name} / {size}), {points['at_most']})"
