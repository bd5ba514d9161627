"""`yaoqing office`, `yaoqing unit`, `yaoqing user`."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from core import audit
from core.accounts import passwords, people, sessions, units
from core.accounts.models import UNIT_KINDS, Office, User
from core.accounts.people import new_user, save_new
from core.cli.base import Group, console, office_option, table
from core.db import db, transaction
from core.errors import InvalidInput, NotFound, YaoqingError
from core.permissions import ADMIN_ROLES, ROLES, Grant

office = Group("office", help="机构：新建、列表。")
unit = Group("unit", help="单位：列表、从表格导入。")
user = Group("user", help="用户：管理员账号、解锁、重置密码。")

ADMINS = {"system": "system_admin", "security": "security_admin", "audit": "audit_admin"}
COLUMNS = {
    "单位名称": "name", "简称": "short_name", "类别": "kind", "参评分组": "group", "分类": "unit_class",
    "序号": "sort_no", "负责人": "head", "自愿参加": "optional",
}  # fmt: skip


@office.command("create")
@click.argument("key", metavar="代号")
@click.argument("name", metavar="名称")
@click.option("--place", default="", help="地名，如“示例市”")
def create_office(key: str, name: str, place: str) -> None:
    """新建一个信息工作机构。"""
    found = units.create_office(key, name, place or name)
    click.echo(f"已新建机构 {found.key}：{found.name}。下一步：./yaoqing user create-admin")


@office.command("list")
def list_offices() -> None:
    """列出全部机构。"""
    table([(o.key, o.name) for o in db.session.scalars(select(Office).order_by(Office.id))], ("代号", "名称"))


@unit.command("list")
@office_option
def list_units(office: Office) -> None:
    """列出一个机构的单位。"""
    rows = [
        (u.sort_no, u.name, UNIT_KINDS[u.kind], u.group.name if u.group else "", u.unit_class)
        for u in units.units_of_office(office.id)
    ]
    table(rows, ("序号", "名称", "类别", "参评分组", "分类"))


@unit.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="表格.csv")
@office_option
def import_units(file: Path, office: Office) -> None:
    """从 CSV 表格导入单位（首行为列名：单位名称、简称、类别、参评分组、分类、序号、负责人、自愿参加）。"""
    with transaction():
        count = 0
        for number, values in _rows(file):
            try:
                units.add_unit(office.id, values)
            except YaoqingError as error:
                error.where = f"{file.name} 第 {number} 行"
                raise
            count += 1
        audit.note(console(office), "导入单位", file.name, office_id=office.id, count=count)
    click.echo(f"已导入 {count} 个单位。")


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    kinds = {title: kind for kind, title in UNIT_KINDS.items()}
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        content = file.read_text(encoding="gb18030")
    for number, row in enumerate(csv.DictReader(content.splitlines()), 2):
        values = {
            COLUMNS[key.strip()]: (value or "").strip()
            for key, value in row.items()
            if key and key.strip() in COLUMNS
        }
        if "name" not in values or "kind" not in values:
            raise InvalidInput("缺少“单位名称”或“类别”列", where=f"{file.name} 第 1 行")
        values["kind"] = kinds.get(values["kind"], values["kind"])
        if values.get("sort_no") and not values["sort_no"].isdigit():
            raise InvalidInput("序号应为整数", where=f"{file.name} 第 {number} 行")
        values["optional"] = values.get("optional") in ("是", "1", "√")
        yield number, values


@user.command("create-admin")
@click.argument("kind", type=click.Choice(list(ADMINS)), metavar="system|security|audit")
@click.argument("login", metavar="登录名")
@click.argument("name", metavar="姓名")
@office_option
def create_admin(kind: str, login: str, name: str, office: Office) -> None:
    """新建系统、安全或审计管理员，显示一次性密码（首次登录须修改）。"""
    password = passwords.one_time()
    fresh = new_user(office.id, login, name, ROLES[ADMINS[kind]].title, passwords.hashed(password))
    with transaction():
        save_new(fresh)
        people.assign(fresh, [Grant(ADMINS[kind], office.id)])
        audit.note(console(office), "新建管理员", fresh, office_id=office.id, role=kind)
    click.echo(f"{ROLES[ADMINS[kind]].title} {fresh.login} 已建立，一次性密码：{password}")


@user.command("list")
@office_option
def list_users(office: Office) -> None:
    """列出一个机构的用户。"""
    query = select(User).where(User.office_id == office.id).order_by(User.pinyin)
    rows = [
        (u.login, u.name, "、".join(ROLES[r.role].title for r in u.roles), "停用" if u.disabled else "")
        for u in db.session.scalars(query)
    ]
    table(rows, ("登录名", "姓名", "角色", "状态"))


@user.command("unlock")
@click.argument("login", metavar="登录名")
def unlock(login: str) -> None:
    """解除登录锁定。"""
    found = _user(login)
    with transaction():
        sessions.unlock(found.login)
        audit.note(console(found.office), "解锁账号", found, office_id=found.office_id)
    click.echo(f"{found} 已解锁。")


@user.command("reset-password")
@click.argument("login", metavar="登录名")
def reset_password(login: str) -> None:
    """重置一名管理员的密码（普通用户请由系统管理员在网页上办理）。"""
    found = _user(login)
    if not any(r.role in ADMIN_ROLES for r in found.roles):
        raise InvalidInput("这里只重置管理员的密码", advice="普通用户请由系统管理员在“用户”页面办理")
    password = passwords.one_time()
    fresh = passwords.hashed(password)
    with transaction():
        found.password_hash, found.must_change = fresh, True
        sessions.end_all(found.id)
        sessions.unlock(found.login)
        audit.note(console(found.office), "重置密码", found, office_id=found.office_id)
    click.echo(f"{found} 的一次性密码：{password}")


def _user(login: str) -> User:
    found = db.session.scalar(select(User).where(User.login == login.lower()))
    if not found:
        raise NotFound(f"没有登录名为“{login}”的用户", advice="请用 ./yaoqing user list 查看")
    return found
