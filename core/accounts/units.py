"""Services on offices, units and their groups."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from core import audit
from core.accounts.models import UNIT_KINDS, Office, Unit, UnitGroup
from core.accounts.names import checked_name
from core.accounts.pinyin import sort_key
from core.actors import Actor
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.permissions import reach, require

ORDERS = {"official": (Unit.sort_no, Unit.id), "pinyin": (Unit.pinyin, Unit.id)}


def units(
    actor: Actor,
    *,
    text: str = "",
    kind: str = "",
    group_id: int = 0,
    on: date | None = None,
    order: str = "official",
) -> Select[tuple[Unit]]:
    """The units the actor may see, in official or pinyin order; `on` keeps those that exist that day."""
    query = select(Unit).where(reach(actor, "unit.view").where(Unit.office_id, Unit.id))
    if text:
        query = query.where(
            or_(Unit.name.contains(text, autoescape=True), Unit.short_name.contains(text, autoescape=True))
        )
    if kind:
        query = query.where(Unit.kind == kind)
    if group_id:
        query = query.where(Unit.group_id == group_id)
    if on:
        query = query.where(or_(Unit.valid_from.is_(None), Unit.valid_from <= on))
        query = query.where(or_(Unit.valid_to.is_(None), Unit.valid_to >= on))
    return query.order_by(*ORDERS.get(order, ORDERS["official"]))


def unit(actor: Actor, unit_id: int) -> Unit:
    """One unit within the actor's reach. Raises NotFound."""
    found = db.session.scalar(
        select(Unit).where(Unit.id == unit_id, reach(actor, "unit.view").where(Unit.office_id, Unit.id))
    )
    if not found:
        raise NotFound("没有这个单位", advice="请返回单位列表重新选择")
    return found


def units_of_office(office_id: int, on: date | None = None) -> list[Unit]:
    """All units of an office in official order: for choosing joint units, and for scoring."""
    found = db.session.scalars(
        select(Unit).where(Unit.office_id == office_id).order_by(Unit.sort_no, Unit.id)
    )
    return [u for u in found if on is None or u.valid_on(on)]


def groups(office_id: int) -> list[UnitGroup]:
    """The office's groups in order."""
    return list(
        db.session.scalars(
            select(UnitGroup).where(UnitGroup.office_id == office_id).order_by(UnitGroup.sort_no)
        )
    )


def create_office(key: str, name: str, place_name: str) -> Office:
    """A new office (command line only). Raises InvalidInput, Conflict."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,39}", key):
        raise InvalidInput("机构代号不符合要求", where=key, advice="请用小写字母、数字和短横线")
    with transaction():
        if db.session.scalar(select(Office.id).where(Office.key == key)):
            raise Conflict(f"机构代号“{key}”已存在", advice="请换一个代号")
        office = Office(key=key, name=name.strip(), place_name=place_name.strip())
        db.session.add(office)
        db.session.flush()
        audit.note(None, "新建机构", office, office_id=office.id)
    return office


def office_by_key(key: str | None) -> Office:
    """The office of this key, or the only one when no key is given. Raises NotFound."""
    offices = list(db.session.scalars(select(Office).order_by(Office.id)))
    found = [o for o in offices if o.key == key] if key else offices
    if len(found) != 1:
        known = "、".join(o.key for o in offices) or "无"
        raise NotFound("未能确定机构", reason=f"现有机构：{known}", advice="请用 --office 指明机构代号")
    return found[0]


def save_group(office_id: int, name: str) -> UnitGroup:
    """The group of this name, made when it is new; inside the running transaction."""
    group = db.session.scalar(
        select(UnitGroup).where(UnitGroup.office_id == office_id, UnitGroup.name == name)
    )
    if not group:
        group = UnitGroup(office_id=office_id, name=name, sort_no=len(groups(office_id)) + 1)
        db.session.add(group)
        db.session.flush()
    return group


def create_unit(actor: Actor, values: Mapping[str, Any]) -> Unit:
    """A new unit of the actor's office. values: the columns of Unit, `group` as a name."""
    require(actor, "unit.edit")
    with transaction():
        fresh = add_unit(actor.office_id, values)
        require(actor, "unit.edit", fresh)
        audit.note(actor, "新建单位", fresh, after=_shown(fresh))
    return fresh


