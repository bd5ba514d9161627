"""Write docs/reference from the code: hooks, settings, permissions, commands, kinds of facts, sections of packs.

    .venv/bin/python -m tools.reference

tests/shape/test_docs_reference.py fails while a page differs from what this would write.
"""

import ast
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask

import demo
from core import hookspecs
from core.app import PERMISSIONS, create_app
from core.cli.main import build
from core.config import PROJECT, SETTINGS
from core.hookspecs import Permission
from core.permissions import ROLES
from core.plugins import Plugins
from core.scoring.kinds import CORE_KINDS
from core.scoring.rules.vocabulary import TYPE_TITLES
from core.scoring.values.fact import FactKind
from tools.markdown import table
from tools.pack_reference import packs_page

FOLDER = PROJECT / "docs" / "reference"
COMMAND = ".venv/bin/python -m tools.reference"
MARK = f"<!-- 本页由 `{COMMAND}` 生成，请勿手工修改。 -->"
REACHES = {"office": "机构", "unit": "单位", "own": "本人"}
LAUNCHER = {
    "setup": ("只做安装和修复，不启动任何功能；加 `--dev` 一并安装测试工具。", ["--dev"]),
    "test": ("安装测试工具后运行全部测试；其后的参数交给 pytest。", []),
    "bundle": ("把运行所需的软件包下载到 wheelhouse 目录，供内网安装；其后的参数交给 `pip download`。", []),
}
VARIABLES = {
    "YAOQING_PYTHON": "安装时使用的 Python 解释器；不设则自动查找 3.11 及以上版本",
    "PIP_INDEX_URL": "Python 软件包镜像地址（pip 自身的设置）",
}


def application(data: Path) -> Flask:
    """The app whose parts are described: every bundled plugin and the demo, whatever the environment says."""
    return create_app({"DATA": data, "PLUGINS_OFF": ()}, extra_plugins=[demo])


def pages(app: Flask) -> dict[str, str]:
    """File name → content of every generated page."""
    installation = app.extensions["yaoqing"]
    with app.app_context():
        return {
            "hooks.md": hooks_page(installation.plugins),
            "settings.md": settings_page(),
            "permissions.md": permissions_page(installation.plugins),
            "cli.md": cli_page(build(installation.plugins)),
            "facts.md": facts_page(installation.plugins),
            "packs.md": f"{MARK}\n\n{packs_page(installation.registry.sections)}",
        }


def contributed(plugins: Plugins, hook: str) -> Iterator[tuple[str, list[Any]]]:
    """What each plugin gives to a collecting hook without arguments, by plugin name."""
    for impl in sorted(
        getattr(plugins.manager.hook, hook).get_hookimpls(), key=lambda impl: impl.plugin_name
    ):
        yield impl.plugin_name, list(impl.function() or ())


# ---- hooks ----------------------------------------------------------------------------------------------------------


def hooks_page(plugins: Plugins) -> str:
    """Every hook with its exact signature, and the values that pass through hooks."""
    source = ast.parse(Path(hookspecs.__file__).read_text(encoding="utf-8"))
    classes = {node.name: node for node in source.body if isinstance(node, ast.ClassDef)}
    parts = [
        MARK,
        "# 扩展点",
        "插件通过扩展点接入系统。名词类扩展点收集内容，每个插件返回一个列表；过去时的扩展点在提交之后通知插件，\n"
        "某个插件出错只记入日志，不影响已办理的业务。签名与说明取自 `core/hookspecs.py`。\n"
        "怎样写插件见[编写插件](../howto/write-a-plugin.md)。",
    ]
    for node in _functions(classes.pop("Hooks")):
        users = sorted(impl.plugin_name for impl in getattr(plugins.manager.hook, node.name).get_hookimpls())
        used = f"使用它的插件：{'、'.join(users)}。" if users else "随发行版提供的插件尚未使用。"
        parts += [
            f"## {node.name}",
            f"```python\n{_signature(node)}\n```",
            ast.get_docstring(node) or "",
            used,
        ]
    parts.append("## 经扩展点交换的值\n\n都是不可改的数据类，定义在 `core/hookspecs.py`。")
    for node in classes.values():
        # The formatter also looks at code in Markdown and wants double quotes.
        fields = [
            ast.unparse(line).replace("'", '"') for line in node.body if isinstance(line, ast.AnnAssign)
        ]
        parts += [
            f"### {node.name}",
            "```python\n" + "\n".join(fields) + "\n```",
            ast.get_docstring(node) or "",
        ]
    return "\n\n".join(parts) + "\n"


