"""Pages for administrators: units, users, roles."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from core import clock
from core.accounts import ended, people, sessions, units
from core.accounts.forms import UnitForm, UserForm, shown_attributes
from core.accounts.models import UNIT_KINDS, Unit, User
from core.accounts.views import bp
from core.db import transaction
from core.errors import InvalidInput, YaoqingError
from core.paging import page_of
from core.permissions import ROLES, Grant, allowed
from core.web import actor, choices, highlight, page_number, permit, whole, whole_or_zero


def _size() -> int:
    return int(current_app.config["YAOQING"]["PAGE_SIZE"])


@bp.get("/units", endpoint="units")
@permit("unit.view")
def units_page() -> Any:
    """The list of units."""
    args = request.args
    query = units.units(
        actor(),
        text=args.get("text", "")[:40],
        kind=args.get("kind", ""),
        group_id=args.get("group", 0, type=whole),
        on=clock.today() if args.get("now") else None,
        order=args.get("sort", "official"),
    )
    page = page_of(query, page_number(), _size(), scalars=True)
    groups = [(g.id, g.name) for g in units.groups(actor().office_id)]
    return render_template(
        "accounts/units.html", page=page, kinds=UNIT_KINDS, group_choices=groups, args=args
    )


@bp.route("/units/new", methods=["GET", "POST"])
@permit("unit.edit")
def new_unit() -> Any:
    """A new unit."""
    form = _unit_form(UnitForm(), actor().office_id, 0)
    if form.validate_on_submit():
        try:
            unit = units.create_unit(actor(), form.values())
        except YaoqingError as error:
            form.explain(error)
        else:
            flash(f"已新建单位“{unit}”", "success")
            return redirect(url_for("accounts.units"))
    return _unit_page(form, None)


@bp.route("/units/<int:unit_id>", methods=["GET", "POST"])
@permit("unit.view")
def unit(unit_id: int) -> Any:
    """A unit; the system administrator may change it."""
    found = units.unit(actor(), unit_id)
    form = _unit_form(UnitForm(data=_unit_data(found)), found.office_id, found.id)
    if form.validate_on_submit():
        try:
            units.change_unit(actor(), unit_id, whole_or_zero(form.version.data), form.values())
        except YaoqingError as error:
            form.explain(error)
        else:
            flash("单位信息已保存", "success")
            here = people.left_behind(actor(), found)
            return redirect(url_for("accounts.unit", unit_id=unit_id) if here else url_for("accounts.units"))
    return _unit_page(form, found)


def _unit_data(found: Unit) -> dict[str, Any]:
    columns = (
        "name",
        "short_name",
        "kind",
        "unit_class",
        "sort_no",
        "head",
        "optional",
        "valid_from",
        "valid_to",
        "version",
    )
    return {
        **{name: getattr(found, name) for name in columns},
        "group": found.group.name if found.group else "",
        "attributes": shown_attributes(found.attributes),
        "parent_id": found.parent_id or 0,
        "host_id": found.host_id or 0,
    }


def _unit_form(form: UnitForm, office_id: int, own_id: int) -> UnitForm:
    others = [(0, "（无）")] + [(u.id, u.name) for u in units.units_of_office(office_id) if u.id != own_id]
    form.parent_id.choices = form.host_id.choices = choices(others)
    return form


def _unit_page(form: UnitForm, found: Unit | None, problem: str = "") -> Any:
    """`problem`: why the roles left behind in a unit that has ended could not be given up."""
    highlight("accounts.units")
    status = 422 if request.method == "POST" else 200
    left = people.left_behind(actor(), found) if found else []
    return render_template(
        "accounts/unit.html", form=form, unit=found, kinds=UNIT_KINDS, left_behind=left, problem=problem,
        editable=allowed(actor(), "unit.edit", found) if found else True,
        may_hand_over=bool(left) and allowed(actor(), "user.roles", found),
        going_on=units.units_of_office(found.office_id, clock.today()) if found and left else [],
    ), status  # fmt: skip


@bp.post("/units/<int:unit_id>/hand-over")
@permit("user.roles")
def hand_over(unit_id: int) -> Any:
    """End the roles still held in a unit that has ended, or give them on to the unit that takes its place."""
    found = units.unit(actor(), unit_id)
    to = request.form.get("to", type=whole) or None
    try:
        left = ended.hand_over(actor(), unit_id, to)
    except InvalidInput as error:
        form = _unit_form(UnitForm(formdata=None, data=_unit_data(found)), found.office_id, found.id)
        return _unit_page(form, found, str(error))
    done = f"已把 {len(left)} 人的角色改授到新单位" if to else f"已取消 {len(left)} 人在本单位的角色"
    flash(f"{done}，立即生效", "success")
    return redirect(url_for("accounts.unit", unit_id=unit_id))


@bp.get("/users", endpoint="users")
@permit("user.view")
def users_page() -> Any:
    """The list of users, in pinyin order."""
    args = request.args
    query = people.users(
        actor(), text=args.get("text", "")[:40], role=args.get("role", ""), state=args.get("state", "")
    )
    page = page_of(query, page_number(), _size(), scalars=True)
    return render_template("accounts/users.html", page=page, roles=ROLES, args=args)


@bp.route("/users/new", methods=["GET", "POST"])
@permit("user.edit")
def new_user() -> Any:
    """A new account with a one-time password, shown once."""
    form = UserForm()
    if form.validate_on_submit():
        try:
            user, password = people.create_user(
                actor(),
                login=form.login.data,
                name=form.name.data,
                post=form.post.data or "",
                expires_on=form.expires_on.data,
            )
        except YaoqingError as error:
            form.explain(error)
        else:
            return render_template("accounts/one_time.html", user_shown=user, password=password)
    highlight("accounts.users")
    return render_template("accounts/new_user.html", form=form), 422 if request.method == "POST" else 200


@bp.route("/users/<int:user_id>", methods=["GET", "POST"])
@permit("user.view")
def user(user_id: int) -> Any:
    """A user: particulars, roles, sessions."""
    found = people.user(actor(), user_id)
    form = UserForm(obj=found)
    if form.validate_on_submit():
        try:
            people.change_user(
                actor(), user_id, whole_or_zero(form.version.data), name=form.name.data, post=form.post.data or "",
                disabled=form.disabled.data, expires_on=form.expires_on.data,
            )  # fmt: skip
        except YaoqingError as error:
            form.explain(error)
        else:
            flash("用户信息已保存", "success")
            return redirect(url_for("accounts.user", user_id=user_id))
    return _user_page(found, form), 422 if request.method == "POST" else 200


def _user_page(found: User, form: UserForm, problem: str = "") -> str:
    """`problem`: why the role that was chosen could not be given."""
    highlight("accounts.users")
    return render_template(
        "accounts/user.html", form=form, shown=found, roles=ROLES, locked=sessions.is_locked(found.login),
        units=units.units_of_office(found.office_id), may_edit=allowed(actor(), "user.edit", found),
        may_grant=allowed(actor(), "user.roles", found) and found.id != actor().id,
        may_secure=allowed(actor(), "user.secure", found), problem=problem, chosen=request.form if problem else {},
    )  # fmt: skip


@bp.post("/users/<int:user_id>/roles")
@permit("user.roles")
def user_roles(user_id: int) -> Any:
    """Add or remove one role of a user."""
    role, unit_id = request.form.get("role", ""), request.form.get("unit_id", type=whole) or None
    try:
        _change_role(user_id, role, unit_id, remove=request.form.get("change") == "remove")
    except InvalidInput as error:
        found = people.user(actor(), user_id)
        return _user_page(found, UserForm(formdata=None, obj=found), str(error)), 400
    flash("授权已更新，立即生效", "success")
    return redirect(url_for("accounts.user", user_id=user_id))


def _change_role(user_id: int, role: str, unit_id: int | None, *, remove: bool) -> None:
    # Read and written in one transaction: what another administrator gives meanwhile is not taken away again.
    with transaction():
        found = people.user(actor(), user_id)
        grants, grant = {r.grant() for r in found.roles}, Grant(role, found.office_id, unit_id)
        if remove:
            grants.discard(grant)
        elif grant in grants:
            raise InvalidInput("该用户已有这个角色", advice="请核对角色和单位")
        else:
            grants.add(grant)
        people.set_roles(actor(), user_id, grants)


@bp.post("/users/<int:user_id>/password")
@permit("user.edit")
def reset_password(user_id: int) -> Any:
    """A new one-time password, shown once."""
    password = people.reset_password(actor(), user_id)
    highlight("accounts.users")
    return render_template(
        "accounts/one_time.html", user_shown=people.user(actor(), user_id), password=password
    )


@bp.post("/users/<int:user_id>/unlock")
@permit("user.secure")
def unlock_user(user_id: int) -> Any:
    """Lift a lock-out."""
    people.unlock_user(actor(), user_id)
    flash("账号已解锁", "success")
    return redirect(url_for("accounts.user", user_id=user_id))


@bp.post("/users/<int:user_id>/sessions/end")
@permit("user.secure")
def end_user_sessions(user_id: int) -> Any:
    """End every session of a user."""
    people.end_sessions(actor(), user_id)
    flash("该用户的登录会话已全部终止", "success")
    return redirect(url_for("accounts.user", user_id=user_id))
