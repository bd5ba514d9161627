"""What every page shares: who may open it, headers, the menu, error pages, forms in Chinese."""

import hashlib
import io
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    request,
    send_file,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask.templating import Environment
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map
from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import Flags
from wtforms.widgets import Input
from wtforms.widgets.core import clean_key

from core import refusals
from core.actors import Actor
from core.errors import NotFound, PermissionDenied, SetupError, YaoqingError
from core.hookspecs import MenuItem
from core.permissions import reach, require

PUBLIC = "public"
SIGNED_IN = "signed_in"
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# PostgreSQL's integers have 32 bits.
LARGEST = 2**31 - 1
View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; object-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# Pages somebody with a one-time password may still open.
BEFORE_CHANGE = {"accounts.password", "accounts.logout", "health", "static"}


def permit(permission: str) -> Callable[[View], View]:
    """State a view's permission. A view without one stops the app from starting."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def actor() -> Actor:
    """The signed-in person."""
    return current_user._get_current_object()  # type: ignore[no-any-return]


class Number(IntegerConverter):
    """Ids in addresses: a number no column holds is no page of ours."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any):
        super().__init__(map, *args, **{"max": LARGEST, **kwargs})


def whole(text: str) -> int:
    """A number from an address or a form. Raises ValueError for nonsense and for what no column holds."""
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError(text)
    return number


class TemplateEnvironment(Environment):
    """The template engine, with one namespace for all templates."""

    def make_globals(self, d: Any) -> Any:
        # Jinja would put the globals behind a ChainMap and, for every import of every page, walk through it in Python.
        return super().make_globals(d) if d else self.globals


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies; what signs them is made once and not for every page."""

    get_signing_serializer = lru_cache(maxsize=4)(SecureCookieSessionInterface.get_signing_serializer)


class Application(Flask):
    """Flask without some things that every page would pay for and none needs."""

    jinja_environment = TemplateEnvironment
    session_interface = Cookies()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        # No view or hook here is a coroutine; Flask would look into each of them again for every request.
        return func


class SafeHeaders:
    """Adds HEADERS to every answer that does not set them itself.

    A layer of its own around the app: a header costs Flask ten times as much, because it is checked and copied twice.
    """

    def __init__(self, app: Callable[..., Any]):
        self.app = app

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> Any:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            given = {name for name, _ in headers}
            missing = [header for header in HEADERS.items() if header[0] not in given]
            return start_response(status, headers + missing, exc_info)

        return self.app(environ, start)


def attributes(**given: Any) -> Markup:
    """Attributes of a field's tag, exactly as the library writes them."""
    parts = []
    for name, value in sorted(given.items()):
        if value is True:
            parts.append(clean_key(name))
        elif value is not False:
            # A value that is HTML already keeps its markup, but never ends the attribute.
            quoted = str(escape(value)).replace('"', "&quot;")
            parts.append(f'{clean_key(name)}="{quoted}"')
    return Markup(" ".join(parts))


# The library formats every attribute like a template of its own, and asks each field's flags for all the names an
# object has: with three fields a third of a page went into that.
Input.html_params = staticmethod(attributes)
Flags.__dir__ = lambda flags: list(vars(flags))  # type: ignore[method-assign]


class Form(FlaskForm):
    """A form whose messages are Chinese."""

    class Meta:
        locales = ("zh",)

    def explain(self, error: YaoqingError) -> None:
        """Show a service's refusal at the field it names, or above the form.

        Lack of a right is no slip in a form: it becomes the answer of its own.
        """
        if isinstance(error, PermissionDenied | NotFound):
            raise error
        field = next((f for f in self if f.label and f.label.text == error.where), None)
        if field is not None:
            text = "。".join(p.rstrip("。") for p in (error.message, error.reason, error.advice) if p) + "。"
            field.errors = [*field.errors, text]
        else:
            self.form_errors.append(str(error))


def whole_or_zero(text: str | None) -> int:
    """A version or an id from a form; 0, which no row ever has, for nonsense."""
    try:
        return whole(text or "")
    except ValueError:
        return 0


def choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """Options of a select field from (value, text) pairs."""
    return [SelectChoice(value, text) for value, text in pairs]


def no_control_characters(form: Any, field: Any) -> None:
    """A validator: typed lines hold no invisible characters."""
    if hidden_in(field.data or ""):
        raise ValidationError("含有不可见字符，请重新输入")


def hidden_in(text: str) -> bool:
    """Whether a text holds controls, direction marks or other characters that nobody sees."""
    return any(unicodedata.category(ch) in HIDDEN for ch in text)


def init_web(app: Flask) -> None:
    """Guard every route, set headers, error pages and template globals."""
    csrf.init_app(app)
    app.url_map.converters["int"] = Number
    app.before_request(_guard)
    app.after_request(_caching)
    app.wsgi_app = SafeHeaders(app.wsgi_app)  # type: ignore[method-assign]
    app.register_error_handler(YaoqingError, refusals.explain)
    app.register_error_handler(CSRFError, refusals.stale_form)
    app.register_error_handler(HTTPException, refusals.http_error)
    app.register_error_handler(Exception, refusals.crash)
    app.context_processor(_page_context)
    app.jinja_env.globals["static_url"] = static_url


