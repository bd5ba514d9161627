"""What is answered instead of the page asked for: sign in first, a form that went stale, errors in Chinese."""

from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from core import again, kept
from core.errors import Crowded, PermissionDenied, YaoqingError
from core.typed import typed

MB = 1024 * 1024
HTTP_MESSAGES = {
    400: ("请求有误", "请返回上一页重试"),
    404: ("没有这个页面", "请检查地址，或从首页重新进入"),
    405: ("这个页面不支持该操作", "请从页面上的按钮操作"),
    413: ("提交的内容过大", "请减少附件或压缩后重试；已填写的文字请返回上一页复制留存"),
    429: ("操作过于频繁", "请稍后再试"),
    500: ("系统内部出错，本次操作没有完成", "请稍后重试；如仍不行，请把时间和操作告诉系统管理员"),
}


def sign_in_first() -> Any:
    """Send a visitor to the sign-in page. What was typed into a form travels along, so nothing is lost."""
    if _wants_json():
        return jsonify(message="登录已过期，请重新登录后继续"), 401
    if request.method == "GET":
        target = request.full_path.rstrip("?")
        return redirect(url_for("accounts.login", next=None if target == "/" else target))
    return render_template("accounts/login.html", **kept.held_values(), expired=True), 401


def stale_form(error: CSRFError) -> Any:
    """The form's token has lapsed: sign in, or the form again with what was typed."""
    if request.endpoint == "accounts.login":
        return _sign_in_again()
    if not current_user.is_authenticated:
        return sign_in_first()
    if _wants_json():
        # The page then fetches a fresh token and tries again.
        return jsonify(message="页面已过期，正在重新连接；您填写的内容已保存在本机浏览器"), 401
    if kept.from_elsewhere():
        return _error_page(
            400, message="这个请求不是从本系统的页面发出的，没有办理", advice="如需办理，请从首页重新进入"
        )
    return render_template("accounts/resume.html", **kept.held_values()), 400


def _sign_in_again() -> Any:
    """The sign-in page itself has gone stale, as when another window renewed the session: what it carried stays."""
    carried, is_in = kept.carried_values(), current_user.is_authenticated
    if not is_in:
        flash("页面停留时间过长，请重新输入密码登录", "warning")
    if not carried["kept"]:
        return redirect(url_for("accounts.login", next=carried["next"] or None))
    if is_in:
        carried["next"] = kept.local_path(carried["next"])
        return render_template("accounts/resume.html", **carried), 400
    typed_login = request.form.get("login", "")
    return render_template("accounts/login.html", **carried, typed_login=typed_login), 400


def explain(error: YaoqingError) -> Any:
    """A failure with its own words."""
    if isinstance(error, PermissionDenied):
        current_app.logger.warning("拒绝访问 %r：%r %s", request.path, current_user, error)
    if isinstance(error, Crowded) and again.possible() and not _wants_json():
        return again.waiting(error)
    return _error_page(error.status, **error.as_dict())


def http_error(error: HTTPException) -> Any:
    """No such page, too large, too often."""
    if error.code and 300 <= error.code < 400:
        return error
    message, advice = HTTP_MESSAGES.get(error.code or 500, HTTP_MESSAGES[400])
    if error.code == 413:
        return _error_page(413, message=message, reason=_limit(), advice=advice)
    return _error_page(error.code or 500, message=message, advice=advice)


def _limit() -> str:
    """What may be sent at once: all together, and so much of it as text."""
    most, sent = request.max_content_length, request.content_length
    if most and sent and sent <= most and (text := request.max_form_memory_size):
        return f"文字部分一次最多提交 {text // MB} 兆字节"
    return f"一次最多提交 {most // MB} 兆字节，附件和文字合计" if most else ""


def crash(error: Exception) -> Any:
    """A fault of ours: logged, told without details."""
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS") is not False:
        raise error
    current_app.logger.exception("未处理的错误：%s %r", request.method, request.path)
    message, advice = HTTP_MESSAGES[500]
    return _error_page(500, message=message, advice=advice)


def _error_page(status: int, *, message: str, where: str = "", reason: str = "", advice: str = "") -> Any:
    if _wants_json():
        return jsonify(message=message, where=where, reason=reason, advice=advice), status
    page = render_template(
        "errors/error.html",
        code=status,
        message=message,
        where=where,
        reason=reason,
        advice=advice,
        written=[each for each in typed(kept.held()) if each.label] if status != 413 else [],
        back_url="/",
    )
    return page, status


def by_itself() -> bool:
    """Whether a page asks this by itself, for news or to say it is still open: no sign that somebody is there."""
    return request.headers.get("X-Requested-With") == "poll"


def _wants_json() -> bool:
    return request.headers.get("X-Requested-With") in ("autosave", "poll")
