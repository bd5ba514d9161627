"""Where a fact came from, read off its key: by hand, from a page of core, or from a plugin that may be gone."""

from dataclasses import dataclass

from core.facts import Fact
from core.plugins import current, plugin_titles

HAND, CONSOLE, SENT = "hand", "console", "submitted"


@dataclass(frozen=True)
class Origin:
    """Who recorded a fact in the program, and where it is taken back: empty means here."""

    title: str
    elsewhere: str = ""


def origin_of(fact: Fact) -> Origin:
    """What recorded a fact. What other pages record they also take back, so that both always agree."""
    source = fact.key.partition(":")[0]
    if source == HAND:
        return Origin("手工登记")
    if source == CONSOLE:
        return Origin("命令行登记")
    if source == SENT:
        return Origin("信息报送", "随信息的退回、撤回或不采用自动撤销")
    plugin = _plugin(source)
    if plugin is None:
        return Origin("已停用的功能")
    title = plugin_titles([plugin])[0]
    return Origin(title, f"撤销请在信息页面的“{title}”栏，或“{title}”的页面办理")


def _plugin(source: str) -> str | None:
    """The enabled plugin whose name, or one of whose kinds of facts, a key starts with."""
    hub = current()
    if source in hub.names():
        return source
    for impl in hub.manager.hook.fact_kinds.get_hookimpls():
        if any(kind.name == source for kind in impl.function()):
            return str(impl.plugin_name)
    return None
