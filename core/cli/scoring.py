"""`yaoqing fact` and `yaoqing period`."""

from datetime import datetime

import click
from sqlalchemy import select

from core import clock, facts
from core.accounts.models import Office, Unit
from core.cli.base import Group, console, office_option, table
from core.db import db, transaction
from core.errors import InvalidInput, NotFound, near
from core.facts import Fact, NewFact
from core.scoring import points, runs

fact = Group("fact", help="计分事项：登记、列表、撤销。")
period = Group("period", help="考核周期：列表、排名、结账。")


@fact.command("list")
@click.option("--limit", default=50, show_default=True, help="最多显示多少条")
@office_option
def list_facts(limit: int, office: Office) -> None:
    """列出最近登记的计分事项。"""
    query = select(Fact).where(Fact.office_id == office.id).order_by(Fact.id.desc()).limit(limit)
    names = {u.id: u.short for u in db.session.scalars(select(Unit).where(Unit.office_id == office.id))}
    titles = {kind.name: kind.title for kind in runs.fact_kinds()}
    rows = [
        (f.id, f.on, titles.get(f.kind, f.kind), "、".join(names[u.unit_id] for u in f.units), f.title[:30])
        for f in db.session.scalars(query)
    ]
    table(rows, ("编号", "日期", "种类", "单位", "标题"))


@fact.command("record")
@click.option("--kind", required=True, help="种类，如 sent_up、manual")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="计分日期")
@click.option("--unit", "unit_names", multiple=True, required=True, help="单位名称；联合报送时重复给出")
@click.option("--item", help="信息条目编号，如 submission:12")
@click.option("--title", default="", help="标题或说明")
@click.option(
    "--set", "pairs", multiple=True, metavar="名称=值", help="属性，如 level=province、points=2、reason=…"
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
    """登记一件计分事项。"""
    kinds = {k.name: k for k in runs.fact_kinds()}
    if kind not in kinds:
        raise InvalidInput(
            f"没有“{kind}”这种计分事项", advice=near(kind, kinds) or f"可选：{'、'.join(kinds)}"
        )
    attrs = dict(_pair(text) for text in pairs)
    missing = [a.title for a in kinds[kind].attributes if a.required and a.name not in attrs]
    if missing:
        raise InvalidInput(f"缺少属性：{'、'.join(missing)}", advice="请用 --set 名称=值 给出")
    with transaction():
        ids = tuple(_unit(office, name).id for name in unit_names)
        key = f"console:{kind}:{clock.now().isoformat()}"
        done = facts.record(
            console(office), NewFact(office.id, kind, on.date(), ids, key, item, title, attrs)
        )
    click.echo(f"已登记，编号 {done.id}。")


@fact.command("withdraw")
@click.argument("fact_id", type=int, metavar="编号")
@click.option("--reason", required=True, help="理由")
@office_option
def withdraw(fact_id: int, reason: str, office: Office) -> None:
    """撤销一件计分事项（原记录保留）。"""
    with transaction():
        found = db.session.scalar(select(Fact).where(Fact.id == fact_id, Fact.office_id == office.id))
        if not found:
            raise NotFound(f"没有编号为 {fact_id} 的计分事项")
        gone = db.session.scalar(select(Fact.id).where(Fact.reverses_id == fact_id))
        if gone or found.reverses_id:
            raise InvalidInput("这件事项已经撤销，或本身就是撤销记录")
        facts.withdraw(console(office), found, reason)
    click.echo("已撤销。")


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
    table(rows, ("分组", "名次", "单位", "得分", "累计得分"))


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
    raise NotFound(f"没有名为“{name}”的单位", advice=near(name, [u.name for u in known]))
