"""What becomes of the lines: what one item keeps, shares, credit, caps; in the order the pack asks for."""

from fractions import Fraction

from tests.core.scoring.oracle import formulas
from tests.core.scoring.oracle.reading import in_force, plain
from tests.core.scoring.oracle.rows import RowScope, scope_of, unit_facets

ORDER = ("resolution", "sharing", "credit", "caps")


def worked(lines, case):
    """The lines after every step; caps on tasks wait until there are tasks."""
    tasks = {task["id"] for task in case.rules.get("quotas", [])}
    for step in case.rules.get("order", ORDER):
        if step == "resolution":
            for block in case.rules.get("resolution", []):
                resolve(block, lines, case)
        elif step == "sharing":
            for line in lines:
                share(line, case)
        elif step == "credit":
            lines = [part for line in lines for part in credited(line, case)]
        else:
            for block in case.rules.get("caps", []):
                if not names_task(block, tasks):
                    cap(block, lines, case)
    return lines


def names_task(block, tasks):
    return bool(tasks & {*block.get("awards", []), *block.get("stages", [])})


def chooses(block, line):
    """Whether a block speaks of a line: by award, by stage, or of those of all awards when it names neither."""
    awards, stages = block.get("awards", []), block.get("stages", [])
    every = line["award"] is not None and not (awards or stages)
    return every or line["award"] in awards or line["stage"] in stages


def meant(block, lines, case):
    """The lines of a block that are worth something and satisfy its `where`, in the order of the register."""
    found = [
        line for line in lines if line["amount"] != 0 and chooses(block, line) and where(block, line, case)
    ]
    return sorted(found, key=lambda line: line["order"])


def where(block, line, case):
    """Whether the `where` of a block holds for a line; lines of tasks only know their unit."""
    return "where" not in block or case.formula(block["where"], line["row"]) is True


def by_scope(lines, key):
    found = {}
    for line in lines:
        found.setdefault(key(line), []).append(line)
    return found.values()


# ---- resolution


def resolve(block, lines, case):
    """Inside each scope the lines that are not kept become nothing."""

    def scope(line):
        bounds = scope_of(line["row"], block.get("per", ["item"]), case, block.get("period", "year"))
        return line["account"] if case.accounts == "persons" else line["row"]["unit"]["name"], bounds

    for group in by_scope(meant(block, lines, case), scope):
        keep = kept(block["keep"], group)
        for line in group:
            if not any(line is other for other in keep):
                line.update(amount=Fraction(0), status="superseded")


def kept(keep, lines):
    """The lines a scope keeps; they come in the order of the register, and sorting leaves equals in it."""
    if keep == "sum":
        return lines
    how, many = next(iter(keep.items())) if isinstance(keep, dict) else (keep, 1)
    many = int(many)
    if how in {"max", "best"}:
        return sorted(lines, key=lambda line: -line["amount"])[:many]
    if how == "min":
        return sorted(lines, key=lambda line: line["amount"])[:many]
    return lines[:many] if how == "first" else lines[-many:]


# ---- shares


def share(line, case):
    """The part of a line its unit gets of a joint fact."""
    if line["rule"] is None:
        return
    rule = policy(line, case)
    whole, ways = line["amount"], line["row"]["facets"]["ways"]
    line["share"] = part(rule, line, line["value"], case)
    if line["amount"] == 0:
        return
    line["amount"] = part(rule, line, whole, case)
    if ways > 1 and line["amount"] != whole:
        line["status"] = "shared"


def policy(line, case):
    """How the line is shared: as its award says, else as the rules say; a word stands for `{policy: word}`."""
    written = line["rule"].get("share", case.rules.get("sharing", {}).get("policy", "equal"))
    return {"policy": written} if isinstance(written, str) else written


def part(rule, line, value, case):
    if "formula" in rule:
        amount = case.formula(rule["formula"], line["row"], points=value) or Fraction(0)
    elif line["row"]["facets"]["ways"] == 1:
        amount = value
    else:
        amount = value * fraction(rule, line["row"], case)
    return formulas.rounded(amount, int(rule["places"])) if "places" in rule else amount


def fraction(rule, row, case):
    """The fraction of the value that falls to one of several sharers."""
    ways, position = int(row["facets"]["ways"]), int(row["facets"]["position"])
    equal = Fraction(1, ways)
    if "main" in rule:
        main = plain(rule["main"])
        return main if position == 1 else (1 - main) / (ways - 1)
    if "roles" in rule:
        weights = [role_weight(rule["roles"], sharer) for sharer in sharers(row, case)]
        return weights[position - 1] / sum(weights) if any(weights) else equal
    if "weights" in rule:
        return weighted(rule["weights"], ways, position)
    if rule["policy"] == "recorded":
        weights = [sharer["weight"] for sharer in sharers(row, case)]
        return weights[position - 1] / sum(weights) if any(weights) else equal
    return {"equal": equal, "each": Fraction(1), "first": Fraction(position == 1)}[rule["policy"]]


