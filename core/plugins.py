"""Plugins of one app: discover, enable, check, collect and announce.

The manager belongs to an app, not to the process, so two apps in one process may differ.
"""

import importlib
import logging
import pkgutil
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import pluggy
from flask import current_app

from core.errors import SetupError
from core.hookspecs import PROJECT, Hooks

ENTRY_POINTS = "yaoqing.plugins"
log = logging.getLogger(__name__)


class Plugins:
    """The enabled plugins. `package` is the folder of bundled ones; it may be missing or empty.

    Without a package ("") there are none at all, installed ones neither.
    """

    def __init__(self, package: str = "plugins", off: Iterable[str] = (), extra: Iterable[ModuleType] = ()):
        off = tuple(off)
        self.own: dict[str, list[Callable[..., Any]]] = {}
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(Hooks)
        for name in off:
            self.manager.set_blocked(name)
        try:
            for name, module in bundled(package, off):
                self.manager.register(module, name=name)
            if package:
                self.manager.load_setuptools_entrypoints(ENTRY_POINTS)
            for module in extra:
                self.manager.register(module, name=module.__name__)
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise SetupError(
                "插件无法启用",
                where=getattr(error.plugin, "__name__", ""),
                reason=str(error),
                advice="请核对插件版本，或停用该插件",
            ) from error

    def names(self) -> list[str]:
        """Names of the enabled plugins, sorted."""
        return sorted(name for name, plugin in self.manager.list_name_plugin() if plugin is not None)

    def module(self, name: str) -> ModuleType:
        """The module of an enabled plugin."""
        return self.manager.get_plugin(name)

    def contribute(self, hook: str, function: Callable[..., Any]) -> None:
        """Add what core itself contributes from a floor above the one that collects; it takes all values of the hook."""
        self.own.setdefault(hook, []).append(function)

    def collect(self, hook: str, *, isolate: bool = False, **values: Any) -> list[Any]:
        """All contributions to a hook as one list, by weight, then by plugin name.

        isolate: a plugin that fails is logged and left out, so that it cannot take a whole page down.
        """
        found = [
            (getattr(thing, "weight", 50), "", thing)
            for function in self.own.get(hook, ())
            for thing in function(**values)
        ]
        for impl in getattr(self.manager.hook, hook).get_hookimpls():
            try:
                result = impl.function(**{name: values[name] for name in impl.argnames})
            except Exception:
                if not isolate:
                    raise
                log.exception("插件 %s 处理 %s 时出错", impl.plugin_name, hook)
                continue
            found += [(getattr(thing, "weight", 50), impl.plugin_name, thing) for thing in result or ()]
        return [thing for _, _, thing in sorted(found, key=lambda row: row[:2])]

    def answered(self, hook: str) -> bool:
        """Whether anybody contributes to a hook."""
        return bool(self.own.get(hook) or getattr(self.manager.hook, hook).get_hookimpls())

    def take_part(self, hook: str, **values: Any) -> None:
        """Let every plugin add to the running transaction; one that fails fails it."""
        for impl in getattr(self.manager.hook, hook).get_hookimpls():
            impl.function(**{name: values[name] for name in impl.argnames})

    def announce(self, hook: str, **values: Any) -> None:
        """Tell every plugin; one that fails is logged with its name and undoes nothing."""
        for impl in getattr(self.manager.hook, hook).get_hookimpls():
            try:
                impl.function(**{name: values[name] for name in impl.argnames})
            except Exception:
                log.exception("插件 %s 处理 %s 时出错", impl.plugin_name, hook)


def bundled(package: str, off: Iterable[str] = ()) -> list[tuple[str, ModuleType]]:
    """Every plugin folder of the package, imported; those switched off are not even looked at."""
    if not package:
        return []
    try:
        root = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return []
    names = sorted(info.name for info in pkgutil.iter_modules(root.__path__) if info.ispkg)
    return [(name, _imported(package, name)) for name in names if name not in off]


def _imported(package: str, name: str) -> ModuleType:
    try:
        return importlib.import_module(f"{package}.{name}")
    except Exception as error:
        raise SetupError(
            f"插件“{name}”无法加载",
            reason=f"{type(error).__name__}：{error}",
            advice="请恢复该插件的文件，或把它写进设置 YAOQING_PLUGINS_OFF 暂时停用；"
            "要换回旧的规则包，请运行 ./yaoqing pack rollback",
        ) from error


def current() -> Plugins:
    """The plugins of the running app."""
    return current_app.extensions["yaoqing"].plugins


def collect(hook: str, **values: Any) -> list[Any]:
    """All contributions to a page from the running app's plugins; one that fails is left out."""
    return current().collect(hook, isolate=True, **values)


def answered(hook: str) -> bool:
    """Whether any plugin of the running app contributes to a hook."""
    return current().answered(hook)


def take_part(hook: str, **values: Any) -> None:
    """Let the running app's plugins add to the running transaction."""
    current().take_part(hook, **values)


def announce(hook: str, **values: Any) -> None:
    """Announce to the running app's plugins; call it after the commit."""
    current().announce(hook, **values)


def plugin_titles(names: Iterable[str]) -> list[str]:
    """What people call these plugins; the bare name of one that is not enabled."""
    hub = current()
    return [getattr(hub.module(name), "TITLE", name) if name in hub.names() else name for name in names]
