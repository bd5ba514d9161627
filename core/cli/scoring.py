"""`yaoqing fact` and `yaoqing period`."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import click
from sqlalchemy import select

from core import clock, facts
from core.accounts.models import Office, Unit
from core.cli.base import Group, console, office_option, table
from core.db import db, transaction
from core.errors import InvalidInput, NotFound, near
from core.facts import Fact, NewFact
from core.facts.records import WITHDRAWN
from core.register import queries, words
from core.register import services as register
from core.register.origins import CONSOLE
from core.scoring import runs
from core.scoring.values import points
from core.scoring.values.fact import FactKind, Value

fact = Group("fact", help="计分事项：登记、列表、撤销。")
period = Group("period", help="考核周期：列表、排名、结账。")


@fact.command("list")
@click.option("--limit", default=50, show_default=True, help="最多显示多少件")
@office_option
def list_facts(limit: int, office: Office) -> None:
    """列出最近登记的计分事项。"""
    query = select(Fact).where(Fact.office_id == office.id, Fact.kind != WITHDRAWN)
    found = db.session.scalars(query.order_by(Fact.id.desc()).limit(limit)).all()
    names, titles, gone = queries.unit_names(office.id), _titles(office.id), queries.withdrawals(found)
    rows = [
        (
            f.id,
            f.on,
            titles.get(f.kind, f.kind),
            "、".join(names[u.unit_id] for u in f.units),
            "已撤销" if f.id in gone else "有效",
            f.title[:30],
        )
        for f in found
    ]
    table(rows, ("编号", "日期", "种类", "单位", "状态", "事项"))


@fact.command("record")
@click.option("--kind", required=True, help="种类，如“手工加减分”")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="日期，如 2026-03-05")
@click.option("--unit", "unit_names", multiple=True, required=True, help="单位；几个单位共同的重复给出")
@click.option("--item", help="所关联信息的编号，如 12")
@click.option("--title", default="", help="事项：用一句话写明是什么事")
@click.option(
    "--set", "pairs", multiple=True, metavar="名称=值", help="这种事项的各项内容，如 分值=2、事由=承办培训"
)
@office_option
def record(
    kind: str,
    on: datetime,
    unit_names: tuple[str, ...],
    item: str | None,
    title: str,
    pairs: tuple[str, ...],
    office: Office,
) -> None:
    """登记一件计分事项；与网页不同，报送、采用等由其他页面登记的种类也可补登。"""
    actor, day = console(office), on.date()
    if not register.has_rules(office.id, day):
        raise InvalidInput("这一天还没有启用规则包，不能登记", where="日期", advice="请核对日期")
    book = register.book_of(office.id, day)
    known = _kind(kind, book.rules.words.kinds)
    attrs = _attributes(known, book, dict(_pair(text) for text in pairs))
    units = tuple(_unit(office, name).id for name in unit_names)
    draft = register.Draft(known.name, day, title, units, attrs)
    draft = register.with_item(actor, draft, item) if item else draft
    if not draft.title:
        draft = replace(draft, title=str(attrs.get("reason", "")) or known.title)
    if errors := register.check(actor, draft):
        raise errors[0]
    with transaction():
        key = f"{CONSOLE}:{known.name}:{uuid.uuid4().hex}"
        new = NewFact(office.id, draft.kind, day, units, key, draft.item, draft.title, draft.attrs)
        done = facts.record(actor, new)
    click.echo(f"已登记，编号 {done.id}。")


@fact.command("withdraw")
@click.argument("fact_id", type=int, metavar="编号")
@click.option("--reason", required=True, help="撤销理由")
@office_option
def withdraw(fact_id: int, reason: str, office: Office) -> None:
    """撤销一件计分事项（原登记保留）；由其他页面登记的在那里撤销。"""
    register.withdraw(console(office), fact_id, reason)
    click.echo("已撤销，相应得分已冲正，原登记保留。")


@period.command("list")
@click.option("--year", help="计分年度，默认本年度")
@office_option
def list_periods(year: str | None, office: Office) -> None:
    """列出考核周期及是否结账。"""
    closed = {r.period_key: r for r in runs.frozen_runs(office.id) if r.reopened_at is None}
    rows = [
        (p.key, p.title, "已结账" if p.key in closed else "未结账") for p in runs.periods(office.id, year)
    ]
    table(rows, ("周期", "名称", "状态"))


@period.command("ranking")
@click.argument("key", metavar="周期")
@office_option
def ranking(key: str, office: Office) -> None:
    """显示一个周期的得分排名。"""
    result = runs.scored(office.id, key)
    rules = runs.rules_in_force(office.id, result.period.end)[1]
    rows = [
        (
            rules.groups[r.group].title,
            r.place,
            r.name,
            *(points.show(p, rules.printing) for p in (r.score, r.cumulative)),
        )
        for r in result.rows
    ]
    table(rows, ("分组", "名次", "单位", "本期得分", "累计得分"))


@period.command("close")
@click.argument("key", metavar="周期")
@office_option
def close(key: str, office: Office) -> None:
    """结账：固定一个已结束周期的得分和排名。"""
    run = runs.close(console(office), office.id, key)
    click.echo(f"{run.period_title}已结账，校验值 {run.digest}")


@period.command("reopen")
@click.argument("key", metavar="周期")
@click.option("--reason", required=True, help="理由")
@office_option
def reopen(key: str, reason: str, office: Office) -> None:
    """撤销结账（原结果保留备查）。"""
    runs.reopen(console(office), office.id, key, reason)
    click.echo("已撤销结账。")


@period.command("verify")
@office_option
def verify(office: Office) -> None:
    """重算全部已结账的周期，核对结果没有变化。"""
    bad = 0
    for run in runs.frozen_runs(office.id):
        good = runs.recompute(run)
        bad += not good
        click.echo(f"{run.period_title}：{'一致' if good else '不一致！'}")
    if bad:
        raise click.ClickException(f"有 {bad} 个周期重算不一致")


def _titles(office_id: int) -> dict[str, str]:
    """Titles of kinds: those of the installation, and those the pack in force adds."""
    titles = {kind.name: kind.title for kind in runs.fact_kinds()}
    if register.has_rules(office_id, clock.today()):
        kinds = register.book_of(office_id, clock.today()).rules.words.kinds
        titles |= {name: kind.title for name, kind in kinds.items()}
    return titles


def _kind(written: str, kinds: Mapping[str, FactKind]) -> FactKind:
    for kind in kinds.values():
        if written in (kind.name, kind.title) and kind.name != WITHDRAWN:
            return kind
    titles = [kind.title for kind in kinds.values() if kind.name != WITHDRAWN]
    advice = near(written, titles) or f"可选：{'、'.join(titles)}"
    raise InvalidInput(f"没有“{written}”这种事项", where="种类", advice=advice)


def _attributes(kind: FactKind, book: register.Book, written: Mapping[str, str]) -> dict[str, Value]:
    """The contents of a fact, named and valued by id or title as on the page."""
    asked = book.kinds.get(kind.name) or words.any_kind(kind, book.rules)
    typed = {}
    for name, text in written.items():
        attribute = asked.attribute(name)
        if attribute is None:
            titles = [each.title for each in asked.attributes]
            advice = near(name, titles) or f"可用的：{'、'.join(titles)}"
            raise InvalidInput(f"“{kind.title}”没有“{name}”", advice=advice)
        typed[attribute.name] = text
    attrs, errors = words.read(asked, typed, book.rules)
    if errors:
        raise errors[0]
    return attrs


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InvalidInput(f"“{text}”的写法不对", advice="请写成 名称=值")
    return name.strip(), value.strip()


def _unit(office: Office, name: str) -> Unit:
    known = list(db.session.scalars(select(Unit).where(Unit.office_id == office.id)))
    for unit in known:
        if name in (unit.name, unit.short_name):
            return unit
    raise NotFound(
        f"没有名为“{name}”的单位", advice=near(name, [n for u in known for n in (u.short_name, u.name) if n])
    )