def sharers(row, case):
    return row["fact"]["units" if case.accounts == "units" else "persons"]


def role_weight(roles, sharer):
    return plain(roles.get(sharer["role"], 0)) if sharer.get("role") else Fraction(1)


def weighted(weights, ways, position):
    """A list is cut to the number of sharers and made to add up; a list for just this number is used as it is."""
    if isinstance(weights, dict):
        listed = {int(number): each for number, each in weights.items()}.get(ways)
        if listed is None:
            return Fraction(1, ways)
        return plain(listed[position - 1]) if position <= len(listed) else Fraction(0)
    own = [plain(each) for each in weights][:ways]
    if position > len(own) or not sum(own):
        return Fraction(0)
    return own[position - 1] / sum(own)


# ---- credit


def credited(line, case):
    """The lines a line becomes when it is credited elsewhere, or to several; what is worth nothing stays."""
    unit = line["row"]["unit"]
    blocks = [block for block in case.rules.get("credit", []) if gives(block, line, unit, case)]
    if line["amount"] == 0 or not blocks:
        return [line]
    to = blocks[0]["to"]
    if to == "unit":
        return [line]
    if to == "nobody":
        return [{**line, "amount": Fraction(0), "status": "uncredited"}]
    factors = {to: 1} if isinstance(to, str) else to
    own = plain(factors.get("unit", 0))
    homes = [(unit[where], plain(factor)) for where, factor in factors.items() if where != "unit"]
    homes = [(home, factor) for home, factor in homes if home in case.register["units"]]
    keeps = {**line, "amount": line["amount"] * own}
    if own == 0:
        keeps["status"] = "moved" if homes else "uncredited"
    return [keeps, *({**line, "account": home, "amount": line["amount"] * factor} for home, factor in homes)]


def gives(block, line, unit, case):
    """Whether a credit block is meant for a line."""
    named = not block.get("groups") or unit["group"] in groups_of(block, case)
    return named and chooses(block, line) and where(block, line, case)


def groups_of(block, case):
    words = case.pack["words"]["group"]
    return [words[group][0] for group in block["groups"]]


# ---- caps


def cap(block, lines, case):
    """What a credited unit gets in each period is held to the limit."""

    def scope(line):
        return line["account"], scope_of(line["row"], block.get("per", []), case, block["period"])

    found = [line for line in meant(block, lines, case) if looked_at(block, line)]
    for group in by_scope(found, scope):
        if block.get("best"):
            group = sorted(group, key=lambda line: -abs(line["amount"]))
        counted = by_items(block, group, case) if "items" in block else by_points(block, group, case)
        for line, amount in zip(group, counted, strict=True):
            if amount != line["amount"]:
                line.update(amount=amount, status="capped")


def looked_at(block, line):
    return line["amount"] < 0 if "min" in block else line["amount"] > 0


def by_points(block, lines, case):
    """The amounts that are left under a cap on points; deductions are held like points, with the signs turned.

    A line before the first date of the limit has none and takes no room.
    """
    sign, name = (-1, "min") if "min" in block else (1, "max")
    so_far, found = Fraction(0), []
    for line in lines:
        amount, most = sign * line["amount"], limit(block[name], line, case)
        if most is None:
            found.append(line["amount"])
            continue
        left = within(block.get("overflow", "clip"), amount, so_far, sign * most)
        dropped = left == 0 and block.get("overflow") == "drop"
        so_far += 0 if dropped else amount
        found.append(sign * left)
    return found


def within(overflow, amount, so_far, most):
    if overflow == "clip":
        return min(most, so_far + amount) - min(most, so_far)
    if overflow == "overshoot":
        return amount if so_far < most else Fraction(0)
    return amount if so_far + amount <= most else Fraction(0)


def by_items(block, lines, case):
    """The amounts that are left when only so many different items count."""
    items, found = [], []
    for line in lines:
        item, most = line["row"]["facets"]["item"], limit(block["items"], line, case)
        if most is None:
            found.append(line["amount"])
            continue
        if item not in items:
            items.append(item)
        found.append(line["amount"] if items.index(item) < most else Fraction(0))
    return found


def limit(written, line, case):
    """The limit in force on the day of the fact, for the unit that is credited; None: there is none."""
    rule = in_force(written, line["row"]["fact"]["on"])
    if rule is None or not isinstance(rule, str):
        return None if rule is None else plain(rule)
    scope = AccountScope(line["row"], case, unit=facets_of_account(line, case))
    return formulas.work_out(formulas.read(rule, case.names), scope)


class AccountScope(RowScope):
    """The facets of the unit a line is credited to; an account that is no unit has none."""

    def value(self, name):
        return self.more["unit"].get(self.case.spelled[name])


def facets_of_account(line, case):
    """What is known of the account of a line: its unit; of an author, the author's."""
    unit = line["row"]["unit"] if case.accounts == "persons" else case.register["units"].get(line["account"])
    return unit_facets(unit) if unit else {}
