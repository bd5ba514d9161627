"""`create_app`: the application, put together in a dozen named steps."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

from flask import Flask
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix

from core import config, filters, orphans, table_statistics
from core.accounts import admin_views  # noqa: F401 - adds its pages to the blueprint
from core.accounts import rights as account_rights
from core.accounts.sessions import actor_for
from core.accounts.views import bp as accounts_bp
from core.audit.views import bp as audit_bp
from core.config import PROJECT
from core.db import init_db
from core.documents import making
from core.documents.verify_views import bp as verify_bp
from core.documents.views import bp as documents_bp
from core.errors import SetupError
from core.home import bp as home_bp
from core.home import health
from core.hookspecs import JobKind, MenuItem, ScheduledJob
from core.jobs import rights as job_rights
from core.jobs import tidy
from core.jobs.running import scheduled_kind
from core.jobs.views import bp as jobs_bp
from core.notices.views import bp as notices_bp
from core.packs import edit_views, key_views, layout_views, life_views  # noqa: F401 - add their pages to the blueprint
from core.packs import rights as pack_rights
from core.packs.content.sections import CORE_SECTIONS
from core.packs.registry import Registry
from core.packs.views import bp as packs_bp
from core.permissions import Rights
from core.plugins import Plugins
from core.refusals import by_itself
from core.register import rights as register_rights
from core.register.panels import earned
from core.register.views import bp as register_bp
from core.scoring import (
    choice_views,  # noqa: F401 - adds its pages to the blueprint
    entry_views,  # noqa: F401 - adds its pages to the blueprint
    pack_views,  # noqa: F401 - adds its pages to the blueprint of packs
    person_views,  # noqa: F401 - adds its pages to the blueprint
)
from core.scoring import rights as scoring_rights
from core.scoring.kinds import CORE_KINDS
from core.scoring.section import scoring_section
from core.scoring.values.fact import FactKind
from core.scoring.views import bp as scoring_bp
from core.search import keeping, rebuilding
from core.search import rights as search_rights
from core.search.sources import Sources
from core.search.views import bp as search_bp
from core.submissions import (
    item_views,  # noqa: F401 - adds its pages to the blueprint
    known,
)
from core.submissions import rights as submission_rights
from core.submissions.search import ORIGINALS, SUBMISSIONS
from core.submissions.views import bp as submissions_bp
from core.submissions.vocabulary import GENRES
from core.web import PUBLIC, Application, check_routes, init_web, permit
from core.workdays import rights as workday_rights
from core.workdays.views import bp as workdays_bp

VERSION = "0.1.0"
BLUEPRINTS = (
    home_bp,
    accounts_bp,
    submissions_bp,
    search_bp,
    scoring_bp,
    register_bp,
    packs_bp,
    documents_bp,
    verify_bp,
    workdays_bp,
    audit_bp,
    notices_bp,
    jobs_bp,
)
PERMISSIONS = (
    *account_rights.PERMISSIONS,
    *submission_rights.PERMISSIONS,
    *search_rights.PERMISSIONS,
    *pack_rights.PERMISSIONS,
    *scoring_rights.PERMISSIONS,
    *register_rights.PERMISSIONS,
    *workday_rights.PERMISSIONS,
    *job_rights.PERMISSIONS,
)
MENU = (
    MenuItem("首页", "home.index", "工作台", "signed_in", 0),
    MenuItem("消息", "notices.index", "工作台", "signed_in", 1),
    MenuItem("我的任务", "jobs.index", "工作台", "job.view", 5),
    MenuItem("我的报送", "submissions.mine", "信息报送", "submission.write", 10),
    MenuItem("待我审签", "submissions.signoff", "信息报送", "submission.sign", 11),
    MenuItem("编辑处理", "submissions.queue", "信息编辑", "submission.edit", 20),
    MenuItem("全部信息", "submissions.index", "信息编辑", "submission.browse", 21),
    MenuItem("得分排名", "scoring.ranking", "考核通报", "ranking.view", 40),
    MenuItem("考核周期", "scoring.periods", "考核通报", "period.view", 41),
    MenuItem("计分事项", "register.index", "考核通报", "fact.view", 42),
    MenuItem("公文", "documents.index", "考核通报", "document.view", 43),
    MenuItem("公文核验", "verify.page", "考核通报", "signed_in", 44),
    MenuItem("单位", "accounts.units", "系统管理", "unit.view", 80),
    MenuItem("用户", "accounts.users", "系统管理", "user.view", 81),
    MenuItem("工作日历", "workdays.index", "系统管理", "workday.view", 82),
    MenuItem("规则包", "packs.index", "系统管理", "pack.view", 82),
    MenuItem("后台任务", "jobs.health", "系统管理", "job.health", 83),
    MenuItem("操作留痕", "audit.index", "系统管理", "audit.view", 84),
)
SECTIONS = ("工作台", "信息报送", "信息编辑", "刊物编发", "批示办理", "考核通报", "系统管理")


@dataclass
class Installation:
    """What belongs to one app: plugins, rights, menu, kinds of facts, packs, and what is kept in memory."""

    plugins: Plugins
    rights: Rights
    registry: Registry
    kinds: tuple[FactKind, ...]
    sources: Sources
    after_upgrade: tuple[Callable[..., None], ...] = ()
    menu: list[MenuItem] = field(default_factory=list)
    jobs: dict[str, JobKind] = field(default_factory=dict)
    schedules: tuple[ScheduledJob, ...] = ()
    replaced: dict[str, str] = field(default_factory=dict)
    version: str = VERSION
    fonts: Any = None
    renderer: Any = None
    compiled: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)
    results: dict[Any, Any] = field(default_factory=dict)
    menus: dict[Any, Any] = field(default_factory=dict)
    units: dict[Any, Any] = field(default_factory=dict)
    item_titles: Callable[[int, Collection[int], Collection[str]], dict[str, str]] = known.withheld
    long_lists: dict[Any, Any] = field(default_factory=dict)
    rehearsals: dict[Any, Any] = field(default_factory=dict)


def create_app(
    settings: Mapping[str, Any] | None = None,
    *,
    plugin_package: str = "plugins",
    extra_plugins: Iterable[ModuleType] = (),
) -> Flask:
    """The application. settings override what the environment says (see `core.config.SETTINGS`)."""
    app = Application("yaoqing", root_path=str(PROJECT), template_folder="templates", static_folder="static")
    _configure(app, {**config.read(), **(settings or {})})
    _install(app, Plugins(plugin_package, app.config["YAOQING"]["PLUGINS_OFF"], extra_plugins))
    init_db(app)
    keeping.init_app(app)
    _sign_in(app)
    init_web(app)
    filters.init_app(app)
    _pages(app)
    check_routes(app)
    return app


def _configure(app: Flask, settings: dict[str, Any]) -> None:
    # Personal data and the signing key live here: nobody else on the machine may look.
    settings["DATA"].mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config.update(
        YAOQING=settings,
        SECRET_KEY=settings["SECRET_KEY"] or config.secret_key(settings["DATA"]),
        SQLALCHEMY_DATABASE_URI=settings["DATABASE"] or f"sqlite:///{settings['DATA'] / 'yaoqing.db'}",
        MAX_CONTENT_LENGTH=(settings["UPLOAD_MB"] + 2) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        SESSION_COOKIE_NAME="yaoqing",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings["HTTPS"],
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings["PROXIES"]:
        hops = settings["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def _install(app: Flask, plugins: Plugins) -> None:
    rights = Rights([*PERMISSIONS, *plugins.collect("permissions")])
    menu = [*MENU, *plugins.collect("menu_items")]
    if strange := next((item for item in menu if item.section not in SECTIONS), None):
        raise SetupError(
            f"菜单项“{strange.title}”的栏目“{strange.section}”不存在", advice=f"可用：{'、'.join(SECTIONS)}"
        )
    replaced = {item.replaces: item.endpoint for item in menu if item.replaces}
    menu = [item for item in menu if item.endpoint not in replaced]
    menu.sort(key=lambda item: (SECTIONS.index(item.section), item.weight))
    plugins.contribute("submission_panels", earned)
    kinds = tuple(_with_genres(kind) for kind in (*CORE_KINDS, *plugins.collect("fact_kinds")))
    of_plugins = plugins.collect("pack_sections", kinds=kinds)
    sections = (*CORE_SECTIONS, scoring_section(kinds), *of_plugins)
    registry = Registry(sections, plugins.names(), app.config["YAOQING"]["DATA"] / "packs")
    schedules = (
        *tidy.SCHEDULES,
        *table_statistics.SCHEDULES,
        *orphans.SCHEDULES,
        *plugins.collect("scheduled_jobs"),
    )
    jobs = _jobs([*making.JOBS, *plugins.collect("job_kinds"), *map(scheduled_kind, schedules)], rights)
    steps = (rebuilding.after_upgrade, table_statistics.after_upgrade)
    found = Sources([SUBMISSIONS, ORIGINALS, *plugins.collect("search_sources")])
    app.extensions["yaoqing"] = Installation(
        plugins, rights, registry, kinds, found, steps, menu, jobs, schedules, replaced
    )


def _jobs(kinds: Iterable[JobKind], rights: Rights) -> dict[str, JobKind]:
    """Kinds of background work by name."""
    found: dict[str, JobKind] = {}
    for kind in kinds:
        if kind.name in found or (kind.permission and kind.permission not in rights.by_name):
            raise SetupError(
                "后台任务的定义有误", where=kind.name, reason=f"名称重复，或没有权限“{kind.permission}”"
            )
        found[kind.name] = kind
    return found


def _with_genres(kind: FactKind) -> FactKind:
    """A kind of fact whose genre is one that items of information have."""
    genres = tuple(GENRES.items())
    attributes = (replace(each, options=genres) if each.name == "genre" else each for each in kind.attributes)
    return replace(kind, attributes=tuple(attributes))


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    # Our own server-side sessions decide; the library's fingerprint trusts headers a client may write.
    manager.session_protection = None
    manager._session_identifier_generator = lambda: None
    manager.user_loader(lambda token: actor_for(token, used=not by_itself()))


def _pages(app: Flask) -> None:
    app.add_url_rule("/healthz", "health", permit(PUBLIC)(health))
    for blueprint in (*BLUEPRINTS, *app.extensions["yaoqing"].plugins.collect("blueprints")):
        app.register_blueprint(blueprint)
