"""More of `yaoqing pack`: start a pack, export it as a file, sign and verify the file, schemas for editors."""

import json
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from core import clock
from core.cli.base import reported, table
from core.cli.pack_keys import key, unlocked
from core.cli.packs import pack
from core.config import PROJECT
from core.errors import Conflict, YaoqingError
from core.packs import intake, services
from core.packs.content.folder import read_folder
from core.packs.files.archive import SUFFIX, packed
from core.packs.files.keys import spaced
from core.packs.files.signing import sign
from core.packs.parcels import Parcel, file_name, listing_of_pack, opened, read_file
from core.packs.schemas import schema_name, schemas
from core.packs.standing import exported, standing_of
from core.packs.starter import starter

pack.add_command(key)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT_FILE = click.Path(dir_okay=False, path_type=Path)
OUT_FOLDER = click.Path(file_okay=False, path_type=Path)
TEMPLATE = PROJECT / "rulepacks" / "template"


@pack.command("new")
@click.argument("pack_id", metavar="标识")
@click.option("--title", required=True, metavar="名称", help="规则包的名称，如“某市政务信息计分办法”")
@click.option("--issuer", default="（填写制定机关）", metavar="机关", help="制定办法的机关")
@click.option("--out", type=OUT_FOLDER, metavar="目录", help="写到哪个目录；默认为当前目录下与标识同名的目录")
def new(pack_id: str, title: str, issuer: str, out: Path | None) -> None:
    """建立一个新的规则包目录，内容取自样例，可以直接检查。"""
    template = read_folder(TEMPLATE)[0] if TEMPLATE.is_dir() else None
    files = starter(pack_id, title, issuer, services.registry().sections, template)
    folder = out or Path(pack_id)
    if folder.exists() and any(folder.iterdir()):
        raise Conflict("目录不是空的", where=str(folder), advice="请换一个目录，或先移走其中的文件")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    click.echo(f"已建立规则包目录 {folder}，共 {len(files)} 个文件。改好后运行 ./yaoqing pack check {folder}")


@pack.command("export")
@click.argument("source", metavar="目录或规则包[@版本]")
@click.option(
    "--out", type=OUT_FILE, metavar="文件", help=f"写到哪个文件；默认为当前目录下的 标识-版本{SUFFIX}"
)
def export(source: str, out: Path | None) -> None:
    """把规则包目录（先检查）或已安装的版本导出成一个文件；同样的内容总是得到同样的文件。"""
    if Path(source).is_dir():
        loaded, _ = services.registry().examine(Path(source))
        listing = listing_of_pack(loaded)
        ref, content = listing.ref, packed(loaded.files, listing.encoded())
    else:
        found = services.by_ref(source)
        ref, content = found.ref, exported(found, services.load(found))
    target = out or Path(file_name(ref))
    _write(target, content)
    click.echo(f"已导出 {ref}：{target}（{len(content)} 字节）")


@pack.command("sign")
@click.argument("archive", type=FILE, metavar=f"文件{SUFFIX}")
@click.option("--key", "key_name", required=True, metavar="名称", help="私钥的名称，或私钥文件的路径")
@click.option("--out", type=OUT_FILE, metavar="文件", help="写到哪个文件；默认写回原文件")
def sign_file(archive: Path, key_name: str, out: Path | None) -> None:
    """用私钥给规则包文件签名；已有的签名会被替换。"""
    parcel = opened(read_file(archive))
    private = unlocked(key_name)
    signature = sign(private, parcel.listing.encoded(), clock.now())
    _write(out or archive, packed(parcel.files, parcel.listing.encoded(), signature.encoded()))
    click.echo(f"已由“{signature.signer}”签名 {parcel.listing.ref}：{out or archive}")
    click.echo(f"密钥编号：{spaced(private.public.id)}")


@pack.command("verify")
@click.argument("archive", type=FILE, metavar=f"文件{SUFFIX}")
@click.option("--json", "as_json", is_flag=True, help="输出机器可读的报告")
def verify(archive: Path, as_json: bool) -> None:
    """核对规则包文件是否完整、由谁签名、本系统是否接收；不检查规则本身，也不安装。"""
    with reported(as_json):
        parcel = opened(read_file(archive))
    state = standing_of(parcel.signature, parcel.listing.encoded())
    refused = _refusal(parcel)
    report = {
        "ok": refused is None, "pack": parcel.listing.ref, "digest": parcel.listing.digest,
        "files": len(parcel.files), **state.as_dict(), "errors": [refused.as_dict()] if refused else [],
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _tell(report)
        click.echo(f"本系统不接收：{refused}" if refused else "本系统接收这个文件。", err=refused is not None)
    if refused:
        raise SystemExit(1)


@pack.command("schema")
@click.argument("names", nargs=-1, metavar="[节]…")
@click.option(
    "--out", type=OUT_FOLDER, metavar="目录", help="每节写一个 .schema.json 文件；不写则显示在屏幕上"
)
def schema(names: tuple[str, ...], out: Path | None) -> None:
    """输出各节的 JSON Schema，供编辑器补全和提示；不写节名时为全部。"""
    known = schemas(services.registry().sections)
    wanted = {f"{name.removesuffix('.yaml')}.yaml" for name in names} or set(known)
    if unknown := sorted(wanted - set(known)):
        raise click.BadParameter(f"没有 {unknown[0]} 这一节。可选：{'、'.join(known)}", param_hint="节")
    chosen = {file: known[file] for file in known if file in wanted}
    if out is None:
        only = next(iter(chosen.values())) if len(chosen) == 1 else chosen
        click.echo(json.dumps(only, ensure_ascii=False, indent=1))
        return
    out.mkdir(parents=True, exist_ok=True)
    for file, content in chosen.items():
        (out / schema_name(file)).write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    click.echo(f"已写出 {len(chosen)} 个文件：{out}")


def _refusal(parcel: Parcel) -> YaoqingError | None:
    try:
        intake.welcome(parcel)
    except YaoqingError as error:
        return error
    return None


def _tell(report: dict[str, Any]) -> None:
    rows = [("规则包", report["pack"]), ("校验值", report["digest"]), ("文件", f"{report['files']} 个"),
            ("签名", report["state_title"])]  # fmt: skip
    if report["key_id"]:
        rows += [("签名人", report["signer"]), ("密钥编号", spaced(report["key_id"])),
                 ("签名时间", f"{clock.local(datetime.fromisoformat(report['signed_at'])):%Y-%m-%d %H:%M}")]  # fmt: skip
    if report["note"]:
        rows.append(("说明", report["note"]))
    table(rows, ("项目", "内容"))


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all."""
    handle, fresh = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(fresh, 0o644)
        os.replace(fresh, target)
    except BaseException:
        os.unlink(fresh)
        raise
