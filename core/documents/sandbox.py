"""Fill a document template with plain data, letting the template reach nothing else.

Templates come from rule packs, and template sandboxes have been escaped again and again; `environment` says
what stands in the way here. This module is the door: data checked on the way in, errors explained in Chinese
with template and line on the way out.
"""

import re
import traceback
from collections.abc import Mapping

from jinja2 import StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError

from core.documents import closing
from core.documents.assets import inline
from core.documents.environment import Environment
from core.documents.fonts import FontSet
from core.documents.grid import Style
from core.documents.missing import noting
from core.documents.mistakes import in_chinese
from core.documents.plain import plain
from core.documents.references import check_references
from core.documents.switches import style_of
from core.documents.text import lacking_in, typeset_html
from core.errors import RenderError, YaoqingError, at, near

MOST_NAMED = 5


def render_html(
    template_name: str,
    files: Mapping[str, str],
    values: Mapping[str, object],
    fonts: FontSet,
    style: Style | None = None,
    missing: dict[str, None] | None = None,
    *,
    complete: bool = False,
) -> str:
    """The finished page of one template. `files` holds the pack's templates; `print/…` is always there.

    With `missing` it is a trial print: names the data does not give are noted there and stand in red.
    `style` is what the format's own switches say, unless given.
    `complete` refuses a page with characters that no font has; otherwise they show as 〓.
    """
    style = style or style_of(files)
    environment = Environment(files, fonts, style, StrictUndefined if missing is None else noting(missing))
    try:
        data = plain(_switched(values, style))
        _refuse_reserved(data, environment)
        html = environment.fill(template_name, data)
    except YaoqingError as error:
        error.where = error.where or _where(error, template_name, environment)
        raise
    except Exception as error:  # a template may fail in any way; all of them are the template's
        raise _explain(error, template_name, environment, values) from error
    check_references(html, files)
    if complete:
        _refuse_lacking(html, fonts)
    return typeset_html(inline(closing.marked(html), files), fonts, latin=style.latin == "times")


def _switched(values: Mapping[str, object], style: Style) -> Mapping[str, object]:
    """The values, with what the switches of the format decide."""
    given = values if style.seal is None else {**values, "seal": style.seal}
    return given if style.check_code else {name: value for name, value in given.items() if name != "check"}


def _refuse_lacking(html: str, fonts: FontSet) -> None:
    lacking = lacking_in(html, fonts)
    if lacking:
        more = f"，另有 {len(lacking) - MOST_NAMED} 个" if len(lacking) > MOST_NAMED else ""
        raise RenderError(
            "文书中有字体里没有的字，不能印发",
            reason=f"所有字体都没有{'、'.join(map(str, lacking[:MOST_NAMED]))}{more}",
            advice="请改用别的字，或请系统管理员安装含有这些字的字体（用 ./yaoqing fonts check 检查）",
        )


def _refuse_reserved(data: Mapping[str, object], environment: Environment) -> None:
    taken = sorted(set(data) & set(environment.globals))
    if taken:
        raise RenderError(f"数据不能叫“{taken[0]}”", reason="这是版式模板自带的名称", advice="请换一个名称")


def _where(error: BaseException, template_name: str, environment: Environment) -> str:
    if isinstance(error, TemplateSyntaxError):
        return at(f"模板 {error.name or template_name}", error.lineno)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename in environment.sizes]
    return at(f"模板 {own[-1].filename}", own[-1].lineno) if own else f"模板 {template_name}"


def _explain(error: Exception, template_name: str, environment: Environment, values: Mapping) -> RenderError:
    where = _where(error, template_name, environment)
    if isinstance(error, TemplateNotFound):
        return RenderError(
            "找不到版式模板",
            where=where,
            reason=f"没有名为“{error.name}”的模板文件",
            advice="只能引用本版式文件夹中的文件和 print/ 下的基础模板",
        )
    if isinstance(error, UndefinedError):
        return _undefined(error, where, values)
    if isinstance(error, SecurityError):
        return RenderError("版式模板使用了不允许的写法", where=where, reason=str(error))
    if isinstance(error, TemplateError):
        return RenderError("版式模板有错误", where=where, reason=in_chinese(str(error.message)))
    if isinstance(error, RecursionError):
        return RenderError("版式模板嵌套过深，已停止", where=where, advice="请检查互相引用的模板和宏")
    told = in_chinese(str(error))
    reason = told if told != str(error) else f"{type(error).__name__}：{error}"[:200]
    return RenderError("版式模板运行出错", where=where, reason=reason)


def _undefined(error: UndefinedError, where: str, values: Mapping) -> RenderError:
    names = re.findall(r"'([^']*)'", error.message or "")
    name = names[-1] if names else ""
    # Of an item, a column and so on: the names of the whole document say nothing about what was meant.
    within = "has no attribute" in (error.message or "")
    meant = "" if within else near(name, set(values) - {name})
    return RenderError(
        f"版式模板需要的“{name}”没有给出",
        where=where,
        reason=f"数据中有一处（如某一条、某一栏）没有“{name}”" if within else "数据中没有这一项",
        advice=f"{meant}如果不是，请在数据中补上" if meant else "请在数据中补上，或在模板中写默认值",
    )
