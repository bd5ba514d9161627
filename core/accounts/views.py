"""Pages of signing in and of one's own account."""

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from core.accounts import people, sessions
from core.accounts.browsers import browser_name
from core.accounts.forms import LoginForm, PasswordForm
from core.errors import InvalidInput
from core.kept import carried_values, local_path
from core.web import PUBLIC, SIGNED_IN, actor, permit

bp = Blueprint("accounts", __name__)


@bp.route("/login", methods=["GET", "POST"])
@permit(PUBLIC)
def login() -> Any:
    """Sign in; what an expired form held is offered again afterwards."""
    form = LoginForm(next=request.args.get("next", ""))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(url_for("home.index"))
    carried = carried_values()
    if form.validate_on_submit():
        try:
            who = sessions.sign_in(
                form.login.data,
                form.password.data,
                request.remote_addr or "",
                browser_name(request.user_agent.string),
            )
        except InvalidInput as error:
            form.explain(error)
        else:
            session.clear()
            # The form token kept for this request belongs to the session just given up.
            g.pop("csrf_token", None)
            login_user(who)
            return _after_login(form.next.data, carried)
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/login.html", form=form, **{**carried, "next": form.next.data}), status


def _after_login(target: str | None, carried: dict[str, Any]) -> Any:
    target = local_path(target)
    if carried["kept"]:
        return render_template("accounts/resume.html", **{**carried, "next": target})
    if not current_app.url_map.bind("").test(target.partition("?")[0], "GET"):
        # A button was pressed after the session had expired: pressing it again is up to the person.
        flash("登录已过期，刚才的操作没有完成，请重新办理", "warning")
        return redirect(url_for("home.index"))
    return redirect(target)


@bp.post("/logout")
@permit(SIGNED_IN)
def logout() -> Any:
    """Sign out and forget everything the browser was given."""
    sessions.sign_out(actor())
    logout_user()
    session.clear()
    flash("您已退出登录", "success")
    response = redirect(url_for("accounts.login"))
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@bp.route("/password", methods=["GET", "POST"])
@permit(SIGNED_IN)
def password() -> Any:
    """Change one's own password; forced when it was given by somebody else or is too old."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            sessions.change_password(actor(), form.old.data, form.new.data)
        except InvalidInput as error:
            form.explain(error)
        else:
            flash("密码已修改，其他地方的登录已全部退出", "success")
            return redirect(url_for("home.index"))
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/password.html", form=form, forced=actor().must_change), status


@bp.get("/me")
@permit(SIGNED_IN)
def me() -> Any:
    """My account: roles and open sessions."""
    who = actor()
    roles = people.roles_held(who.grants)
    return render_template("accounts/me.html", open_sessions=sessions.sessions_of(who), roles=roles)


@bp.post("/me/sessions/<int:session_id>/end")
@permit(SIGNED_IN)
def end_session(session_id: int) -> Any:
    """End another of my sessions."""
    sessions.end_own_session(actor(), session_id)
    flash("已终止该登录会话", "success")
    return redirect(url_for("accounts.me"))
