"""`yaoqing pack try`: what a pack would make of a file of facts, without a database."""

import json
from pathlib import Path
from typing import Any

import click

from core.cli.base import reported, table
from core.cli.packs import SOURCE, pack
from core.packs import services
from core.packs.content.format import Pack, load_files, load_pack
from core.packs.parcels import opened, read_file
from core.scoring import runs
from core.scoring.trying.trial import report, tried


@pack.command("try")
@click.argument("source", type=SOURCE, metavar="目录或文件")
@click.option("--facts", "facts_file", type=SOURCE, required=True, help="事项文件（YAML 或 JSON）")
@click.option("--period", help="考核周期，如 2024-05；默认为最后一件事项所在的计分年度")
@click.option("--json", "as_json", is_flag=True, help="输出全部结果（JSON，数值为精确的小数或分数）")
def try_pack(source: Path, facts_file: Path, period: str | None, as_json: bool) -> None:
    """用一个规则包试算一份事项文件：台账、得分、名次、任务、评选。不用数据库，也不登记。"""
    with reported(as_json):
        found = tried(_loaded(source), runs.fact_kinds(), facts_file.read_bytes(), facts_file.name, period)
        told = report(found, services.registry().sections)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"{told['pack']}，{told['period']['title']}")
    rows = [
        (row["group"], row["place"], row["name"], row["score"], row["cumulative"]) for row in told["units"]
    ]
    table(rows, ("分组", "名次", "单位", "得分", "累计得分"))
    _lines(told)


def _loaded(source: Path) -> Pack:
    registry = services.registry()
    if source.is_dir():
        return load_pack(source, registry.sections, registry.plugins)
    return load_files(opened(read_file(source)).files, registry.sections, registry.plugins)


def _lines(told: dict[str, Any]) -> None:
    for entry in told["entries"]:
        click.echo(f"{entry['day']}　{entry['account']}：{entry['sentence']}")
