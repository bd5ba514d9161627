"""What a document template is made of and may reach: one Jinja environment per rendering.

Three walls stand one behind the other: only listed kinds of template code are compiled; names, members and
calls are allowed one by one instead of forbidden one by one; every loop, call, list and text is paid for
from a budget.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from types import CodeType

from jinja2 import StrictUndefined, TemplateNotFound, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from core.documents.fonts.font_set import FontSet
from core.documents.templating import filters, unknown
from core.documents.templating.joint import joint_mark
from core.documents.templating.loading import Files
from core.documents.templating.missing import Missing
from core.documents.templating.plain import MOST_DEPTH, MOST_INTEGER, MOST_PARTS
from core.documents.typesetting import grid
from core.errors import RenderError

MOST_OUTPUT = 8_000_000
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
_UNSUPPORTED = {
    "Div": "不能用“/”作除法；小数由系统算好传入，只要整数的写“//”",
    "Pow": "不能用“**”作乘方",
    "FilterBlock": "不能用 filter 语句；请把过滤器写在值的后面：{{ 值 | 过滤器 }}",
    "AssignBlock": "set 语句不能用 endset 结束；请写成 {% set 名称 = 值 %}",
}
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


class Guard(NodeTransformer):
    """Refuse code that is not listed, and put loops, joins and lists on the meter."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit(self, node, *args, **kwargs):
        kind = type(node).__name__
        if kind not in ALLOWED_CODE:
            raise self._refused(node, _UNSUPPORTED.get(kind, "模板中不能用这样的写法"))
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
        lines = (part.lineno for part in (node, *node.find_all(nodes.Node)))
        return TemplateSyntaxError(message, next(filter(None, lines), 1), self._name)


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
        # What was being worked on when something failed, the innermost first.
        self.blamed: list[object] = []
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
        if isinstance(name, Undefined):
            name = self._passed(name)
        if not isinstance(name, str):
            raise TemplateNotFound(str(name))
        template = super().get_template(name, parent, globals)
        self.meter.spend(10 + self.sizes.get(template.name, 0) // CHARACTERS_PER_STEP)
        return template

    def select_template(self, names, parent=None, globals=None):
        first = next(iter(names), "") if isinstance(names, (list, tuple)) else names
        return self.get_template(first, parent, globals)

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
        if isinstance(obj, Undefined):
            return self._passed(obj)
        self.blamed.append(obj)
        raise unknown.member(obj, argument)

    def _member(self, obj, name: str):
        if isinstance(obj, Undefined):
            return self._passed(obj)
        if name.startswith("_"):
            return _refuse(name)
        if type(obj) is dict:
            return obj[name] if name in obj else self.undefined(obj=obj, name=name)
        if isinstance(obj, TemplateReference):
            return _block(obj, name)
        own = (
            (isinstance(obj, LoopContext) and name in LOOP_MEMBERS)
            or (type(obj) is date and name in DATE_MEMBERS)
            or (isinstance(obj, Namespace) and name in _names_of(obj))
            or (isinstance(obj, TemplateModule) and isinstance(vars(obj).get(name), Macro))
        )
        if own:
            return getattr(obj, name)
        self.blamed.append(obj)
        raise unknown.member(obj, name, _known_in(obj))

    # --- what is done -------------------------------------------------------------------------------------

    def is_safe_callable(self, obj) -> bool:
        if isinstance(obj, (Macro, BlockReference, LoopContext)) or obj is Namespace:
            return True
        of_loop = isinstance(getattr(obj, "__self__", None), LoopContext)
        return id(obj) in self._callable or (of_loop and obj.__name__ in ("cycle", "changed"))

    def call(__self, __context, __obj, *args, **kwargs):
        __self.meter.spend(20)
        if not __self.is_safe_callable(__obj):
            raise unknown.function(__obj, __context, __self.globals)
        try:
            return __self.meter.checked(__context.call(__obj, *args, **kwargs))
        except Exception:
            __self.blamed += [*args, *kwargs.values()]
            raise

    def call_binop(self, context, operator, left, right):
        self._given(left, right)
        numbers = _is_number(left) and _is_number(right)
        texts = isinstance(left, str) and isinstance(right, str)
        lists = type(left) is list and type(right) is list
        if operator in ("/", "**") or not (numbers or (operator == "+" and (texts or lists))):
            raise _not_counted(operator, left, right)
        return self.meter.checked(self.binop_table[operator](left, right))

    def call_unop(self, context, operator, arg):
        self._given(arg)
        if not _is_number(arg):
            raise _not_counted(operator, arg)
        return self.unop_table[operator](arg)

    def _passed(self, value: Undefined) -> Undefined:
        """A missing name goes on through a trial print; in earnest it ends the rendering."""
        if isinstance(value, Missing):
            return value.noted()
        self.blamed.append(value)
        return value._fail_with_undefined_error()

    def _given(self, *values: object) -> None:
        """Nothing can be counted with a missing name, not even in a trial print."""
        for value in values:
            if isinstance(value, Undefined):
                self._passed(value)._fail_with_undefined_error()

    def _printed(self, value):
        if isinstance(value, StrictUndefined):
            return self._passed(value)
        if isinstance(
            value, Undefined
        ):  # noted when it prints; or of an “if” without “else”, which is nothing
            return value
        try:
            return self.meter.printed(value)
        except Exception:
            self.blamed.append(value)
            raise

    def _metered(self, call: Callable) -> Callable:
        return partial(self._measured, call)

    def _measured(self, call: Callable, value, *args, **kwargs):
        if isinstance(value, Undefined) and call is not filters.default:
            return self._passed(value)
        try:
            return self.meter.checked(call(value, *args, **kwargs))
        except Exception:
            self.blamed += [value, *args]
            raise

    def _each(self, values, price: int) -> Iterator:
        """A loop's items, each paid for together with the fixed text it prints."""
        if isinstance(values, Undefined):
            values = self._passed(values)
        if not isinstance(values, Iterable):
            self.blamed.append(values)
        for value in values:
            self.meter.spend(1 + price)
            yield value


def _block(blocks: TemplateReference, name: str) -> BlockReference:
    try:
        return blocks[name]
    except KeyError:
        raise RenderError(f"没有名为“{name}”的块", advice="self 之后只能写本模板或底版中的块") from None


def _names_of(namespace: Namespace) -> Mapping[str, object]:
    return namespace._Namespace__attrs  # type: ignore[attr-defined]


def _known_in(obj: object) -> Iterable[str]:
    """What may be looked up in a value, when that can be listed."""
    if isinstance(obj, Namespace):
        return _names_of(obj)
    if isinstance(obj, LoopContext):
        return sorted(LOOP_MEMBERS)
    return sorted(DATE_MEMBERS) if type(obj) is date else ()


def _not_counted(operator: str, *values: object) -> SecurityError:
    kinds = "与".join(unknown.KINDS.get(type(value), "别的内容") for value in values)
    hint = "；连接文字用“~”" if any(isinstance(value, str) for value in values) else ""
    return SecurityError(f"不支持这样的运算：{operator}，这里是{kinds}{hint}")


def _refuse(name):
    raise SecurityError(f"不能取用“{name}”")


def _short_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > 100_000:
        raise RenderError("range 的范围过大")
    return numbers


def _is_number(value: object) -> bool:
    return type(value) in (int, float, bool)
