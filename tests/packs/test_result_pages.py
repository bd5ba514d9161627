"""What the examples of the richest pack promise also stands on the pages, while a period is open and once it is closed."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from core import facts
from core.cli.base import console
from core.config import PROJECT
from core.db import transaction
from core.facts import Author, NewFact
from core.packs import services as packs
from core.packs.content.format import load_pack
from core.scoring import runs
from core.scoring.rules.compile import compile_pack
from core.scoring.trying.example_reading import cases
from core.scoring.values.points import exact, parse
from core.testing import actor_of, login

STANDARD = PROJECT / "rulepacks" / "standard"
WANTED = {
    "C05 第三名并列，前三名印出四家，得分一位小数", "名次看累计，不看当月", "先进单位各组分别取，失实的不得评先，鼓励奖不重复",
    "全年有超过三个月没有完成任务的不得评先，可以得鼓励奖", "优秀信息按该条全部得分取前十条，第十名并列的都不取",
    "累计得分不足十分的单位，少的在前", "一人全得，两人六四分，三人五三二分，四人平均", "先进个人按个人累计得分取",
}  # fmt: skip


class Tables(HTMLParser):
    """The tables of a page by caption: rows of cells as text."""

    def __init__(self):
        super().__init__()
        self.found, self.rows, self.text = {}, [], []

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th", "caption"):
            self.text = []

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append("".join(self.text).strip())
        elif tag == "caption":
            self.found["".join(self.text).strip()] = self.rows

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def example(app, office, make_unit, watch, request, sections, known_kinds):
    """An example as the office's own facts, recorded each on its day, and where its names ended up."""
    rules = compile_pack(load_pack(STANDARD, sections), known_kinds)
    case = next(c for c in cases(load_pack(STANDARD, sections), rules)[0] if c.example.name == request.param)
    version, _ = packs.install(None, STANDARD)
    packs.activate(None, office.id, version.id, datetime(2024, 1, 1, tzinfo=UTC).date())
    ids = {}
    for unit in case.units:
        group = rules.groups[unit.group].title
        ids[unit.key] = make_unit(unit.name, group=group, unit_class=unit.klass or "").id
    for number, fact in enumerate(case.facts):
        watch.set(datetime(fact.on.year, fact.on.month, fact.on.day, 4, tzinfo=UTC))
        authors = tuple(Author(p.key, ids[p.unit] if p.unit else None) for p in fact.persons)
        with transaction():
            facts.record(console(office), NewFact(
                office.id, fact.kind, fact.on, tuple(ids[key] for key in fact.units), f"test:{number}", fact.item,
                fact.item or f"信息{number}", dict(fact.attrs), authors=authors,
            ))  # fmt: skip
    watch.set(datetime(2025, 2, 3, 4, tzinfo=UTC))
    return case


@pytest.fixture
def read(client, make_user, office):
    """The tables of a page as the editor sees it."""
    login(client, make_user("editor", office=office))

    def tables(path):
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        parser = Tables()
        parser.feed(answer.text)
        return parser.found

    return tables


def told(rows, what):
    """A column by its title."""
    return [row[rows[0].index(what)] for row in rows[1:]]


@pytest.mark.parametrize("example", sorted(WANTED), indirect=True)
def test_pages_say_what_the_example_promises_open_and_closed(example, office, read, make_user):
    key, promised = example.period.key, example.example
    rules = runs.rules_in_force(office.id, example.period.end)[1]
    paths = [f"/ranking?period={key}&part=all", f"/ranking/prizes?period={key}", f"/ranking/lists?period={key}",
             f"/ranking/persons?period={key}"]  # fmt: skip
    open_pages = [read(path) for path in paths]
    runs.close(actor_of(make_user("issuer", office=office)), office.id, key)
    closed_pages = [read(path) for path in paths]

    assert closed_pages == open_pages
    assert runs.recompute(runs.frozen_run(office.id, key))
    ranking, prizes, lists, persons = closed_pages
    everybody = [row for rows in ranking.values() for row in rows[1:]]
    heads = next(iter(ranking.values()))[0]
    for block, title in (("points", "本期得分"), ("cumulative", "累计得分")):
        for unit, value in getattr(promised, block).items():
            row = next(row for row in everybody if row[1].split()[0] == unit)
            assert float(row[heads.index(title)]) == pytest.approx(float(value), abs=0.05)
    for unit, places in promised.places.items():
        row = next(row for row in everybody if row[1].split()[0] == unit)
        for ranked, place in places.items():
            assert row[heads.index(rules.rankings[ranked].title)] == str(place)
    for prize in rules.prizes:
        if prize.id in promised.prizes and promised.prizes[prize.id]:
            what = {"units": "单位", "items": "信息", "persons": "姓名"}[prize.what]
            assert told(prizes[prize.title], what) == list(promised.prizes[prize.id])
        if promised.barred.get(prize.id):
            refused = prizes[f"{prize.title}：不予建议"]
            assert told(refused, "单位") == list(promised.barred[prize.id])
            assert all("通用办法" in why for why in told(refused, "原因"))
    for listing in rules.lists:
        if promised.lists.get(listing.id):
            assert told(lists[listing.title], "单位") == list(promised.lists[listing.id])
    for person, value in promised.persons.items():
        named = [name.split()[0] for name in told(persons["个人得分"], "姓名")]
        assert told(persons["个人得分"], "本期得分")[named.index(person)] == exact(parse(value))
