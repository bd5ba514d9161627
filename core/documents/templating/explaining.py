"""Why a template could not be filled, for people: what is wrong, in which template and line or item of the data."""

import re
import traceback
from collections.abc import Mapping

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, Undefined
from jinja2.exceptions import SecurityError, UndefinedError

from core.documents.templating import origins, unknown
from core.documents.templating.environment import Environment
from core.documents.templating.fields import NAMES
from core.documents.templating.filters import Empty
from core.documents.templating.loading import base_templates, base_words
from core.documents.templating.mistakes import in_chinese, of_python
from core.documents.templating.unlisted import unlisted
from core.errors import RenderError, YaoqingError, at, near

# What is printed only beside something else, and then has to be there.
COMPANIONS = {"printed_on": "printed_by"}
Place = tuple[str, origins.Path | None]
# What the engine calls the part of a template that only leads to the one it extends.
_TOP = "top-level template code"


def locate(error: BaseException, template_name: str, environment: Environment, data: Mapping) -> Place:
    """The author's line. When the failure is in one of the system's own templates: the item of the data."""
    if isinstance(error, TemplateSyntaxError):
        return at(f"模板 {error.name or template_name}", error.lineno), None
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename in environment.sizes]
    if not own:
        return f"模板 {template_name}", None
    last = own[-1]
    if not last.filename.startswith("print/"):
        return at(f"模板 {last.filename}", last.lineno), None
    if isinstance(error, RecursionError):
        authors = [frame for frame in own if not frame.filename.startswith("print/")]
        shown = next((frame for frame in reversed(authors) if frame.name != _TOP), (authors or own)[-1])
        return at(f"模板 {shown.filename}", shown.lineno), None
    path = _path(error, environment, data)
    if path is not None:
        return f"数据{origins.said(path)}", path
    shown = _authors(own) or last
    return at(f"模板 {shown.filename}", shown.lineno), None


def _path(error: BaseException, environment: Environment, data: Mapping) -> origins.Path | None:
    if "is undefined" in str(error):
        return ()
    if "was not provided" in str(error):  # a word of the author's, whatever else he handed over
        return None
    if isinstance(error, Empty) and error.way:
        return error.way
    lacking = _lacking(environment)
    if lacking is not None:
        return origins.path_to(lacking._undefined_obj, data) if type(lacking._undefined_obj) is dict else None
    return origins.first_of(environment.blamed, data)


def _lacking(environment: Environment) -> Undefined | None:
    """The missing name that ended the filling, when it was being printed or worked on."""
    return next((each for each in environment.blamed if isinstance(each, Undefined)), None)


def _authors(own: list[traceback.FrameSummary]) -> traceback.FrameSummary | None:
    """The last line of the author's that did more than lead to another template."""
    pairs = zip(own, own[1:], strict=False)
    said = [one for one, then in pairs if not one.filename.startswith("print/") and then.name != _TOP]
    return said[-1] if said else None


def placed(
    error: YaoqingError, cause: Exception, template_name: str, environment: Environment, data: Mapping
) -> YaoqingError:
    """The error with its place; of one in a base template that nothing in the data is blamed for, what else it may be."""
    error.where, error.path = locate(cause, template_name, environment, data)
    if error.path is None and error.where.startswith("模板 print/"):
        return unlisted(data) or error
    return error


def explained(
    error: Exception, template_name: str, environment: Environment, data: Mapping, files: Mapping[str, str]
) -> YaoqingError:
    """Any failure of a template as one that people can read."""
    made = _said(error, environment, data, [*files, *base_templates()])
    return placed(made, error, template_name, environment, data)


def _said(error: Exception, environment: Environment, data: Mapping, templates: list[str]) -> RenderError:
    if isinstance(error, TemplateNotFound):
        return unknown.template(error.name, templates)
    if isinstance(error, UndefinedError):
        return _undefined(error, _lacking(environment), data)
    if isinstance(error, SecurityError):
        return RenderError("版式模板使用了不允许的写法", reason=str(error))
    if isinstance(error, TemplateError):
        return RenderError("版式模板有错误", reason=in_chinese(str(error.message)))
    if isinstance(error, RecursionError):
        return RenderError("版式模板嵌套过深，已停止", advice="请检查互相引用的模板和宏")
    return RenderError("版式模板运行出错", reason=of_python(error))


def _undefined(error: UndefinedError, lacking: Undefined | None, data: Mapping) -> RenderError:
    message = error.message or ""
    names = re.findall(r"'([^']*)'", message)
    name = names[-1] if names else ""
    if place := re.search(r"has no element (-?\d+)", message):
        return RenderError(
            f"没有第 {int(place[1]) + 1} 项",
            reason="列表或文字没有这么长",
            advice="请先用 if 判断有没有这一项",
        )
    if "inline if-expression" in message:
        return RenderError("“值 if 条件”没有写 else，条件不成立时没有值", advice="请补上 else 和另一个值")
    if "does not export" in message:
        return RenderError(
            f"“{names[0]}”中没有名为“{name}”的部件（宏）", advice="请检查 from … import 中的名称"
        )
    if "was not provided" in message:
        return RenderError(
            f"用到部件（宏）时少写了“{name}”一项", advice="请在括号中补上，各部件要写哪几项见《文书底版说明》"
        )
    group = None if lacking is None else lacking._undefined_obj
    within = "has no attribute" in message
    known = set(group) if type(group) is dict else set() if within else set(data)
    if name in base_words():  # as it should be; it is no slip for another name that is
        known -= base_words()
    other = COMPANIONS.get(name, "")
    if other and not within and data.get(other):
        return RenderError(
            f"版式模板需要的“{name}”没有给出",
            reason=f"写了“{other}”（{NAMES[other]}）的，还要写“{name}”（{NAMES[name]}）",
            advice=f"请在数据中补上“{name}”；不印{NAMES[other]}的，去掉“{other}”",
        )
    meant = near(name, sorted(known - {name}))
    return RenderError(
        f"版式模板需要的“{name}”没有给出",
        reason=f"数据中有一处（如某一条、某一栏）没有“{name}”" if within else "数据中没有这一项",
        advice=f"{meant}如果不是，请在数据中补上" if meant else "请在数据中补上，或在模板中写默认值",
    )
