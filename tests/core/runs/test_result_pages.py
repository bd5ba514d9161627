"""Pages of a scored period: wide rankings in parts, personal scores within reach, prizes, lists, files."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest

from core import facts
from core.db import db, transaction
from core.facts import Author, NewFact
from core.scoring import runs
from core.scoring.results import board
from core.scoring.results.frozen import digest
from core.testing import actor_of, login

MARCH = "2026-03"
SCORING = """\
awards:
  - {id: bulletin, title: 采用, when: {fact: adopted, outlet: bulletin}, points: {2024-01-01: 6}, basis: 办法第三条}
  - {id: error, title: 差错, when: {fact: penalty}, points: {2024-01-01: -1}, basis: 办法第四条}
measures:
  - {id: taken, title: 采用条数, count: items, where: {fact: adopted}}
  - {id: errors, title: 差错次数, count: facts, where: {fact: penalty}, over: year}
components: [{id: work, title: 工作分, formula: score * 2, basis: 办法第五条}]
ranking: {by: [cumulative]}
rankings: [{id: month, title: 当月名次, by: [score]}]
prizes:
  - {id: best, title: 当月先进, basis: 办法第六条, period: month, take: 2, by: [score], where: score > 0, unless: [{title: 有差错, where: errors > 0, basis: 办法第七条}]}
  - {id: items, title: 当月好信息, basis: 办法第八条, for: items, period: month, take: 5, by: [points]}
  - {id: authors, title: 当月先进个人, basis: 办法第九条, for: persons, period: month, take: 5, by: [score], where: score > 0}
  - {id: yearly, title: 年度先进, basis: 办法第十条, by: [cumulative]}
lists:
  - {id: none, title: 没有采用的单位, where: taken = 0, basis: 办法第十一条}
persons:
  basis: 办法第十二条
  sharing: {policy: equal, basis: 办法第十二条}
  ranking: {by: [cumulative], within: all}
