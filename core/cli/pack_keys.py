"""`yaoqing pack key`: make keys for signing, and say whose signatures this installation trusts."""

import json
from pathlib import Path
from typing import TextIO

import click

from core.cli.base import Group, data_folder, reported, table
from core.packs import keyring
from core.packs.files.algorithms import ALGORITHMS
from core.packs.files.key_folder import KeyFolder
from core.packs.files.keys import (
    MAX_FILE,
    PrivateKey,
    is_protected,
    new_key,
    read_key_file,
    read_public,
    spaced,
)

key = Group("key", help="规则包签名密钥：制作、列出、信任、撤销。")
SHORTEST_ID = 8


def key_folder(folder: Path | None = None) -> KeyFolder:
    """Where private keys lie unless another place is named."""
    return KeyFolder(folder or data_folder() / "keys")


def unlocked(name: str) -> PrivateKey:
    """A private key by name or path; asks for its passphrase if it has one."""
    text = key_folder().text(name)
    return read_key_file(text, click.prompt("私钥口令", hide_input=True) if is_protected(text) else "")


@key.command("new")
@click.argument("name", metavar="名称")
@click.option("--holder", metavar="持有人", help="持有人的全称，写进每个签名；不写则用名称")
@click.option("--algorithm", "way", type=click.Choice(list(ALGORITHMS)), default="ed25519", help="签名算法",
              show_default=True)  # fmt: skip
@click.option("--passphrase", is_flag=True, help="用口令保护私钥文件（会提示输入两次）")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="目录",
              help="私钥放到哪个目录（如移动介质）；不写则放在数据目录的 keys 下")  # fmt: skip
def new(name: str, holder: str | None, way: str, passphrase: bool, out: Path | None) -> None:
    """制作一对密钥：私钥存成只有本人可读的文件，公钥显示出来，交给接收规则包的一方。"""
    fresh = new_key(holder or name, way)
    word = click.prompt("私钥口令", hide_input=True, confirmation_prompt="再输一次") if passphrase else ""
    path = key_folder(out).add(name, fresh, word)
    click.echo(f"私钥：{path}（请妥善保管，不在备份之内）")
    click.echo(f"密钥编号：{spaced(fresh.public.id)}")
    click.echo("公钥（整行交给对方，并当面或通过电话核对编号）：")
    click.echo(fresh.public.line())


@key.command("export")
@click.argument("name", metavar="名称或编号")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="文件", help="写到哪个文件")
def export(name: str, out: Path | None) -> None:
    """显示或写出一个公钥：本机私钥的名称，或可信密钥的编号。"""
    known = [row for row in keyring.rows() if _matches(row.key_id, name)]
    line = known[0].line if known else unlocked(name).public.line()
    if out:
        out.write_text(line + "\n", encoding="utf-8")
    else:
        click.echo(line)


@key.command("trust")
@click.argument("public", type=click.File(encoding="utf-8"), metavar="公钥文件")
@click.option("--holder", default="", metavar="持有人", help="核实后的持有人全称；不写则用公钥里自称的名称")
@click.option(
    "--replaces", default="", metavar="编号", help="接替哪个密钥：原密钥签名的规则包，新密钥可以继续发布"
)
def trust(public: TextIO, holder: str, replaces: str) -> None:
    """信任一个公钥（“-”为从标准输入读取）。请先与持有人当面或通过电话核对编号。"""
    found = keyring.trust(None, public.read(MAX_FILE), holder=holder, replaces=replaces)
    click.echo(f"已信任密钥 {spaced(found.key_id)}（{read_public(found.line).holder}）。")


@key.command("revoke")
@click.argument("key_id", metavar="编号")
@click.option("--reason", required=True, metavar="原因", help="撤销的原因，记入操作留痕")
def revoke(key_id: str, reason: str) -> None:
    """不再信任一个密钥。已安装的规则包不受影响，此后不再接收它签名的文件。"""
    known = [row.key_id for row in keyring.rows() if _matches(row.key_id, key_id)]
    found = keyring.revoke(None, known[0] if len(known) == 1 else key_id, reason)
    click.echo(f"已撤销密钥 {spaced(found.key_id)}。")


@key.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出机器可读的列表")
def list_keys(as_json: bool) -> None:
    """列出可信密钥（含已撤销的）和本机的私钥。"""
    with reported(as_json):
        rows = [
            {
                "key_id": row.key_id, "holder": public.holder, "algorithm": public.algorithm,
                "state": "revoked" if row.revoked_at else "trusted", "replaces": row.replaces,
                "added_by": row.added_by, "added_at": row.added_at.isoformat(), "reason": row.reason or "",
            }
            for row in keyring.rows()
            for public in [read_public(row.line)]
        ]  # fmt: skip
    own = key_folder().names()
    if as_json:
        click.echo(json.dumps({"trusted": rows, "private": own}, ensure_ascii=False, indent=1))
        return
    words = {"trusted": "可信", "revoked": "已撤销"}
    table(
        [
            (spaced(r["key_id"]), r["holder"], ALGORITHMS[r["algorithm"]].title, words[r["state"]])
            for r in rows
        ],
        ("密钥编号", "持有人", "算法", "状态"),
    )
    click.echo(f"本机的私钥：{'、'.join(own) or '无'}")


def _matches(key_id: str, text: str) -> bool:
    wanted = "".join(text.split()).lower()
    return len(wanted) >= SHORTEST_ID and key_id.startswith(wanted)
