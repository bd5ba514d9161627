"""Plugins of one app: discover, enable, check, collect and announce.

The manager belongs to an app, not to the process, so two apps in one process may differ.
"""

import importlib
import logging
import pkgutil
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import pluggy
from flask import current_app

from core.errors import SetupError
from core.hookspecs import PROJECT, Hooks

ENTRY_POINTS = "yaoqing.plugins"
log = logging.getLogger(__name__)


class Plugins:
    """The enabled plugins. `package` is the folder of bundled ones; it may be missing or empty."""

    def __init__(self, package: str = "plugins", off: Iterable[str] = (), extra: Iterable[ModuleType] = ()):
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(Hooks)
        for name in off:
            self.manager.set_blocked(name)
        try:
            for name, module in bundled(package):
                self.manager.register(module, name=name)
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

    def collect(self, hook: str, *, isolate: bool = False, **values: Any) -> list[Any]:
        """All contributions to a hook as one list, by weight, then by plugin name.

        isolate: a plugin that fails is logged and left out, so that it cannot take a whole page down.
        """
        found = []
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

    def announce(self, hook: str, **values: Any) -> None:
        """Tell every plugin; one that fails is logged with its name and undoes nothing."""
        for impl in getattr(self.manager.hook, hook).get_hookimpls():
            try:
                impl.function(**{name: values[name] for name in impl.argnames})
            except Exception:
                log.exception("插件 %s 处理 %s 时出错", impl.plugin_name, hook)


def bundled(package: str) -> list[tuple[str, ModuleType]]:
    """Every plugin folder of the package, imported."""
    try:
        root = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return []
    names = sorted(info.name for info in pkgutil.iter_modules(root.__path__) if info.ispkg)
    return [(name, importlib.import_module(f"{package}.{name}")) for name in names]


def current() -> Plugins:
    """The plugins of the running app."""
    return current_app.extensions["yaoqing"].plugins


def collect(hook: str, **values: Any) -> list[Any]:
    """All contributions to a page from the running app's plugins; one that fails is left out."""
    return current().collect(hook, isolate=True, **values)


def announce(hook: str, **values: Any) -> None:
    """Announce to the running app's plugins; call it after the commit."""
    current().announce(hook, **values)


def plugin_titles(names: Iterable[str]) -> list[str]:
    """What people call these plugins; the bare name of one that is not enabled."""
    hub = current()
    return [getattr(hub.module(name), "TITLE", name) if name in hub.names() else name for name in names]
