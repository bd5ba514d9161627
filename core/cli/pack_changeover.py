"""`yaoqing pack activate | rollback | rehearse | active`: which version an office uses, and what another would change."""

import json
from datetime import datetime
from typing import Any

import click

from core import clock
from core.accounts.models import Office
from core.cli.base import console, office_option, reported, table
from core.cli.packs import pack
from core.cli.rescue import is_reduced
from core.errors import PermissionDenied
from core.packs import rollback as way_back
from core.packs import services
from core.packs.models import PackActivation, PackVersion
from core.scoring import rehearsing
from core.scoring.effects import Effects, effects
from core.scoring.trying.rehearsal import Comparison

DAY = click.DateTime(["%Y-%m-%d"])
JSON = "输出机器可读的结果"
MOST_LINES = 20


@pack.command("rehearse")
@click.argument("ref", metavar="规则包[@版本]")
@click.option("--period", required=True, metavar="周期", help="考核周期，如 2026-03；已结账和未结账的都可以")
@click.option("--json", "as_json", is_flag=True, help=JSON)
@office_option
def rehearse(ref: str, period: str, as_json: bool, office: Office) -> None:
    """把一个周期按另一个已安装的版本试算一遍，与原结果对照；不改变任何结果。"""
    with reported(as_json):
        version = services.by_ref(ref)
        found = rehearsing.rehearse(console(office), office.id, period, version.id)
        pairs = rehearsing.papers(office.id, found)
    if as_json:
        documents = [{"key": p.key, "title": p.title, "same": p.same} for p in pairs]
        click.echo(
            json.dumps({"ok": True, **found.as_dict(), "documents": documents}, ensure_ascii=False, indent=1)
        )
        return
    _told(found)
    for pair in pairs:
        click.echo(f"{pair.title}：{'文字和表格一致' if pair.same else '文字或表格有变'}")


def _told(found: Comparison) -> None:
    click.echo(f"{found.old.result.period.title}：{found.old.result.pack_ref} 与 {found.new.result.pack_ref}")
    for sentence in found.summary():
        click.echo(f"  {sentence}")
    if found.moved:
        rows = [
            (u.name, u.movement, *((p.place_text, p.score) if p else ("—", "—")), *((n.place_text, n.score) if n else ("—", "—")))
            for u, p, n in ((u, u.old, u.new) for u in found.moved[:MOST_LINES])
        ]  # fmt: skip
        table(rows, ("单位", "升降", "原名次", "原得分", "新名次", "新得分"))
    for entry in found.rewarded_otherwise[:MOST_LINES]:
        click.echo(f"{entry.day}　{entry.name}　{entry.title}：{entry.old} → {entry.new}")
        for sentence in (*entry.why_old[:1], *entry.why_new[:1]):
            click.echo(f"    {sentence}")
    for task in found.tasks[:MOST_LINES]:
        click.echo(f"{task.name}　{task.title}：{task.old} → {task.new}")
    for choice in found.choices:
        names = ("、".join(each or ()) or "无" for each in (choice.old, choice.new))
        click.echo(f"{choice.title}：{' → '.join(names)}")


@pack.command("activate")
@click.argument("ref", metavar="规则包[@版本]")
@click.option("--from", "starts_on", type=DAY, required=True, help="启用日期，如 2026-01-01")
@click.option("--json", "as_json", is_flag=True, help=JSON)
@office_option
def activate(ref: str, starts_on: datetime, as_json: bool, office: Office) -> None:
    """为一个机构自某日起启用规则包；在命令行安装的，首次启用之后须由安全管理员在网页上启用。"""
    day = starts_on.date()
    with reported(as_json):
        found = services.by_ref(ref)
        _by_somebody_else(found, office)
        touched = effects(office.id, found, day)
        done = services.activate(None, office.id, found.id, day)
    if as_json:
        click.echo(
            json.dumps({"ok": True, **_as_dict(done), **_touched(touched)}, ensure_ascii=False, indent=1)
        )
        return
    click.echo(f"{office.name}自 {day} 起使用 {found.ref}。")
    for sentence in _warnings(touched):
        click.echo(sentence, err=True)