def add_unit(office_id: int, values: Mapping[str, Any]) -> Unit:
    """Add a unit inside the running transaction (also used when importing)."""
    fresh = Unit(office_id=office_id, attributes={})
    _fill(fresh, values)
    db.session.add(fresh)
    db.session.flush()
    return fresh


def change_unit(actor: Actor, unit_id: int, version: int, values: Mapping[str, Any]) -> Unit:
    """Change a unit. Raises Conflict when somebody changed it meanwhile."""
    require(actor, "unit.edit")
    with transaction():
        found = unit(actor, unit_id)
        require(actor, "unit.edit", found)
        if found.version != version:
            raise Conflict("保存失败：这个单位刚刚被别人改过", advice="请刷新页面，核对后再保存")
        before = _shown(found)
        _fill(found, values)
        db.session.flush()
        audit.note(actor, "修改单位", found, before=before, after=_shown(found))
    return found


def _fill(found: Unit, values: Mapping[str, Any]) -> None:
    name = checked_name(str(values["name"]), "单位名称", 80)
    if values["kind"] not in UNIT_KINDS:
        raise InvalidInput(
            "单位类别不在可选范围内", where="单位类别", advice=f"可选：{'、'.join(UNIT_KINDS.values())}"
        )
    start, end = values.get("valid_from"), values.get("valid_to")
    if start and end and end < start:
        raise InvalidInput("撤销日期早于设立日期", where="有效期", advice="请核对两个日期")
    with db.session.no_autoflush:
        same = select(Unit.id).where(
            Unit.office_id == found.office_id, Unit.name == name, Unit.id != (found.id or 0)
        )
        if db.session.scalar(same):
            raise Conflict(f"已有名为“{name}”的单位", where="单位名称", advice="请换一个名称")
        for column, title in (("parent_id", "上级单位"), ("host_id", "所在地单位")):
            other = db.session.get(Unit, values[column]) if values.get(column) else None
            if values.get(column) and (
                not other or other.office_id != found.office_id or other.id == found.id
            ):
                raise InvalidInput(f"{title}须是本机构的另一个单位", where=title)
            if column == "parent_id" and other and found.id in _line_of(other):
                raise InvalidInput(f"“{other}”是本单位的下级，不能又作上级", where=title, advice="请重新选择")
            setattr(found, column, other.id if other else None)
        group = str(values.get("group") or "").strip()[:40]
        found.group_id = save_group(found.office_id, group).id if group else None
    found.name, found.pinyin, found.kind = name, sort_key(name), values["kind"]
    found.short_name = str(values.get("short_name") or "").strip()[:30]
    found.unit_class = str(values.get("unit_class") or "").strip()[:40]
    found.head = str(values.get("head") or "").strip()[:40]
    found.sort_no = int(values.get("sort_no") or 0)
    found.optional = bool(values.get("optional"))
    found.valid_from, found.valid_to = start, end
    found.attributes = dict(values.get("attributes") or {})


def _line_of(unit: Unit) -> set[int]:
    """The unit and everything above it."""
    line, above = set(), unit
    while above and above.id not in line:
        line.add(above.id)
        above = above.parent
    return line


def _shown(found: Unit) -> dict[str, Any]:
    return {
        "名称": found.name, "类别": UNIT_KINDS[found.kind], "分组": found.group_id, "分类": found.unit_class,
        "序号": found.sort_no, "负责人": found.head, "自愿参加": found.optional, "有效期起": found.valid_from,
        "有效期止": found.valid_to, "属性": found.attributes,
    }  # fmt: skip
