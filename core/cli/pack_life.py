"""More of `yaoqing pack`: compare two versions, carry local changes over, confirm the papers behind the values."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from core.cli.base import reported, table
from core.cli.packs import pack
from core.errors import Conflict, InvalidInput, NotFound
from core.packs import confirming, life, services
from core.packs.content.format import Pack, load_pack
from core.packs.editing.merging import OURS, TEXT, THEIRS, Choice
from core.packs.parcels import read_file
from core.packs.wording.difference import Difference

OUT_FOLDER = click.Path(file_okay=False, path_type=Path)
KINDS = {"added": "新增", "removed": "删去", "changed": "调整", "rewritten": "改动原值"}
SIDES = {"本地": OURS, "新版": THEIRS}


def any_pack(source: str) -> Pack:
    """A folder, a pack file, or an installed version."""
    path = Path(source)
    if path.is_dir():
        registry = services.registry()
        return load_pack(path, registry.sections, registry.plugins)
    if path.is_file():
        return life.looked_into(read_file(path))
    return services.load(services.by_ref(source))


@pack.command("diff")
@click.argument("old", metavar="原版本")
@click.argument("new", metavar="新版本")
@click.option("--lines", is_flag=True, help="逐行列出不同的文件")
@click.option("--json", "as_json", is_flag=True, help="输出机器可读的报告")
def diff(old: str, new: str, lines: bool, as_json: bool) -> None:
    """逐项说明两个版本有哪些不同；版本可以是目录、.yqpack 文件或已安装的“规则包@版本”。"""
    with reported(as_json):
        found = life.compared(any_pack(old), any_pack(new))
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    else:
        _tell(found, lines)


def _tell(found: Difference, lines: bool) -> None:
    click.echo(f"{found.old} 与 {found.new} " + ("有以下不同：" if found else "完全相同。"))
    for group, changes in found.groups.items():
        click.echo(f"\n{group}")
        for change in changes:
            click.echo(f"  [{KINDS[change.kind]}] {change.text}")
    if found.files:
        click.echo("\n不同的文件：" + "、".join(f"{f.name}（{KINDS[f.kind]}）" for f in found.files))
    for file in found.files if lines else ():
        click.echo(f"\n{file.name}")
        for mark, line in file.lines():
            click.echo(f"  {'……' if mark == '…' else (mark if mark != '=' else ' ') + ' ' + line}")


@pack.command("merge")
@click.argument("ours", metavar="本地版本")
@click.argument("theirs", metavar="新版")
@click.option("--base", metavar="原版本", help="本地修改所依据的版本；默认取 pack.yaml 的 derived_from")
@click.option(
    "--choose",
    multiple=True,
    metavar="序号=选择",
    help="对冲突的选择，如 1=本地、2=新版、3:45（手工填写 45）",
)
@click.option("--all", "rest", type=click.Choice(list(SIDES)), help="没有逐处选择的冲突一律取哪一方")
@click.option("--out", type=OUT_FOLDER, metavar="目录", help="写到哪个目录；不写则只列出冲突")
@click.option("--json", "as_json", is_flag=True, help="输出机器可读的报告")
def merge(
    ours: str,
    theirs: str,
    base: str | None,
    choose: tuple[str, ...],
    rest: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """把本地改过的内容并入发布方的新版，写成一个新的规则包目录；双方都改过的逐处选择。"""
    with reported(as_json):
        local, delivered = any_pack(ours), any_pack(theirs)
        origin = base or local.manifest.derived_from
        if origin is None:
            raise NotFound("不知道本地修改所依据的版本", where=ours, advice="请用 --base 指定")
        packs = any_pack(origin), local, delivered
        found = life.merging(*packs, {}).conflicts
        choices = {words.conflict.name: Choice(SIDES[rest]) for words in found} if rest else {}
        choices |= dict(_choice(word, [words.conflict.name for words in found]) for word in choose)
        report = life.merging(*packs, choices)
        if out and report.draft:
            _write(out, report.draft.files)
    undecided = len(report.merged.open)
    if as_json:
        rows = [
            {"number": n, "name": w.conflict.name, "place": w.place, "base": w.base, "ours": w.ours, "theirs": w.theirs,
             "choice": w.conflict.choice.take if w.conflict.choice else None}
            for n, w in enumerate(report.conflicts, 1)
        ]  # fmt: skip
        click.echo(
            json.dumps(
                {"ok": not undecided, "conflicts": rows, "notes": report.notes}, ensure_ascii=False, indent=1
            )
        )
    else:
        for n, words in enumerate(report.conflicts, 1):
            click.echo(f"{n}. {words}" + ("" if words.conflict.choice else "（未选定）"))
        for note in report.notes:
            click.echo(f"请核对：{note}")
        _finish(report.draft, out, undecided)
    if undecided:
        raise SystemExit(1)


def _choice(word: str, names: list[str]) -> tuple[str, Choice]:
    number, colon, text = word.partition(":")
    number, _, side = (number, "", "") if colon else word.partition("=")
    if not number.isdigit() or not 0 < int(number) <= len(names) or not (colon or side in SIDES):
        raise InvalidInput("选择写法不对", where=word, advice="请写成 1=本地、1=新版 或 1:填写的内容")
    return names[int(number) - 1], Choice(TEXT, text) if colon else Choice(SIDES[side])


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Conflict("目录不是空的", where=str(folder), advice="请换一个目录，或先移走其中的文件")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _finish(draft: life.Draft | None, out: Path | None, undecided: int) -> None:
    if draft is None:
        click.echo(f"还有 {undecided} 处没有选定。请用 --choose 或 --all 选定后再运行。", err=True)
        return
    click.echo(f"已写到 {out}。" if out else "没有写出；要写出请加 --out 目录。")
    results = life.tried(draft).results
    click.echo(f"并入后为 {draft.ref}，{len(results)} 个用例全部通过。")


@pack.command("confirm")
@click.argument("ref", metavar="规则包[@版本]")
@click.argument("source", metavar="依据文件标识")
@click.option("--note", default="", metavar="说明", help="怎样核对的")
def confirm(ref: str, source: str, note: str) -> None:
    """记下已核对一份依据文件、仍然有效。"""
    row = confirming.confirm(None, services.by_ref(ref), source, note)
    click.echo(f"已记下：{row.document}于 {row.confirmed_on} 核对，仍然有效。")


@pack.command("sources")
@click.argument("ref", metavar="规则包[@版本]")
def sources(ref: str) -> None:
    """列出规则包的依据文件、上次确认和应核对的日期。"""
    rows = [
        (p.standing.source.id, p.standing.source.name, p.about, p.standing.confirmed, p.standing.until,
         "需要核对" if p.standing.overdue else "有效")
        for p in confirming.papers(services.by_ref(ref))
    ]  # fmt: skip
    if rows:
        table(rows, ("标识", "依据文件", "涉及", "上次确认", "应核对日期", "状态"))
    else:
        click.echo("这个规则包没有写依据文件。")
