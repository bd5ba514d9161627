"""A pack and a register as plain dicts: the texts of the files, and facts as `pack try` takes them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from core.scoring.values.periods import Bounds, Calendar, Joined

KINDS = {
    "submitted": "报送", "adopted": "采用", "sent_up": "上报", "instructed": "领导批示", "manual": "手工加减分",
    "withdrawn": "撤销",
}  # fmt: skip
# Attributes that kinds of facts bring along: title and type.
CARRIED = {
    "outlet": ("采用渠道", "outlet"),
    "carrier": ("批示载体", "outlet"),
    "level": ("层级", "level"),
    "genre": ("信息类型", "choice"),
    "form": ("采用形式", "choice"),
    "leader": ("领导类别", "choice"),
    "points": ("分值", "amount"),
    "reason": ("事由", "text"),
    "state": ("办理情况", "choice"),
    "cause": ("情形", "choice"),
    "component": ("考核部分", "choice"),
}
STATUSES = ("live", "superseded", "capped", "shared", "reversed", "moved", "uncredited")
OWN_KEYS = {"fact", "on", "id", "item", "units", "persons", "recorded", "times", "reverses", "title"}


class Exact(SafeConstructor):
    """Decimals are read as fractions, never as floats."""


Exact.add_constructor("tag:yaml.org,2002:float", lambda _, node: Fraction(node.value))
Exact.add_constructor("tag:yaml.org,2002:int", lambda _, node: Fraction(node.value))


def yaml_of(text):
    """A YAML text as dicts, lists, text, dates, truths and fractions."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = Exact
    return yaml.load(text) or {}


def read_pack(texts):
    """The sections of a pack by name, with bare words written out, and what can be said in it."""
    pack = {
        name.removesuffix(".yaml"): yaml_of(text) for name, text in texts.items() if name.endswith(".yaml")
    }
    for name in ("units", "calendar", "outlets", "scoring"):
        pack.setdefault(name, {})
    for block in ("groups", "classes", "attributes"):
        pack["units"][block] = named(pack["units"].get(block, []))
    pack["scoring"]["attributes"] = [attribute(each) for each in named(pack["scoring"].get("attributes", []))]
    pack["period calendar"] = calendar_of(pack["calendar"])
    pack["levels"] = titles(named(pack["outlets"]["levels"]))
    pack["tree"] = tree_of(pack["outlets"], pack["levels"])
    pack["types"] = types_of(pack["scoring"]["attributes"])
    pack["words"] = words_of(pack)
    return pack


def named(things):
    """Things with id and title; a bare word is both."""
    return [{"id": each, "title": each} if isinstance(each, str) else each for each in things]


def titles(things):
    return {each["id"]: each["title"] for each in things}


def attribute(written):
    return {"type": "choice", **written, "options": named(written.get("options", []))}


def calendar_of(written):
    """The calendar of the pack, as core.scoring.values.periods wants it."""
    joined = [
        Joined(tuple(map(int, each["months"])), tuple(map(int, each.get("years", []))))
        for each in written.get("joined", [])
    ]
    explicit = [
        Bounds(each["id"], each["title"], as_day(each["start"]), as_day(each["end"]))
        for each in named(written.get("explicit", []))
    ]
    return Calendar(
        int(written.get("year_starts", 1)),
        written.get("year_named", "start"),
        written.get("publish", "month"),
        tuple(written.get("kinds", ("month", "quarter", "half", "year"))),
        tuple(joined),
        tuple(explicit),
    )


def as_day(written):
    return written if isinstance(written, date) else date.fromisoformat(written)


def by_day(written):
    """A `{date: value}` mapping as pairs, earliest first."""
    return sorted(((as_day(day), value) for day, value in written.items()), key=lambda pair: pair[0])


def in_force(written, day):
    """The value of the latest date not after a day, or None before the first."""
    begun = [value for start, value in by_day(written) if start <= day]
    return begun[-1] if begun else None


def tree_of(outlets, levels):
    """Every node of the outlet tree by id: parent, depth, level, ladder, title."""
    tree = {}

    def add(things, parent, depth, level, ladder):
        for thing in named(things):
            title = thing.get("title") or levels[level]
            tree[thing["id"]] = {
                "parent": parent, "depth": depth, "level": level, "ladder": ladder, "title": title,
            }  # fmt: skip
            for below in ("outlets", "editions", "columns"):
                add(thing.get(below, []), thing["id"], depth + 1, level, ladder)

    for ladder in outlets["ladders"]:
        for step in ladder["levels"]:
            level = step.get("level", step["id"])
            add([{"title": levels[level], **step}], None, 0, level, ladder["id"])
    return tree