def _by_somebody_else(found: PackVersion, office: Office) -> None:
    """Whoever installed a version does not activate it, at the machine neither; only an office's very first one may be."""
    others = [a for a in services.activations(office.id) if a.version_id != found.id]
    if others and found.installer_id is None:
        raise PermissionDenied(
            "安装与启用须由两人分别办理",
            reason=f"{found.ref} 是在命令行安装的，本机构也已有启用的规则包",
            advice="请安全管理员在网页“规则包”中启用；急用时可用 ./yaoqing pack rollback 换回用过的版本",
        )


@pack.command("rollback")
@click.option("--to", "ref", metavar="规则包@版本", help="换回哪个版本；默认为上一个文件完好的版本")
@click.option("--from", "starts_on", type=DAY, help="自哪一天起；默认今天")
@click.option("--reason", required=True, help="理由，记入操作留痕")
@click.option("--files-only", is_flag=True, help="只核对文件完好，不再运行用例")
@click.option("--json", "as_json", is_flag=True, help=JSON)
@office_option
def rollback(
    ref: str | None, starts_on: datetime | None, reason: str, files_only: bool, as_json: bool, office: Office
) -> None:  # fmt: skip
    """换回本机构用过的版本；规则包文件损坏、插件无法加载、网页打不开时也能办理。"""
    day = starts_on.date() if starts_on else clock.today()
    reduced = is_reduced() or files_only
    with reported(as_json):
        found = services.by_ref(ref) if ref else way_back.last_good(office.id, day)
        check = way_back.unspoilt if reduced else None
        done = way_back.rollback(None, office.id, found.id, day, reason, check)
    later = [a for a in services.activations(office.id) if a.starts_on > day]
    if as_json:
        told = {"ok": True, **_as_dict(done), "checked": "files" if reduced else "all",
                "later": [_as_dict(a) for a in later]}  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"{office.name}自 {day} 起换回 {found.ref}。")
    if reduced:
        click.echo("只核对了规则包文件，没有运行用例；恢复正常后请打开“规则包”页面核对用例。", err=True)
    for each in later:
        click.echo(f"注意：{each.starts_on} 起仍按原安排使用 {each.pack_version.ref}。", err=True)


@pack.command("active")
@click.option("--json", "as_json", is_flag=True, help=JSON)
@office_option
def active(as_json: bool, office: Office) -> None:
    """列出一个机构启用规则包的记录。"""
    listed = services.activations(office.id)
    if as_json:
        click.echo(json.dumps([_as_dict(a) for a in listed], ensure_ascii=False, indent=1))
        return
    rows = [(a.starts_on, a.pack_version.ref, a.activated_by) for a in listed]
    table(rows, ("启用日期", "规则包", "启用人"))


def _as_dict(done: PackActivation) -> dict[str, Any]:
    return {
        "pack": done.pack_version.ref, "starts_on": done.starts_on.isoformat(), "activated_by": done.activated_by,
        "activated_at": done.activated_at.isoformat(),
    }  # fmt: skip


def _touched(found: Effects) -> dict[str, Any]:
    return {
        "rescored": [p.key for p in found.rescored],
        "closed": [run.period_key for run in found.closed],
        "strange": [{"what": s.what, "value": s.value, "count": s.count} for s in found.strange],
        "unplaced": [unit.name for unit in found.unplaced],
    }


def _warnings(found: Effects) -> list[str]:
    told = []
    if found.is_past and found.rescored:
        told.append(f"注意：{'、'.join(p.title for p in found.rescored)}没有结账，将按新版本重新计分。")
    if found.closed:
        told.append(f"{'、'.join(run.period_title for run in found.closed)}已经结账，不受影响。")
    told += [
        f"注意：有 {s.count} 件已登记的事项，新版本不认识其中的{s.what}“{s.value}”。" for s in found.strange
    ]
    if found.unplaced:
        told.append(f"注意：新版本没有这些单位的分组：{'、'.join(unit.name for unit in found.unplaced)}。")
    return told