def check_routes(app: Flask) -> None:
    """Raise SetupError for a route or menu entry without a known permission, or an entry that leads nowhere."""
    known = {PUBLIC, SIGNED_IN, *app.extensions["yaoqing"].rights.by_name}
    app.view_functions["static"] = permit(PUBLIC)(app.view_functions["static"])
    for rule in app.url_map.iter_rules():
        name = getattr(app.view_functions[rule.endpoint], "permission", None)
        if name not in known:
            raise SetupError("页面没有声明访问权限", where=rule.rule, reason=f"权限：{name}")
    for item in app.extensions["yaoqing"].menu:
        leads = {item.endpoint, item.replaces or item.endpoint} <= set(app.view_functions)
        if item.permission not in known or not leads:
            raise SetupError(
                f"菜单项“{item.title}”无法显示", reason=f"页面：{item.endpoint}，权限：{item.permission}"
            )


def _guard() -> Any:
    if request.endpoint is None:
        return None
    permission = getattr(current_app.view_functions[request.endpoint], "permission", None)
    if permission == PUBLIC:
        return None
    if permission is None:
        abort(403)
    who = actor()
    if not who.is_authenticated:
        return refusals.sign_in_first()
    if who.must_change and request.endpoint not in BEFORE_CHANGE:
        return redirect(url_for("accounts.password"))
    if permission != SIGNED_IN:
        require(who, permission)
    if request.endpoint in (replaced := current_app.extensions["yaoqing"].replaced):
        return redirect(
            f"{_url(replaced[request.endpoint])}?{request.query_string.decode('ascii', 'ignore')}".rstrip("?")
        )
    return None


def _caching(response: Response) -> Response:
    if request.endpoint == "static":
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        )
    elif response.headers.get("Cache-Control", "no-cache") == "no-cache":
        # Flask's answer with a file says "no-cache", which lets the browser keep it on disk.
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["YAOQING"]["HTTPS"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _page_context() -> dict[str, Any]:
    who = actor()
    if not who.is_authenticated:
        return {"user": None, "office_name": "", "menu": (), "home_url": "/"}
    return {
        "user": who,
        "office_name": who.office_name,
        "menu": menu(who) if not who.must_change else (),
        "here": frozenset((request.endpoint, getattr(request, "menu_endpoint", ""))),
        "home_url": _url("home.index"),
        "notices_url": _url("notices.index"),
        "account_url": _url("accounts.me"),
        "logout_url": _url("accounts.logout"),
    }


class Entry(NamedTuple):
    """A line of the menu."""

    title: str
    url: str
    endpoint: str
    count: int = 0


class Section(NamedTuple):
    """Entries of the menu under a heading."""

    title: str
    entries: tuple[Entry, ...]


def menu(who: Actor) -> tuple[Section, ...]:
    """The left menu: sections with the entries the person may open. The same for everybody with the same roles to
    whom the same entries have something to show."""
    ours = current_app.extensions["yaoqing"]
    roles = frozenset((grant.role, bool(grant.unit_id)) for grant in who.grants)
    empty = frozenset(
        item.endpoint for item in ours.menu if item.shown and _open(who, item) and not item.shown(who)
    )
    if (roles, empty) not in ours.menus:
        ours.menus[roles, empty] = _sections(who, empty)
    return ours.menus[roles, empty]  # type: ignore[no-any-return]


def _open(who: Actor, item: MenuItem) -> bool:
    return item.permission == SIGNED_IN or bool(reach(who, item.permission))


def _sections(who: Actor, empty: frozenset[str]) -> tuple[Section, ...]:
    sections: dict[str, list[Entry]] = {}
    for item in current_app.extensions["yaoqing"].menu:
        if item.endpoint not in empty and _open(who, item):
            entry = Entry(item.title, _url(item.endpoint), item.endpoint)
            sections.setdefault(item.section, []).append(entry)
    return tuple(Section(title, tuple(entries)) for title, entries in sections.items())


def highlight(endpoint: str) -> None:
    """Mark the menu entry a page below it belongs to."""
    endpoint = current_app.extensions["yaoqing"].replaced.get(endpoint, endpoint)
    request.menu_endpoint = endpoint  # type: ignore[attr-defined]


@cache
def _url(endpoint: str) -> str:
    # Entries of the menu have no parameters, so their addresses are worked out once.
    return url_for(endpoint)


@cache
def static_url(path: str) -> str:
    """Address of a static file with a digest of its content, so that browsers may keep it for a year."""
    content = (Path(str(current_app.static_folder)) / path).read_bytes()
    return f"{current_app.static_url_path}/{path}?v={hashlib.sha256(content).hexdigest()[:10]}"


def page_number() -> int:
    """The page asked for in the address; 1 when it is missing or nonsense."""
    return request.args.get("page", 1, type=whole) or 1


def url_with(**changes: Any) -> str:
    """This page's address with some arguments changed."""
    # `_external`, `_scheme` and the like mean something to url_for, and must not come from an address.
    asked = {k: v for k, v in request.args.to_dict(flat=False).items() if k[:1] != "_" and k != "endpoint"}
    values = {**asked, **(request.view_args or {}), **changes}
    return url_for(str(request.endpoint), **{k: v for k, v in values.items() if v not in ("", None)})


def page_url(number: int) -> str:
    """This list's address for another page."""
    if not hasattr(request, "list_url"):
        url = url_with(page="")
        request.list_url = f"{url}{'&' if '?' in url else '?'}page="  # type: ignore[attr-defined]
    return f"{request.list_url}{number}"


def attached(content: str, name: str, mimetype: str = "text/csv") -> Response:
    """A text to save, as a file any spreadsheet opens; no cache keeps it."""
    response = send_file(
        io.BytesIO(content.encode("utf-8-sig")), mimetype=mimetype, as_attachment=True, download_name=name
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def parse_day(text: str | None) -> date | None:
    """A day from an address argument; nonsense counts as not given, like years no calendar arithmetic can leave."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and 1900 <= day.year <= 2199 else None