def _functions(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [line for line in node.body if isinstance(line, ast.FunctionDef)]


def _signature(node: ast.FunctionDef) -> str:
    arguments = [ast.unparse(argument) for argument in node.args.args if argument.arg != "self"]
    return (
        f"def {node.name}({', '.join(arguments)}) -> {ast.unparse(node.returns) if node.returns else 'None'}"
    )


# ---- settings -------------------------------------------------------------------------------------------------------


def settings_page() -> str:
    """Every setting with its default and help."""
    rows = [(f"`YAOQING_{s.name}`", _default(s.default), s.help) for s in SETTINGS]
    return (
        f"{MARK}\n\n# 设置\n\n"
        "设置只从环境变量读取；`./yaoqing settings` 列出当前值。写法无法识别时系统拒绝启动，并指出是哪一项。\n"
        "是否类设置可写 1、0、true、false、yes、no、on、off、是、否。\n\n"
        + table(("环境变量", "默认值", "说明"), rows)
        + "\n## 只由启动脚本使用的环境变量\n\n"
        + table(("环境变量", "说明"), [(f"`{name}`", text) for name, text in VARIABLES.items()])
    )


def _default(value: object) -> str:
    if isinstance(value, Path):
        return f"项目目录下的 `{value.relative_to(PROJECT)}`"
    if isinstance(value, bool):
        return str(int(value))
    return str(value) if value not in ("", ()) else "（空）"


# ---- permissions ----------------------------------------------------------------------------------------------------


def permissions_page(plugins: Plugins) -> str:
    """Roles, and which role holds which right over what."""
    roles = [
        (
            role.title,
            f"`{role.name}`",
            "单位" if role.held_in == "unit" else "机构",
            "是" if role.admin else "",
        )
        for role in ROLES.values()
    ]
    parts = [
        f"{MARK}\n\n# 权限\n\n未列出的一律不允许。角色由安全管理员授予，一人可在几个单位担任几个角色；三类管理员互相排斥，\n"
        "由数据库的唯一索引保证。\n\n## 角色\n\n" + table(("角色", "代号", "授予范围", "管理员"), roles),
        "## 范围\n\n表中的字说明权限管到哪里：**机构** 为本机构的全部，**单位** 为担任该角色的单位，**本人** 为本人办理的。\n",
        _matrix("核心", PERMISSIONS),
    ]
    parts += [_matrix(f"插件 {name}", found) for name, found in contributed(plugins, "permissions")]
    return "\n".join(parts)


def _matrix(owner: str, permissions: Iterable[Permission]) -> str:
    heads = ("权限", "代号", *(role.title for role in ROLES.values()))
    rows = [
        (p.title, f"`{p.name}`", *(REACHES[p.grants[role]] if role in p.grants else "" for role in ROLES))
        for p in permissions
    ]
    return f"## {owner}\n\n" + table(heads, rows)


# ---- commands -------------------------------------------------------------------------------------------------------


def cli_page(root: click.Group) -> str:
    """Every command with its arguments, options and help."""
    parts = [
        f"{MARK}\n\n# 命令\n\n命令都由项目目录中的 `./yaoqing` 执行，在任何目录下都可以调用。首次执行时自动安装；"
        "各条命令加 `--help` 显示帮助。\n",
        "## 启动脚本自己的命令\n\n"
        + table(("命令", "说明"), [(f"`./yaoqing {k}`", v[0]) for k, v in LAUNCHER.items()]),
    ]
    for name in sorted(root.commands):
        parts.append(f"## {name}\n\n{_help(root.commands[name])}\n")
        parts += list(_commands(root.commands[name], f"./yaoqing {name}"))
    return "\n".join(parts)


def _commands(command: click.Command, path: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield _usage(command, path)
        return
    for name in sorted(command.commands):
        inner = command.commands[name]
        note = "帮助中不列出。" if inner.hidden else ""
        yield f"### {path.removeprefix('./yaoqing ')} {name}\n\n{_help(inner)}{note}\n"
        yield from _commands(inner, f"{path} {name}")


def _usage(command: click.Command, path: str) -> str:
    arguments = [p.metavar or (p.name or "").upper() for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option)]
    usage = " ".join([path, *arguments, *(["[选项]"] if options else [])])
    text = f"```text\n{usage}\n```\n"
    return text + ("\n" + table(("选项", "说明"), map(_option, options)) if options else "")


def _option(option: click.Option) -> tuple[str, str]:
    names = "/".join([*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" {option.metavar or '值'}"
    notes = [option.help or ""]
    if option.required:
        notes.append("必填")
    if option.multiple:
        notes.append("可重复")
    if (
        not option.is_flag
        and not option.multiple
        and isinstance(option.default, str | int)
        and option.default != ""
    ):
        notes.append(f"默认 {option.default}")
    return f"`{names}{value}`", "；".join(note for note in notes if note)


def _help(command: click.Command) -> str:
    return " ".join((command.help or "").split())


# ---- kinds of facts -------------------------------------------------------------------------------------------------


def facts_page(plugins: Plugins) -> str:
    """Every kind of countable fact with the attributes a pack may ask about."""
    intro = (
        f"{MARK}\n\n# 计分事项的种类\n\n规则包在 `when` 的 `fact` 中引用种类，用其余的键引用属性。规则包可在 scoring.yaml 的"
        " `attributes` 中\n为种类补充属性。已采用的事项另有属性 `level`（层级），由采用渠道得出。\n"
    )
    parts = [intro, _kinds("核心", CORE_KINDS)]
    parts += [_kinds(f"插件 {name}", found) for name, found in contributed(plugins, "fact_kinds")]
    return "\n".join(parts)


def _kinds(owner: str, kinds: Iterable[FactKind]) -> str:
    rows: list[tuple[str, ...]] = []
    for kind in kinds:
        first = (f"`{kind.name}`", kind.title)
        for attribute in kind.attributes:
            needed = "是" if attribute.required else ""
            rows.append((*first, f"`{attribute.name}`", attribute.title, TYPE_TITLES[attribute.type], needed))
            first = ("", "")
        if not kind.attributes:
            rows.append((*first, "", "", "", ""))
    return f"## {owner}\n\n" + table(("种类", "名称", "属性", "属性名称", "值", "必填"), rows)


def main() -> None:
    """Rewrite every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        for name, text in pages(application(Path(data))).items():
            (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
