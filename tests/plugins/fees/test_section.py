"""fees.yaml: its checks, and examples that promise fees are really compared."""

import json

import pytest

from core.errors import Findings
from core.packs import services as packs
from core.packs.content.format import load_pack
from core.scoring import runs
from core.scoring.trying.trial import report, tried
from plugins.fees.section import WORDS


def change(folder, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def errors(folder) -> list[str]:
    with pytest.raises(Findings) as found:
        packs.registry().examine(folder)
    return [str(error) for error in found.value.errors]


def test_the_bundled_packs_promises_are_kept(app, pack_folder):
    results = packs.registry().examine(pack_folder)[1]

    told = {result.name: dict(result.got) for result in results if result.name.endswith("（稿酬）")}
    assert any(got == {"张三 稿酬": "160.00", "李四 稿酬": "0.00"} for got in told.values()), told
    assert len(told) == 5


def test_a_wrong_promise_is_found(app, pack_folder):
    change(pack_folder, "tests/稿酬.yaml", "paid: {张三: 160, 李四: 0}", "paid: {张三: 159.99, 李四: 0}")

    assert any("张三 稿酬：应为 159.99，实为 160.00" in each for each in errors(pack_folder))


def test_a_wrong_rate_is_found(app, pack_folder):
    change(pack_folder, "fees.yaml", "fact_points * 4", "fact_points * 5")

    assert any("张三 稿酬：应为 160.00，实为 200.00" in each for each in errors(pack_folder))


@pytest.mark.parametrize(("old", "new", "said"), [
    ("accounts: persons", "accounts: authors", "可选：units、persons"),
    ("fact_points * 4", "fact_pointz * 4", "fact_pointz"),
    ("places: 2", "places: 3", "稿酬最小到分"),
    ("style: decimal", "style: fraction", "稿酬最小到分"),
    ("within: all}", "within: all}\nlists: [{id: none, title: 无, where: score = 0}]", "稿酬不能写 lists"),
])  # fmt: skip
def test_a_slip_is_explained(app, pack_folder, old, new, said):
    change(pack_folder, "fees.yaml", old, new)

    found = errors(pack_folder)
    assert any(said in each and "fees.yaml 第" in each for each in found), found


def test_a_promise_about_a_stranger_is_named(app, pack_folder):
    change(pack_folder, "tests/稿酬.yaml", "paid: {张三: 160, 李四: 0}", "paid: {张四: 160}")

    found = errors(pack_folder)
    assert any("作者“张四”不在用例" in each and "是否应为“李四”" in each for each in found), found


def test_units_can_be_paid_instead_of_authors(app, pack_folder):
    change(pack_folder, "fees.yaml", "accounts: persons", "accounts: units")
    (pack_folder / "tests" / "稿酬.yaml").write_text(
        "- name: 单位得稿酬\n  facts:\n    - {fact: adopted, outlet: own, units: [甲镇工会], on: 2012-03-05}\n"
        "  paid: {甲镇工会: 40}\n",
        encoding="utf-8",
    )

    assert all(result.passed for result in packs.registry().examine(pack_folder)[1])


def test_an_amount_no_money_can_pay_fails_instead_of_being_rounded(app, pack_folder):
    change(pack_folder, "tests/稿酬.yaml", "paid: {张三: 160, 李四: 0}", "paid: {张三: 160.001}")

    assert any("应为" in each for each in errors(pack_folder))


def test_every_key_has_a_word():
    assert {"Fees.accounts", "Fees.period", "Fees.rounding"} <= set(WORDS)


FACTS = """\
units:
  甲镇: {}
  乙镇: {}
facts:
  - {fact: adopted, outlet: own, item: A1, units: [甲镇], persons: [张三, {person: 李四, unit: 乙镇}], on: 2025-09-10}
  - {fact: adopted, outlet: own, item: A2, units: [甲镇], persons: [张三], on: 2025-03-10}
"""


def test_a_file_of_facts_is_paid_period_by_period(app, pack_folder):
    pack = load_pack(pack_folder, packs.registry().sections)

    told = report(tried(pack, runs.fact_kinds(), FACTS.encode(), "facts.yaml"), packs.registry().sections)

    fees = told["fees"]
    assert [each["period"]["key"] for each in fees] == ["2025-H1", "2025-H2"], fees
    assert {"name": "张三", "unit": "甲镇", "yuan": "40.00"} in fees[0]["paid"]
    assert {line["name"] for each in fees for line in each["lines"]} == {"张三", "李四"}
    json.dumps(fees)


def test_a_month_is_paid_by_itself_when_payments_are_longer(app, pack_folder):
    pack = load_pack(pack_folder, packs.registry().sections)

    found = tried(pack, runs.fact_kinds(), FACTS.encode(), "facts.yaml", "2025-03")

    (only,) = report(found, packs.registry().sections)["fees"]
    assert only["period"]["key"] == "2025-03" and [each["yuan"] for each in only["paid"]] == ["40.00"]


def test_without_the_plugin_nothing_is_said_of_fees(app, pack_folder):
    sections = [section for section in packs.registry().sections if section.name != "fees"]
    pack = load_pack(pack_folder, packs.registry().sections)

    assert "fees" not in report(tried(pack, runs.fact_kinds(), FACTS.encode(), "facts.yaml"), sections)
