"""Plugins of one app: found, checked, collected from in order, told in isolation."""

import logging
import sys
from pathlib import Path
from types import ModuleType

import pytest

from core.accounts.models import Office
from core.db import db, transaction
from core.errors import SetupError
from core.hookspecs import Card, MenuItem, hookimpl
from core.plugins import Plugins, announce, bundled


def plugin(name, **hooks):
    module = ModuleType(name)
    for hook, function in hooks.items():
        setattr(module, hook, hookimpl(function))
    return module


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write a package of plugins: folder name → content of its __init__.py; returns the package's name."""
    monkeypatch.syspath_prepend(tmp_path)
    name = f"bundle_{tmp_path.name.replace('-', '_')}"

    def write(**folders):
        for folder, content in {"": "", **folders}.items():
            (tmp_path / name / folder).mkdir(parents=True, exist_ok=True)
            (tmp_path / name / folder / "__init__.py").write_text(content, encoding="utf-8")
        return name

    yield write
    for loaded in [m for m in sys.modules if m.startswith(name)]:
        del sys.modules[loaded]


def test_a_missing_package_means_no_plugins():
    assert bundled("no_plugins") == [] and Plugins("no_plugins").names() == []


def test_every_folder_of_the_package_is_a_plugin_and_files_are_not(package):
    name = package(beta="", alpha="")
    (Path(sys.path[0]) / name / "helper.py").write_text("", encoding="utf-8")

    assert Plugins(name).names() == ["alpha", "beta"]


def test_a_plugin_can_be_switched_off(package):
    assert Plugins(package(alpha="", beta=""), off=["alpha"]).names() == ["beta"]


def test_a_fault_inside_a_plugin_is_not_mistaken_for_its_absence(package):
    with pytest.raises(SetupError, match="插件“alpha”无法加载.*no_such_module"):
        Plugins(package(alpha="import no_such_module"))


def test_an_unknown_hook_is_refused_with_its_plugins_name(package):
    name = package(
        alpha="from core.hookspecs import hookimpl\n\n@hookimpl\ndef menu_itmes():\n    return []\n"
    )

    with pytest.raises(SetupError) as refused:
        Plugins(name)

    assert "alpha" in refused.value.where and "menu_itmes" in refused.value.reason


def test_an_argument_a_hook_does_not_have_is_refused_with_its_plugins_name():
    with pytest.raises(SetupError, match="stray"):
        Plugins("no_plugins", extra=[plugin("stray", menu_items=lambda colour: [])])


def test_contributions_come_by_weight_and_then_by_name():
    hub = Plugins(
        "no_plugins",
        extra=[
            plugin("beta", menu_items=lambda: [MenuItem("乙", "x", "工作台", "signed_in", 10)]),
            plugin("alpha", menu_items=lambda: [MenuItem("丙", "x", "工作台", "signed_in", 10)]),
            plugin("gamma", menu_items=lambda: [MenuItem("甲", "x", "工作台", "signed_in", 1)]),
            plugin("delta", menu_items=lambda: None),
        ],
    )

    assert [item.title for item in hub.collect("menu_items")] == ["甲", "丙", "乙"]


def test_a_hook_gets_only_the_arguments_it_asks_for():
    hub = Plugins("no_plugins", extra=[plugin("alpha", dashboard_cards=lambda actor: [Card(actor, 1, "/")])])

    assert hub.collect("dashboard_cards", actor="李编辑") == [Card("李编辑", 1, "/")]


def test_a_failing_announcement_is_logged_with_its_plugins_name_and_stops_nobody(caplog):
    heard = []

    def fails(period_key):
        raise ValueError("broken")

    hub = Plugins(
        "no_plugins",
        extra=[
            plugin("alpha", period_closed=lambda period_key: heard.append(period_key)),
            plugin("broken", period_closed=fails),
            plugin("zeta", period_closed=lambda office_id: heard.append(office_id)),
        ],
    )

    with caplog.at_level(logging.ERROR):
        hub.announce("period_closed", office_id=1, period_key="2026-03")

    assert sorted(heard, key=str) == [1, "2026-03"]
    assert "broken" in caplog.text and "period_closed" in caplog.text


def test_two_apps_in_one_process_may_differ(make_app):
    heard = []
    loud = make_app(extra=[plugin("listener", period_closed=lambda period_key: heard.append(period_key))])
    quiet = make_app()

    for app in (quiet, loud):
        with app.app_context():
            announce("period_closed", office_id=1, period_key="2026-03")

    assert heard == ["2026-03"]


@pytest.mark.parametrize(
    ("endpoint", "section", "permission"),
    [
        ("home.index", "不存在的栏目", "signed_in"),
        ("home.nowhere", "工作台", "signed_in"),
        ("home.index", "工作台", "no.such.right"),
    ],
)
def test_an_entry_of_the_menu_that_cannot_be_shown_stops_the_start_and_is_named(
    make_app, endpoint, section, permission
):
    stray = plugin("stray", menu_items=lambda: [MenuItem("奇怪的入口", endpoint, section, permission)])

    with pytest.raises(SetupError, match="奇怪的入口"):
        make_app(extra=[stray])


def test_a_plugins_announcement_that_leaves_the_session_broken_does_not_harm_the_caller(make_app):
    def half_done():
        db.session.add(Office(key=None, name="", place_name=""))
        db.session.flush()

    app = make_app(extra=[plugin("broken", submission_taken_back=half_done)])

    with app.app_context():
        with transaction() as after_commit:
            office = Office(key="shili", name="示例市", place_name="")
            db.session.add(office)
            after_commit(announce, "submission_taken_back", submission_id=1)

        assert office.name == "示例市"
