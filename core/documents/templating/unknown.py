"""Names a template uses that are not there: said as such, with the nearest ones that are."""

from collections.abc import Iterable, Mapping
from datetime import date

from jinja2 import Undefined
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.utils import Namespace

from core.documents.templating.filters import FILTERS
from core.errors import RenderError, near

README = "《文书底版说明》"
MOST_LISTED = 12
BASE = "print/"  # the folder of the system's own templates
# What a value is called when something is looked for in it that only “键: 值” has.
KINDS = {
    str: "一段文字",
    int: "一个数",
    float: "一个数",
    bool: "是或否",
    list: "一个列表",
    tuple: "一个列表",
    dict: "“键: 值”的一组",
    date: "一个日期",
    type(None): "空值",
}


def listed(names: Iterable[str]) -> str:
    """The first few names."""
    known = list(names)
    return "、".join(known[:MOST_LISTED]) + ("等" if len(known) > MOST_LISTED else "")


def member(obj: object, name: object, known: Iterable[str] = ()) -> RenderError:
    """Nothing of this name is in there."""
    known = list(known)
    if isinstance(obj, TemplateModule):
        macros = [each for each, value in vars(obj).items() if isinstance(value, Macro)]
        advice = near(name, macros) or f"可用的有：{listed(macros)}"
        return RenderError(f"“{obj.__name__}”中没有名为“{name}”的部件（宏）", advice=advice)
    kind = "循环变量 loop" if isinstance(obj, LoopContext) else KINDS.get(type(obj), "模板自带的名称")
    if isinstance(obj, Namespace):
        kind = "用 namespace 建立的一组"
    advice = near(name, known) or (f"可用的有：{listed(known)}" if known else "")
    return RenderError(
        f"不能取用“{name}”" if isinstance(name, str) else "这里不能用方括号取值",
        reason=f"这里给出的是{kind}，里面没有“{name}”这一项"
        if isinstance(name, str)
        else f"这里给出的是{kind}",
        advice=advice or f"请检查数据的写法，各项怎样写见{README}",
    )


def function(obj: object, context: Context, own: Mapping[str, object]) -> RenderError:
    """What is called is no function or macro."""
    if not isinstance(obj, Undefined):
        kind = KINDS.get(type(obj), "模板自带的名称")
        return RenderError(f"这里给出的是{kind}，后面不能写括号", advice=f"能调用的函数见{README}第八节")
    name = str(obj._undefined_name)
    if type(obj._undefined_obj) in KINDS:  # looked up in a value of the data
        return RenderError(
            f"不能调用“{name}”", reason="数据只能取用，不能调用其方法", advice="请去掉括号，或改用过滤器"
        )
    named = context.get_all()
    for module, value in named.items():
        if isinstance(value, TemplateModule) and isinstance(vars(value).get(name), Macro):
            return RenderError(f"没有名为“{name}”的函数或宏", advice=f"是否应为“{module}.{name}”？")
    if name in FILTERS:
        return RenderError(f"“{name}”是过滤器，不是函数", advice=f"写成 {{{{ 值 | {name} }}}}")
    macros = [each for each, value in named.items() if isinstance(value, Macro)]
    return RenderError(
        f"没有名为“{name}”的函数或宏",
        advice=near(name, [*macros, *own]) or f"可用的函数见{README}第八节；自己的宏要先定义或引入",
    )


def template(name: object, known: Iterable[str]) -> RenderError:
    """No such file to extend, include or import."""
    usable = [each for each in known if each.endswith((".html", ".css"))]
    bases = [each for each in usable if each.startswith(BASE)]
    if str(name).startswith(BASE):
        # What all of them begin and end with says nothing of how near a name is.
        close = near(_stem(str(name)), map(_stem, bases))
        advice = close.replace("“", f"“{BASE}").replace("”", ".html”") or f"底版有：{'、'.join(bases)}"
    else:
        advice = near(name, usable)
    return RenderError(
        "找不到版式模板",
        reason=f"没有名为“{str(name)[:80]}”的模板文件",
        advice=advice or "只能引用本版式文件夹中的文件和 print/ 下的基础模板",
    )


def _stem(name: str) -> str:
    return name.removeprefix(BASE).removesuffix(".html")
