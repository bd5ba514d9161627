"""Declared words: ids are unique, attributes speak about kinds that exist, earlier values have a name of today."""

from core.errors import InvalidInput, PackError
from core.packs.content.sections import Place, ids, repeated
from core.scoring.rules.compiling.desk import UNIT_WORDS, Desk
from core.scoring.rules.schema import Scoring


def check_declarations(desk: Desk) -> None:
    """Ids are unique, attributes speak about kinds that exist and agree with them."""
    rule_set = desk.rule_set
    for name in (
        "tables",
        "counters",
        "awards",
        "resolution",
        "caps",
        "quotas",
        "prizes",
        "lists",
        "rankings",
    ):
        desk.errors += repeated(desk.pack, desk.file, ids(getattr(rule_set, name), *desk.base, name), "标识")
    numbers = [
        *ids(rule_set.measures, *desk.base, "measures"),
        *ids(rule_set.components, *desk.base, "components"),
    ]
    desk.errors += repeated(desk.pack, desk.file, numbers, "标识")
    taken = [word.name for word in (*UNIT_WORDS, *desk.unit_properties())]
    for path, name in numbers:
        if name in taken:
            where = desk.pack.where(desk.file, path)
            desk.errors.append(
                PackError(
                    f"统计项不能叫“{name}”", where=where, reason="这是自带的名称", advice="请换一个标识"
                )
            )
    for n, rule in enumerate(rule_set.counters):
        if rule.id in desk.words.properties:
            desk.refuse(("counters", n, "id"), f"计数不能叫“{rule.id}”", "已有同名的属性", "请换一个标识")
    if isinstance(rule_set, Scoring):
        _attributes(desk, rule_set)


def _attributes(desk: Desk, scoring: Scoring) -> None:
    for name in ("attributes", "kinds"):
        desk.errors += repeated(desk.pack, desk.file, ids(getattr(scoring, name), name), "标识")
    for n, rule in enumerate(scoring.attributes):
        base: Place = ("attributes", n)
        desk.errors += repeated(desk.pack, desk.file, ids(rule.options, *base, "options"), "选项")
        for m, kind in enumerate(rule.of):
            desk.known((*base, "of", m), "事项种类", kind, desk.words.kinds)
        kind_of_value = desk.words.properties[rule.id].type
        if rule.options and kind_of_value != "choice":
            desk.refuse((*base, "options"), f"属性“{rule.id}”不能列选项", "它的值不是选项", "请删去 options")
        if kind_of_value == "choice" and not rule.options:
            desk.refuse(base, f"属性“{rule.id}”没有选项", "", "请用 options 列出可选的值，或写明 type")


def renames_of(desk: Desk) -> dict[str, dict[str, str]]:
    """Attribute → earlier value → value of today."""
    found: dict[str, dict[str, str]] = {}
    for n, rule in enumerate(desk.scoring.renames):
        try:
            known = desk.words.attribute(rule.attribute)
        except InvalidInput as error:
            desk.report(("renames", n, "attribute"), error)
            continue
        for old, new in rule.values.items():
            try:
                found.setdefault(known.name, {})[old] = str(desk.words.value(known, new))
            except InvalidInput as error:
                desk.report(("renames", n, "values", old), error)
    return found
