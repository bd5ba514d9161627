"""Fill a document template with plain data, letting the template reach nothing else.

Templates come from rule packs, and the stock sandbox has been escaped again and again. Three walls stand one
behind the other: only listed kinds of template code are compiled; names, members and calls are allowed one by
one instead of forbidden one by one; and every loop, call and joined text is paid for from a budget.
"""

import re
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.loaders import BaseLoader
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from core.documents import filters, grid
from core.documents.fonts import FontSet
from core.documents.plain import MOST_INTEGER, plain
from core.documents.text import typeset_html
from core.errors import RenderError, YaoqingError, at, near

PRINT_FOLDER = Path(__file__).resolve().parents[2] / "templates" / "print"
MOST_OUTPUT = 8_000_000
MOST_SOURCE = 500_000
MOST_TEXT = 2_000_000
MOST_STEPS = 2_000_000
MOST_SECONDS = 10.0

ALLOWED_CODE = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Extends, nodes.Block, nodes.Include, nodes.Import,
    nodes.FromImport, nodes.Macro, nodes.CallBlock, nodes.For, nodes.If, nodes.With, nodes.Assign, nodes.NSRef,
    nodes.Name, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr,
    nodes.Filter, nodes.Test, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Call, nodes.Concat, nodes.Compare,
    nodes.Operand, nodes.Add, nodes.Sub, nodes.Mul, nodes.FloorDiv, nodes.Mod, nodes.Not, nodes.And, nodes.Or,
    nodes.Neg, nodes.Pos,
)
LOOP_MEMBERS = frozenset(
    "index index0 revindex revindex0 first last length depth depth0 previtem nextitem cycle changed".split())
DATE_MEMBERS = frozenset(("year", "month", "day"))


def render_html(template_name: str, files: Mapping[str, str], values: Mapping[str, object], fonts: FontSet,
                style: grid.Style = grid.Style()) -> str:
    """The finished page of one template. `files` holds the pack's templates; `print/…` is always there."""
    environment = _Environment(files, fonts, style)
    try:
        data = plain(values)
        _refuse_reserved(data, environment)
        html = environment.fill(template_name, data)
    except YaoqingError as error:
        error.where = error.where or _where(error, template_name, environment)
        raise
    except Exception as error:  # a template may fail in any way; all of them are the template's
        raise _explain(error, template_name, environment, values) from error
    return typeset_html(html, fonts, latin=style.latin == "times")


def _refuse_reserved(data: Mapping[str, object], environment: "_Environment") -> None:
    taken = sorted(set(data) & set(environment.globals))
    if taken:
        raise RenderError(f"数据不能叫“{taken[0]}”", reason="这是版式模板自带的名称", advice="请换一个名称")


