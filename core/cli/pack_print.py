"""`yaoqing pack print`: what the document formats of a pack look like, without a database."""

from pathlib import Path

import click

from core import clock
from core.cli.packs import FOLDER, pack
from core.documents.derived import format_named
from core.documents.rendering.converter import converted
from core.documents.rendering.preview import page_count
from core.errors import InvalidInput
from core.packs.layouts import layout_of, layouts_of, printed
from core.packs.services import registry


@pack.command("print")
@click.argument("folder", type=FOLDER, metavar="目录")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("."), metavar="目录",
              help="写到哪个目录；默认为当前目录")  # fmt: skip
@click.option("--kind", metavar="版式", help="只试排这个版式；默认为全部")
@click.option("--data", "data_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件",
              help="试排用的数据；默认为各版式的 sample.yaml")  # fmt: skip
@click.option("--word", is_flag=True, help="另存 Word 文件")
@click.option("--excel", is_flag=True, help="有表格的另存 Excel 文件")
@click.option(
    "--format", "names", multiple=True, metavar="格式", help="另存插件提供的格式，写格式的名称；可写几次"
)
def print_samples(
    folder: Path, out: Path, kind: str | None, data_file: Path | None, word: bool, excel: bool, names: tuple[str, ...]
) -> None:  # fmt: skip
    """试排一个规则包目录的版式，每个写成一个 PDF；检查与印发时相同，缺字、缺数据的报错。"""
    loaded, _ = registry().examine(folder)
    forms = [format_named(name) for name in names]
    if data_file and not kind:
        raise InvalidInput("没有说明数据给哪个版式用", advice="请加 --kind 版式")
    wanted = [layout_of(loaded, kind)] if kind else layouts_of(loaded)
    if not wanted:
        raise InvalidInput("规则包没有版式", where=str(folder), advice="版式放在 documents/名称/ 中")
    out.mkdir(parents=True, exist_ok=True)
    today = clock.today()
    for each in wanted:
        name = data_file.stem if data_file else each.kind
        page = printed(loaded, each, data_file.read_bytes() if data_file else None)
        files = {"pdf": page.pdf}
        if word:
            files["docx"] = page.word(today)
        if excel and (tables := page.tables(today)):
            files["xlsx"] = tables
        about = {"title": each.title, "kind": each.title, "number": "", "dated": today.isoformat()}
        files |= {form.suffix: converted(form, page.pdf, about) for form in forms}
        for suffix, content in files.items():
            (out / f"{name}.{suffix}").write_bytes(content)
        click.echo(f"{each.title}：{out / name}.pdf，{page_count(page.pdf)} 页")
