"""What a document template is made of and may reach: one Jinja environment per rendering.

Three walls stand one behind the other: only listed kinds of template code are compiled; names, members and
calls are allowed one by one instead of forbidden one by one; every loop, call, list and text is paid for
from a budget.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from types import CodeType

from jinja2 import StrictUndefined, TemplateNotFound, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.loaders import BaseLoader
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from core.documents import filters, grid
from core.documents.fonts import FontSet
from core.documents.joint import joint_mark
from core.documents.missing import Missing
from core.documents.plain import MOST_DEPTH, MOST_INTEGER, MOST_PARTS
from core.errors import RenderError

PRINT_FOLDER = Path(__file__).resolve().parents[2] / "templates" / "print"
MOST_OUTPUT = 8_000_000
MOST_SOURCE = 500_000
MOST_STEPS = 2_000_000
MOST_SECONDS = 10.0
CHARACTERS_PER_STEP = 16
# Characters of templates whose code is kept: a pack has about a hundred thousand with the base it extends.
MOST_COMPILED = 2_000_000

ALLOWED_CODE = frozenset((
    "Template", "Output", "TemplateData", "Extends", "Block", "Include", "Import", "FromImport", "Macro",
    "CallBlock", "For", "If", "With", "Assign", "NSRef", "Name", "Const", "Tuple", "List", "Dict", "Pair",
    "Keyword", "CondExpr", "Filter", "Test", "Getattr", "Getitem", "Slice", "Call", "Concat", "Compare",
    "Operand", "Add", "Sub", "Mul", "FloorDiv", "Mod", "Not", "And", "Or", "Neg", "Pos",
))  # fmt: skip
_compiled: dict[tuple[str | None, str | None, str], CodeType] = {}
LOOP_MEMBERS = frozenset((
    "index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem",
    "nextitem", "cycle", "changed",
))  # fmt: skip
DATE_MEMBERS = frozenset(("year", "month", "day"))


class Meter:
    """What one rendering may still do."""

    def __init__(self) -> None:
        self.steps = 0
        self.deadline = time.monotonic() + MOST_SECONDS

    def spend(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS or (self.steps % 64 < steps and time.monotonic() > self.deadline):
            raise RenderError("版式模板运算量过大，已停止", advice="请检查模板中的循环和宏")

    def checked(self, value: object) -> object:
        """A value on its way through the template: texts, numbers and lists stay of a human size."""
        if isinstance(value, str):
            self.spend(1 + len(value) // CHARACTERS_PER_STEP)
            filters.limited(len(value))
        elif isinstance(value, int) and abs(value) > MOST_INTEGER:
            raise RenderError("版式模板中的数字过大")
        elif isinstance(value, (list, tuple, dict)):
            self._weigh(value, {}, 0)
        return value

    def printed(self, value: object) -> object:
        """A value about to become output."""
        return self.checked(filters.words(value) if not isinstance(value, str) else value)

    def _weigh(self, value: object, known: dict[int, int], depth: int) -> int:
        """How many parts a nested value has, shared parts counted every time they occur."""
        if not isinstance(value, (list, tuple, dict)):
            return 1
        if id(value) not in known:
            self.spend(1)
            inside = value.values() if isinstance(value, dict) else value
            known[id(value)] = 1 + sum(self._weigh(part, known, depth + 1) for part in inside)
        if depth > MOST_DEPTH or known[id(value)] > MOST_PARTS:
            raise RenderError("版式模板中的列表嵌套过深或过大")
        return known[id(value)]


class Files(BaseLoader):
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
        known = {f"print/{path.name}": path for path in PRINT_FOLDER.glob("*.html")}
        return known[template].read_text("utf-8") if template in known else None


class Guard(NodeTransformer):
    """Refuse code that is not listed, and put loops, joins and lists on the meter."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit(self, node, *args, **kwargs):
        kind = type(node).__name__
        if kind not in ALLOWED_CODE:
            raise self._refused(node, f"不支持 {kind} 语句")
        for label in (getattr(node, "attr", None), getattr(node, "name", None)):
            if isinstance(label, str) and label.startswith("_"):
                raise self._refused(node, f"不能使用以下划线开头的名称“{label}”")
        return super().visit(node, *args, **kwargs)

    def visit_For(self, node):
        text = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        node = self.generic_visit(node)
        node.iter = _filter(node.iter, "_each", nodes.Const(text // CHARACTERS_PER_STEP))
        return node

    def visit_Concat(self, node):
        node = self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "_concat")

    def visit_List(self, node):
        return _filter(self.generic_visit(node), "_made")

    visit_Dict = visit_List

    def visit_Tuple(self, node):
        node = self.generic_visit(node)
        return node if node.ctx == "store" else _filter(node, "_made")

    def _refused(self, node, message: str) -> TemplateSyntaxError:
        return TemplateSyntaxError(message, node.lineno, self._name)


def _filter(node, name: str, *arguments):
    return nodes.Filter(node, name, list(arguments), [], None, None, lineno=node.lineno)


class Environment(ImmutableSandboxedEnvironment):
    """A template environment for one rendering."""

    intercepted_binops = frozenset(("+", "-", "*", "//", "%", "/", "**"))
    intercepted_unops = frozenset(("+", "-"))

    def __init__(
        self,
        files: Mapping[str, str],
        fonts: FontSet,
        style: grid.Style,
        undefined: type[Undefined] = StrictUndefined,
    ) -> None:
        self.meter = Meter()
        super().__init__(
            loader=Files(files),
            undefined=undefined,
            autoescape=True,
            finalize=self._printed,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.filters = {name: self._metered(call) for name, call in filters.FILTERS.items()}
        self.filters |= {
            "_each": self._each,
            "_concat": self._metered(filters.concat),
            "_made": self.meter.checked,
        }
        self.tests = dict(filters.TESTS)
        page = grid.Grid(style.size)
        own = {
            "rows": page.rows,
            "cells": page.cells,
            "below_top": page.below_top,
            "below_row": page.below_row,
            "mark_style": lambda name, size=style.mark, room=148: filters.mark_style(name, size, room),
            "joint_mark": lambda names, word="文件", size=style.mark: joint_mark(names, word, size),
            "mark_rows": lambda top, size=style.mark: page.mark_rows(top, size),
            "signer_places": filters.signer_places,
            "style_sheet": lambda: Markup(grid.css(fonts, style)),
            "range": _short_range,
        }
        self.globals = {**own, "namespace": Namespace}
        self._callable = frozenset(map(id, own.values()))
        self.sizes: dict[str, int] = {}

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

    def compile(self, source, name=None, filename=None, raw=False, defer_init=False):
        """Once for each text: what comes out depends on nothing else, and takes longer than filling a page."""
        self.sizes[name] = len(source)
        key = name, filename, source
        code = None if raw else _compiled.get(key)
        if code is None:
            code = super().compile(source, name, filename, raw, defer_init)
            if not raw:
                if sum(len(kept) for _, _, kept in list(_compiled)) + len(source) > MOST_COMPILED:
                    _compiled.clear()
                _compiled[key] = code
        return code

    def _parse(self, source, name, filename):
        return Guard(name).visit(super()._parse(source, name, filename))

    def get_template(self, name, parent=None, globals=None):
        template = super().get_template(name, parent, globals)
        self.meter.spend(10 + self.sizes.get(template.name, 0) // CHARACTERS_PER_STEP)
        return template

    def select_template(self, names, parent=None, globals=None):
        return self.get_template(names[0], parent, globals)

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
        return _refuse(argument)

    def _member(self, obj, name: str):
        if isinstance(obj, Undefined):
            return _passed(obj)
        if name.startswith("_"):
            return _refuse(name)
        if type(obj) is dict:
            return obj[name] if name in obj else self.undefined(obj=obj, name=name)
        if isinstance(obj, TemplateReference):
            return obj[name]
        own = (
            (isinstance(obj, LoopContext) and name in LOOP_MEMBERS)
            or (type(obj) is date and name in DATE_MEMBERS)
            or isinstance(obj, Namespace)
            or (isinstance(obj, TemplateModule) and isinstance(vars(obj).get(name), Macro))
        )
        if not own and type(obj) in _VALUES:
            raise RenderError(
                f"不能取用“{name}”",
                reason=f"这里给出的是{_VALUES[type(obj)]}，里面没有“{name}”这一项",
                advice="请检查数据的写法，各项怎样写见《文书底版说明》",
            )
        return getattr(obj, name) if own else _refuse(name)

    # --- what is done -------------------------------------------------------------------------------------

    def is_safe_callable(self, obj) -> bool:
        if isinstance(obj, (Macro, BlockReference, LoopContext)) or obj is Namespace:
            return True
        of_loop = isinstance(getattr(obj, "__self__", None), LoopContext)
        return id(obj) in self._callable or (of_loop and obj.__name__ in ("cycle", "changed"))

    def call(__self, __context, __obj, *args, **kwargs):
        __self.meter.spend(20)
        if not __self.is_safe_callable(__obj):
            raise SecurityError("不能调用这个名称")
        return __self.meter.checked(__context.call(__obj, *args, **kwargs))

    def call_binop(self, context, operator, left, right):
        numbers = _is_number(left) and _is_number(right)
        texts = isinstance(left, str) and isinstance(right, str)
        lists = type(left) is list and type(right) is list
        if operator in ("/", "**") or not (numbers or (operator == "+" and (texts or lists))):
            raise SecurityError(f"不支持这样的运算：{operator}")
        return self.meter.checked(self.binop_table[operator](left, right))

    def call_unop(self, context, operator, arg):
        if not _is_number(arg):
            raise SecurityError(f"不支持这样的运算：{operator}")
        return self.unop_table[operator](arg)

    def _printed(self, value):
        return value if isinstance(value, Undefined) else self.meter.printed(value)

    def _metered(self, call: Callable) -> Callable:
        return partial(self._measured, call)

    def _measured(self, call: Callable, value, *args, **kwargs):
        if isinstance(value, Undefined) and call is not filters.default:
            return _passed(value)
        return self.meter.checked(call(value, *args, **kwargs))

    def _each(self, values, price: int) -> Iterator:
        """A loop's items, each paid for together with the fixed text it prints."""
        if isinstance(values, Undefined):
            values = _passed(values)
        for value in values:
            self.meter.spend(1 + price)
            yield value


def _passed(value: Undefined) -> Undefined:
    """A missing name goes on through a trial print; in earnest it ends the rendering."""
    if isinstance(value, Missing):
        return value.noted()
    return value._fail_with_undefined_error()


# What a value is called when something is looked for in it that only “键: 值” has.
_VALUES = {
    str: "一段文字",
    int: "一个数",
    float: "一个数",
    bool: "是或否",
    list: "一个列表",
    type(None): "空值",
}


def _refuse(name):
    raise SecurityError(f"不能取用“{name}”")


def _short_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > 100_000:
        raise RenderError("range 的范围过大")
    return numbers


def _is_number(value: object) -> bool:
    return type(value) in (int, float, bool)