class _Meter:
    """What one rendering may still do."""

    def __init__(self) -> None:
        self.steps = 0
        self.deadline = time.monotonic() + MOST_SECONDS

    def spend(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS or (self.steps % 64 < steps and time.monotonic() > self.deadline):
            raise RenderError("版式模板运算量过大，已停止", advice="请检查模板中的循环和宏")

    def checked(self, value: object) -> object:
        """A result on its way back into the template: texts and numbers stay of a human size."""
        if isinstance(value, str):
            self.spend(1 + len(value) // 64)
            if len(value) > MOST_TEXT:
                raise RenderError("版式模板产生的文字过长，已停止", advice="请检查模板中的循环和宏")
        elif isinstance(value, int) and abs(value) > MOST_INTEGER:
            raise RenderError("版式模板中的数字过大")
        return value


class _Files(BaseLoader):
    """The pack's own files and the base templates; a name outside both does not exist."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files

    def get_source(self, environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source = self._base(template) if template.startswith("print/") else self._files.get(template)
        if source is None:
            raise TemplateNotFound(template)
        if len(source) > MOST_SOURCE:
            raise RenderError("版式模板过大", where=template)
        return source, template, lambda: True

    @staticmethod
    def _base(template: str) -> str | None:
        name = template.removeprefix("print/")
        known = {path.name: path for path in PRINT_FOLDER.glob("*.html")}
        return known[name].read_text("utf-8") if name in known else None


class _Guard(NodeTransformer):
    """Refuse code that is not listed, and put loops and joins on the meter."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit(self, node, *args, **kwargs):
        if not isinstance(node, ALLOWED_CODE):
            raise self._refused(node, f"不支持 {type(node).__name__} 语句")
        for label in (getattr(node, "attr", None), getattr(node, "name", None)):
            if isinstance(label, str) and label.startswith("_"):
                raise self._refused(node, f"不能使用以下划线开头的名称“{label}”")
        return super().visit(node, *args, **kwargs)

    def visit_For(self, node):
        node = self.generic_visit(node)
        node.iter = _filter(node.iter, "_each")
        return node

    def visit_Concat(self, node):
        node = self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "_concat")

    def _refused(self, node, message: str) -> TemplateSyntaxError:
        return TemplateSyntaxError(message, node.lineno, self._name)


def _filter(node, name: str):
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


class _Environment(ImmutableSandboxedEnvironment):
    """A template environment for one rendering."""

    intercepted_binops = frozenset(("+", "-", "*", "//", "%", "/", "**"))
    intercepted_unops = frozenset(("+", "-"))

    def __init__(self, files: Mapping[str, str], fonts: FontSet, style: grid.Style) -> None:
        super().__init__(loader=_Files(files), undefined=StrictUndefined, autoescape=True, extensions=(),
                         trim_blocks=True, lstrip_blocks=True, auto_reload=False)
        self.meter = _Meter()
        self.filters = {name: self._metered(call) for name, call in filters.FILTERS.items()}
        self.filters |= {"_each": self._each, "_concat": self._metered(filters.concat)}
        self.tests = dict(filters.TESTS)
        page = grid.Grid(style.size)
        own = {"rows": page.rows, "cells": page.cells, "below_top": page.below_top, "below_row": page.below_row,
               "mark_style": filters.mark_style, "style_sheet": lambda: Markup(grid.css(fonts, style)),
               "range": self._range}
        self.globals = {**own, "namespace": Namespace}
        self._callable = frozenset(map(id, own.values()))
        self.source_names: set[str] = set()

    def fill(self, name: str, data: Mapping[str, object]) -> str:
        """The template's output, given up as soon as it grows too large."""
        size, pieces = 0, []
        for piece in self.get_template(name).generate(data):
            size += len(piece)
            self.meter.spend(1)
            if size > MOST_OUTPUT:
                raise RenderError("文书过长，已停止排版", reason=f"超过 {MOST_OUTPUT // 10000} 万字符")
            pieces.append(piece)
        return "".join(pieces)

    # --- what is compiled ---------------------------------------------------------------------------------

    def _parse(self, source, name, filename):
        self.source_names.add(name)
        return _Guard(name).visit(super()._parse(source, name, filename))

    def get_template(self, name, parent=None, globals=None):
        self.meter.spend(10)
        return super().get_template(name, parent, globals)

    # --- what is reached ----------------------------------------------------------------------------------

    def getattr(self, obj, attribute):
        return self._member(obj, attribute)

    def getitem(self, obj, argument):
        if isinstance(argument, str):
            return self._member(obj, argument)
        if type(obj) in (list, tuple, str, dict) and type(argument) in (int, slice):
            try:
                return obj[argument]
            except LookupError:
                return self.undefined(obj=obj, name=argument)
        return self._refuse(argument)

    def _member(self, obj, name: str):
        if isinstance(obj, Undefined):
            obj._fail_with_undefined_error()
        if name.startswith("_"):
            return self._refuse(name)
        if type(obj) is dict:
            return obj[name] if name in obj else self.undefined(obj=obj, name=name)
        if isinstance(obj, TemplateReference):
            return obj[name]
        own = (
            (isinstance(obj, LoopContext) and name in LOOP_MEMBERS)
            or (type(obj) is date and name in DATE_MEMBERS)
            or isinstance(obj, Namespace)
            or (type(obj).__name__ == "TemplateModule" and isinstance(vars(obj).get(name), Macro))
        )
        if own:
            return getattr(obj, name)
        return self._refuse(name)

    @staticmethod
    def _refuse(name):
        raise SecurityError(f"不能取用“{name}”")

    # --- what is done -------------------------------------------------------------------------------------

    def is_safe_callable(self, obj) -> bool:
        if isinstance(obj, (Macro, BlockReference, LoopContext)) or obj is Namespace:
            return True
        loop = getattr(obj, "__self__", None)
        return id(obj) in self._callable or (
            isinstance(loop, LoopContext) and obj.__name__ in ("cycle", "changed"))

    def call(__self, __context, __obj, *args, **kwargs):  # noqa: N805  names must not clash with the macro's
        __self.meter.spend(5)
        if not __self.is_safe_callable(__obj):
            raise SecurityError("不能调用这个名称")
        return __self.meter.checked(__context.call(__obj, *args, **kwargs))

    def call_binop(self, context, operator, left, right):
        numbers = _is_number(left) and _is_number(right)
        same = operator == "+" and (isinstance(left, str) and isinstance(right, str)
                                    or type(left) is type(right) is list)
        if operator in ("/", "**") or not (numbers or same):
            raise SecurityError(f"不支持这样的运算：{operator}")
        if same and isinstance(left, list):
            self.meter.spend(len(left) + len(right))
        return self.meter.checked(self.binop_table[operator](left, right))

    def call_unop(self, context, operator, arg):
        if not _is_number(arg):
            raise SecurityError(f"不支持这样的运算：{operator}")
        return self.unop_table[operator](arg)

    def _metered(self, call: Callable) -> Callable:
        return partial(self._measured, call)

    def _measured(self, call: Callable, value, *args, **kwargs):
        if isinstance(value, Undefined) and call is not filters.default:
            value._fail_with_undefined_error()
        return self.meter.checked(call(value, *args, **kwargs))

    def _each(self, values) -> Iterator:
        if isinstance(values, Undefined):
            values._fail_with_undefined_error()
        for value in values:
            self.meter.spend(1)
            yield value

    def _range(self, *bounds: int) -> range:
        numbers = range(*bounds)
        if len(numbers) > 100_000:
            raise RenderError("range 的范围过大")
        return numbers


def _is_number(value: object) -> bool:
    return type(value) in (int, float, bool)


# --- errors in Chinese, with template and line --------------------------------------------------------------


def _where(error: BaseException, template_name: str, environment: _Environment) -> str:
    if isinstance(error, TemplateSyntaxError):
        return at(f"模板 {error.name or template_name}", error.lineno)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if frame.filename in environment.source_names]
    return at(f"模板 {frames[-1].filename}", frames[-1].lineno) if frames else f"模板 {template_name}"