def path(tree, outlet):
    """An outlet and everything it lies in, from inside outwards."""
    found = []
    while outlet in tree:
        found.append(outlet)
        outlet = tree[outlet]["parent"]
    return found


def types_of(attributes):
    """The type of every attribute a fact may carry."""
    types = {name: kind for name, (_, kind) in CARRIED.items()}
    for each in attributes:
        types.setdefault(each["id"], each["type"])
    return types


def words_of(pack):
    """For every facet made of words: {written: (id, rank)}, by id and by title."""
    options = {each["id"]: titles(each["options"]) for each in pack["scoring"]["attributes"]}
    outlets = {name: full_title(pack["tree"], name) for name in pack["tree"]}
    found = {name: options.get(name, {}) for name, kind in pack["types"].items() if kind == "choice"}
    found |= {name: outlets for name, kind in pack["types"].items() if kind == "outlet"}
    found |= {
        "fact": KINDS | titles(named(pack["scoring"].get("kinds", []))),
        "level": pack["levels"],
        "ladder": titles(pack["outlets"]["ladders"]),
        "group": titles(pack["units"]["groups"]),
        "class": titles(pack["units"]["classes"]),
        "status": {status: status for status in STATUSES},
    }
    return {name: ranked(listed) for name, listed in found.items()}


def full_title(tree, outlet):
    """Editions and columns carry the name of what they belong to."""
    node = tree[outlet]
    return full_title(tree, node["parent"]) + node["title"] if node["depth"] > 1 else node["title"]


def ranked(listed):
    by_title = {title: (key, rank) for rank, (key, title) in enumerate(listed.items())}
    return by_title | {key: (key, rank) for rank, key in enumerate(listed)}


def read_register(written, pack):
    """Units and facts with every value in one form; `times` written out."""
    units = {
        name: unit_of(name, order, line or {}, pack)
        for order, (name, line) in enumerate(written.get("units", {}).items())
    }
    items = written.get("items", {})
    facts = [fact for line in written.get("facts", []) for fact in facts_of(line, items, pack)]
    for number, fact in enumerate(facts):
        fact["number"] = number
        fact["id"] = fact["id"] or f"{fact['kind']}-{number + 1}"
    return {
        "units": units,
        "facts": facts,
        "closings": [closing_of(each) for each in written.get("closings", [])],
    }


def closing_of(line):
    """A closed period: its days, and how many facts there were when it was closed."""
    return {"start": as_day(line["start"]), "end": as_day(line["end"]), "after": int(line["after"])}


def unit_of(name, order, line, pack):
    group = line.get("group") or pack["units"]["groups"][0]["id"]
    klass = line.get("class")
    return {
        "name": name,
        "order": order,
        "group": pack["words"]["group"].get(group, (group, 0))[0],
        "class": pack["words"]["class"].get(klass, (klass, 0))[0],
        "host": line.get("host"),
        "parent": line.get("parent"),
        "optional": bool(line.get("optional")),
        "from": as_day(line["from"]) if line.get("from") else date.min,
        "to": as_day(line["to"]) if line.get("to") else date.max,
        "attributes": {key: plain(value) for key, value in line.get("attributes", {}).items()},
    }


def facts_of(line, items, pack):
    """One fact, or as many as `times` says, each with an item of its own."""
    times = int(line.get("times", 1))
    return [
        fact_of(line, items, pack, f".{copy + 1}" if times > 1 else "")
        for copy in range(times)
    ]  # fmt: skip


def fact_of(line, items, pack, copy):
    item = line.get("item")
    of_item = {key: value for key, value in items.get(item, {}).items() if key != "title"}
    attributes = of_item | {key: value for key, value in line.items() if key not in OWN_KEYS}
    on = as_day(line["on"])
    return {
        "id": line["id"] + copy if line.get("id") else "",
        "kind": line["fact"],
        "on": on,
        "recorded": as_day(line.get("recorded") or on),
        "item": f"{item}{copy}" if item else None,
        "reverses": line.get("reverses"),
        "units": once(line.get("units", []), "unit"),
        "persons": once(line.get("persons", []), "person"),
        "attributes": {key: typed(key, value, pack) for key, value in attributes.items()},
    }


def once(written, key):
    """The sharers in order, each at its first place, with role and weight."""
    found = {}
    for each in written:
        line = {key: each} if isinstance(each, str) else each
        found.setdefault(line[key], {**line, "weight": plain(line.get("weight", 1))})
    return list(found.values())


def typed(name, value, pack):
    """A value of a fact: words by id, numbers as fractions, dates as dates."""
    if pack["types"].get(name) == "date":
        return as_day(value)
    words = pack["words"].get(name, {})
    return words[value][0] if value in words else plain(value)


def plain(value):
    """Numbers as fractions; truths and text stay."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    return Fraction(str(value)) if isinstance(value, float) else value