printing: {places: 1}
"""


@pytest.fixture
def world(make_pack, office, make_unit, watch):
    """Three counties on the first of April; the third sent nothing."""
    make_pack(office, scoring=SCORING)
    watch.set(datetime(2026, 4, 1, 4, tzinfo=UTC))
    return [make_unit(name, group="县区") for name in ("甲县", "乙县", "丙县")]


@pytest.fixture
def record(world, office, make_user):
    """Record a fact of a unit (by number) with its authors."""
    count, desk = iter(range(1000)), actor_of(make_user("editor", office=office))

    def made(unit, *authors, kind="adopted", title="信息", on=date(2026, 3, 5)):
        number = next(count)
        attrs = {"outlet": "bulletin"} if kind == "adopted" else {}
        new = NewFact(office.id, kind, on, (world[unit].id,), f"test:{number}", f"item:{number}", title, attrs,
                      authors=tuple(a if isinstance(a, Author) else Author(a) for a in authors))  # fmt: skip
        with transaction():
            return facts.record(desk, new)

    return made


@pytest.fixture
def issuer(make_user, office):
    return actor_of(make_user("issuer", office=office))


@pytest.fixture
def read(client, make_user):
    """A page as somebody with a role (of a unit) sees it."""

    def page(path, role="editor", unit=None, status=200):
        login(client, make_user(role, unit=unit))
        answer = client.get(path)
        assert answer.status_code == status
        return answer.get_data(as_text=True)

    return page


@pytest.fixture
def march(world, record):
    """Two counties with three authors; the second county has an error."""
    record(0, "张三", "李四", title="甲县的信息")
    record(0, "张三", title="甲县又一条", on=date(2026, 2, 5))
    record(1, "王五", title="乙县的信息")
    record(1, "王五", title="乙县的第二条")
    record(1, kind="penalty")
    return world


def test_components_and_further_rankings_stand_in_the_ranking_and_open(march, read):
    text = read(f"/ranking?period={MARCH}")
    here = f"/ranking/{MARCH}/{march[1].id}"

    for head in ("工作分", "当月名次", "采用条数"):
        assert f">{head}</th>" in text
    assert f'href="{here}?of=work" aria-label="乙县工作分22，查看明细">22</a>' in text
    assert f'href="{here}?of=taken"' in text and f'href="{here}"' in text
    assert "score * 2" in read(f"{here}?of=work")


def test_a_number_opens_the_same_after_another_unit_was_scored_again(march, record, read):
    path = f"/ranking/{MARCH}/{march[1].id}?of=work"
    read(f"/ranking?period={MARCH}")
    before = _main(read(path))

    record(2)
    read(f"/ranking?period={MARCH}")

    assert _main(read(path)) == before and "score * 2" in before


def test_a_wide_ranking_is_shown_in_parts(march, office, read, monkeypatch):
    monkeypatch.setattr(board, "FEW", 2)

    assert ">采用条数</th>" not in read(f"/ranking?period={MARCH}")
    assert ">工作分</th>" not in (text := read(f"/ranking?period={MARCH}&part=measures"))
    assert ">采用条数</th>" in text
    both = read(f"/ranking?period={MARCH}&part=all")
    assert ">工作分</th>" in both and ">采用条数</th>" in both


def test_persons_are_ranked_and_a_name_opens_the_sentences(march, read):
    text = read(f"/ranking/persons?period={MARCH}")
    assert text.index("王五") < text.index("张三") < text.index("李四")

    opened = read(f"/ranking/{MARCH}/persons/{march[0].id}/张三")
    assert "甲县的信息" in opened and "6分由2人平均分摊" in opened and "计3分（依据：办法第三条）" in opened
    assert "本年度此前明细（1 项）" in opened and "乙县的信息" not in opened


@pytest.mark.parametrize("role", ["informant", "signing_leader"])
def test_a_unit_sees_personal_scores_of_its_own_people_only(march, read, role):
    text = read(f"/ranking/persons?period={MARCH}", role, march[0])

    assert "张三" in text and "李四" in text and "王五" not in text
    assert "只列出本单位的人" in text
    assert "王五" not in read(f"/ranking/persons.csv?period={MARCH}", role, march[0])
    read(f"/ranking/{MARCH}/persons/{march[1].id}/王五", role, march[0], status=404)
    read(f"/ranking/{MARCH}/persons/{march[0].id}/张三", role, march[0])


def test_namesakes_of_two_units_are_two_people(march, record, read, office, issuer):
    record(2, "张三", title="丙县的信息")
    joint = record(2, Author("赵六"), Author("赵六", march[0].id), title="合写的信息")

    listed = list(csv.reader(io.StringIO(read(f"/ranking/persons.csv?period={MARCH}"))))
    scores = {(name, unit): score for _, name, unit, score, _ in listed}

    assert (scores["张三", "甲县"], scores["张三", "丙县"]) == ("3", "6")
    assert (scores["赵六", "甲县"], scores["赵六", "丙县"]) == ("3", "3") and joint
    assert "丙县的信息" not in read(f"/ranking/{MARCH}/persons/{march[0].id}/张三")
    assert "丙县的信息" in read(f"/ranking/{MARCH}/persons/{march[2].id}/张三", "informant", march[2])
    run = runs.close(issuer, office.id, MARCH)
    assert (
        runs.recompute(run) and [row.name for row in runs.scored(office.id, MARCH).persons].count("张三") == 2
    )


def test_prizes_tell_winners_figures_those_barred_and_why(march, read):
    text = read(f"/ranking/prizes?period={MARCH}", "leader")

    assert "依据：办法第六条" in text and "有差错（办法第七条）" in text
    assert (
        text.index("甲县")
        < text.index("当月先进：不予建议")
        < text.index("当月好信息")
        < text.index("当月先进个人")
    )
    assert "年度先进：" in text and f'href="/ranking/prizes?period={MARCH[:4]}"' in text


def test_a_unit_sees_prizes_of_units_but_items_and_persons_of_its_own(march, read):
    text = read(f"/ranking/prizes?period={MARCH}", "informant", march[0])

    assert "乙县" in text and "有差错" in text
    assert "甲县的信息" in text and "乙县的信息" not in text and "王五" not in text
    assert "不属于本单位的 3 项没有列出" in text and "不属于本单位的 1 项没有列出" in text
    assert "乙县的信息" not in read(f"/ranking/prizes.csv?period={MARCH}", "informant", march[0])


def test_lists_stand_on_their_page_with_the_basis(march, read):
    text = read(f"/ranking/lists?period={MARCH}", "informant", march[0])

    assert "没有采用的单位" in text and "依据：办法第十一条" in text and "丙县" in text and "乙县" not in text


def test_a_long_list_is_paged_when_looked_at_alone(office, world, record, read, make_unit):
    for number in range(60):
        make_unit(f"第{number:02d}镇", group="县区")

    assert "查看全部 63 项" in read(f"/ranking/lists?period={MARCH}")
    second = read(f"/ranking/lists?period={MARCH}&only=none&page=2")
    assert "第59镇" in second and "第46镇" not in second and "共 63 条，第 2 / 2 页" in second


def test_closed_pages_stand_whatever_is_recorded_later(march, record, office, issuer, read):
    paths = [f"/ranking/{name}?period={MARCH}" for name in ("persons", "prizes", "lists")]
    paths.append(f"/ranking/{MARCH}/persons/{march[0].id}/张三")
    run = runs.close(issuer, office.id, MARCH)
    closed = [_main(read(path)) for path in paths]

    record(2, "赵六", "张三")

    assert [_main(read(path)) for path in paths] == closed
    assert "赵六" not in "".join(closed) and runs.recompute(run)


def test_a_closed_period_says_what_the_open_one_said(march, office, issuer, read):
    paths = [f"/ranking{name}?period={MARCH}" for name in ("", "/persons", "/prizes", "/lists")]
    paths.append(f"/ranking/{MARCH}/persons/{march[0].id}/张三")
    before = [_main(read(path)).replace("未结账", "").split("实时计算。")[1] for path in paths]

    runs.close(issuer, office.id, MARCH)

    assert [_main(read(path)).split("结果已固定。")[1] for path in paths] == before


def test_whoever_changes_a_frozen_prize_or_person_is_found_out(march, office, issuer):
    run = runs.close(issuer, office.id, MARCH)
    content = json.loads(run.content)
    assert [entry["title"] for entry in content["person_entries"]].count("甲县的信息") == 2
    for changed in (
        {"person_entries": content["person_entries"][1:]},
        {"persons": content["persons"][1:]},
        {"prizes": content["prizes"][1:]},
        {"lists": {"none": []}},
    ):
        run.content = json.dumps(content | changed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        run.digest = digest(run.content)
        assert not runs.recompute(run)
    db.session.rollback()


def test_a_period_closed_before_persons_kept_entries_still_reads_and_proves(march, office, issuer, read):
    run = runs.close(issuer, office.id, MARCH)
    content = json.loads(run.content)
    del content["form"], content["person_entries"]
    for prize in content["prizes"]:
        del prize["names"], prize["figures"]
    with transaction():
        run.content = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        run.digest = digest(run.content)

    assert runs.recompute(run)
    assert "6分由2人平均分摊" in read(f"/ranking/{MARCH}/persons/{march[0].id}/张三")
    text = read(f"/ranking/prizes?period={MARCH}")
    assert "甲县的信息" in text and "王五" in text and "有差错" in text


def test_files_hold_the_tables_and_run_nothing(march, record, read):
    record(0, "=cmd|' /C calc'!A0", title="+1")
    ranking, persons, prizes, lists = (
        list(csv.reader(io.StringIO(read(f"/ranking{name}.csv?period={MARCH}").removeprefix("\ufeff"))))
        for name in ("", "/persons", "/prizes", "/lists")
    )

    heads = [
        "参评分组",
        "名次",
        "单位",
        "本期得分",
        "累计得分",
        "位次变化",
        "当月名次",
        "工作分",
        "采用条数",
        "差错次数",
    ]
    assert ranking[0] == heads
    assert ["县区", "2", "乙县", "11", "11", "", "2", "22", "2", "1"] in ranking
    assert any(name.startswith("'=cmd") for _, name, *_ in persons)
    assert ["2", "张三", "甲县", "3", "9"] in persons
    assert ["当月先进", "", "乙县", "县区", "", "本期得分 11", "有差错（办法第七条）"] in prizes
    assert any(line[2] == "'+1" for line in prizes)
    assert lists[1:] == [["没有采用的单位", "1", "丙县", "县区", "", "本期得分 0；累计得分 0", ""]]


def test_without_rules_the_pages_say_so(make_pack, office, read, watch, make_unit):
    make_pack(office)
    unit = make_unit("甲县", group="县区")
    text = read(f"/ranking?period={MARCH}")
    assert "/ranking/persons" not in text and "/ranking/prizes" not in text
    for name, told in (("persons", "个人得分"), ("prizes", "奖项"), ("lists", "名单")):
        assert f"规则包没有规定{told}" in read(f"/ranking/{name}?period={MARCH}", "informant", unit)


def _main(text):
    return text[text.index("<main") : text.index("</main>")]