def _explain(error: Exception, template_name: str, environment: _Environment, values: Mapping) -> RenderError:
    where = _where(error, template_name, environment)
    if isinstance(error, TemplateNotFound):
        return RenderError("找不到版式模板", where=where, reason=f"没有名为“{error.name}”的模板文件",
                           advice="只能引用本版式文件夹中的文件和 print/ 下的基础模板")
    if isinstance(error, UndefinedError):
        return _undefined(error, where, values)
    if isinstance(error, SecurityError):
        return RenderError("版式模板使用了不允许的写法", where=where, reason=str(error))
    if isinstance(error, TemplateError):
        return RenderError("版式模板有错误", where=where, reason=str(error.message))
    if isinstance(error, RecursionError):
        return RenderError("版式模板嵌套过深，已停止", where=where, advice="请检查互相引用的模板和宏")
    return RenderError("版式模板运行出错", where=where, reason=f"{type(error).__name__}：{error}"[:200])


def _undefined(error: UndefinedError, where: str, values: Mapping) -> RenderError:
    names = re.findall(r"'([^']*)'", error.message or "")
    name = names[-1] if names else ""
    return RenderError(f"版式模板需要的“{name}”没有给出", where=where, reason="数据中没有这一项",
                       advice=near(name, values) or "请在数据中补上，或在模板中写默认值")
