"""`yaoqing pack` and `yaoqing plugin`: packs come in and are listed.

Which one an office uses is in `pack_changeover`, pack files are in `pack_files`, keys in `pack_keys`.
"""

import json
from pathlib import Path

import click

from core import clock, plugins
from core.cli.base import Group, reported, table
from core.errors import Findings
from core.packs import confirming, services
from core.packs.content.format import ExampleResult, Pack
from core.packs.standing import standing

pack = Group("pack", help="规则包：编写、检查、签名、安装、试算、启用、回退。")
plugin = Group("plugin", help="插件：列表。")
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
SOURCE = click.Path(exists=True, path_type=Path)


@pack.command("check")
@click.argument("folder", type=FOLDER, metavar="目录")
@click.option("--json", "as_json", is_flag=True, help="输出机器可读的报告")
def check(folder: Path, as_json: bool) -> None:
    """检查一个规则包目录，报告全部问题，并运行它自带的用例。"""
    try:
        loaded, results = services.registry().examine(folder)
    except Findings as found:
        if as_json:
            click.echo(json.dumps([e.as_dict() for e in found.errors], ensure_ascii=False, indent=1))
        else:
            click.echo(str(found), err=True)
        raise SystemExit(1) from None
    if as_json:
        click.echo("[]")
    else:
        click.echo(
            f"规则包“{loaded.manifest.title}”（{loaded.manifest.id}@{loaded.manifest.version}）检查通过。"
        )
        _say(results)
        for line in overdue_lines(loaded):
            click.echo(f"请注意：{line}")


@pack.command("test")
@click.argument("folder", type=FOLDER, metavar="目录")
def test(folder: Path) -> None:
    """运行一个规则包自带的用例，逐条列出结果。"""
    _, results = services.registry().examine(folder)
    table([("通过", r.name) for r in results], ("结果", "用例"))
    _say(results)


@pack.command("install")
@click.argument("source", type=SOURCE, metavar="目录或文件")
@click.option("--json", "as_json", is_flag=True, help="输出机器可读的报告")
def install(source: Path, as_json: bool) -> None:
    """检查并安装一个规则包目录或 .yqpack 文件；同一版本重复安装不会出错。"""
    with reported(as_json):
        before = services.held()
        found, results = services.install(None, source)
    state = standing(found, services.registry().folder)
    if as_json:
        report = {
            "ok": True,
            "pack": found.ref,
            "digest": found.digest,
            "examples": len(results),
            **state.as_dict(),
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        said = {"new": "已安装 {}（{}）。", "signed": "{} 以前已经安装，内容没有变化，本次登记了签名（{}）。"}
        come = services.arrival(found, before)
        same = "{} 以前已经安装（{}），本次没有任何变化。"
        click.echo(said.get(come, same).format(found.ref, state.state.value))
        _say(results)


@pack.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出机器可读的列表")
def list_packs(as_json: bool) -> None:
    """列出已安装的规则包、签名状态和签名人。"""
    found = [(v, standing(v, services.registry().folder)) for v in services.versions()]
    if as_json:
        rows = [
            {
                "pack": v.pack, "version": v.version, "title": v.title, "digest": v.digest,
                "installed_by": v.installed_by, "installed_at": v.installed_at.isoformat(), **state.as_dict(),
            }
            for v, state in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        rows = [
            (v.ref, v.title, state.state.value, state.signer or "—", v.installed_by, v.digest[:12])
            for v, state in found
        ]
        table(rows, ("规则包", "名称", "签名", "签名人", "安装人", "校验值"))


@plugin.command("list")
def list_plugins() -> None:
    """列出已启用的插件。"""
    hub = plugins.current()
    rows = []
    for name in hub.names():
        first = (hub.module(name).__doc__ or "").strip().splitlines()[:1]
        rows.append((name, getattr(hub.module(name), "TITLE", first[0] if first else "")))
    table(rows, ("插件", "用途"))


def overdue_lines(made: Pack) -> list[str]:
    """Papers behind the values that nobody has confirmed for too long."""
    return [
        f"依据文件{each.source.name}上次确认于 {each.confirmed}，{each.until} 起应再核对。"
        for each in confirming.standings(made, clock.today())
        if each.overdue
    ]


def _say(results: list[ExampleResult]) -> None:
    click.echo(f"用例 {len(results)} 个，全部通过。" if results else "这个规则包没有用例。")
